"""Zstandard (RFC 8878) by pyarrow's codec, with the frames counted by ourselves."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from phisweep.formats.signs import ZSTANDARD, is_zstandard

_BLOCK = 1 << 20
_RLE, _RESERVED = 1, 3


def frames(stream: BinaryIO) -> bool | None:
    """Say whether some frames are skipped by every reader; None: there are other bytes, or too few."""
    size = stream.seek(0, 2)
    at, hidden = 0, False
    while at < size:
        stream.seek(at)
        head = stream.read(18)
        if not is_zstandard(head):
            return None
        if int.from_bytes(head[:4], "little") == ZSTANDARD:
            end = _end(stream, at, head)
        else:
            end = at + 8 + int.from_bytes(head.ljust(8, b"\xff")[4:8], "little")
            hidden = True
        if end is None or end > size:
            return None
        at = end
    return hidden


def unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is packed. Raises OSError, ValueError."""
    pa = _arrow()
    stream.seek(0)
    with pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd") as inner:
        while block := inner.read(_BLOCK):
            yield block


def head_of(head: bytes, size: int) -> bytes:
    """Return the first bytes. Raises OSError, ValueError."""
    pa = _arrow()
    with pa.CompressedInputStream(pa.PythonFile(BytesIO(head), mode="r"), "zstd") as inner:
        return bytes(inner.read(size))


class Packer:
    """Packs a stream into one frame."""

    def __init__(self) -> None:
        pa = _arrow()
        self._sink = _Sink()
        self._inner = pa.CompressedOutputStream(pa.PythonFile(self._sink, mode="w"), "zstd")

    def compress(self, data: bytes) -> bytes:
        """Return what is ready."""
        self._inner.write(data)
        return self._sink.taken()

    def flush(self) -> bytes:
        """Return the end of the frame."""
        self._inner.close()
        return self._sink.taken()


class _Sink:
    """Takes what is written, to be handed on."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: all is handed on."""

    def close(self) -> None:
        """Do nothing: what was written is still wanted."""

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _end(stream: BinaryIO, at: int, head: bytes) -> int | None:
    """Return where a frame ends; its blocks are walked, none is unpacked."""
    flags = head[4] if len(head) > 4 else 0  # noqa: PLR2004 - behind the magic number
    single = flags >> 5 & 1
    content = (1, 2, 4, 8)[flags >> 6] if flags >> 6 or single else 0
    at += 5 + (not single) + (0, 1, 2, 4)[flags & 3] + content
    last = 0
    while not last:
        stream.seek(at)
        block = stream.read(3)
        if len(block) < 3:  # noqa: PLR2004 - bytes of a block's header
            return None
        field = int.from_bytes(block, "little")
        last, kind, size = field & 1, field >> 1 & 3, field >> 3
        if kind == _RESERVED:
            return None
        at += 3 + (1 if kind == _RLE else size)
    return at + 4 * (flags >> 2 & 1)


def _arrow() -> Any:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and seldom needed here

    return pa
