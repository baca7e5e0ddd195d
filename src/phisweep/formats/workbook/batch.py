"""What is read of a stretch of a sheet's rows: cells by column, formulas, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
GAP = 64  # empty rows that a batch may hold in one place


@dataclass(slots=True)
class Cells:
    """The cells of one column in a batch, in parallel: rows, texts, and half-open bytes."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list, repr=False)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def chosen(self, at: Collection[int]) -> Cells:
        """Return the cells at those places, in order."""
        order = sorted(at)
        return Cells(
            [self.rows[i] for i in order],
            [self.texts[i] for i in order],
            [self.starts[i] for i in order],
            [self.ends[i] for i in order],
        )


@dataclass(frozen=True, slots=True)
class Odd:
    """What is no cell and stands among the rows: a comment, an extension. It goes as a whole."""

    start: int
    end: int
    text: str = field(repr=False)
    comment: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """The text of a cell's formula, and the half-open bytes of the cell."""

    row: int
    column: int
    start: int
    end: int
    text: str = field(repr=False)
    group: int = -1  # of a shared formula
    master: bool = False


@dataclass(slots=True)
class Batch:
    """Cells by 0-based column, of sheet rows from `first` to `last`, counted from 1."""

    first: int = 0
    last: int = 0
    columns: dict[int, Cells] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)


class Frame:
    """
    What of a part stands around its rows: `kept` up to them, and from their end on.

    Bytes are added as they are parsed, and taken when it is known whether the rows begin or end there.
    """

    def __init__(self) -> None:
        self.kept = bytearray()
        self.end = 0
        self._at = 0
        self._pending = bytearray()

    def add(self, block: bytes) -> None:
        """Hold the next bytes of the part."""
        self._pending += block
        self.end += len(block)

    def take(self, known: int, begin: int, end: int) -> None:
        """Decide of the bytes before `known`; the rows are half-open bytes, -1 where not yet known."""
        until = max(known, self._at)
        before = until if begin < 0 else min(until, begin)
        if before > self._at:
            self.kept += self._pending[: before - self._at]
        if 0 <= end < until:
            self.kept += self._pending[max(0, end - self._at) : until - self._at]
        del self._pending[: until - self._at]
        self._at = until


def split(batch: Batch) -> list[Batch]:
    """Return a batch in pieces without long stretches of empty rows."""
    rows = sorted({row for cells in batch.columns.values() for row in cells.rows})
    cuts = [i for i in range(1, len(rows)) if rows[i] - rows[i - 1] > GAP]
    if not rows:
        return [batch]
    if not cuts:
        batch.first, batch.last = rows[0], rows[-1]
        return [batch]
    pieces = []
    for begin, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        piece = Batch(rows[begin], rows[end - 1])
        for column, cells in batch.columns.items():
            at = [i for i, row in enumerate(cells.rows) if piece.first <= row <= piece.last]
            if at:
                piece.columns[column] = cells.chosen(at)
        pieces.append(piece)
    pieces[0].formulas, pieces[0].odd = batch.formulas, batch.odd
    return pieces


def addressed(given: str, row: int, columns: dict[str, int]) -> int:
    """Return the 0-based column of an address in a row, and remember its letters; -1 for another."""
    match = _ADDRESS.fullmatch(given)
    if match is None or int(match[2]) != row:
        return -1
    return columns.setdefault(match[1], column_of(match[1]))


def column_of(letters: str) -> int:
    """Return the 0-based column of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def letters_of(column: int) -> str:
    """Return the letters of a 0-based column."""
    out, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("A") + rest) + out
    return out
