"""
How far a class is from the whole table: t-closeness.

Li, Li and Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007:
the earth mover's distance between the values of a class and those of all. Of numbers it is the
ordered distance, of all else the equal distance, both in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from phisweep.detect.shapes import shapes
from phisweep.risk.coding import MISSING, Coder
from phisweep.risk.gathering import Gatherer, Tables
from phisweep.risk.grouping import Table, Whole, dense, reduced, summed

Floats = npt.NDArray[np.float64]
#: The distance of each class from all, by class id, place of a value, its share in the class, and
#: the shares of all values in the whole.
Distance = Callable[[Whole, Whole, Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Closeness:
    """The distance of the class that is farthest; `ordered` says whether values are numbers."""

    distance: float
    ordered: bool


def closeness(told: Tables, quasi: int, column: Coder) -> Closeness:
    """
    Return the closeness of a sensitive column; `told` is class and value, all of a class in one table.

    A missing value has no place among numbers: there the larger of two distances counts, the
    ordered one of the numbers, and the equal one of having a number or none.
    """
    ranks = None if column.hashed else _ranks(column.values)
    if ranks is None:
        return Closeness(_farthest(lambda: told, quasi, _equal), ordered=False)
    numbers = _farthest(lambda: (_numbers(t, quasi, ranks) for t in told), quasi, _ordered)
    known = _farthest(lambda: (_known(t, quasi) for t in told), quasi, _equal)
    return Closeness(max(numbers, known), ordered=True)


def is_number(value: str) -> bool:
    """Say whether a value is a number."""
    return "number" in shapes(value)


def _ranks(values: Sequence[str]) -> Whole | None:
    """Return the place of each code among the distinct numbers; None where they are not numbers."""
    if len(values) <= 1 or not all(map(is_number, values[1:])):
        return None
    numbers = np.array([float(value) for value in values[1:]])
    if not np.isfinite(numbers).all():
        return None
    ranks = np.unique(numbers, return_inverse=True)[1]
    return np.concatenate(([-1], ranks)).astype(np.int64)


def _numbers(table: Table, quasi: int, ranks: Whole) -> Table:
    """Return the numbers of the classes as ranks."""
    codes = table.columns[quasi]
    rows = np.flatnonzero(codes != MISSING)
    columns = (*(column[rows] for column in table.columns[:quasi]), ranks[codes[rows]])
    return reduced(Table(columns, (table.people[rows],)))


def _known(table: Table, quasi: int) -> Table:
    """Return whether there is a number, in place of it."""
    columns = (*table.columns[:quasi], (table.columns[quasi] != MISSING).astype(np.int64))
    return reduced(Table(columns, (table.people,)))


def _farthest(read: Callable[[], Iterable[Table]], quasi: int, distance: Distance) -> float:
    """Return the distance of the farthest class from all; the tables are read twice."""
    gathered = Gatherer(1)
    for table in read():
        gathered.add(reduced(Table((table.columns[quasi],), (table.people,))))
    whole = gathered.finish().held
    if whole is None:
        return 0.0
    order = np.argsort(whole.columns[0])
    values = whole.columns[0][order]
    shares = whole.people[order] / whole.people.sum()
    worst = 0.0
    for table in read():
        if not len(table):
            continue
        ids, first = dense(table.columns[:quasi], len(table))
        people = summed(ids, table.people, len(first))
        place = np.searchsorted(values, table.columns[quasi])
        worst = max(worst, float(distance(ids, place, table.people / people[ids], shares).max()))
    return worst


def _equal(ids: Whole, place: Whole, shares: Floats, whole: Floats) -> Floats:
    """Half of the sum of |q - p|: what a class lacks counts with all that it has in the whole."""
    apart = np.bincount(ids, weights=np.abs(shares - whole[place]))
    lacking = 1.0 - np.bincount(ids, weights=whole[place])
    return (apart + lacking) / 2


def _ordered(ids: Whole, place: Whole, shares: Floats, whole: Floats) -> Floats:
    """
    Return the sum of |Q - P| over all values but the last, by their number less one.

    Q, what a class holds up to a value, is the same from one of its values to the next; P only
    grows, so in each such stretch one place parts where P is below Q from where it is above.
    """
    last = len(whole) - 1
    if not last:
        return np.zeros(int(ids.max()) + 1)
    upto = np.cumsum(whole)
    sums = np.concatenate(([0.0], np.cumsum(upto)))  # of P below a place
    order = np.lexsort((place, ids))
    ids, place, shares = ids[order], place[order], shares[order]
    begins = np.flatnonzero(np.diff(ids, prepend=-1))
    held = np.cumsum(shares)
    held -= np.repeat(held[begins] - shares[begins], np.diff([*begins, len(ids)]))
    end = np.minimum(np.append(place[1:], last), last)
    end[np.append(begins[1:], len(ids)) - 1] = last
    start = np.minimum(place, last)
    cross = np.clip(np.searchsorted(upto, held), start, end)
    below = held * (cross - start) - (sums[cross] - sums[start])
    above = (sums[end] - sums[cross]) - held * (end - cross)
    total = np.bincount(ids, weights=below + above)
    total += sums[np.minimum(place[begins], last)]  # Q is 0 before a class's first value
    return total / last
