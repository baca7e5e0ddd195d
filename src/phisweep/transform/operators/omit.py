"""Leave out the field in which something stands."""

from phisweep.marks import REMOVED
from phisweep.transform.operators import Context, Params, operator


@operator
def omit(text: str, context: Context, params: Params) -> str:
    """Leave out the field, or empty it, in formats that have fields; else [REMOVED] replaces it."""
    return REMOVED
