"""Invented dates in the styles that people and machines write, and ages over 89."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from phisweep.canary.chance import Chance
from phisweep.canary.values.base import Invented, Kit, span

_FIRST, _LAST = dt.date(1931, 1, 2), dt.date(2024, 11, 28)
_OLD, _OLDEST = 90, 114
_OWN = 0.4  # of all dates are in a style that the data have
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"


def _numbers(pattern: str) -> Callable[[dt.datetime], str]:
    return lambda day: day.strftime(pattern)


def _bare(day: dt.datetime) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _short(day: dt.datetime) -> str:
    return f"{day.month}/{day.day}/{day.year % 100:02}"


def _long(day: dt.datetime) -> str:
    return f"{_MONTHS.split('|')[day.month - 1]} {day.day}, {day.year}"


def _abbreviated(day: dt.datetime) -> str:
    return f"{_SHORT.split('|')[day.month - 1]} {day.day}, {day.year}"


def _british(day: dt.datetime) -> str:
    return f"{day.day} {_MONTHS.split('|')[day.month - 1]} {day.year}"


def _oracle(day: dt.datetime) -> str:
    return f"{day.day:02}-{_SHORT.split('|')[day.month - 1].upper()}-{day.year}"


def _medical(day: dt.datetime) -> str:
    return f"{day.day:02}-{_SHORT.split('|')[day.month - 1]}-{day.year}"


def _weekday(day: dt.datetime) -> str:
    return f"{_DAYS.split('|')[day.weekday()]}, {_long(day)}"


def _month_day(day: dt.datetime) -> str:
    return f"{_MONTHS.split('|')[day.month - 1]} {day.day}"


def _slash(day: dt.datetime) -> str:
    return f"{day.month}/{day.day}"


def _ordinal(day: dt.datetime) -> str:
    last = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")  # noqa: PLR2004
    return f"the {day.day}{last} of {_MONTHS.split('|')[day.month - 1]}"


#: Styles: what a date of each looks like, whole, and how one is written.
STYLES: Mapping[str, tuple[str, Callable[[dt.datetime], str]]] = {
    "MM/DD/YYYY": (r"[01]\d/[0-3]\d/(?:19|20)\d\d", _numbers("%m/%d/%Y")),
    "M/D/YYYY": (r"\d{1,2}/\d{1,2}/(?:19|20)\d\d", _bare),
    "M/D/YY": (r"\d{1,2}/\d{1,2}/\d\d", _short),
    "YYYY-MM-DD": (r"(?:19|20)\d\d-[01]\d-[0-3]\d", _numbers("%Y-%m-%d")),
    "MM-DD-YYYY": (r"[01]\d-[0-3]\d-(?:19|20)\d\d", _numbers("%m-%d-%Y")),
    "DD.MM.YYYY": (r"[0-3]\d\.[01]\d\.(?:19|20)\d\d", _numbers("%d.%m.%Y")),
    "YYYY/MM/DD": (r"(?:19|20)\d\d/[01]\d/[0-3]\d", _numbers("%Y/%m/%d")),
    "Month D, YYYY": (rf"(?:{_MONTHS}) \d{{1,2}}, (?:19|20)\d\d", _long),
    "Mon D, YYYY": (rf"(?:{_SHORT}) \d{{1,2}}, (?:19|20)\d\d", _abbreviated),
    "D Month YYYY": (rf"\d{{1,2}} (?:{_MONTHS}) (?:19|20)\d\d", _british),
    "DD-Mon-YYYY": (rf"[0-3]\d-(?:{_SHORT})-(?:19|20)\d\d", _medical),
    "DD-MON-YYYY": (rf"[0-3]\d-(?:{_SHORT.upper()})-(?:19|20)\d\d", _oracle),
    "Weekday, Month D, YYYY": (
        rf"(?:{_DAYS}), (?:{_MONTHS}) \d{{1,2}}, (?:19|20)\d\d",
        _weekday,
    ),
    "YYYY-MM-DD hh:mm:ss": (
        r"(?:19|20)\d\d-[01]\d-[0-3]\d [012]\d:[0-5]\d:[0-5]\d",
        _numbers("%Y-%m-%d %H:%M:%S"),
    ),
    "YYYY-MM-DDThh:mm:ssZ": (
        r"(?:19|20)\d\d-[01]\d-[0-3]\dT[012]\d:[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)",
        _numbers("%Y-%m-%dT%H:%M:%SZ"),
    ),
    "MM/DD/YYYY hh:mm": (
        r"[01]\d/[0-3]\d/(?:19|20)\d\d [012]\d:[0-5]\d",
        _numbers("%m/%d/%Y %H:%M"),
    ),
    "YYYYMMDDhhmmss": (
        r"(?:19|20)\d\d[01]\d[0-3]\d[012]\d[0-5]\d[0-5]\d(?:[+-]\d{4})?",
        _numbers("%Y%m%d%H%M%S"),
    ),
    "YYYYMMDD": (r"(?:19|20)\d\d[01]\d[0-3]\d", _numbers("%Y%m%d")),
    "Month D": (rf"(?:{_MONTHS}) \d{{1,2}}", _month_day),
    "M/D": (r"\d{1,2}/\d{1,2}", _slash),
    "the Dth of Month": (rf"the \d{{1,2}}(?:st|nd|rd|th) of (?:{_MONTHS})", _ordinal),
}
_WHOLE = {style: re.compile(pattern) for style, (pattern, _) in STYLES.items()}
#: Bare digits mean nothing without a label, and M/D is a fraction.
_TOLD = frozenset({"YYYYMMDD", "YYYYMMDDhhmmss", "M/D"})
_TIMED = frozenset(style for style in STYLES if "hh" in style)
_NO_YEAR = frozenset({"Month D", "M/D", "the Dth of Month"})
_FULL = tuple(s for s in STYLES if s not in _TOLD | _TIMED | _NO_YEAR)
_ANY = tuple((style, 3 if style in _FULL else 1) for style in STYLES)
#: What is looked for in texts to learn their styles; those without a year are chance.
_SEEN = tuple(
    (style, re.compile(rf"(?<![\w/.-]){pattern}(?![\w/-])"))
    for style, (pattern, _) in STYLES.items()
    if style not in {"M/D", "YYYYMMDD"}
)


def seen(text: str) -> dict[str, int]:
    """Return how many dates of each style stand in a text."""
    return {style: n for style, look in _SEEN if (n := len(look.findall(text)))}


def style_of(value: str) -> str:
    """Return the style of a value that is a date, "" where it is none."""
    return next((style for style, whole in _WHOLE.items() if whole.fullmatch(value)), "")


def date(chance: Chance, kit: Kit) -> Invented:
    """Return a date for running text, often in a style that the data have."""
    if kit.dates and chance.share(_OWN):
        return _written(chance.pick(kit.dates), chance, kit)
    return _written(chance.weighted(_ANY), chance, kit)


def full_date(chance: Chance, kit: Kit) -> Invented:
    """Return a date that tells that it is one, wherever it stands."""
    own = [style for style in kit.dates if style in _FULL]
    return _written(chance.pick(own or _FULL), chance, kit)


def date_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
    """Return a date in the style of the one that stands there."""
    return _written(style_of(like) or "YYYY-MM-DD", chance, kit)


def age(chance: Chance, kit: Kit) -> Invented:  # noqa: ARG001 - as all
    """Return an age over 89."""
    return Invented(str(chance.between(_OLD, _OLDEST)), "years", "age", told=True)


def age_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
    """Return an age over 89, with a fraction where there is one."""
    return Invented(
        str(chance.between(_OLD, _OLDEST)) + (".0" if "." in like else ""), "years", "age"
    )


def _written(style: str, chance: Chance, kit: Kit) -> Invented:
    text = ""
    for _ in range(64):
        day = _FIRST + dt.timedelta(days=chance.below((_LAST - _FIRST).days))
        if style in {"M/D/YY", "M/D"}:  # 4/5 is a fraction, and 1/2/03 anything
            day = day.replace(day=chance.between(13, 28))
        time = dt.time(chance.between(0, 23), chance.between(0, 59), chance.between(0, 59))
        text = STYLES[style][1](dt.datetime.combine(day, time))
        if not kit.pools.occurs(text):
            break
    topic = "day" if style in _NO_YEAR else "time" if style in _TIMED else "date"
    # 45 CFR 164.514(b)(2)(i)(C): "all elements of dates (except year)".
    free = span(text, str(day.year)) if str(day.year) in text else ()
    if style in _TIMED:  # the time of day alone is no element of a date
        at = next((i for i, c in enumerate(text) if c in " T"), 8)
        free = (*free, (at, len(text)))
    return Invented(text, style, topic, free, told=style in _TOLD)
