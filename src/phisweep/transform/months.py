"""
The months and quarters that a date names: the grammar of years.py, one step finer.

Where something in the date is not understood, there is no month, and the year is all that is told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from phisweep.transform.years import (
    MONTH,
    NUMBER,
    bare,
    counted,
    is_day,
    of_two,
    readings,
    timeless,
    years,
)

#: A year and a month, or a quarter, of it.
Part = tuple[int, int]
#: Which number of 3/4/2014 is the month; "usual": the first, but behind full stops the second.
ORDERS = ("usual", "month-first", "day-first")
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_WORD = re.compile(rf"(?<![a-z]){MONTH}(?![a-z])")
_FOUR = r"(?:1[89]|2[01])\d\d"
_YEAR = re.compile(rf"(?<!\d){_FOUR}(?!\d)")
#: Dates in figures; a day of the week or of the year counts as one.
_TOKEN = re.compile(
    rf"""
    (?<!\d)(?:
        (?P<iso_year>{_FOUR})-?w(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?           # 2014-W11-5
      | (?P<day_year>{_FOUR})-(?P<day>\d{{3}})                                    # 2014-073
      | (?P<year>{_FOUR})(?P<s>[-/._])(?P<month>\d\d?)(?:(?P=s)\d\d?(?:t(?=\s|$))?)?  # 2014-03-14
      | (?P<kanji>{_FOUR})\s?\u5e74\s?(?P<kanji_month>\d\d?)\s?\u6708(?:\s?\d\d?\s?\u65e5)?
      | (?P<one>\d\d?)(?P<t>[-/._])(?P<two>\d\d?)(?P=t)(?P<last>\d{{4}}|\d\d)     # 3/14/2014
      | (?P<first>\d\d?)[-/.](?P<its_year>{_FOUR})                                # 03/2014
      | (?P<digits>\d{{6,14}})                                                    # 20140314
    )(?!\d)
    """,
    re.VERBOSE,
)
#: A day of the same year: the first of 3/4-3/9/2014.
_PARTIAL = re.compile(r"(?<![\d/.-])(\d\d?)([/.-])(\d\d?)(?!\d)(?=\s*(?:-|to\b|$))")
#: A time of day in four figures, behind a date that is whole without it.
_CLOCK = re.compile(r"(?<!\S)(?:[01]\d|2[0-4])[0-5]\d(?!\d)")
_ORDINALS = ("first", "second", "third", "fourth")
_QUARTER = re.compile(
    r"(?<![a-z])q(?:tr|uarter)?\.?\s?([1-4])(?!\d)"
    r"|(?<!\d)([1-4])(?:st|nd|rd|th)?\s?q(?:tr|uarter)?(?![a-z])"
    rf"|(?<![a-z])({'|'.join(_ORDINALS)})\s+q(?:tr|uarter)(?![a-z])"
)
_IN_QUARTER = 3
_THURSDAY = 4


def months(text: str, *, pivot: int, order: str = ORDERS[0]) -> frozenset[Part]:
    """
    Return each (year, month) that the date names; empty where one of its years has no certain one.

    `order` is one of ORDERS. A year of two digits is 19xx above `pivot` (0 to 99), else 20xx.
    """
    date = bare(text)
    whole = NUMBER.fullmatch(date)
    found: frozenset[Part]
    if whole:
        found = frozenset(_of_number(whole[1], whole[2], pivot, order))
        return _agreeing(found, years(text, pivot=pivot))
    date = timeless(date)
    known = years(text, pivot=pivot)
    words = [_MONTHS[match[0][:3]] for match in _WORD.finditer(date)]
    found = frozenset(_in_order(date, words, known) if words else _in_figures(date, pivot, order))
    return _agreeing(found, known)


def quarters(text: str, *, pivot: int, order: str = ORDERS[0]) -> frozenset[Part]:
    """Return each (year, quarter) that the date names, by its own word for it or by its months."""
    date = bare(text)
    named = [_quarter_of(match) for match in _QUARTER.finditer(date)]
    if named:
        known = years(text, pivot=pivot)
        return _agreeing(frozenset(_in_order(date, named, known)), known)
    found = months(text, pivot=pivot, order=order)
    return frozenset((year, (month - 1) // _IN_QUARTER + 1) for year, month in found)


def _agreeing(found: frozenset[Part], known: frozenset[int]) -> frozenset[Part]:
    """Return what was found where it names the years that the grammar of years does."""
    return found if {year for year, _ in found} == known else frozenset()


def _quarter_of(match: re.Match[str]) -> int:
    return _ORDINALS.index(match[3]) + 1 if match[3] else int(match[1] or match[2])


def _in_order(date: str, parts: Sequence[int], known: frozenset[int]) -> Iterator[Part]:
    """Yield parts that stand in the date, in their order, with their years; none out of order."""
    if len(known) == 1 and list(parts) == sorted(parts):
        yield from ((year, part) for year in known for part in parts)
    elif len(known) == len(parts) and [int(m[0]) for m in _YEAR.finditer(date)] == sorted(known):
        yield from zip(sorted(known), parts, strict=True)


def _of_number(sign: str, digits: str, pivot: int, order: str) -> Iterator[Part]:
    """Yield the month of digits alone: a date, an Excel serial, or time since 1970."""
    part = None if sign else _compact(digits, pivot, order)
    day = counted(sign, digits)
    if part is not None:
        yield part
    elif day is not None:
        yield day.year, day.month


def _compact(digits: str, pivot: int, order: str) -> Part | None:
    """Return the month on which the readings of the digits agree, in the order of the date."""
    read = readings(digits, pivot)
    swapped = {layout for layout in read if layout.startswith(("MMDD", "DDMM"))}
    if len(swapped) > 1:
        read.pop(next(x for x in swapped if x.startswith("MM" if order == "day-first" else "DD")))
    found = {(fields["Y"], _month_of(fields)) for fields in read.values()}
    return next(iter(found)) if len(found) == 1 and all(month for _, month in found) else None


def _month_of(fields: dict[str, int]) -> int:
    """Return the month of the fields, 0 for none; the day of the year counts too."""
    if "J" in fields:
        return (dt.date(fields["Y"], 1, 1) + dt.timedelta(days=fields["J"] - 1)).month
    return fields.get("M", 0)


def _in_figures(date: str, pivot: int, order: str) -> Iterator[Part]:
    """Yield the months of dates in figures; nothing where a figure is not understood."""
    found = [_read(match, pivot, order) for match in _TOKEN.finditer(date)]
    rest = _CLOCK.sub(" ", _TOKEN.sub(" - ", date)) if found else date
    parts = [part for part in found if part is not None]
    if not parts or len(parts) < len(found):
        return
    earlier = _PARTIAL.search(rest)
    if earlier is not None:
        month = _month_in(int(earlier[1]), int(earlier[3]), earlier[2], order)
        if not month or (len(parts), month > parts[0][1]) != (1, False):
            return
        parts.append((parts[0][0], month))
        rest = rest[: earlier.start()] + rest[earlier.end() :]
    if not any(map(str.isdigit, rest)):
        yield from parts


def _read(match: re.Match[str], pivot: int, order: str) -> Part | None:
    """Return the month of one date in figures, None where it has none that is certain."""
    part: Part | None
    digits = match["digits"] or (match["day"] and match["day_year"] + match["day"])
    if digits:
        part = _compact(digits, pivot, order)
    elif match["week"]:
        part = _week(match)
    elif match["one"]:
        part = _triple(match, pivot, order)
    else:
        year = match["year"] or match["kanji"] or match["its_year"]
        part = int(year), int(match["month"] or match["kanji_month"] or match["first"])
    return part if part is not None and 1 <= part[1] <= 12 else None  # noqa: PLR2004


def _week(match: re.Match[str]) -> Part | None:
    """ISO 8601: without a day, a week lies where its Thursday does."""
    day = int(match["weekday"] or _THURSDAY)
    try:
        date = dt.date.fromisocalendar(int(match["iso_year"]), int(match["week"]), day)
    except ValueError:
        return None
    return date.year, date.month


def _triple(match: re.Match[str], pivot: int, order: str) -> Part | None:
    """3/14/2014, 14.03.14; 98-03-14, where the first number can be a year alone."""
    one, two, last = int(match["one"]), int(match["two"]), match["last"]
    if is_day(one, two):
        year = int(last) if len(last) > 2 else of_two(last, pivot)  # noqa: PLR2004
        return year, _month_in(one, two, match["t"], order)
    if one > 31 and is_day(two, int(last)):  # noqa: PLR2004 - more than a month has days
        return of_two(match["one"], pivot), two
    return None


def _month_in(one: int, two: int, sign: str, order: str) -> int:
    """Return which of a day and a month is the month; 0 where they are none."""
    if not is_day(one, two):
        return 0
    if max(one, two) > 12:  # noqa: PLR2004 - the other one is the month
        return min(one, two)
    return two if order == "day-first" or (order == "usual" and sign == ".") else one
