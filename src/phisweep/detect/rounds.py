"""
Rounds: lists of people by the room, bed or chair at which each is found.

"16 bui, cam" says little. Three lines in which a name follows a number or a code are a list by
rooms, unless the numbers only count the lines or are times of day; what the other lines begin with
is then a room as well, and so is the same number further down: "to do: 16 needs mag".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from phisweep.model import Finding, Text

RULE = "location/listed-room"
_SCORE = 0.7
_FEWEST = 3  # lines of a list
_LEAST = 0.5  # score of a name
_LINE = re.compile(
    r"(?m)^[ \t>*\u2022\u00b7-]{0,6}(?:\[[ xX]?\][ \t]{0,3})?(?:\d{1,2}[.)][ \t]{1,3})?(?:(?:AP|PP|ap|pp)[ \t])?"
    r"(?P<room>(?![IVX]+-)(?:\d{1,4}(?:[A-Za-z]|-[A-Z\d]\d?)?|[A-Z]{1,4}-?\d{1,4}[A-Z]?))"
    r"(?P<sign>[ \t]{0,6}[|:\u2013\u2014-]?[ \t]{0,6})(?=[^\W\d_]|[\"\u201c(])"
    r"(?:(?i:mrs?|ms|miss|dr|old|baby|pt|bb|bg|sr|sra|don|mx)\b\.?[ \t]{1,3}){0,2}[\"'(\u201c]?"
)
#: What follows a number that is an amount, or part of one.
_AMOUNT = re.compile(
    r"(?i)(?:mg|mcg|kg|g|l|ml|lbs?|cm|mm|units?|u|hrs?|h|k|x|mmol|meq|%|wk?s?|y|yo|yr|days?|am|pm|in|a|p|min|sec|th|st|nd|rd|of|and|or|to|f|m|q|d|c|s|tabs?|caps?|puffs?|doses?|fr|pills?|times|weeks?|months?|years?|hours?|minutes?)\b"
)
_TIME = re.compile(r"(?:[01]?\d|2[0-3])[0-5]\d")
_TO_THE_HOUR = 4  # figures of a time with those of its hour
_LOST = 3  # lines between two that are counted, and the next
_HEAD = 300  # code points above a list in which its heading stands
#: A heading whose first column is the place.
_HEADED = re.compile(
    r"(?im)^[^\w\n]{0,6}(?:chairs?|beds?|rooms?|rms?|bays?|box(?:es)?|stations?|spots?|pods?|cribs?|cots?)\b[^\n]{0,90}\n(?:[^\w\n]{0,90}\n){0,2}\Z"
)
#: Where a room of the list stands for whoever lies there.
_TOLD = r"(?:(?<=[.:;,>/] )|(?<=[>/])|(?<=\b(?:in|fr|to) )|(?<=\b(?:for|see) )|(?<=\b(?:from|sees|near|with) ))"


def rounds(block: Text, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the rooms of a list in a block of prose; `found` is what was found in it, with names."""
    text = block.text
    if block.kind != "prose":
        return
    names = {f.start for f in found if f.identifier == "name" and f.score >= _LEAST}
    if len(names) < _FEWEST:
        return
    lines = [*_LINE.finditer(text)]
    if len(lines) < _FEWEST:
        return
    lines = [line for line in _no_times(lines) if line["sign"] or line["room"][-1].isalpha()]
    if _count(lines) and not _headed(text, lines[0].start()):
        lines = [line for line in lines if not line["room"].isdigit()]
    sure = [line for line in lines if line.end() in names or line.end("sign") in names]
    if len({line["room"] for line in sure}) < _FEWEST:
        return
    forms = {_form(line["room"]) for line in sure}
    kinds = Counter(_kind(line["room"]) for line in sure)
    rooms: dict[str, None] = {}
    spans = set()
    for line in lines:
        if kinds[_kind(line["room"])] < _FEWEST:
            continue
        alike = _form(line["room"]) in forms and not _AMOUNT.match(text, line.end("sign"))
        if alike or line in sure:
            spans.add(line.span("room"))
            rooms[line["room"]] = None
    spans |= set(_told(text, rooms))
    for start, end in sorted(spans):
        why = ("lines begin with rooms, and names follow",)
        yield Finding(block.location, start, end, "location", RULE, _SCORE, "high", why)


def _no_times(lines: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """Return the lines but for those that begin with what is a time, as far as the others tell."""
    bare = [line["room"] for line in lines if line["room"].isdigit()]
    long = [room for room in bare if len(room) == _TO_THE_HOUR]
    times = bool(long) and all(_TIME.fullmatch(room) for room in bare if len(room) >= _FEWEST)
    return [line for line in lines if not (times and _TIME.fullmatch(line["room"]))]


def _count(lines: Sequence[re.Match[str]]) -> bool:
    """Say whether bare numbers do nothing but count the lines, of which some may be lost."""
    numbers = [int(line["room"]) for line in lines if line["room"].isdigit()]
    steps = [b - a for a, b in pairwise(numbers)]
    return numbers[:1] in ([0], [1]) and all(0 <= step <= _LOST for step in steps)


def _headed(text: str, start: int) -> bool:
    """Say whether the lines above a place head a list by the place of each."""
    return bool(_HEADED.search(text, max(0, start - _HEAD), start))


def _form(room: str) -> str:
    """Return how a room is written, with a bunk's letter or without: 9, 14, 14L; B-14, B-22W."""
    without = re.sub(r"(?<=\d)[A-Za-z]$", "", room)
    return re.sub(r"\d+", lambda figures: "0" * max(2, len(figures[0])), without)


def _kind(room: str) -> str:
    """Return how a room is written in any part of the house: E-14, W-118."""
    return re.sub(r"[A-Z]+", "A", re.sub(r"0+", "0", _form(room)))


def _told(text: str, rooms: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where rooms of the list stand elsewhere; those of one figure could be anything."""
    known = "|".join(re.escape(room) for room in rooms if len(room) > 1)
    if not known:
        return
    for match in re.finditer(rf"{_TOLD}(?:{known})(?![\w/.:%-]|,\d)", text):
        if not _AMOUNT.match(text, match.end() + 1):
            yield match.span()
