"""Numbers, ages, ZIP codes and years to ranges."""

import math
import re
from collections.abc import Callable

from phisweep import marks
from phisweep.transform.operators import Context, Params, coarsening
from phisweep.transform.operators.age import age, years_old
from phisweep.transform.operators.year import is_years, pivot_of, written
from phisweep.transform.operators.zip3 import span_of
from phisweep.transform.params import Reader
from phisweep.transform.plain import plain
from phisweep.transform.ranges import Ranges, in_words
from phisweep.transform.years import YEARS, years

_PARAMS = ("width", "edges", "top", "bottom", "unit", "pivot")
_NUMBER = r"-?\d{1,15}(?:,\d{3})*(?:\.\d*)?"
_NUMBERS = re.compile(rf"(?:<=)?\s*({_NUMBER})\s*(?:\+|-\s*({_NUMBER}))?")
_LAST_ZIP = 99_999
#: What the name of a column says of its numbers, where nobody else does.
_LABELS = {
    "age": frozenset({"age", "ages", "aged"}),
    "date": frozenset({"birth", "born", "date", "dob", "dod", "year", "yob", "yod"}),
    "zip": frozenset({"postal", "postcode", "zip", "zipcode", "zip5"}),
}


@coarsening
def bucket(text: str, context: Context, params: Params) -> str:
    """
    Replace a number, an age, a ZIP code or the year of a date by a range: 45-49, 90+, <=17.

    Ranges begin at multiples of `width`, or at each of `edges` ("18,45,65"), below and above which
    there is no end. `top` and `bottom` say from and up to where all are one range. Ages of 90 and
    more are never split, nor years that tell one: those become <=Y. What is none of these becomes
    a tag. `unit` is as for `age`, `pivot` as for `year`. Raises RuleError.
    """
    given = Reader("bucket", params, _PARAMS)
    return _WAYS[_kind(context)](text, context, params, given)


def _kind(context: Context) -> str:
    """Return what is cut: by the identifier, else by the column's name."""
    if context.identifier in _WAYS:
        return context.identifier
    words = {word.casefold() for word in re.findall(r"[A-Z]?[a-z]+\d?|[A-Z]+", context.label)}
    return next((kind for kind, named in _LABELS.items() if words & named), "number")


def _age(text: str, context: Context, params: Params, given: Reader) -> str:
    ranges = Ranges.read(given).within(None, marks.OLD_YEARS)
    if max(ranges.named, default=0) > marks.OLD_YEARS or ranges.bottom == marks.OLD_YEARS:
        raise given.wrong(f"ages from {marks.OLD_YEARS} on are one range")
    passed = {name: params[name] for name in ("unit", "pivot") if name in params}
    otherwise = age(text, context, passed)
    old = years_old(text, context, passed)
    if not old:
        return otherwise
    least, greatest = (min(int(n), marks.OLD_YEARS) for n in (min(old), max(old)))
    return in_words(ranges.over(least, greatest)) or marks.tag(context.identifier)


def _date(text: str, context: Context, params: Params, given: Reader) -> str:
    ranges = Ranges.read(given)
    if not all(n in YEARS for n in ranges.named):
        raise given.wrong("edges, top and bottom of dates are years")
    known = years(text, pivot=pivot_of(params, context.reference_year))
    whole = written(known, context)
    cap = context.reference_year - marks.OLD_YEARS
    if whole == marks.on_or_before(cap):
        low, high = ranges.of(cap)
        return in_words((low, high)) if low is None and (high or 0) >= cap else whole
    if not is_years(whole, known):
        return whole
    low, high = ranges.over(min(known), max(known))
    low = low if low is None else max(low, cap + 1)
    high = high if high is None else min(high, context.reference_year)
    return in_words((low, high)) or marks.tag(context.identifier)


def _zip(text: str, context: Context, params: Params, given: Reader) -> str:
    ranges = Ranges.read(given)
    if ranges.width == 1 or not all(n <= _LAST_ZIP for n in ranges.named):
        raise given.wrong("a range of ZIP codes is wider than 1, and none lies above 99999")
    span = span_of(text)
    if span is None:
        return marks.tag(context.identifier)
    low, high = ranges.over(*span)
    high = high if high is None else min(high, _LAST_ZIP)
    return in_words((low, high), "{:05}".format) or marks.tag(context.identifier)


def _number(text: str, context: Context, params: Params, given: Reader) -> str:
    ranges = Ranges.read(given).within(-1, None)
    match = _NUMBERS.fullmatch(plain(text).strip())
    if match is None:
        return marks.tag(context.identifier)
    least, greatest = (_floor(number or match[1]) for number in match.groups())
    if greatest < least:
        return marks.tag(context.identifier)
    return in_words(ranges.over(least, greatest)) or marks.tag(context.identifier)


def _floor(number: str) -> int:
    return math.floor(float(number.replace(",", "")))


_WAYS: dict[str, Callable[[str, Context, Params, Reader], str]] = {
    "age": _age,
    "date": _date,
    "zip": _zip,
    "number": _number,
}
