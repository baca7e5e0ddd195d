"""
What digits say of days, years and ages, read as people and their scanners write them.

A reader that confuses O with 0 and l, I or | with 1 (every OCR does) sees the same day here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

OLDEST = 125  # years; nobody was ever older (the record is 122)
FIRST_YEAR = 1850
LAST_YEAR = 2099
#: Denominators of clinical scores and fractions: 5/5 strength, 3/6 murmur, 10/10 pain, 6/12 vision.
SCORES = frozenset({1, 2, 3, 4, 5, 6, 8, 10, 12})
_OCR = str.maketrans("OoIl|", "00111")
_OCR_DATE = str.maketrans("OoIl|SZB", "00111528")  # in a date, where no S, Z or B is a letter
_DIGIT = r"[0-9OoIl|]"
_DATED = r"[0-9OoIl|SZB]"
_BREAK = r" ?[-/._ \\] ?"
_PARTS = re.compile(rf"({_DATED}{{1,4}}){_BREAK}({_DATED}{{1,2}}){_BREAK}({_DATED}{{1,4}})")
_PAIR = re.compile(rf"({_DIGIT}{{1,2}}) ?[-/] ?({_DIGIT}{{1,2}})(?:/(?:\d{{4}}|\d\d)(?!\d))?")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_TRAILING = re.compile(r"(?<!\d)(\d{2})\W{0,3}$")


def plain_digits(text: str) -> str:
    """Return the text with the letters that scanners make of digits turned back: l9 -> 19."""
    return text.translate(_OCR)


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has such a day, between 1850 and 2099."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def names_day(text: str) -> bool:
    """
    Say whether a text begins with a written day: year first, month first or day first.

    Years of two digits are taken to be leap years, for either century may be meant.
    """
    parts = _PARTS.search(text)
    if parts and sum(c.isdigit() for c in parts[0]) > 1:
        first, second, third = (part.translate(_OCR_DATE) for part in parts.groups())
        return any(is_day(y, m, d) for y, m, d in _readings(first, second, third))
    compact = _COMPACT.search(text)
    if compact is None:
        return False
    year, month, day, hours, minutes, seconds = (int(part or 0) for part in compact.groups())
    return is_day(year, month, day) and hours < 24 and minutes < 60 and seconds < 61  # noqa: PLR2004


def _readings(first: str, second: str, third: str) -> Iterator[tuple[int, int, int]]:
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:  # noqa: PLR2004
        yield a, b, c
    elif len(first) <= 2 and len(third) in {2, 4}:  # noqa: PLR2004
        year = c if len(third) == 4 else 2000  # noqa: PLR2004
        yield year, a, b
        yield year, b, a
        if len(third) == 2 and len(first) == 2:  # noqa: PLR2004
            yield 2000, b, c


def month_days(text: str) -> list[tuple[int, int]]:
    """Return every pair of numbers that is a month and a day of it, in the order written."""
    pairs = ((int(plain_digits(a)), int(plain_digits(b))) for a, b in _PAIR.findall(text))
    return [(a, b) for a, b in pairs if is_day(2000, a, b)]


def could_be_score(month: int, day: int) -> bool:
    """Say whether month/day reads as well as a score, a fraction or a duration: 3/6, 1/2, 5/7."""
    return month <= day and (day in SCORES or day == 7)  # noqa: PLR2004 - 5/7: five days of seven


def last_year(text: str, this_year: int) -> int | None:
    """
    Return the last year that a text names, of four digits or else of its two last ones.

    Two digits mean the latest such year that is not after `this_year`.
    """
    plain = plain_digits(text) if re.search(r"\d", text) else text
    years = _YEAR.findall(plain)
    if years:
        return int(years[-1])
    compact = re.search(r"(?<!\d)((?:18|19|20)\d\d)[01]\d[0-3]\d", plain)
    if compact:
        return int(compact[1])
    short = _TRAILING.search(plain) or re.search(r"(?<=[^\d])\d{4}(\d{2})$|^\d{4}(\d{2})$", plain)
    if short is None:
        return None
    two = int(next(group for group in short.groups() if group))
    return two + (this_year - two) // 100 * 100


def tells_old_age(birth_year: int, this_year: int, limit: int = 90) -> bool:
    """Say whether somebody born that year reaches the limit of age by the end of this year."""
    return limit <= this_year - birth_year <= OLDEST


def years_of_age(text: str) -> float | None:
    """Return an age in years from digits and a unit of years (default), months, weeks or days."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", plain_digits(text))
    if match is None:
        return None
    number = float(match[0].replace(",", ""))
    rest = text.casefold()
    for unit, per_year in (("mo", 12.0), ("week", 52.18), ("wk", 52.18), ("day", 365.25)):
        if re.search(rf"(?<![a-z]){unit}", rest):
            return number / per_year
    return number
