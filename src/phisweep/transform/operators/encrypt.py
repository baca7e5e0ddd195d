"""
Remove, leaving the text encrypted, and the way back for who has the key.

AES-256-GCM-SIV (RFC 8452) under one nonce: that is what makes one value one mark, so that tables
still join, and the cipher is made for it: who has no key learns which values of one identifier
are the same, and their length to 16 bytes, and nothing else (section 9). The identifier is
authenticated with the text, so that a mark cannot pass for one of another kind.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from phisweep import marks
from phisweep.errors import ComponentError, VerificationError
from phisweep.keys import Key
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.params import Reader

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

_NONCE = bytes(12)
#: ISO/IEC 7816-4: a text ends with this byte, and zeros fill its last block.
_END = b"\x80"


@operator
def encrypt(text: str, context: Context, params: Params) -> str:
    """
    Encrypt the text under a key of the run, with which `decrypt` returns it.

    The same text has the same mark wherever the key is the same. Raises RuleError, for it takes no
    params, and ComponentError where the cipher is not there.
    """
    Reader("encrypt", params, ())
    padded = text.encode(errors="surrogatepass") + _END
    padded += bytes(-len(padded) % marks.SEALED_BLOCK)
    data = _cipher(context.key).encrypt(_NONCE, padded, _bound(context.identifier))
    return marks.sealed(context.identifier, base64.urlsafe_b64encode(data).decode().rstrip("="))


def decrypt(mark: str, key: Key) -> str:
    """
    Return the text that a mark of `encrypt` holds, `[MRN:e1.4xJq...]`, exactly as it stood.

    Raises VerificationError where the key is another, or the mark is not whole as it was written;
    the cipher cannot tell which. Raises ComponentError where the cipher is not there.
    """
    identifier, data = marks.unsealed(mark) or ("", "")
    padded = _opened(identifier, data, key)
    if padded is None:
        raise VerificationError(
            "E511",
            "this is no text that was encrypted under this key, or it was changed since",
            todo="Give the mark whole, brackets too, and the key of the run that wrote it.",
        )
    return padded.rstrip(b"\0")[: -len(_END)].decode(errors="surrogatepass")


def _opened(identifier: str, data: str, key: Key) -> bytes | None:
    """Return the padded text, None where anything about it is not as it was written."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as in _cipher

    try:
        raw = base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != data:
            return None  # a second way to write the same bytes
        return _cipher(key).decrypt(_NONCE, raw, _bound(identifier))
    except (binascii.Error, InvalidTag):
        return None


def _bound(identifier: str) -> bytes:
    return b"phisweep-e1|" + identifier.encode()


def _cipher(key: Key) -> AESGCMSIV:
    # Imported here, for scans need none of it.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV  # noqa: PLC0415

    try:
        return AESGCMSIV(key.derive("encrypt"))
    except UnsupportedAlgorithm:
        raise ComponentError(
            "E431",
            "this build of cryptography does not have AES-GCM-SIV",
            todo="Install cryptography as a wheel, or with OpenSSL 3.2 or newer.",
        ) from None
