"""
Charts as inline SVG and as tables: seen, read aloud and printed, without a script or a library.

Each is a frozen value that a macro of `charts.html.j2` draws: `{{ charts.bars(chart, "id") }}`. Its
geometry is in the units of a view box WIDTH wide. Colours come from the page's style. A chart says
in a sentence what it shows, and its numbers stand in a table below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from phisweep.figures import number
from phisweep.values import dataclass

WIDTH = 640
_LABEL = 170  # units for the labels of rows
_ROW = 20
_WIDEST = 44  # units of a bar of a histogram, at most
_UNSEEN = 9.0  # units high, a bar whose figure is not shown
_LEAST = 1.5  # units high, or per cent wide: what is not nothing is seen
_PLOT = WIDTH - _LABEL - 90  # between labels and figures
_HEIGHT = 150  # of a histogram or a curve, without its axis
_LEFT = 44  # units for the labels of a vertical axis
_SHADES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """
    A bar: its length, the figure that is written behind it, and what it is.

    One whose figure is not shown (`exact` is false) has a hollow bar of one length for all such.
    """

    label: str
    value: float
    shown: str = ""
    exact: bool = True

    @property
    def text(self) -> str:
        """The figure as it is written."""
        return self.shown or number(round(self.value))


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from 0, in the order given; `unit` names what is counted."""

    title: str
    description: str
    rows: tuple[Row, ...]
    unit: str = ""

    @property
    def drawn(self) -> list[tuple[float, Row]]:
        """Return the width of each bar, in per cent of the longest, and its row."""
        most = max((row.value for row in self.rows), default=0) or 1
        return [
            (max(_LEAST, round(100 * row.value / most, 1)) if row.value else 0.0, row)
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in [0, 1] with its bounds; None where there was nothing to count."""

    label: str
    value: float | None
    low: float
    high: float
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Shares with their bounds on one axis, which begins at `start`."""

    title: str
    description: str
    rows: tuple[Estimate, ...]
    start: float = 0.0

    @property
    def height(self) -> int:
        """The height of the view box."""
        return _ROW * len(self.rows) + 26

    @property
    def drawn(self) -> list[tuple[int, float, float, float | None, Estimate]]:
        """Return y, the x of low, high and value, and the estimate itself."""
        return [
            (
                _ROW * i,
                self.at(row.low),
                self.at(row.high),
                None if row.value is None else self.at(row.value),
                row,
            )
            for i, row in enumerate(self.rows)
        ]

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Return x and words of five ticks of the axis."""
        shares = [self.start + (1 - self.start) * i / 4 for i in range(5)]
        return [(self.at(share), f"{100 * share:.4g}%") for share in shares]

    def at(self, share: float) -> float:
        """Return the x of a share; what is below the axis stands at its start."""
        return round(_PLOT * max(0.0, share - self.start) / (1 - self.start), 1)


@dataclass(frozen=True, slots=True)
class Histogram:
    """
    Vertical bars side by side; a label of "" is not written below its bar.

    `top` is the value at the upper end of the axis, where several charts share one; 0 for the most.
    """

    title: str
    description: str
    rows: tuple[Row, ...]
    axis: str = ""
    top: float = 0.0

    @property
    def drawn(self) -> list[tuple[float, float, float, float, Row]]:
        """Return x, y, width, height and row of each bar."""
        most = self.top or max((row.value for row in self.rows), default=0) or 1
        wide = min((WIDTH - _LEFT) / max(1, len(self.rows)), _WIDEST)
        out = []
        for i, row in enumerate(self.rows):
            height = max(_LEAST, _HEIGHT * row.value / most) if row.value else 0.0
            height = height if row.exact else _UNSEEN
            x, y = _LEFT + (i + 0.08) * wide, _HEIGHT - height
            out.append((round(x, 1), round(y, 1), round(wide * 0.84, 1), round(height, 1), row))
        return out

    @property
    def most(self) -> str:
        """The figure at the upper end of the axis; empty where no bar has one."""
        most = self.top or max((row.value for row in self.rows), default=0)
        return number(round(most)) if most else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a curve: points in [0, 1] x [0, 1], with a label of each."""

    label: str
    points: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over one share by another; the diagonal is drawn where `diagonal` says so."""

    title: str
    description: str
    lines: tuple[Line, ...]
    across: str
    up: str
    diagonal: bool = False

    @property
    def drawn(self) -> list[tuple[str, list[tuple[float, float, str]], Line]]:
        """Return the points attribute of each line, its points with their labels, and the line."""
        out = []
        for line in self.lines:
            spots = [
                (round(_LEFT + (WIDTH - _LEFT) * x, 1), round(_HEIGHT * (1 - y), 1), label)
                for x, y, label in line.points
            ]
            out.append((" ".join(f"{x},{y}" for x, y, _ in spots), spots, line))
        return out


@dataclass(frozen=True, slots=True)
class Heat:
    """
    A table whose cells are shaded by their count; rows and columns in the order given.

    `of` says what the rows are.
    """

    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    of: str = "Place"

    @property
    def drawn(self) -> list[tuple[str, list[tuple[int, int]]]]:
        """Return each row's label and its cells: the count, and a shade from 0 to 8, by logarithm."""
        most = max((n for _, cells in self.rows for n in cells), default=0)
        return [(label, [(n, shade(n, most)) for n in cells]) for label, cells in self.rows]


def shade(n: int, most: int) -> int:
    """Return a shade from 0 (none) to 8 (the most), by the logarithm of the count."""
    if n <= 0:
        return 0
    if most <= 1:
        return _SHADES
    return 1 + round((_SHADES - 1) * (n.bit_length() - 1) / max(1, most.bit_length() - 1))


def described(rows: Sequence[Row], *, several: str) -> str:
    """Return a sentence that names the three longest bars, for those who do not see them."""
    first = sorted(rows, key=lambda row: -row.value)[:3]
    told = ", ".join(f"{row.label} {row.text}" for row in first if row.value)
    return f"{len(rows)} {several}. Most: {told}." if told else f"{len(rows)} {several}, all zero."
