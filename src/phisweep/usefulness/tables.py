"""The figures of a table's columns: cells, distinct values, spreads, and intervals between dates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.arrays import flags, of_numbers
from phisweep.marks import OLD_YEARS
from phisweep.model import ColumnFigures, IntervalFigures, SpreadFigures
from phisweep.usefulness import spread
from phisweep.usefulness.distinct import EXACT, Distinct, digests
from phisweep.usefulness.floor import FLOOR, shown
from phisweep.usefulness.intervals import Interval, ranks
from phisweep.usefulness.reading import EMPTY, Ages, Dates, Whole

Flags = npt.NDArray[np.bool_]

COLUMNS = 1_000
_WIDE = 32  # columns with exact counts up to EXACT; a table has many keys rarely
_EXACT_BEYOND = 4_096
DATES = 4

_Figures = tuple[
    tuple[ColumnFigures, ...], tuple[SpreadFigures, ...], tuple[IntervalFigures, ...], int
]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """
    A chunk's distinct values, before and after, and how many rows each stands in.

    `used` says which stand in a row at all, `filled` which hold more than blanks.
    """

    before: pa.StringArray = field(repr=False)
    after: pa.StringArray = field(repr=False)
    counts: Whole
    changed: Flags
    filled: Flags
    filled_after: Flags

    @classmethod
    def of(
        cls,
        indices: npt.NDArray[np.integer],
        before: pa.StringArray,
        after: pa.StringArray | None,
    ) -> _Chunk:
        counts = np.bincount(indices, minlength=len(before)).astype(np.int64)
        filled = _filled(before)
        if after is None or after.null_count == len(after):
            return cls(before, before, counts, np.zeros(len(before), bool), filled, filled)
        new = pc.coalesce(after, before)
        return cls(before, new, counts, flags(pc.not_equal(before, new)), filled, _filled(new))


def _chosen(values: pa.StringArray, which: Flags) -> pa.StringArray:
    return values if which.all() else values.take(of_numbers(np.flatnonzero(which)))


def _filled(values: pa.StringArray) -> Flags:
    """Say which values hold more than blanks: of plain ASCII Arrow knows, of others Python."""
    filled = flags(pc.match_substring_regex(values, "[!-~]"))
    for at in np.flatnonzero(~filled).tolist():
        filled[at] = bool(values[at].as_py().strip())
    return filled


class _Column:
    """What is counted of one column."""

    def __init__(self, place: str, reference: int, exact: int) -> None:
        self.place = place
        self._reference = reference
        self.rows = 0
        self._empty = 0
        self._changed = 0
        self._before = Distinct(exact)
        self._after: Distinct | None = None  # as long as nothing is changed, that before
        self.years: spread.Spread | None = None
        self.ages: spread.Spread | None = None
        self._reader = Ages(place, reference)

    def add(self, chunk: _Chunk) -> None:
        """Count cells and distinct values."""
        self.rows += int(chunk.counts.sum())
        self._empty += int(chunk.counts[~chunk.filled & ~chunk.changed].sum())
        self._changed += int(chunk.counts[chunk.changed].sum())
        used = chunk.counts > 0
        old = digests(_chosen(chunk.before, used & chunk.filled))
        if self._after is None and chunk.changed.any():
            self._after = self._before.copy()
        self._before.add(old)
        if self._after is not None:
            same = used & chunk.filled & ~chunk.changed
            new = used & chunk.filled_after & chunk.changed
            self._after.add(old[same[used & chunk.filled]])
            self._after.add(digests(pc.unique(_chosen(chunk.after, new))))

    def add_ages(self, chunk: _Chunk) -> None:
        """Count ages by band; called before `add`."""
        if self.ages is None:
            self.ages = spread.of_ages()
            self.ages.late(self.rows - self._empty, self._empty)
        before = np.where(chunk.filled, self._reader.of(chunk.before), EMPTY)
        after = before
        if chunk.changed.any():
            after = np.where(chunk.filled_after, self._reader.of(chunk.after), EMPTY)
        self.ages.add(before, after, chunk.counts)

    def add_years(self, chunk: _Chunk) -> tuple[Dates, Dates]:
        """Count dates by year; called before `add`. Returns the dates before and after."""
        if self.years is None:
            self.years = spread.of_years(self._reference)
            self.years.late(self.rows - self._empty, self._empty)
        before = after = Dates.of(chunk.before, self._reference)
        if chunk.changed.any():
            after = Dates.of(chunk.after, self._reference)
        self.years.add(
            spread.year_bands(before.years, chunk.filled),
            spread.year_bands(after.years, chunk.filled_after),
            chunk.counts,
        )
        return before, after

    def join(self, other: _Column) -> None:
        """Enter other rows of the same column."""
        if self._after is not None or other._after is not None:
            self._after = self._before.copy() if self._after is None else self._after
            self._after.join(other._before if other._after is None else other._after)
        self._before.join(other._before)
        self.rows += other.rows
        self._empty += other._empty
        self._changed += other._changed
        for mine, theirs in ((self.ages, other.ages), (self.years, other.years)):
            if mine is not None and theirs is not None:
                mine.join(theirs)

    def figures(self) -> ColumnFigures:
        """Return what may be shown."""
        unchanged = self.rows - self._empty - self._changed
        cells = shown([self._empty, unchanged, self._changed])
        after = self._before if self._after is None else self._after
        return ColumnFigures(
            place=self.place,
            rows=self.rows,
            empty=cells[0],
            unchanged=cells[1],
            changed=cells[2],
            distinct_before=self._before.count(),
            distinct_after=after.count(),
            estimated=self._before.estimated or after.estimated,
        )


class Tables:
    """The columns of a document, 1,000 at most, and the intervals between four of dates."""

    def __init__(self, reference: int, first: int = 0) -> None:
        self._reference = reference
        self._columns: dict[str, _Column] = {}
        self._beyond: set[str] = set()
        self._dates: list[str] = []
        self._intervals: dict[tuple[str, str], Interval] = {}
        self._first = first
        self._rows = 0
        self._chunk: dict[str, tuple[Dates, Dates]] = {}

    def column(
        self,
        place: str,
        identifiers: Collection[str],
        indices: npt.NDArray[np.integer],
        before: pa.StringArray,
        after: pa.StringArray | None,
    ) -> None:
        """Enter a chunk of a column, as `Usefulness.column` says."""
        column = self._columns.get(place)
        if column is None:
            if len(self._columns) >= COLUMNS:
                self._beyond.add(place)
                return
            exact = EXACT if len(self._columns) < _WIDE else _EXACT_BEYOND
            column = self._columns[place] = _Column(place, self._reference, exact)
        self._rows = len(indices)
        chunk = _Chunk.of(indices, before, after)
        if "age" in identifiers or column.ages is not None:
            column.add_ages(chunk)
        if "date" in identifiers or column.years is not None:
            self._keep(place, column.add_years(chunk), indices)
        column.add(chunk)

    def _keep(
        self, place: str, dates: tuple[Dates, Dates], indices: npt.NDArray[np.integer]
    ) -> None:
        """Keep the dates of a chunk, row by row, until all its columns are there."""
        if place not in self._dates and len(self._dates) < DATES:
            self._dates.append(place)
        if place in self._dates:
            before, after = dates
            old = Dates(before.days[indices], before.years[indices])
            new = old if after is before else Dates(after.days[indices], after.years[indices])
            self._chunk[place] = (old, new)

    def rows(self) -> None:
        """Enter the intervals of a chunk whose columns are all there."""
        if len(self._chunk) > 1:
            rank = ranks(self._first, self._rows)
            for pair in combinations([p for p in self._dates if p in self._chunk], 2):
                interval = self._intervals.setdefault(pair, Interval())
                one, other = (self._chunk[place] for place in pair)
                interval.add(rank, one, other, self._reference - OLD_YEARS)
        self._first += self._rows
        self._rows = 0
        self._chunk = {}

    def join(self, other: Tables) -> None:
        """Enter the rows behind these: those of the same columns, judged alike."""
        for place, column in other._columns.items():
            mine = self._columns.get(place)
            if mine is None:
                self._columns[place] = column
            else:
                mine.join(column)
        self._beyond |= other._beyond
        for pair, interval in other._intervals.items():
            own = self._intervals.get(pair)
            if own is None:
                self._intervals[pair] = interval
            else:
                own.join(interval)

    def finish(self) -> _Figures:
        """Return what may be shown, and how many columns are left out."""
        told = [column for column in self._columns.values() if column.rows >= FLOOR]
        spreads = [
            made
            for column in told
            for kind in (column.ages, column.years)
            if kind is not None and (made := kind.figures(column.place)) is not None
        ]
        intervals = [
            found
            for pair, interval in self._intervals.items()
            if (found := interval.figures(*pair)) is not None
        ]
        return (
            tuple(column.figures() for column in told),
            tuple(spreads),
            tuple(intervals),
            len(self._columns) - len(told) + len(self._beyond),
        )
