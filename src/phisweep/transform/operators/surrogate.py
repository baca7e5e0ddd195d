"""Remove, leaving an invented value of the same kind and shape."""

from phisweep import marks
from phisweep.errors import InternalError
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.operators.hmac_token import hmac_token
from phisweep.transform.params import Reader


@operator
def surrogate(text: str, context: Context, params: Params) -> str:
    """
    Replace the text by an invented value, the same one for the same value of a person.

    The typed tag, [NAME], stands where none can be had that is no value of the data; in place of a
    key of records a code, so that tables still join. Raises RuleError, for it takes no params, and
    InternalError where the context has no surrogates.
    """
    Reader("surrogate", params, ())
    if not text:
        return marks.tag(context.identifier)
    if context.surrogates is None:
        raise InternalError("E708", "the operator surrogate was called without a run's surrogates")
    made = context.surrogates.replace(text, context)
    if made is not None:
        return made
    if context.surrogates.is_key(context):
        if context.surrogates.derived:
            return hmac_token(text, context, {})
        if context.codes is not None:
            return context.codes.code(context.identifier, text)
    return marks.tag(context.identifier)
