"""
The years that a date names, and nothing finer: the grammar behind the operator `year`.

Every reading is one that cannot take a month, a day or an hour for a year. Where two readings of
the same digits disagree there is no year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from phisweep.transform.plain import plain

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_HAS_MONTH = re.compile(rf"(?<![a-z]){MONTH}(?![a-z])")
#: Times of day, which may look like years (19:30, 1930 hrs).
_CLOCK = re.compile(
    r"""
    (?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:z\b|[+-]\d{2}:?\d{2}(?!\d)))?
  | (?<=\d)t\d{4}(?:\d{2})?(?:[.,]\d+)?(?:z|[+-]\d{2}:?\d{2})?(?!\d)
  | (?<!\d)(?:[01]\d|2[0-4])[0-5]\d\s*(?:h|hrs?|hours?)\b
  | (?:\bat|@)\s*(?:[01]\d|2[0-4])[0-5]\d(?!\d)
  | (?<!\d)\d{1,2}\s*[ap]\.?m\b\.?
    """,
    re.VERBOSE,
)
#: HL7 v2 time stamps: fractions of a second and the offset go, the digits stay.
_STAMP = re.compile(r"(?<!\d)(\d{8}|\d{10}|\d{12}|\d{14})(?:\.\d{1,9})?(?:z|[+-]\d{4})?(?!\d)")
NUMBER = re.compile(r"([+-]?)(\d+)(?:\.0+|(?<=\d{5})\.\d+)?")
_COMPACT = re.compile(r"(?<!\d)\d{6,14}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|2[01])\d\d(?!\d|'?s\b)")
_BY_DAY = re.compile(r"\d[/.-]\d{1,2}\s+$|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s+$")
_TRIPLE = re.compile(r"(?<!\d)(\d{1,2})([/._-])(\d{1,2})\2(\d{2})(?!\d|\2\d)")
_SHORT = re.compile(
    rf"""
    '(\d{{2}})(?!\d|'?s\b)                                             # Mar '14
  | (?<!\d)\d{{1,2}}([-/. ]?){MONTH}\.?\2(\d{{2}})                              # 14-Mar-14
    (?!\d|\s*(?:{MONTH}|st|nd|rd|th|h|[-&,/]|to\b|and\b|or\b|through\b))
  | (?<![a-z]){MONTH}/\d{{1,2}}/(\d{{2}})(?!\d)                                 # Mar/14/14
    """,
    re.VERBOSE,
)
#: Layouts of dates in digits alone: Y year, M month, D day, J day of the year, H N S the time.
_LAYOUTS = {
    4: ("YYYY",),
    6: ("YYYYMM", "YYMMDD", "MMDDYY", "DDMMYY"),
    7: ("YYYYJJJ", "MDDYYYY"),
    8: ("YYYYMMDD", "MMDDYYYY", "DDMMYYYY"),
    10: ("YYYYMMDDHH",),
    12: ("YYYYMMDDHHNN",),
    14: ("YYYYMMDDHHNNSS",),
}
_RANGES = {"M": (1, 12), "D": (0, 31), "J": (1, 366), "H": (0, 24), "N": (0, 59), "S": (0, 60)}
YEARS = range(1800, 2200)
#: A day, or a moment of it, as ISO 8601 writes it: its year is what `part` says (RE2).
ISO = (
    r"^(?P<part>(?:1[89]|20)[0-9]{2})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?)?$"
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: Digits of a time since the epoch, and its units in a second.
_EPOCHS = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 16: 10**6, 19: 10**9}
_EXCEL_DIGITS = 5
_EXCEL_ZERO = dt.date(1899, 12, 30)  # serial 61 is 1 March 1900: Excel has a 29 February 1900


def years(text: str, *, pivot: int) -> frozenset[int]:
    """
    Return the years that the date or range of dates names; empty where none is certain.

    A year of two digits is 19xx above `pivot` (0 to 99), else 20xx.
    """
    date = bare(text)
    whole = NUMBER.fullmatch(date)
    if whole:
        return frozenset(_numbers(whole[1], whole[2], pivot))
    date = timeless(date)
    short = frozenset(_short(date, pivot))
    return short.union(_long(date, attached=bool(short)), _compacts(date, pivot))


def bare(text: str) -> str:
    """Return the text as this grammar reads it: in one form, case-folded, without its frame."""
    return plain(text).casefold().strip().strip('.,;:_/()[]{}"').strip()


def timeless(date: str) -> str:
    """Return the date of `bare` without times of day that look like times."""
    return _CLOCK.sub(" ", _STAMP.sub(r"\1", date))


def _numbers(sign: str, digits: str, pivot: int) -> Iterator[int]:
    """Yield the year of a number that is a date: digits, an Excel serial, or time since 1970."""
    year = None if sign else _compact(digits, pivot)
    if year is not None:
        yield year
    else:
        day = counted(sign, digits)
        if day is not None:
            yield day.year


def counted(sign: str, digits: str) -> dt.date | None:
    """Return the day of an Excel serial, or of a time since 1970 (UTC); None for another number."""
    if len(digits) == _EXCEL_DIGITS and not sign and digits[0] != "0":
        return _EXCEL_ZERO + dt.timedelta(days=int(digits))
    if len(digits) in _EPOCHS:
        seconds = int(sign + digits) // _EPOCHS[len(digits)]
        return (_EPOCH + dt.timedelta(seconds=seconds)).date()
    return None


def _compact(digits: str, pivot: int) -> int | None:
    """Return the year on which all readings of the digits agree, else None."""
    found = {fields["Y"] for fields in readings(digits, pivot).values()}
    return found.pop() if len(found) == 1 else None


def readings(digits: str, pivot: int) -> dict[str, dict[str, int]]:
    """Return, by layout (`MMDDYYYY`), the fields of every reading that can be a date."""
    read = {layout: _read(digits, layout, pivot) for layout in _LAYOUTS.get(len(digits), ())}
    return {layout: fields for layout, fields in read.items() if fields}


def _read(digits: str, layout: str, pivot: int) -> dict[str, int]:
    """Return the fields of the digits in one layout, the year whole; none where it is no date."""
    fields: dict[str, str] = {}
    for letter, digit in zip(layout, digits, strict=True):
        fields[letter] = fields.get(letter, "") + digit
    year = fields.pop("Y")
    for letter, value in fields.items():
        least, most = _RANGES[letter]
        if not least <= int(value) <= most:
            return {}
    whole = int(year) if len(year) > 2 else of_two(year, pivot)  # noqa: PLR2004
    numbers = {letter: int(value) for letter, value in fields.items()}
    return {"Y": whole, **numbers} if whole in YEARS else {}


def of_two(digits: str, pivot: int) -> int:
    """Return the year that two digits name: 19xx above the pivot, else 20xx."""
    return int(digits) + (1900 if int(digits) > pivot else 2000)


def _compacts(date: str, pivot: int) -> Iterator[int]:
    for match in _COMPACT.finditer(date):
        year = _compact(match[0], pivot)
        if year is not None:
            yield year


def _long(date: str, *, attached: bool) -> Iterator[int]:
    """
    Yield the years of four digits.

    Behind a day that is whole without it, `3/14 1930` or `Mon 1930`, the number is taken for a
    time; so it is where `attached` and nothing but a space goes before it.
    """
    for match in _YEAR.finditer(date):
        before = date[: match.start()]
        if not (_BY_DAY.search(before) or (attached and before[-1:].isspace())):
            yield int(match[0])


def _short(date: str, pivot: int) -> Iterator[int]:
    """Yield the years of two digits, where their place leaves no doubt that they are years."""
    for match in _SHORT.finditer(date):
        yield of_two(next(g for g in (match[1], match[3], match[4]) if g), pivot)
    if _HAS_MONTH.search(date):
        return
    for match in _TRIPLE.finditer(date):
        before = date[: match.start()]
        if before[-1:] == match[2] and before[-2:-1].isdigit():
            continue
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        if is_day(first, second):
            yield of_two(match[4], pivot)
        elif first > 31 and is_day(second, third):  # noqa: PLR2004 - more than a month has days
            yield of_two(match[1], pivot)


def is_day(one: int, other: int) -> bool:
    """Say whether two numbers can be a month and a day, in either order."""
    return 1 <= min(one, other) <= 12 and 1 <= max(one, other) <= 31  # noqa: PLR2004
