"""Dates to their month."""

from collections.abc import Collection
from typing import Protocol

from phisweep.transform.months import ORDERS, Part, months
from phisweep.transform.operators import Context, Params, coarsening
from phisweep.transform.operators.year import is_years, pivot_of, written
from phisweep.transform.params import Reader
from phisweep.transform.years import years

PARAMS = ("order", "pivot")


class Find(Protocol):
    """Finds the months of a date, or its quarters."""

    def __call__(self, text: str, *, pivot: int, order: str) -> Collection[Part]:
        """Return each with its year; none where they are not certain."""


@coarsening
def month(text: str, context: Context, params: Params) -> str:
    """
    Replace a date by its month, 2024-03, and by its year where no month is certain.

    A range over several months is written 2024-03/2024-05. The year is that of `year`: one that
    tells an age of 90 or more stays <=Y, and [DATE] stands where there is none. `params["order"]`
    (usual, month-first or day-first) says which number of 3/4/2024 is the month, by default the
    first, but behind full stops the second; `params["pivot"]` is as for `year`. Raises RuleError.
    """
    given = Reader("month", params, PARAMS)
    return of_parts(text, context, given, months, "{}-{:02}")


def of_parts(text: str, context: Context, given: Reader, find: Find, form: str) -> str:
    """Return the parts of years that `find` finds, in that form, or what `year` writes."""
    pivot = pivot_of(given.params, context.reference_year)
    order = given.one_of("order", ORDERS)
    known = years(text, pivot=pivot)
    whole = written(known, context)
    parts = find(text, pivot=pivot, order=order)
    if not parts or not is_years(whole, known):
        return whole
    return "/".join(form.format(*part) for part in sorted({min(parts), max(parts)}))
