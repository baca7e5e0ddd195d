"""
The risk by fewer quasi-identifiers: which column drives it.

Of up to WHOLE columns all subsets are counted, and the part of each column in the share of people in
small classes is its Shapley value: the mean, over all orders in which the columns could become
known, of what it adds. Of more columns there are the single ones, all, and all but one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import factorial

from phisweep.risk.lattice import DROPPED, Grid, Node
from phisweep.risk.sizes import Sizes

WHOLE = 6
_Subset = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subset:
    """Columns by their places, the smallest class that they make, and people in small ones."""

    columns: _Subset
    least: int
    unique: int
    small: int


@dataclass(frozen=True, slots=True)
class Driven:
    """All subsets that were counted, and the part of each column in the risk, None where it is not told."""

    subsets: tuple[Subset, ...]
    parts: tuple[float, ...] | None


def driven(grid: Grid, small: int, whole: Sizes) -> Driven:
    """Return the risk by subsets; `whole` are the sizes by all columns, `small` classes have fewer."""
    width = len(grid.hierarchies)
    made = []
    for columns in _subsets(width):
        node: Node = tuple(0 if i in columns else DROPPED for i in range(width))
        found = whole if len(columns) == width else grid.sizes(node)
        made.append(_subset(columns, found, small))
    parts = None
    if width <= WHOLE:
        shares = {(): 0.0} | {s.columns: s.small / max(1, whole.all) for s in made}
        parts = tuple(_shapley(i, width, shares) for i in range(width))
    return Driven(tuple(made), parts)


def _subset(columns: _Subset, found: Sizes, small: int) -> Subset:
    return Subset(columns, found.least, found.below(2), found.below(small))


def _subsets(width: int) -> Iterator[_Subset]:
    """Yield the larger subsets first, so that the smaller ones are made of them."""
    sizes = range(width, 0, -1) if width <= WHOLE else sorted({width, width - 1, 1}, reverse=True)
    for size in sizes:
        yield from combinations(range(width), size)


def _shapley(column: int, width: int, shares: dict[_Subset, float]) -> float:
    total = 0.0
    others = [i for i in range(width) if i != column]
    for size in range(width):
        weight = factorial(size) * factorial(width - size - 1) / factorial(width)
        for known in combinations(others, size):
            with_it = tuple(sorted((*known, column)))
            total += weight * (shares[with_it] - shares[known])
    return total
