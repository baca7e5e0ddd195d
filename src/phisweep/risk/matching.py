"""
The sizes of classes where a missing value is taken to agree with every other.

By default missing is a value of its own, which makes classes no larger than they are here: the
stricter reading. In this one a row belongs with all rows that agree with it in whatever neither
lacks (Ciglic, Eder and Koncilia, "k-anonymity of microdata with NULL values", DEXA 2014; sdcMicro
counts so too), so classes overlap and are no partition.
"""

from __future__ import annotations

import numpy as np

from phisweep.risk.coding import MISSING
from phisweep.risk.grouping import Codes, Table, Whole, dense
from phisweep.risk.sizes import Sizes, of_table

PATTERNS = 256  # combinations of missing columns, beyond which it takes too long


def matching(classes: Table) -> Sizes | None:
    """Return the sizes; None where rows lack values in too many different ways."""
    lacking = _patterns(classes)
    patterns = np.unique(lacking)
    if len(patterns) > PATTERNS:
        return None
    rows = {int(pattern): np.flatnonzero(lacking == pattern) for pattern in patterns}
    sizes = np.zeros(len(classes), np.int64)
    for one, mine in rows.items():
        for other, theirs in rows.items():
            both = [
                column for i, column in enumerate(classes.columns) if not (one | other) >> i & 1
            ]
            sizes[mine] += _matches(both, mine, theirs, classes.people)
    return of_table(sizes, classes.people)


def _patterns(classes: Table) -> Whole:
    """Return for each class which columns it lacks, one bit each."""
    lacking = np.zeros(len(classes), np.int64)
    for i, column in enumerate(classes.columns):
        lacking |= (column == MISSING).astype(np.int64) << i
    return lacking


def _matches(columns: list[Codes], mine: Whole, theirs: Whole, people: Whole) -> Whole:
    """Return for each of `mine` how many people of `theirs` have the same codes."""
    both = [np.concatenate([column[mine], column[theirs]]) for column in columns]
    ids, first = dense(both, len(mine) + len(theirs))
    counts = np.bincount(ids[len(mine) :], weights=people[theirs], minlength=len(first))
    return counts[ids[: len(mine)]].astype(np.int64)
