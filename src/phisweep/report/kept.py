"""What a copy kept, as words, bars and charts: all of it from counts that may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phisweep.figures import number
from phisweep.model import Shown
from phisweep.report.parts import (
    BandRecord,
    ColumnKeptRecord,
    IntervalRecord,
    IntervalSideRecord,
    SpreadRecord,
)

WIDTH, HEIGHT = 640, 84  # of a chart, in its own units; its style says how wide it is on a page
_FLOOR = 11
_WIDEST = 44  # units that a band takes at most
_UNSEEN = 7.0  # units, of the bar of a count that is not shown
_NARROWEST = 264  # units, so that there is room for words above it
_TICKS = 7
_TABLE = 26  # rows of a table of numbers
_CLOSE = 0.05  # two estimates that differ by less tell no difference
_UNDER, _OVER = 0.5, 99.5  # per cent
_ONLY_YEARS = "only years are left"
_NOTHING = "nothing is left of one of the dates"
_KINDS = {"age": "Ages", "year": "Years of dates"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in its units; `exact` where its count is shown."""

    x: float
    y: float
    width: float
    height: float
    exact: bool
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of one side of a spread, the greatest count shown, and some bands to name."""

    width: float
    when: str
    bars: tuple[Bar, ...]
    most: int
    ticks: tuple[tuple[float, str], ...]
    description: str

    @property
    def hollow(self) -> bool:
        """Say whether a count is not shown."""
        return not all(bar.exact for bar in self.bars)


def shown(count: Shown) -> str:
    """`2406` -> `2,406`; a word stays."""
    return count if isinstance(count, str) else number(count)


def share(column: ColumnKeptRecord) -> str:
    """Return the share of rows that were changed: `100%`, `91 to 99%`, `under 1%`."""
    low, high = (100 * n / column.rows for n in limits(column)[2])
    one, other = _percent(low), _percent(high)
    if one == other:
        return one if low == high or not one[0].isdecimal() else f"about {one}"
    return f"{low:.0f} to {high:.0f}%"


def _percent(share_: float) -> str:
    if 0 < share_ < _UNDER:
        return "under 1%"
    return "over 99%" if _OVER <= share_ < 100 else f"{share_:.0f}%"  # noqa: PLR2004 - all


def limits(column: ColumnKeptRecord) -> list[tuple[int, int]]:
    """Return the least and the most that empty, unchanged and changed cells can be."""
    cells = (column.empty, column.unchanged, column.changed)
    wide = [_limits(cell, column.rows) for cell in cells]
    low, high = (sum(limit[side] for limit in wide) for side in (0, 1))
    return [
        (max(least, column.rows - (high - most)), min(most, column.rows - (low - least)))
        for least, most in wide
    ]


def _limits(count: Shown, rows: int) -> tuple[int, int]:
    if isinstance(count, int):
        return count, count
    return {"<11": (1, _FLOOR - 1), "11+": (_FLOOR, rows)}.get(count, (0, rows))


def parts(column: ColumnKeptRecord) -> tuple[float, float]:
    """Return where the changed and the unchanged part of a bar of 100 end."""
    _, unchanged, changed = ((low + high) / 2 for low, high in limits(column))
    first = 100 * changed / column.rows
    return round(first, 1), round(min(first + 100 * unchanged / column.rows, 100.0), 1)


def distinct(column: ColumnKeptRecord) -> str:
    """Say what became of the number of distinct values."""
    before, after = column.distinct_before, column.distinct_after
    if column.changed == 0:
        return "as they were"
    near = column.estimated and abs(before - after) <= _CLOSE * max(before, after)
    if before == after or near:
        return "about as many" if column.estimated else "still told apart"
    if not after:
        return "none left"
    return "some now alike" if after < before else "more"


def about(count: int, column: ColumnKeptRecord) -> str:
    """Return a count of distinct values, and that it is an estimate where it may be one."""
    return f"about {number(count)}" if column.estimated else number(count)


def title(spread: SpreadRecord) -> str:
    """Return what a spread counts: `Years of dates`."""
    return _KINDS[spread.kind]


def charts(spread: SpreadRecord) -> Iterator[Chart]:
    """Yield the charts of a spread before and after, on one scale; one where they are the same."""
    sides = {"before": [b.before for b in spread.bands], "after": [b.after for b in spread.bands]}
    if sides["before"] == sides["after"]:
        sides = {"before and after": sides["before"]}
    most = max((n for side in sides.values() for n in side if isinstance(n, int)), default=0)
    labels = [band.label for band in spread.bands]
    step = min(WIDTH / len(labels), _WIDEST)
    every = -(-len(labels) // min(_TICKS, len(labels)))
    named = range(0, len(labels), every)
    for when, counts in sides.items():
        bars = tuple(
            _bar(i, count, most, step, labels[i]) for i, count in enumerate(counts) if count
        )
        ticks = tuple((round((i + 0.5) * step, 1) if i else 0.0, labels[i]) for i in named)
        yield Chart(
            round(max(step * len(labels), _NARROWEST), 1),
            when,
            bars,
            most,
            ticks,
            _described(labels, counts),
        )


def _bar(i: int, count: Shown, most: int, step: float, label: str) -> Bar:
    """A count that is not shown has a low bar of one height."""
    height = max(round(HEIGHT * count / most, 1), 1.5) if isinstance(count, int) else _UNSEEN
    gap = min(step * 0.2, 3)
    return Bar(
        x=round(i * step + gap / 2, 2),
        y=round(HEIGHT - height, 1),
        width=round(step - gap, 2),
        height=height,
        exact=isinstance(count, int),
        label=f"{label}: {shown(count)}",
    )


def _described(labels: Sequence[str], counts: Sequence[Shown]) -> str:
    told = [(count, label) for label, count in zip(labels, counts, strict=True)]
    known = [(count, label) for count, label in told if isinstance(count, int) and count]
    hidden = sum(1 for count, _ in told if isinstance(count, str))
    if not known:
        return f"{hidden} bands, of none of which the count is shown."
    most, label = max(known, key=lambda entry: entry[0])
    also = f"; of {hidden} more the count is not shown" if hidden else ""
    return f"{len(known)} bands with a count{also}. Most in {label}: {number(most)}."


def tables(spread: SpreadRecord) -> list[Sequence[BandRecord]]:
    """Return the bands of a spread in as many tables as stand well beside each other."""
    bands = spread.bands
    pieces = -(-len(bands) // _TABLE)
    size = -(-len(bands) // pieces)
    return [bands[i : i + size] for i in range(0, len(bands), size)]


def left(interval: IntervalRecord) -> str:
    """Say why the time between two dates cannot be computed after; empty where it can."""
    after = {side.unit for side in interval.sides if side.when == "after" and side.rows}
    if "days" in after:
        return ""
    return _ONLY_YEARS if "years" in after else _NOTHING


def quantile(value: int | None) -> str:
    """Return a quantile, with a minus sign of its own; `-` where it is not shown."""
    if value is None:
        return "-"
    return number(value) if value >= 0 else f"\u2212{number(-value)}"


def sides(interval: IntervalRecord) -> Iterator[tuple[str, IntervalSideRecord]]:
    """Yield the sides of an interval with their names."""
    for side in interval.sides:
        yield f"{side.when}, in {side.unit}", side
