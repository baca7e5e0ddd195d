"""
No count of people from 1 to 10 is shown, nor one that subtraction would tell.

The floor is that of the CMS cell size suppression policy, which also forbids shares and sums
from which such a count follows. A small count becomes "<11". As totals are known, counts of 11 or
more become "11+", the smallest first, until every number from 1 to 10 is possible for each that
is hidden. Where that cannot be reached, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from phisweep.model import Shown

FLOOR = 11
_MOST = FLOOR - 1


def shown(counts: Sequence[int]) -> list[Shown]:
    """Return what may be shown of counts whose sum is known."""
    hidden = _hidden(counts, ())
    if hidden is None:
        return ["not shown"] * len(counts)
    return _marked(counts, hidden)


def shown_together(
    before: Sequence[int], after: Sequence[int], stay: Sequence[int]
) -> tuple[list[Shown], list[Shown]] | None:
    """
    Return what may be shown of the same bands before and after; None where nothing may be.

    `stay` counts what is in a band on both sides. What one side hides the other does not tell; nor
    does their difference tell a small group that left a band which nobody joined, or the reverse.
    """
    hidden: Collection[int] = {
        i
        for i, (old, new, same) in enumerate(zip(before, after, stay, strict=True))
        if min(old, new) == same and 0 < abs(old - new) < FLOOR
    }
    while True:
        sides = [_hidden(before, hidden), _hidden(after, hidden)]
        if sides[0] is None or sides[1] is None:
            return None
        both = {*hidden, *sides[0], *sides[1]}
        if both == hidden:
            return _marked(before, sides[0]), _marked(after, sides[1])
        hidden = both


def _hidden(counts: Sequence[int], wanted: Collection[int]) -> set[int] | None:
    """Return which counts to hide, those wanted among them but no 0; None if all is too little."""
    hidden = {i for i, n in enumerate(counts) if n and (n < FLOOR or i in wanted)}
    rest = sorted((n, i) for i, n in enumerate(counts) if n and i not in hidden)
    while not _open([counts[i] for i in hidden]):
        if not rest:
            return None
        hidden.add(rest.pop(0)[1])
    return hidden


def _open(hidden: Sequence[int]) -> bool:
    """
    Say whether each small count could be any number from 1 to 10, the sum of all being known.

    The most that it can be is what the least of all others leaves; the least, where no count is
    "11+", what the most of all others leaves.
    """
    small = sum(1 for n in hidden if n < FLOOR)
    large = len(hidden) - small
    if not small:
        return True
    highest = sum(hidden) - (small - 1) - FLOOR * large
    lowest = 1 if large else sum(hidden) - _MOST * (small - 1)
    return highest >= _MOST and lowest <= 1


def _marked(counts: Sequence[int], hidden: Collection[int]) -> list[Shown]:
    return [
        n if i not in hidden or not n else "<11" if n < FLOOR else "11+"
        for i, n in enumerate(counts)
    ]
