"""`{name}` in a rule's pattern: letters of our scripts, definitions of the file, and lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from phisweep.errors import RuleError
from phisweep.ruleset.load import Ruleset

_PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")
_LARGEST = 1_500  # entries of a list that may stand in a pattern
_PRIVATE = 0xF0000  # the first code point of a plane that no text uses
_CLASSES = {"Lu": "A-Z\x80-\u2000", "Ll": "a-z\x80-\u2000", "L": "A-Za-z\x80-\u2000"}
# Latin with its extensions, Greek, Cyrillic; combining marks count as lower-case letters.
_SCRIPTS = (range(0x41, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000))


@cache
def letters(kind: str) -> str:
    """Return the inside of a character class: `Lu` upper-case, `Ll` lower-case, `L` all letters."""
    points = []
    for script in _SCRIPTS:
        for point in script:
            category = unicodedata.category(chr(point))
            upper = category in {"Lu", "Lt"}
            lower = category in {"Ll", "Lo", "Lm"}
            if (upper and kind in {"Lu", "L"}) or (lower and kind in {"Ll", "L"}):
                points.append(point)
    if kind != "Lu":
        points += range(0x300, 0x370)
    return _ranges(sorted(points))


def _ranges(points: list[int]) -> str:
    out = []
    i = 0
    while i < len(points):
        j = i
        while j + 1 < len(points) and points[j + 1] == points[j] + 1:
            j += 1
        first, last = chr(points[i]), chr(points[j])
        out.append(first if i == j else f"{first}-{last}")
        i = j + 1
    return "".join(out)


def expand(regex: str, define: Mapping[str, str], ruleset: Ruleset) -> str:
    """
    Return the pattern with every `{name}` replaced.

    A list stands as a group of its escaped entries, longest first. Raises RuleError for an
    unknown name, a list too long for a pattern, or definitions that go round.
    """

    def spell(name: str) -> str:
        if name in _CLASSES:
            return letters(name)
        ordered = sorted(_entries(name, ruleset), key=lambda e: (-len(e), e))
        return "(?:" + "|".join(re.escape(e) for e in ordered) + ")"

    return _replace(regex, define, spell)


def outline(
    regex: str, define: Mapping[str, str], ruleset: Ruleset
) -> tuple[str, dict[int, tuple[str, ...]]]:
    """
    Return the pattern in a short form that is quick to parse, and what its code points stand for.

    Classes of letters are wider than what they stand for. A list stands as one private code
    point, the same one in all patterns of a ruleset. Raises RuleError as `expand` does.
    """
    lists: dict[int, tuple[str, ...]] = {}

    def spell(name: str) -> str:
        if name in _CLASSES:
            return _CLASSES[name]
        entries = _entries(name, ruleset)
        point = _PRIVATE + sorted(ruleset.lists).index(name)
        lists[point] = entries
        return chr(point)

    return _replace(regex, define, spell), lists


def _replace(
    regex: str, define: Mapping[str, str], spell: Callable[[str], str], depth: int = 0
) -> str:
    if depth > 8:  # noqa: PLR2004
        raise RuleError("E163", "the definitions refer to each other in a circle")

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name in define and name not in _CLASSES:
            return f"(?:{_replace(define[name], define, spell, depth + 1)})"
        return spell(name)

    return _PLACE.sub(one, regex)


def _entries(name: str, ruleset: Ruleset) -> tuple[str, ...]:
    entries = ruleset.entries(name)
    if len(entries) > _LARGEST:
        raise RuleError("E164", f"the list {name} is too long for a pattern; use a check")
    return entries
