"""
What a class tells of its members: l-diversity in its three readings.

Machanavajjhala and others, "l-diversity: privacy beyond k-anonymity", ACM TKDD 1(1), 2007. Of the
counts of a class in descending order, r1 to rm: distinct l is m; entropy l is exp(H), H the entropy
of the class; recursive (c,l) holds where r1 < c (rl + ... + rm).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from phisweep.risk.gathering import Tables
from phisweep.risk.grouping import Whole, dense, summed

LEVELS = (2, 3)  # the l for which the least c is told


@dataclass(frozen=True, slots=True)
class Diversity:
    """
    The least diverse class by each reading.

    `recursive` is for each l of LEVELS the number that c must exceed; inf where a class has fewer
    than l values. `poor` counts people in classes with one value alone: who is known to be in one
    is known by it.
    """

    distinct: int
    entropy: float
    recursive: tuple[tuple[int, float], ...]
    poor: int


def diversity(told: Tables, quasi: int) -> Diversity:
    """Return the diversity of a sensitive column; `told` is class and value, all of a class in one table."""
    distinct, entropy, poor = np.inf, np.inf, 0
    recursive = dict.fromkeys(LEVELS, 0.0)
    for table in told:
        ids, first = dense(table.columns[:quasi], len(table))
        classes = len(first)
        values = np.bincount(ids, minlength=classes)
        people = summed(ids, table.people, classes)
        distinct = min(distinct, int(values.min()))
        entropy = min(entropy, _entropy(ids, table.people, people))
        poor += int(people[values == 1].sum())
        for level, worst in _recursive(ids, table.people, people, classes).items():
            recursive[level] = max(recursive[level], worst)
    if not np.isfinite(distinct):
        return Diversity(0, 0.0, (), 0)
    return Diversity(int(distinct), entropy, tuple(recursive.items()), poor)


def _entropy(ids: Whole, counts: Whole, people: Whole) -> float:
    """Return the least exp(H) of the classes; H = log n - sum(c log c) / n."""
    parts = np.bincount(ids, weights=counts * np.log(counts), minlength=len(people))
    return float(np.exp(np.log(people) - parts / people).min())


def _recursive(ids: Whole, counts: Whole, people: Whole, classes: int) -> dict[int, float]:
    """Return for each l the most that r1 / (rl + ... + rm) is in a class."""
    order = np.lexsort((-counts, ids))
    ids, counts = ids[order], counts[order]
    starts = np.searchsorted(ids, np.arange(classes))
    rank = np.arange(len(ids)) - starts[ids]
    most = counts[starts]
    out = {}
    for level in LEVELS:
        before = np.bincount(
            ids[rank < level - 1], weights=counts[rank < level - 1], minlength=classes
        )
        rest = people - before
        out[level] = math.inf if (rest <= 0).any() else float((most / rest).max())
    return out
