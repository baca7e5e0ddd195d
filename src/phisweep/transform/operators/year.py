"""Dates to their year."""

from collections.abc import Collection

from phisweep import marks
from phisweep.errors import RuleError
from phisweep.transform.operators import Context, Params, alike, operator
from phisweep.transform.years import ISO, years

#: The value of `pivot` that asks for the last two digits of the reference year.
REFERENCE = "reference-year"
_CENTURY = 100


@alike(ISO)
@operator
def year(text: str, context: Context, params: Params) -> str:
    """
    Replace a date by its year, and a year that tells an age of 90 or more by <=Y.

    A range over two years keeps both. [DATE] stands where there is no year, where it is in doubt,
    and where it lies after the reference year. `params["pivot"]` (0 to 99, or "reference-year",
    the default): years of two digits above it are 19xx. Raises RuleError for another pivot.
    """
    return written(years(text, pivot=pivot_of(params, context.reference_year)), context)


def written(found: Collection[int], context: Context) -> str:
    """Return what may be written of the years of one date or range of dates."""
    reference = context.reference_year
    cap = reference - marks.OLD_YEARS
    if not found or max(found) > reference:
        return marks.tag(context.identifier)
    if max(found) <= cap:
        return marks.on_or_before(cap)
    if min(found) <= cap:
        return marks.tag(context.identifier)
    return _in_words(found)


def is_years(text: str, found: Collection[int]) -> bool:
    """Say whether `written` wrote the years themselves, and neither <=Y nor a tag."""
    return bool(found) and text == _in_words(found)


def _in_words(found: Collection[int]) -> str:
    return "-".join(str(y) for y in sorted({min(found), max(found)}))


def pivot_of(params: Params, reference: int) -> int:
    """Return the last two digits up to which a year is 20xx. Raises RuleError."""
    pivot = params.get("pivot", REFERENCE)
    if pivot == REFERENCE:
        return reference % _CENTURY
    if isinstance(pivot, bool) or not isinstance(pivot, int) or not 0 <= pivot < _CENTURY:
        raise RuleError("E174", f"year: pivot is a number from 0 to 99, or {REFERENCE}")
    return pivot
