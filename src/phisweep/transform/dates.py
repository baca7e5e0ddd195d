"""
A written date read, and written again some days away: `3/4/2024` and `4-MAR-24` are one day.

Reading looks at the whole text: dates, what joins them and their times of day. Where anything is
left over nothing is read, so that no part of a date can stay behind. Years that are not written
come from a neighbour (`3/4-3/9/2014`) or are the year of reference.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import field, replace
from typing import get_args

from phisweep.model import Edit
from phisweep.splicing import splice
from phisweep.transform import dateforms
from phisweep.transform.datefields import FIELDS, Field, Move, Style, style_of
from phisweep.transform.dateforms import Grain
from phisweep.transform.dateunits import MIDDLES, YEARS, Order, Unit, units
from phisweep.transform.plain import plain
from phisweep.values import dataclass

ORDERS: tuple[Order, ...] = get_args(Order)
#: Longer texts are no dates, but stories with dates in them.
LONGEST = 120
_LEAP_YEAR = 2000
_BETWEEN_LEAP_YEARS = 8  # 1896 to 1904
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DAYS = frozenset({"day", "day_2"})
_MONTHS = frozenset({"month", "monthn"})


@dataclass(frozen=True, slots=True)
class Day:
    """
    One date of a text: the day, or the middle of the week, month, quarter, half or year it names.

    `dated` says that its year stands in the text. `fields` are sorted, in code points of the text.
    `partner` is the index of the date that a month is shared with, as in `March 4-9`, else -1.
    """

    date: dt.date = field(repr=False)
    grain: Grain
    dated: bool
    fields: tuple[Field, ...]
    wide: bool
    partner: int = -1

    def moved(self, days: int) -> dt.date:
        """Return what is named `days` later. Raises OverflowError outside of the calendar."""
        return MIDDLES[self.grain](self.date + dt.timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Reading:
    """The dates of a text as they follow each other, and the order in which numbers were read."""

    days: tuple[Day, ...]
    order: Order

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days, or middles of longer times, that the text names."""
        return tuple(day.date for day in self.days)


def read(text: str, *, pivot: int, reference: int, order: Order = "usual") -> Reading | None:
    """
    Return the dates that the text consists of, or None where any part of it cannot be read.

    Years of two digits are 19xx above `pivot` (0 to 99), else 20xx. A date without a year is read
    in the year `reference` (29 February in the last year up to it that has one). Numbers that
    are no dates in `order` are read in the other order, all of them.
    """
    normal = normal_of(text)
    start = len(normal) - len(normal.lstrip(dateforms.EDGES))
    normal = normal.rstrip(dateforms.EDGES)
    lead = dateforms.LEAD.match(normal, start)
    start = lead.end() if lead else start
    if not 0 < len(normal) - start <= LONGEST:
        return None
    for each in dict.fromkeys((order, *ORDERS)):
        found = _number(normal, start, each, pivot) or _sequence(normal, start, each, pivot)
        days = _dated(found, reference) if found else None
        if days is not None:
            return Reading(days, each)
    return None


def write(text: str, reading: Reading, days: int) -> str:
    """
    Return the text with every date of its reading moved by `days`, written as it was.

    Raises OverflowError where a date would lie outside of the calendar.
    """
    normal = normal_of(text)
    dates = [day.moved(days) for day in reading.days]
    style = _style(normal, reading)
    edits = []
    for day, date in zip(reading.days, dates, strict=True):
        partner = reading.days[day.partner] if day.partner >= 0 else None
        shared = partner is None or date.month == dates[day.partner].month
        for f in day.fields:
            written = FIELDS[f.kind][1](Move(normal[f.start : f.end], date, days, style))
            if partner and not shared and f.kind in _DAYS:
                written = _with_month(written, normal, partner, date, style)
            edits.append(Edit(f.start, f.end, written))
    return splice(text, edits)


def same(one: Reading, days: int, other: Reading | None) -> bool:
    """Say whether the other reading is the one, moved by `days`; where no year stands, up to it."""
    if other is None or len(one.days) != len(other.days):
        return False
    return all(
        a.grain == b.grain
        and a.dated == b.dated
        and (a.moved(days) == b.date if a.dated else _in_year(a.moved(days)) == _in_year(b.date))
        for a, b in zip(one.days, other.days, strict=True)
    )


def normal_of(text: str) -> str:
    """Return the text in plain characters, one for one: offsets stay what they are."""
    if text.isascii():
        return plain(text)
    return "".join(one if len(one := plain(c)) == 1 else c for c in text)


def _style(normal: str, reading: Reading) -> Style:
    fields = [f for day in reading.days for f in day.fields]
    return style_of(
        [normal[f.start : f.end] for f in fields if f.kind in _DAYS or f.kind == "month"],
        [normal[f.start : f.end] for f in fields if f.kind == "monthn"],
        wide=any(day.wide for day in reading.days),
    )


def _in_year(date: dt.date) -> tuple[int, int]:
    return date.month, date.day


def _with_month(day: str, normal: str, partner: Day, date: dt.date, style: Style) -> str:
    """Give a day a month of its own, where the one that it shared is another now."""
    month = next(f for f in partner.fields if f.kind in _MONTHS)
    name = FIELDS[month.kind][1](Move(normal[month.start : month.end], date, 0, style))
    if month.kind == "month":
        return f"{name}/{day}"
    first = any(f.kind in _DAYS and f.start > month.start for f in partner.fields)
    return f"{name} {day}" if first else f"{day} {name}"


def _number(text: str, start: int, order: Order, pivot: int) -> list[Unit]:
    """Return the date in digits alone; none where none can be read, or more than one."""
    if not _NUMBER.fullmatch(text, start):
        return []
    for forms in (dateforms.DIGITS, dateforms.COUNTS):
        matches = ((form, form.regex.fullmatch(text, start)) for form in forms)
        found = [
            one for form, match in matches if match for one in units(form, match, order, pivot)
        ]
        if found:
            return found if len(found) == 1 else []
    return []


def _sequence(text: str, at: int, order: Order, pivot: int) -> list[Unit]:
    """Return the dates that the text from `at` on consists of; none where anything is left."""
    for found, end in _candidates(text, at, order, pivot):
        if end == len(text):
            return found
        join = dateforms.JOIN.match(text, end)
        rest = _sequence(text, join.end(), order, pivot) if join else []
        if rest:
            return [*found, *rest]
    return []


def _candidates(text: str, at: int, order: Order, pivot: int) -> list[tuple[list[Unit], int]]:
    """Return the dates that begin at `at`, the longest first, with where each ends."""
    weekday = dateforms.WEEKDAY.match(text, at)
    start = weekday.end() if weekday else at
    found = []
    for form in dateforms.FORMS:
        if weekday and form.grain != "day":
            continue
        match = form.regex.match(text, start)
        read_ = units(form, match, order, pivot) if match else []
        if not match or not read_:
            continue
        if weekday:
            read_[0] = _behind(weekday, read_[0])
        time = dateforms.TIME.match(text, match.end()) if form.grain == "day" else None
        if time:
            found.append((read_, time.end(), time.start()))
        found.append((read_, match.end(), match.end()))
    found.sort(key=lambda one: (-one[1], -one[2]))  # rather a year than a time of day
    return [(read_, end) for read_, end, _ in found]


def _behind(weekday: re.Match[str], unit: Unit) -> Unit:
    kind = "weekday" if weekday["weekday"] else "letter"
    return replace(unit, fields=(Field(kind, *weekday.span(kind)), *unit.fields))


def _dated(found: Sequence[Unit], reference: int) -> tuple[Day, ...] | None:
    """Give every date its year: its own, else its neighbour's, else the year of reference."""
    years = _years(found)
    days = []
    for at, (unit, known) in enumerate(zip(found, years, strict=True)):
        year = known
        if year is None:
            last = range(reference, reference - _BETWEEN_LEAP_YEARS, -1)
            year = next((y for y in last if y in YEARS and unit.fits(y)), None)
        if year is None or not unit.fits(year) or unit.date(year).year not in YEARS:
            return None
        partner = at + unit.partner if unit.partner else -1
        date = unit.date(year)
        days.append(Day(date, unit.grain, known is not None, unit.fields, unit.wide, partner))
    return tuple(days)


def _years(found: Sequence[Unit]) -> list[int | None]:
    """Return the years that the text tells: `12/30-1/4/2014` begins in 2013."""
    years = [unit.year for unit in found]
    places = [_in_year(unit.date(_LEAP_YEAR if unit.year is None else unit.year)) for unit in found]
    for at in reversed(range(len(found) - 1)):
        later = years[at + 1]
        if years[at] is None and later is not None:
            years[at] = later - (places[at] > places[at + 1])
    for at in range(1, len(found)):
        earlier = years[at - 1]
        if years[at] is None and earlier is not None:
            years[at] = earlier + (places[at] < places[at - 1])
    return years
