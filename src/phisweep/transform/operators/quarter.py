"""Dates to their quarter."""

from phisweep.transform.months import quarters
from phisweep.transform.operators import Context, Params, coarsening
from phisweep.transform.operators.month import PARAMS, of_parts
from phisweep.transform.params import Reader


@coarsening
def quarter(text: str, context: Context, params: Params) -> str:
    """
    Replace a date by its quarter, 2024-Q1, and by its year where no quarter is certain.

    Ranges, ages over 89, `order` and `pivot` are as for `month`. Raises RuleError.
    """
    given = Reader("quarter", params, PARAMS)
    return of_parts(text, context, given, quarters, "{}-Q{}")
