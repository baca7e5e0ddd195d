"""A sink whose bytes are handed on as they come."""

from __future__ import annotations

import io
from typing import Any


class Drain(io.RawIOBase):
    """Takes what Arrow writes, and hands it on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._size

    def write(self, data: Any, /) -> int:
        """Take bytes."""
        taken = bytes(data)
        self._parts.append(taken)
        self._size += len(taken)
        return len(taken)

    def drained(self) -> bytes:
        """Return what was written since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
