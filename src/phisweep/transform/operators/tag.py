"""Remove, leaving the kind of identifier."""

from phisweep import marks
from phisweep.transform.operators import Context, Params, operator


@operator
def tag(text: str, context: Context, params: Params) -> str:
    """Replace the text by the kind of identifier that stood there: [NAME], [PHONE]."""
    return marks.tag(context.identifier)
