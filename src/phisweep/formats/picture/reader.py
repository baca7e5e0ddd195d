"""Bytes of a file wherever they stand, a bounded number of them; and words out of bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

#: A piece of metadata: the name of its field, and its text.
Word = tuple[str, str]

MOST = 1 << 20  # bytes of one field
TOTAL = 32 << 20  # bytes that are read of one file
_SHOWN = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")
_XMP_TEXT = re.compile(r"<([\w:.-]+)[^<>]*>([^<]*[^<\s][^<]*)<")
_XMP_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]+)\"|'([^']+)')")
_LEAST_XMP = 3  # characters of a value that says anything


class SpentError(Exception):
    """The file has more metadata than is read, or they lead in circles."""


@dataclass(slots=True)
class Reader:
    """A file to look into. `left` bytes may still be read of it; then SpentError is raised."""

    stream: BinaryIO = field(repr=False)
    size: int
    left: int = TOTAL

    def at(self, start: int, size: int) -> bytes:
        """Return up to `size` bytes from a 0-based byte, none where there are none."""
        if start < 0 or size <= 0 or start >= self.size:
            return b""
        size = min(size, MOST)
        self.left -= size + 16
        if self.left < 0:
            raise SpentError
        self.stream.seek(start)
        return self.stream.read(size)

    def number(self, start: int, size: int, order: str = "big") -> int:
        """Return an unsigned number; 0 where the file ends before."""
        return int.from_bytes(self.at(start, size), "little" if order == "little" else "big")


def decoded(data: bytes) -> str:
    """Return a text of a file that does not say its code: UTF-8, UTF-16 by its mark, else Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").strip("\0 ")
    try:
        return data.decode().strip("\0 ")
    except UnicodeDecodeError:
        return data.decode("latin-1").strip("\0 ")


def shown(data: bytes) -> str:
    """Return the words among other bytes, a line each."""
    return "\n".join(match.decode("latin-1") for match in _SHOWN.findall(data))


def xmp(data: bytes) -> Iterator[Word]:
    """Yield texts and attributes of an XMP packet, whether it is whole or not."""
    text = decoded(data)
    for name, value in _XMP_TEXT.findall(text):
        yield f"XMP {_local(name)}", value.strip()
    for name, one, other in _XMP_ATTRIBUTE.findall(text):
        value = (one or other).strip()
        if not name.startswith("xmlns") and len(value) >= _LEAST_XMP:
            yield f"XMP {_local(name)}", value


def _local(name: str) -> str:
    return name.rpartition(":")[2]
