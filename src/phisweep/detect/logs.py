"""
Logs: what the lines of a text begin and end with, where several do so alike.

"2.9 mf - mom came" says little. Three lines that begin with 2.9, 2.10 and 2.13 are a log of days,
lines that begin with 4B, 8A and 12C a round of beds; and what stands before or behind every entry
are the initials of those who wrote it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from phisweep.model import Finding, Text

Span = tuple[int, int]  # half-open code points of a text

DAY, ROOM, INITIALS = "date/logged-day", "location/logged-room", "name/logged-initials"
_SCORE = 0.7
_FEWEST = 3  # entries of a log
_APART = 62  # days between two entries at most
_MONTHS = 31  # days of a month at most
_MONTH, _OF_MONTH = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_UNIT = (
    r"(?i:mg|mcg|kg|g|l|ml|lbs?|cm|mm|units?|u|hrs?|h|k|x|mmol|meq|%|wk?s?|yo?|days?|am|pm|in)\b"
)
_DATED = re.compile(
    rf"(?m)^[ \t>*-]{{0,6}}(?P<day>{_MONTH}(?P<sign>[./-]){_OF_MONTH})(?![\d./%-]|,\d)(?=[ \t:|]|[A-Za-z]{{2,3}}\b|$)(?![ \t]*{_UNIT})"
)
#: A day in the style of the log behind a word that a day follows.
_LATER = r"(?i:\b(?:on|since|by|till?|until|after|before|from|again|exp|due|was|seen|started|stopped|off|of|and|&|thru|through|to)[ ]|[(;,][ ]?)"
_ROOM = re.compile(
    r"(?m)^[ \t>*-]{0,6}(?![IVX]+-)(?P<room>\d{1,4}[A-FLW]|[A-Z]{1,3}-\d{1,3}[A-Z]?|\d[A-Z]{1,2}-?\d{1,3}[A-Z]?)(?=[ \t]+[^\W\d_]|[ \t]*:)(?![ \t]+(?i:mg|ml|x)\b)"
)
_TIME = r"(?:[01]?\d|2[0-3]):?[0-5]\d(?: ?[ap]m?\b)?"
_BEGUN = re.compile(
    rf"(?m)^[ \t>*-]{{0,6}}(?:{_MONTH}[./-]{_OF_MONTH}[ \t]{{1,3}}(?:{_TIME})?|{_TIME})[ \t]{{0,3}}(?P<who>[a-z]{{2,3}}|[A-Z]{{2,3}})(?=[ \t]+[#\w]|[ \t]*[-:/])"
)
_ENDED = re.compile(
    rf"(?m)^[ \t>*-]{{0,6}}(?:{_MONTH}[./-]{_OF_MONTH}\b|{_TIME})[^\n]*?(?<![\w/-])(?P<who>[a-z]{{2,3}}|[A-Z]{{2,3}})[ \t]*$"
)
#: What any line of a log begins with.
_ENTRY = re.compile(r"\n[ \t>*-]{0,6}(?:[A-Z]{1,3}-)?\d")


def logged(block: Text, known: Callable[[str], bool]) -> list[Finding]:
    """
    Return the findings in the logs of a block of prose.

    `known` says whether a word is one, a name or an abbreviation.
    """
    text = block.text
    if block.kind != "prose" or len(_ENTRY.findall(f"\n{text}")) < _FEWEST:
        return []
    return [
        *_findings(block, _days(text), DAY, "lines begin with days"),
        *_findings(block, _rooms(text), ROOM, "lines begin with rooms"),
        *_findings(block, _initials(text, known), INITIALS, "entries are signed"),
    ]


def _initials(text: str, known: Callable[[str], bool]) -> Iterator[Span]:
    for pattern in (_BEGUN, _ENDED):
        found = [match for match in pattern.finditer(text) if not known(match["who"])]
        often = Counter(match["who"] for match in found)
        if len(found) < _FEWEST or len(often) > len(found) / 2 + 1:
            continue
        yield from (match.span("who") for match in found if often[match["who"]] > 1)


def _days(text: str) -> Iterator[Span]:
    """Yield the days that lines begin with, and those of their style behind "since" and the like."""
    by_sign: dict[str, list[re.Match[str]]] = {}
    for match in _DATED.finditer(text):
        by_sign.setdefault(match["sign"], []).append(match)
    for sign, found in by_sign.items():
        days = [tuple(map(int, match["day"].split(sign))) for match in found]
        if not _is_log(days):
            continue
        yield from (match.span("day") for match in found)
        if sign == "/":
            continue  # behind such words the rules know it
        inside = (
            rf"{_LATER}(?P<day>{_MONTH}{re.escape(sign)}{_OF_MONTH})(?![\d./%-]|,\d|[ ]?{_UNIT})"
        )
        months = {month for month, _ in days}
        for match in re.finditer(inside, text):
            if int(match["day"].split(sign)[0]) in months:
                yield match.span("day")


def _is_log(days: Sequence[tuple[int, ...]]) -> bool:
    """Say whether days follow each other as in a log: in order, or the latest first, and not as sections do."""
    if len(set(days)) < _FEWEST:
        return False
    if not (_in_order(days) or _in_order(days[::-1])):
        return False
    return not all(_next_section(a, b) for a, b in pairwise(days))


def _in_order(days: Sequence[tuple[int, ...]]) -> bool:
    """Say whether each day follows the one above it, over the turn of a year as well."""
    return all(
        (_MONTHS * (b[0] - a[0]) + b[1] - a[1]) % (12 * _MONTHS) <= _APART
        for a, b in pairwise(days)
    )


def _next_section(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Say whether b follows a as sections of a text do: 1.1, 1.2, 2.1."""
    return b in {(a[0], a[1] + 1), (a[0] + 1, 1)}


def _rooms(text: str) -> Iterator[Span]:
    """Yield what lines begin with that is written like two rooms at the beginnings of others."""
    found = [*_ROOM.finditer(text)]
    forms = Counter(map(_form, {match["room"] for match in found}))
    yield from (match.span("room") for match in found if forms[_form(match["room"])] >= _FEWEST)


def _form(room: str) -> str:
    """Return how a room is written, with a bunk's letter or without: B-14L, B-22."""
    return re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "0", re.sub(r"(?<=-)(\d+)[A-Z]", r"\1", room)))


def _findings(block: Text, spans: Iterator[Span], rule: str, why: str) -> Iterator[Finding]:
    identifier, _, _ = rule.partition("/")
    for start, end in spans:
        yield Finding(block.location, start, end, identifier, rule, _SCORE, "high", (why,))
