"""Remove, leaving a code that is made from the value under a key."""

import hmac
import unicodedata

from phisweep import marks
from phisweep.keys import fold
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.params import Reader

_SEPARATOR = b"\x1f"


@operator
def hmac_token(text: str, context: Context, params: Params) -> str:
    """
    Replace the text by a keyed code: one value, one code, wherever the key is the same.

    HMAC-SHA-256 (RFC 2104) of the identifier and the value without case and separators, under a
    key of its own. It needs the run's key to be kept; whoever has that can try values, so under
    Safe Harbor it is no code: 45 CFR 164.514(c). Raises RuleError, for it takes no params.
    """
    Reader("hmac-token", params, ())
    folded = fold(text) or unicodedata.normalize("NFKC", text)
    parts = (context.identifier.encode(), folded.encode(errors="surrogatepass"))
    digest = hmac.digest(context.key.derive("hmac-token"), _SEPARATOR.join(parts), "sha256")
    letters = marks.letters(int.from_bytes(digest, "big"), marks.TOKEN_LENGTH)
    return marks.code(context.identifier, letters)
