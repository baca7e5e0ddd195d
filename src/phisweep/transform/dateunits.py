"""One match of a form: which numbers it has, and which day of the calendar that is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Literal

from phisweep.transform.datefields import FIELDS, Field
from phisweep.transform.dateforms import Form, Grain
from phisweep.values import dataclass

#: Which number of 3/4/2024 is the month; "usual": the first, but behind full stops the second.
Order = Literal["usual", "month-first", "day-first"]
YEARS = range(1800, 2200)
_LEAP_YEAR = 2000
_EPOCH = dt.date(1970, 1, 1)
_EXCEL_ZERO = dt.date(1899, 12, 30)  # serial 61 is 1 March 1900: Excel has a 29 February 1900
_SECONDS_A_DAY = 86_400
_COUNTS = {"seconds": 1, "millis": 10**3, "micros": 10**6, "nanos": 10**9}
_NUMBERED_YEARS = ("year4", "yearw", "isoyear")
_DAYS = ("day", "day0", "dayc", "dayw")
_MONTHS = ("month", "monthn", "monthr")
_WORDS = frozenset({"dayw", "quarterw"})
_CENTURY = 100
#: Digits, not letters that scanners write for them, in a date of numbers and beside a month's name.
_LEAST_DIGITS = 2
_LEAST_BESIDE_NAME = 1

#: The middle of the time that a date lies in; a partial date is reckoned from there.
MIDDLES: Mapping[Grain, Callable[[dt.date], dt.date]] = {
    "day": lambda date: date,
    "week": lambda date: dt.date.fromisocalendar(*date.isocalendar()[:2], 4),
    "month": lambda date: date.replace(day=15),
    "quarter": lambda date: dt.date(date.year, (date.month + 2) // 3 * 3 - 1, 15),
    "half": lambda date: dt.date(date.year, 4 if date.month < 7 else 10, 1),  # noqa: PLR2004
    "year": lambda date: dt.date(date.year, 7, 2),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """
    A date of which the year may not be known yet.

    `fields` are sorted and lie in the text. `wide` says that two-digit days are padded where
    nothing in the text tells. `partner` is how far away the date is that a month is shared with.
    """

    grain: Grain
    fields: tuple[Field, ...]
    values: Mapping[str, int] = field(repr=False)
    year: int | None = field(repr=False)
    wide: bool
    partner: int = 0

    def date(self, year: int) -> dt.date:
        """Return the day in that year, the middle of what is longer. Raises ValueError for none."""
        values = self.values
        if "serial" in values:
            return _EXCEL_ZERO + dt.timedelta(days=values["serial"])
        for kind, per_second in _COUNTS.items():
            if kind in values:
                return _EPOCH + dt.timedelta(days=values[kind] // (_SECONDS_A_DAY * per_second))
        if "week" in values:
            return dt.date.fromisocalendar(year, values["week"], values.get("isoday", 4))
        if "yearday" in values:
            return _of_year(year, values["yearday"])
        return MIDDLES[self.grain](dt.date(year, self._month(), self._day()))

    def fits(self, year: int) -> bool:
        """Say whether that year has such a day."""
        try:
            self.date(year)
        except (ValueError, OverflowError):
            return False
        return True

    def _month(self) -> int:
        values = self.values
        if self.grain == "quarter":
            return 3 * values.get("quarter", values.get("quarterw", 0))
        if self.grain == "half":
            return 6 * values["half"]
        return next((values[kind] for kind in _MONTHS if kind in values), 7)

    def _day(self) -> int:
        return next((self.values[kind] for kind in _DAYS if kind in self.values), 15)


def units(form: Form, match: re.Match[str], order: Order, pivot: int) -> list[Unit]:
    """Return the date of a match, or the two that share a month; none where there is no such day."""
    raw = {kind: text for kind, text in match.groupdict().items() if text is not None}
    separator = raw.pop("s", "")
    if not _has_digits(raw):
        return []
    names = _names(separator, order) if "a" in raw else {}
    fields = sorted(
        (Field(names.get(kind, kind), *match.span(kind)) for kind in raw), key=lambda f: f.start
    )
    values = {f.kind: FIELDS[f.kind][0](match.string[f.start : f.end]) for f in fields}
    glued = "monthn" in values and len(fields) > 1 and " " not in match[0]
    unit = Unit(form.grain, tuple(fields), values, _year(values, pivot), form.wide or glued)
    if {"serial", *_COUNTS} & {*values} and unit.fits(0):
        unit = replace(unit, year=unit.date(0).year)
    if not unit.fits(_LEAP_YEAR if unit.year is None else unit.year):
        return []
    if unit.year is not None and unit.year not in YEARS:
        return []
    return _two(unit) if "day_2" in values else [unit]


def _of_year(year: int, day: int) -> dt.date:
    """Return the day of the year, from 1 on. Raises ValueError where the year has none."""
    date = dt.date(year, 1, 1) + dt.timedelta(days=day - 1)
    if date.year != year:
        raise ValueError
    return date


def _has_digits(raw: Mapping[str, str]) -> bool:
    """Say whether enough of the characters are digits, not letters that a scanner confuses."""
    numbers = "".join(text for kind, text in raw.items() if kind not in _MONTHS[1:])
    if _WORDS & {*raw} or not numbers:
        return True
    least = _LEAST_BESIDE_NAME if {*_MONTHS[1:]} & {*raw} else _LEAST_DIGITS
    return sum(c.isdigit() for c in numbers) >= min(least, len(numbers))


def _names(separator: str, order: Order) -> dict[str, str]:
    """Say which of the numbers `a` and `b` is the month."""
    day_first = order == "day-first" or (order == "usual" and separator == ".")
    return {"a": "day", "b": "month"} if day_first else {"a": "month", "b": "day"}


def _year(values: Mapping[str, int], pivot: int) -> int | None:
    """Return the year that the fields name, or None for none."""
    named = next((values[kind] for kind in _NUMBERED_YEARS if kind in values), None)
    short = values.get("year2", named)
    if short is not None and short < _CENTURY:
        return short + (1900 if short > pivot else 2000)
    return named


def _two(unit: Unit) -> list[Unit]:
    """Return the two days of `March 4-9, 2014`: each has the fields on its side."""
    values = dict(unit.values)
    first, second = values["day"], values.pop("day_2")
    at = next(f.start for f in unit.fields if f.kind == "day_2")
    before = tuple(f for f in unit.fields if f.start < at)
    after = tuple(f for f in unit.fields if f.start >= at)
    month_first = any(f.kind in _MONTHS for f in before)
    one = replace(unit, fields=before, year=None, partner=0 if month_first else 1)
    other = replace(
        unit, fields=after, values={**values, "day": second}, partner=-1 if month_first else 0
    )
    possible = first < second and other.fits(_LEAP_YEAR if unit.year is None else unit.year)
    return [one, other] if possible else []
