"""
Cells of a vault: AES-256-GCM (NIST SP 800-38D) with a random nonce of 12 bytes.

One secret may seal 2**32 cells (section 8.3). The table and the row that a cell stands in are
authenticated with it, so that no cell can be put into the place of another.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET_BYTES = 32
_NONCE_BYTES = 12
#: What is sealed is as long as a multiple of this, so that its length tells little of a value's.
_PADDED = 128


def cipher_of(secret: bytes) -> AESGCM:
    """Return AES-256-GCM under a secret of 32 bytes."""
    # Imported where it is used: a run without a vault does without.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(secret)


def seal(cipher: AESGCM, table: str, row: bytes, content: Sequence[str]) -> bytes:
    """Return nonce and ciphertext of some texts, bound to their table and row."""
    data = json.dumps(content, separators=(",", ":")).encode()  # ASCII: lone surrogates escaped
    nonce = secrets.token_bytes(_NONCE_BYTES)
    padded = data.ljust(-(-len(data) // _PADDED) * _PADDED)
    return nonce + cipher.encrypt(nonce, padded, _bound(table, row))


def unseal(cipher: AESGCM, table: str, row: bytes, cell: object) -> list[str] | None:
    """Return what was sealed, None where anything about it is not as it was."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as in cipher_of

    if not isinstance(cell, bytes) or len(cell) <= _NONCE_BYTES:
        return None
    try:
        data = cipher.decrypt(cell[:_NONCE_BYTES], cell[_NONCE_BYTES:], _bound(table, row))
    except InvalidTag:
        return None
    content: list[str] = json.loads(data)
    return content


def _bound(table: str, row: bytes) -> bytes:
    return table.encode() + b"\0" + row
