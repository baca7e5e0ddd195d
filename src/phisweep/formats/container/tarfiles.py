"""What tarfile reads for us: headers of bounded size, and files with holes."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from typing import IO, cast

from phisweep.formats.base import failed
from phisweep.model import Source

BLOCK = 1 << 20
_HEADERS = 16 << 20  # bytes that one extended header may have


def headers(file: IO[bytes], source: Source) -> tarfile.TarFile:
    """Return what lists the members. Raises DocumentError E218, and what tarfile raises."""
    file.seek(0)
    guard = cast("IO[bytes]", _Guard(file, source))
    return tarfile.TarFile(fileobj=guard, mode="r", encoding="utf-8", errors="surrogateescape")


def file_blocks(file: IO[bytes], info: tarfile.TarInfo) -> Iterator[bytes]:
    """Yield a member's bytes, the holes as zeros; an empty block where the archive is cut off."""
    at, whole = info.offset_data, 0
    for start, size in _stretches(info):
        yield from _zeros(start - whole)
        end = at + size
        while at < end:
            file.seek(at)
            block = file.read(min(BLOCK, end - at))
            yield block
            at += len(block)
            if not block:
                return
        whole = start + size
    yield from _zeros(info.size - whole)


def begins(head: bytes) -> bool:
    """Say whether the bytes begin with the header of a member, whose checksum is right."""
    if len(head) < tarfile.BLOCKSIZE or not head[:1].strip(b"\0"):
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _stretches(info: tarfile.TarInfo) -> Sequence[tuple[int, int]]:
    if info.sparse is None:
        return [(0, info.size)]
    return cast("Sequence[tuple[int, int]]", info.sparse)


def _zeros(size: int) -> Iterator[bytes]:
    while size > 0:
        yield bytes(min(size, BLOCK))
        size -= BLOCK


class _Guard:
    """A file that does not hand out more at once than a header has."""

    def __init__(self, file: IO[bytes], source: Source) -> None:
        self._file = file
        self._source = source
        self.seek = file.seek
        self.tell = file.tell
        self.name = ""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes. Raises DocumentError E218."""
        if not 0 <= size <= _HEADERS:
            what = "an extended header is larger than it may be"
            raise failed("E218", self._source, what, "Unpack it yourself if you trust it.")
        return self._file.read(size)
