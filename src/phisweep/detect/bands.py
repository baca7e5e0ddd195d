"""Columns that count: age bands that tell 90 years or more, and days counted from an event."""

from __future__ import annotations

import re
from collections.abc import Iterable

from phisweep.marks import OLD_YEARS, is_mark
from phisweep.model import Finding, Text

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
#: A word of the label that says that its numbers are ages: age_band, AgeGroup, ages.
_AGE = frozenset({"age", "ages", "aged", "agegroup", "ageband", "agecat", "agerange", "agebin"})
_YEARS = r"(?: ?(?:years?|yrs?|y/?o?)(?: old| of age)?)?"
_FROM = (
    r"\+|s|(?: ?(?:and|&|or) ?)(?:over|older|above|more|up|greater)| ?plus| ?(?:yrs?|years?)? ?\+"
)
#: Bands with both ends: 90-94, 90 to 94, [90,95), (89, 94].
_CLOSED = re.compile(
    rf"(?P<open>[\[(])? ?(?P<least>\d{{1,3}}){_YEARS} ?(?:-|\u2013|\u2014|to|,|;|\.\.) ?"
    rf"(?P<most>\d{{1,3}}){_YEARS} ?(?P<close>[\])])?"
)
#: Bands without an end: 90+, 90s, 90 and over, 85 years or older; and >= 90, > 89, over 89.
_OPEN = re.compile(rf"(?P<least>\d{{1,3}}){_YEARS}(?P<tail>{_FROM})")
_ABOVE = re.compile(
    rf"(?P<sign>>=?|\u2265|over|above|older than|more than|at least|from) ?(?P<least>\d{{1,3}})"
    rf"{_YEARS}"
)
_REACHED = frozenset({">=", "\u2265", "at least", "from"})
_NAMED = {
    "eighties": (80, 89),
    "nineties": (90, 99),
    "octogenarian": (80, 89),
    "nonagenarian": (90, 99),
    "centenarian": (100, None),
}
_LEAD = re.compile(r"^(?:ages?|aged|age group|band)[ :]+")
_DECADE = 10
_LONGEST = 40  # code points of a band
#: Counts of days and hours from an event that a date of the same subject turns into dates.
_RELATIVE = re.compile(
    r"\b(?:(?<!of )(?:hospital|hosp|icu|stay|study|trial|cycle|visit|protocol|treatment|admission) (?:day|hour)s?"
    r"|pod|dol|post ?op(?:erative)? days?|day of life|relative (?:day|time)s?"
    r"|(?:day|hour|week|month)s? (?:since|from|after|post|before|until|to|relative|offset)"
    r"|(?:day|date|time) (?:offset|delta|diff)s?|offset (?:day|hour)s?|t (?:plus|minus))\b"
)


def band(value: str) -> tuple[int, int | None] | None:
    """
    Return the least and the greatest age of a band, in years; None for what is no band.

    "85-89" is (85, 89), "[90,95)" is (90, 94), "> 89" is (90, None), "90s" is (90, 99); a bare
    number is no band.
    """
    text = _LEAD.sub("", " ".join(value.casefold().split()))
    named = _NAMED.get(text.removesuffix("s")) or _NAMED.get(text)
    if named:
        return named
    closed = _CLOSED.fullmatch(text)
    if closed:
        least = int(closed["least"]) + (closed["open"] == "(" and closed["close"] == "]")
        most = int(closed["most"]) - (closed["close"] == ")" and closed["open"] == "[")
        return (least, most) if least <= most else None
    above = _ABOVE.fullmatch(text)
    if above:
        return int(above["least"]) + (above["sign"] not in _REACHED), None
    tail = _OPEN.fullmatch(text)
    if tail is None:
        return None
    least = int(tail["least"])
    return least, least + _DECADE - 1 if tail["tail"] == "s" else None


def milestone(label: str, values: Iterable[str]) -> bool:
    """
    Say whether a column of age bands tells an age of 90 or more: 90-94, 90+, >= 90.

    "85 and over" does not: who is in it may be younger. The label must name an age, for scores,
    percentiles and pressures come in bands as well.
    """
    return _names_ages(label) and any(map(_is_old, values))


def old_band(block: Text) -> list[Finding]:
    """Return a finding over an age band of 90 and more that stands under the name of ages."""
    value = block.text.strip()
    if not block.label or len(value) > _LONGEST or not _names_ages(block.label):
        return []
    if is_mark(value) or not _is_old(value):
        return []
    start = block.text.index(value)
    why = ("a band of ages from 90 on, under a name that says ages",)
    end = start + len(value)
    return [Finding(block.location, start, end, "age", "age/band", 0.9, "high", why)]


def _is_old(value: str) -> bool:
    found = band(value)
    return found is not None and found[0] >= OLD_YEARS


def _names_ages(label: str) -> bool:
    return bool(_AGE & {word.casefold() for word in _WORDS.findall(label)})


def relative_day(label: str) -> bool:
    """Say whether a column's name says that it counts days or hours from an event: POD, days_since_admission."""
    words = " ".join(word.casefold() for word in _WORDS.findall(label))
    return _RELATIVE.search(words) is not None
