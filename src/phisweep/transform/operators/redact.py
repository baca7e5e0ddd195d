"""Remove, leaving one sign for everything."""

from phisweep.marks import REMOVED
from phisweep.transform.operators import Context, Params, operator


@operator
def redact(text: str, context: Context, params: Params) -> str:
    """Replace the text by [REMOVED], which does not say what stood there."""
    return REMOVED
