"""How many blanks and ends of line a match of a pattern can hold: that bounds where it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from re import _constants as c  # type: ignore[attr-defined]  # no public parser of patterns
from typing import Any

from phisweep.detect.classes import members_of
from phisweep.detect.literals import FAR

_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)


def most(nodes: Any, char: str, lists: Mapping[int, Sequence[str]]) -> int:
    """Return how often a sign of ASCII stands at most in a match and what it looks ahead to."""
    return min(sum(_node(op, arg, char, lists) for op, arg in nodes), FAR)


def _node(op: Any, arg: Any, char: str, lists: Mapping[int, Sequence[str]]) -> int:  # noqa: PLR0911
    if op in (c.LITERAL, c.NOT_LITERAL):
        return _one([(op, arg)], char, lists)
    if op is c.IN:
        return _one(arg, char, lists)
    if op is c.BRANCH:
        return max(most(branch, char, lists) for branch in arg[1])
    if op is c.SUBPATTERN:
        return most(arg[3], char, lists)
    if op is c.ATOMIC_GROUP:
        return most(arg, char, lists)
    if op in _REPEATS:
        _, high, body = arg
        return min(most(body, char, lists) * min(int(high), FAR), FAR)
    if op is c.ASSERT:
        return most(arg[1], char, lists) if arg[0] > 0 else 0
    if op in (c.AT, c.ASSERT_NOT):
        return 0
    return 1 if op is c.ANY else FAR


def _one(items: Any, char: str, lists: Mapping[int, Sequence[str]]) -> int:
    """Count in a class, or in the alternatives that a code point stands for."""
    listed = [point for _, point in items if point in lists]
    if listed:
        return max((entry.count(char) for p in listed for entry in lists[p]), default=0) or 1
    found = members_of(items, fold=False, normalised=True)
    return 1 if found is None or ord(char) in found[0] else 0
