"""
Ages and dates of a table as numbers, so that they can be counted.

Dates are read by Arrow, all distinct values at once: year first, month first (day first behind
full stops, or where the first number is above 12), digits alone, and with the month in letters.
A time of day is not looked at. What is none of these is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.arrays import flags, numbers, of_numbers, of_texts
from phisweep.marks import OLD_YEARS
from phisweep.transform.operators import Context
from phisweep.transform.operators.age import years_old
from phisweep.transform.years import YEARS

Whole = npt.NDArray[np.int64]

#: Stands for what is no date, and below every day.
NONE = -(1 << 40)
OTHER, EMPTY = -2, -1  # the last two places of an array of counts
BAND = 5  # years
_OLDEST = 130  # years; 999 is no age
_CACHED = 10_000
_TIME = r"(?:[T ,][^\n]{0,40})?\s*$"
_ZONE = r"(?:Z|[+-]\d{4})?\s*$"
_FORMS = (
    r"^\s*(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _TIME,
    r"^\s*(?P<m>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{4}|\d{2})" + _TIME,
    r"^\s*(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}|\d{2})" + _TIME,
    r"^\s*(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{2}(?:\d\d){0,2})?(?:\.\d{1,6})?" + _ZONE,
    r"(?i)^\s*(?P<d>\d{1,2})[- /.]{0,2}(?P<m>[a-z]{3,9})[-., /]{0,2}(?P<y>\d{4})" + _TIME,
    r"(?i)^\s*(?P<m>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:[snrt][tdh])?,?\s+(?P<y>\d{4})" + _TIME,
)
_MONTHS = of_texts(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)
#: What the operators leave of a date: its year, month, quarter, or the last year of old ones.
_YEAR = r"^\s*(?P<y>\d{4})(?:-(?:\d\d|Q[1-4]))?\s*$"
_UP_TO = r"^\s*<=(?P<y>\d{4})\s*$"
_CENTURY = 100
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Dates:
    """
    Values read as dates: `days` since 1970-01-01 or NONE, and `years` or NONE.

    A year that tells an age of 90 or more in the reference year is the last of those years.
    """

    days: Whole = field(repr=False)
    years: Whole = field(repr=False)

    @classmethod
    def of(cls, given: pa.StringArray, reference: int) -> Dates:
        """Read values; years of two digits up to those of the reference year are 20xx."""
        days = np.full(len(given), NONE, np.int64)
        years = days.copy()
        for form in _FORMS:
            at, fields = _matched(given, form, np.flatnonzero(years == NONE))
            if len(at):
                year, day = _read(fields, reference)
                good = day != NONE
                days[at[good]], years[at[good]] = day[good], year[good]
        cap = reference - OLD_YEARS
        for form in (_YEAR, _UP_TO):
            at, fields = _matched(given, form, np.flatnonzero(years == NONE))
            if len(at):
                year = _numbers(fields["y"])
                good = _is_year(year) & ((year == cap) | (form == _YEAR))
                years[at[good]] = year[good]
        return cls(days, np.where(years == NONE, NONE, np.maximum(years, cap)))


def _matched(given: pa.Array, form: str, left: Whole) -> tuple[Whole, dict[str, pa.Array]]:
    """Return which of those left match a form, and its fields."""
    if not len(left):
        return left, {}
    found = pc.extract_regex(given.take(of_numbers(left)), form)
    matches = np.flatnonzero(flags(found.is_valid()))
    some = found.take(of_numbers(matches))
    names = [some.type.field(i).name for i in range(some.type.num_fields)]
    return left[matches], {name: some.field(name) for name in names}


def _numbers(texts: pa.Array) -> Whole:
    return numbers(pc.cast(texts, pa.int64()))


def _is_year(year: Whole) -> npt.NDArray[np.bool_]:
    return (year >= YEARS.start) & (year < YEARS.stop)


def _read(fields: dict[str, pa.Array], reference: int) -> tuple[Whole, Whole]:
    """Return the years of matched fields and their days since 1970, NONE where it is no date."""
    year, day = _numbers(fields["y"]), _numbers(fields["d"])
    month = _months(fields["m"])
    swap = (month > _DECEMBER) & (day <= _DECEMBER)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    short = year < _CENTURY
    year = year + np.where(short, np.where(year > reference % _CENTURY, 1900, 2000), 0)
    good = _is_year(year) & (month >= 1) & (month <= _DECEMBER) & (day >= 1)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_ = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    good &= day <= next_ - first
    return year, np.where(good, first + day - 1, NONE)


def _months(texts: pa.Array) -> Whole:
    """Return months in digits or letters as numbers, 0 for a word that names none."""
    if pc.all(pc.match_substring_regex(texts, r"^\d+$")).as_py():
        return _numbers(texts)
    named = pc.index_in(pc.utf8_lower(pc.utf8_slice_codeunits(texts, 0, 3)), _MONTHS)
    none: pa.Scalar = of_numbers(np.array([-1], np.int32))[0]
    found: Whole = numbers(pc.fill_null(named, none)).astype(np.int64) + 1
    return found


class Ages:
    """Reads ages into bands of five years, 18 for all of 90 and more; OTHER where there is none."""

    def __init__(self, label: str, reference: int) -> None:
        self._context = Context("age", label=label, reference_year=reference)
        self._known: dict[str, int] = {}

    def of(self, values: pa.StringArray) -> Whole:
        """Return the band of each value."""
        return np.fromiter(map(self._band, values.to_pylist()), np.int64, len(values))

    def _band(self, value: str) -> int:
        band = self._known.get(value)
        if band is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            band = self._known[value] = band_of(years_old(value, self._context, {}), value)
        return band


def band_of(ages: Sequence[float], value: str) -> int:
    """Return the band in which all ages of a value lie; <=17 lies in none."""
    if not ages or max(ages) > _OLDEST or value.lstrip().startswith("<"):
        return OTHER
    bands = {min(int(age), OLD_YEARS) // BAND for age in ages}
    return bands.pop() if len(bands) == 1 else OTHER
