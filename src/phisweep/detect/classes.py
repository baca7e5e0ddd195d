"""What the classes of characters of a pattern become in a view of a text."""

from __future__ import annotations

from re import _constants as c  # type: ignore[attr-defined]  # no public parser of patterns
from typing import Any

from phisweep.detect.literals import BORDERS, FEW
from phisweep.detect.views import KIN, OTHER, PADS, View, image

NEGATED = (c.NEGATE, c.NOT_LITERAL)
_ALPHABET = 27  # forms of a character where case tells letters apart: capitals stand seldom
_ASCII = 0x7F
_KIN_POINTS = tuple(map(ord, KIN))
_ELSEWHERE = frozenset({0x2028})  # one beyond ASCII, for all the spaces and digits that there are
_CATEGORIES = {
    c.CATEGORY_DIGIT: frozenset(range(0x30, 0x3A)),
    c.CATEGORY_SPACE: frozenset(p for p in range(128) if chr(p).isspace()),
    c.CATEGORY_WORD: frozenset(p for p in range(256) if chr(p).isalnum() or p == ord("_")),
}


def inside(view: View, items: Any, *, fold: bool, normalised: bool) -> frozenset[bytes] | None:
    """Return what a member of a class becomes; None where that is too much to tell apart."""
    members = members_of(items, fold=fold, normalised=normalised)
    if members is None:
        return None
    points, some_others, _ = members
    found = {image(view, point) for point in points} | ({OTHER} if some_others else set())
    if len(found) > (_ALPHABET if view is View.KEPT else FEW):
        return None
    return frozenset(bytes([byte]) for byte in found)


def outside(view: View, items: Any, *, fold: bool, normalised: bool) -> frozenset[bytes] | None:
    """Return what stands beside a match where no member may; None if an end of text cannot."""
    members = members_of(items, fold=fold, normalised=normalised)
    if members is None:
        return None
    points, _, all_others = members
    found = {image(view, point) for point in range(_ASCII + 1) if point not in points}
    found |= set() if all_others else {OTHER}
    if PADS[view] not in found or len(found) > BORDERS:
        return None
    return frozenset(bytes([byte]) for byte in found)


def members_of(items: Any, *, fold: bool, normalised: bool) -> tuple[set[int], bool, bool] | None:
    """Return a class's members in ASCII, and whether it has some and all of those beyond."""
    points: set[int] = set()
    for op, arg in items:
        if op in (c.LITERAL, c.NOT_LITERAL):
            points.add(arg)
        elif op is c.RANGE:
            points.update(range(arg[0], min(arg[1], _ASCII) + 1))
            points.update(p for p in (*_KIN_POINTS, arg[1]) if arg[0] <= p <= arg[1])
        elif op is c.CATEGORY and arg in _CATEGORIES:
            points |= _CATEGORIES[arg] | (set() if normalised else _ELSEWHERE)
        elif op is not c.NEGATE:
            return None
    if fold:
        points |= {variant for point in points for variant in _variants(point)}
    others = any(point > _ASCII for point in points)
    points = {point for point in points if point <= _ASCII}
    if items[0][0] in NEGATED:
        return {p for p in range(_ASCII + 1) if p not in points}, True, not others
    return points, others, False


def _variants(point: int) -> set[int]:
    """Return the ASCII letters that equal a character where case is ignored."""
    char = chr(point)
    plain = KIN.get(char, char)
    if not (plain.isascii() and plain.isalpha()):
        return set()
    return {ord(plain.lower()), ord(plain.upper())}
