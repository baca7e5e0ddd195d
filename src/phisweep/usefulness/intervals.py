"""The days between two dates of a row, before and after: a sample's quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from phisweep.marks import OLD_YEARS
from phisweep.model import IntervalFigures, IntervalSide, Shown
from phisweep.usefulness.floor import FLOOR, shown
from phisweep.usefulness.reading import NONE, Dates, Whole

SAMPLE = 10_000  # rows
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
#: An interval of more than 89 years would tell an age, 45 CFR 164.514(b)(2)(i)(C).
_LONGEST = {"days": math.floor(OLD_YEARS * 365.25), "years": OLD_YEARS}


class Sample:
    """
    A uniform sample of rows, the same wherever the borders of chunks are.

    It holds the rows whose numbers have the least mixed bits; nothing is drawn, so that the same
    table has the same sample in every run.
    """

    def __init__(self, size: int = SAMPLE) -> None:
        self._size = size
        self._rank: npt.NDArray[np.uint64] = np.empty(0, np.uint64)
        self._values: Whole = np.empty(0, np.int64)

    def add(self, ranks: npt.NDArray[np.uint64], values: Whole) -> None:
        """Enter values, each with the rank of its row."""
        self._rank = np.concatenate((self._rank, ranks))
        self._values = np.concatenate((self._values, values))
        if len(self._rank) > self._size:
            least = np.argpartition(self._rank, self._size)[: self._size]
            self._rank, self._values = self._rank[least], self._values[least]

    def join(self, other: Sample) -> None:
        """Enter the values of another, of other rows."""
        self.add(other._rank, other._values)

    def quantiles(self, most: int) -> tuple[int | None, ...]:
        """
        Return the least value that the share of all is not above; none is beyond `most`.

        None where fewer than 11 values of the sample lie on either side of a quantile.
        """
        ordered = np.sort(np.clip(self._values, -most, most))
        n = len(ordered)
        return tuple(
            int(ordered[math.ceil(q * n) - 1]) if min(q, 1 - q) * n >= FLOOR else None
            for q in QUANTILES
        )


def ranks(first: int, n: int) -> npt.NDArray[np.uint64]:
    """Return the mixed bits of row numbers: SplitMix64 (Steele, Lea and Flood, 2014)."""
    z = np.arange(first, first + n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class Interval:
    """The time between the dates of two columns, row by row."""

    def __init__(self) -> None:
        self._rows = 0
        self._days = self._years = self._lost = 0  # rows by what is left of both dates
        self._before, self._after = Sample(), Sample()
        self._years_before, self._years_after = Sample(), Sample()

    def add(self, rank: npt.NDArray[np.uint64], first: Both, second: Both, cap: int) -> None:
        """
        Enter the rows of a chunk.

        A date and what is left of it are `Dates` by row; years up to `cap` are those of the mark
        that stands for all of them.
        """
        both = (first[0].days != NONE) & (second[0].days != NONE)
        days = both & (first[1].days != NONE) & (second[1].days != NONE)
        years = both & ~days & (first[1].years > cap) & (second[1].years > cap)
        self._rows += len(rank)
        self._days += int(days.sum())
        self._years += int(years.sum())
        self._lost += int((both & ~days & ~years).sum())
        for sample, rows, one, other in (
            (self._before, both, first[0].days, second[0].days),
            (self._after, days, first[1].days, second[1].days),
            (self._years_before, years, first[0].years, second[0].years),
            (self._years_after, years, first[1].years, second[1].years),
        ):
            if rows.any():
                sample.add(rank[rows], (other - one)[rows])

    def join(self, other: Interval) -> None:
        """Enter other rows of the same columns."""
        self._rows += other._rows
        self._days += other._days
        self._years += other._years
        self._lost += other._lost
        for mine, theirs in zip(self._samples(), other._samples(), strict=True):
            mine.join(theirs)

    def _samples(self) -> tuple[Sample, ...]:
        return self._before, self._after, self._years_before, self._years_after

    def figures(self, first: str, second: str) -> IntervalFigures | None:
        """Return what may be shown; None where no row has both dates."""
        known = self._days + self._years + self._lost
        if not known:
            return None
        days, years, *rest = shown([self._days, self._years, self._lost, self._rows - known])
        before = _sum(known, (days, years, *rest))
        sides = [IntervalSide("before", "days", before, self._before.quantiles(_LONGEST["days"]))]
        if self._days or not self._years:
            made = self._after.quantiles(_LONGEST["days"])
            sides.append(IntervalSide("after", "days", days, made))
        if self._years:
            made = self._years_before.quantiles(_LONGEST["years"])
            sides.append(IntervalSide("before", "years", years, made))
            made = self._years_after.quantiles(_LONGEST["years"])
            sides.append(IntervalSide("after", "years", years, made))
        return IntervalFigures(first, second, tuple(sides))


Both = tuple[Dates, Dates]


def _sum(known: int, cells: Sequence[Shown]) -> Shown:
    """Return how many rows have both dates: all but the last of cells, where those tell it."""
    if cells[-1] == "not shown":
        return cells[-1]
    if isinstance(cells[-1], int) or all(isinstance(cell, int) for cell in cells[:-1]):
        return known
    return "11+" if known >= FLOOR else "<11"
