"""Remove, leaving a random code."""

from phisweep.errors import InternalError
from phisweep.transform.operators import Context, Params, operator


@operator
def code(text: str, context: Context, params: Params) -> str:
    """
    Replace the text by a random code, the same one for the same value throughout the run.

    The code is drawn, not derived: 45 CFR 164.514(c). Raises InternalError where the context has
    no codes.
    """
    if context.codes is None:
        raise InternalError("E705", "the operator code was called without the codes of the run")
    return context.codes.code(context.identifier, text)
