"""
A known date in every written form of a full date, as one regular expression.

Month and day may stand in either order, since both are used and a form filled in by hand tells
neither; a date without its year is not searched: 3/14 is a strength, a dose, a blood pressure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

_MONTHS = (
    *("Jan(?:uary)?", "Feb(?:ruary)?", "Mar(?:ch)?", "Apr(?:il)?", "May", "June?", "July?"),
    *("Aug(?:ust)?", "Sep(?:t(?:ember)?)?", "Oct(?:ober)?", "Nov(?:ember)?", "Dec(?:ember)?"),
)
_CLOCK = r"(?:[T ]00:00(?::00(?:\.0{1,9})?)?Z?)?"  # what databases add to a day
_TEEN = range(10, 20)
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def _padded(number: int) -> str:
    """Return a pattern of a number under 100, with and without a leading zero."""
    return f"0?{number}" if number < 10 else str(number)  # noqa: PLR2004 - two digits


def _ordinal(day: int) -> str:
    ending = "th" if day in _TEEN else _ORDINALS.get(day % 10, "th")
    return f"{_padded(day)}(?:{ending})?"


def forms(date: dt.date) -> str:
    """
    Return a pattern of the date: 1961-03-14, 3/14/61, 14.3.1961, Mar 14, 1961, 14-MAR-61, 19610314.

    Case must be ignored; the spans are those of the date alone, but for a midnight behind it.
    """
    year = f"{date.year:04d}"
    short = f"(?:{year[:2]}|')?{year[2:]}"
    month, day = _padded(date.month), _padded(date.day)
    name = rf"{_MONTHS[date.month - 1]}\.?"
    nth = _ordinal(date.day)
    return (
        r"(?<![A-Za-z0-9])(?<!\d[-/.])(?:"
        rf"{year}(?P<a>[-/. ]){month}(?P=a){day}{_CLOCK}"
        rf"|(?:{month}(?P<b>[-/.]){day}|{day}(?P<c>[-/.]){month})(?:(?P=b)|(?P=c)){short}"
        rf"|(?:{month} {day}|{day} {month}) {year}"
        rf"|{year}{date.month:02d}{date.day:02d}"
        rf"|(?:{date.month:02d}{date.day:02d}|{date.day:02d}{date.month:02d}){year}"
        rf"|{name}[- ]?{nth}(?:,? |[,-]){short}"
        rf"|{nth}[-/. ]?(?:of )?{name},?[-/. ]?{short}"
        rf"|{year}[-/. ]?{name}[-/. ]?{nth}"
        r")(?:(?![A-Za-z0-9])|(?=T\d))(?![-/.]\d)"
    )


def compiled(dates: Sequence[dt.date]) -> re.Pattern[str] | None:
    """Return one pattern of all dates, None where there is none."""
    # each date numbers its separators anew
    each = [
        re.sub(r"\(\?P(<|=)([abc])", rf"(?P\g<1>\g<2>{i}", forms(date))
        for i, date in enumerate(dates)
    ]
    return re.compile("|".join(each), re.IGNORECASE) if each else None


def anchors(dates: Sequence[dt.date]) -> frozenset[str]:
    """Return the runs of digits of which one stands in every form of a date."""
    out: set[str] = set()
    for date in dates:
        year, month, day = f"{date.year:04d}", f"{date.month:02d}", f"{date.day:02d}"
        out |= {year, year[2:], year + month + day, month + day + year, day + month + year}
    return frozenset(out)
