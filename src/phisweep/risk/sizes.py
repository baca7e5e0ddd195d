"""
How large the equivalence classes are, and how many people stand in classes of which size.

Where a person stands in several classes, for rows are events, the smallest of them counts: it is
the one by which he is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from phisweep.model import Shown
from phisweep.risk.counted import Counted
from phisweep.risk.gathering import Tables
from phisweep.risk.grouping import Codes, Whole, dense, summed
from phisweep.usefulness.floor import FLOOR, shown

#: A share of people, or what stands for a count that is not shown.
Share = float | Literal["<11", "11+", "not shown"]
DIGITS = 6  # of a share that is told
#: Where the bands of sizes begin, beside those that a threshold asks for.
_EDGES = (1, 2, 3, 5, 11, 21, 51, 101, 1_001, 10_001)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes that there are, ascending; how many classes have each, how many people stand in one."""

    sizes: Whole = field(repr=False)
    classes: Whole = field(repr=False)
    people: Whole = field(repr=False)

    @property
    def least(self) -> int:
        """The size of the smallest class, which is k; 0 of nothing."""
        return int(self.sizes[0]) if len(self.sizes) else 0

    @property
    def all(self) -> int:
        """How many people there are."""
        return int(self.people.sum())

    @property
    def count(self) -> int:
        """How many classes there are."""
        return int(self.classes.sum())

    def below(self, size: int) -> int:
        """Return how many people stand in a class of fewer than `size`."""
        return int(self.people[self.sizes < size].sum())

    @property
    def mean_risk(self) -> float:
        """The mean over the people of one by the size of their class; in a table of rows, J/n."""
        return float((self.people / self.sizes).sum() / self.all) if self.all else 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """Classes of `low` to `high` members (None: without end): how many, and their people."""

    low: int
    high: int | None
    classes: int | Literal["not shown"]
    people: Shown

    @property
    def label(self) -> str:
        """`1`, `3-4`, `10,001+`."""
        if self.high is None:
            return f"{self.low:,}+"
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,}-{self.high:,}"


def of_table(people: Whole, times: Whole | None = None) -> Sizes:
    """Return the sizes of classes that have so many people each, and of each of them `times` people."""
    sizes, ids = np.unique(people, return_inverse=True)
    classes = np.bincount(ids, minlength=len(sizes)).astype(np.int64)
    members = summed(ids, people if times is None else times, len(sizes))
    return Sizes(sizes.astype(np.int64), classes, members)


def merged(several: Iterable[Sizes]) -> Sizes:
    """Return the sizes of the classes of several tables, none of which is in two."""
    held = list(several)
    if not held:
        nothing = np.zeros(0, np.int64)
        return Sizes(nothing, nothing, nothing)
    sizes, ids = np.unique(np.concatenate([one.sizes for one in held]), return_inverse=True)
    classes = summed(ids, np.concatenate([one.classes for one in held]), len(sizes))
    people = summed(ids, np.concatenate([one.people for one in held]), len(sizes))
    return Sizes(sizes, classes, people)


def sizes_of(counted: Counted, classes: Tables) -> Sizes:
    """Return the sizes of the classes, and the people by the smallest class that they stand in."""
    found = merged(of_table(table.people) for table in classes)
    if not counted.by_subject:
        return found
    smallest = _smallest(counted, classes)
    people = np.zeros(len(found.sizes), np.int64)
    for table_sizes in smallest:
        sizes, times = np.unique(table_sizes, return_counts=True)
        people[np.searchsorted(found.sizes, sizes)] += times
    return Sizes(found.sizes, found.classes, people)


def _smallest(counted: Counted, classes: Tables) -> Iterable[Whole]:
    """Yield for each subject the size of the smallest class that he stands in, table by table."""
    keys, sizes = _looked_up(classes)
    for table in counted.cells():
        at = np.searchsorted(keys, _hash(table.columns[1:], len(table)))
        subjects, first = dense(table.columns[:1], len(table))
        least = np.full(len(first), np.iinfo(np.int64).max)
        np.minimum.at(least, subjects, sizes[at])
        yield least


def _looked_up(classes: Tables) -> tuple[Codes, Whole]:
    """Return the hashes of all classes, sorted, and their sizes: 16 bytes for each class."""
    hashes = [_hash(table.columns, len(table)) for table in classes]
    people = [table.people for table in classes]
    keys, sizes = np.concatenate(hashes), np.concatenate(people)
    order = np.argsort(keys)
    return keys[order], sizes[order]


def _hash(columns: Sequence[Codes], length: int) -> Codes:
    """Return 64 bits for each row; that two of ten million classes share them is most unlikely."""
    mixed = np.full(length, np.uint64(0x2545F4914F6CDD1D))
    for column in columns:
        mixed ^= column.astype(np.uint64, copy=False) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0x9FB21C651E98DF25)
    return mixed


def bands(found: Sizes, asked: Iterable[int] = ()) -> tuple[Band, ...]:
    """
    Return the sizes in bands; `asked` are thresholds at which one begins too.

    No count of people from 1 to 10 is shown, nor one that subtraction from all would tell; where
    the people of a band are not shown its classes are not either.
    """
    edges = sorted({*_EDGES, *asked})
    which = np.searchsorted(edges, found.sizes, side="right") - 1
    people = summed(which, found.people, len(edges)).tolist()
    classes = summed(which, found.classes, len(edges)).tolist()
    told = shown(people)
    highs: list[int | None] = [*(edge - 1 for edge in edges[1:]), None]
    return tuple(
        Band(low, high, n if isinstance(count, int) else "not shown", count)
        for low, high, n, count in zip(edges, highs, classes, told, strict=True)
    )


def told_below(bands_: Sequence[Band], size: int, people: int) -> Shown:
    """
    Return how many people stand in classes of fewer than `size`, as far as the bands tell it.

    `size` is one at which a band begins.
    """
    under = [band.people for band in bands_ if band.low < size]
    over = [band.people for band in bands_ if band.low >= size]
    if all(isinstance(count, int) for count in under):
        return sum(count for count in under if isinstance(count, int))
    if all(isinstance(count, int) for count in over):
        rest = people - sum(count for count in over if isinstance(count, int))
        return rest if rest >= FLOOR else "<11"
    return "not shown"


def share(count: Shown, of: int) -> Share:
    """Return a share in [0, 1] of a count that is shown, else what stands for it."""
    if isinstance(count, int):
        return min(1.0, round(count / of, DIGITS)) if of else 0.0
    return count
