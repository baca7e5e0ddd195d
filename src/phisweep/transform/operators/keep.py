"""Leave as it is."""

from phisweep.transform.operators import Context, Params, operator


@operator
def keep(text: str, context: Context, params: Params) -> str:
    """Leave the text as it is, for the reason that the policy gives."""
    return text
