"""Cover the place in a picture where words stand."""

from phisweep.marks import REMOVED
from phisweep.transform.operators import Context, Params, operator


@operator
def cover(text: str, context: Context, params: Params) -> str:
    """Cover the words where they stand in a picture; text is replaced by [REMOVED]."""
    return REMOVED
