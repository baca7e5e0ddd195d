"""One form of a JSON value, so that it has one digest, and a byte of it cannot change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def canonical(data: Mapping[str, object]) -> bytes:
    """Return JSON in ASCII: keys sorted, no space."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()
