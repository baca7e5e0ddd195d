"""Dates moved by a number of days that only the key and the subject tell."""

import datetime as dt
import re

from phisweep import marks
from phisweep.transform.dates import Reading, read, same, write
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.operators.year import pivot_of, written
from phisweep.transform.shifting import Shift
from phisweep.transform.years import years

#: A day, or a moment of it, as ISO 8601 writes it; the time stays as it is.
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})((?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?Z?)?)"
)


@operator
def date_shift(text: str, context: Context, params: Params) -> str:
    """
    Move a date by a number of days that is its subject's own, and write it as it was.

    The number is derived from key and subject, so all dates of a subject move alike: by -1 to
    -`params["max-days"]` (365), with `direction` "both" forward too, with `weekday` by whole weeks.
    A date without a day moves from the middle of its month, quarter or year, or is removed
    (`partial` "tag"); one without a year moves as in the year of reference. `order` ("usual",
    "month-first", "day-first") says which number of 3/4 is the month; `pivot` is that of `year`.
    What tells an age of 90 or more or lies after the reference year, before or after the move, is
    written as `year` writes it. Without a subject, [DATE] (`without-subject` "tag") or the year
    stands; [DATE] stands for all that cannot be read. Raises RuleError for a wrong parameter.
    """
    shift = Shift.of(params)
    pivot = pivot_of(params, context.reference_year)
    if not context.subject.strip():
        if shift.year_alone:
            return written(years(text, pivot=pivot), context)
        return marks.tag(context.identifier)
    days = shift.offset(context.key, context.subject)
    return _plain(text, days, context) or _written(text, shift, days, context, pivot=pivot)


def _plain(text: str, days: int, context: Context) -> str | None:
    """Return what most dates become, in a tenth of the time; None where `read` has to be asked."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        day = dt.date.fromisoformat(match[1])
    except ValueError:
        return None
    inside = _inside(context)
    if day.year not in inside:
        return None
    moved = day + dt.timedelta(days=days)
    return moved.isoformat() + match[2] if moved.year in inside else None


def _written(text: str, shift: Shift, days: int, context: Context, *, pivot: int) -> str:
    """Return what any date becomes, and whatever else somebody may have found."""
    reading = read(text, pivot=pivot, reference=context.reference_year, order=shift.order)
    partial = reading is not None and any(day.grain != "day" for day in reading.days)
    if reading is None or (partial and not shift.partial):
        return marks.tag(context.identifier)
    outside = _outside(reading, days, context)
    if outside is not None:
        return outside
    new = write(text, reading, days)
    again = read(new, pivot=pivot, reference=context.reference_year, order=reading.order)
    # What would be read as another date is not written: '41 moved to '40, where 40 is 2040.
    return new if same(reading, days, again) else written(_years(reading, days), context)


def _inside(context: Context) -> range:
    """Return the years that tell no age of 90 or more, and do not lie in the future."""
    return range(context.reference_year - marks.OLD_YEARS + 1, context.reference_year + 1)


def _years(reading: Reading, days: int) -> frozenset[int]:
    """Return the years, after the move, of the dates whose year is known."""
    return frozenset(day.moved(days).year for day in reading.days if day.dated)


def _outside(reading: Reading, days: int, context: Context) -> str | None:
    """Return what `year` writes where a date is or would be of an age over 89, or in the future."""
    inside = _inside(context)
    before = [day.date.year for day in reading.days if day.dated]
    after = [day.moved(days).year for day in reading.days if day.dated]
    if all(year in inside for year in (*before, *after)):
        return None
    told = {new if old in inside else old for old, new in zip(before, after, strict=True)}
    return written(told, context)
