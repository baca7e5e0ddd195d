"""Which streams a compound file (OLE) has at its root, and below."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from contextlib import closing
from typing import BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.signs import COMPOUND
from phisweep.formats.stream import raw_stream
from phisweep.model import Source

_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_MOST = 4096  # sectors of the folder
_ENTRY = 128
_MINI = 4096  # bytes below which a stream stands elsewhere
_FILEPASS = 0x2F


def streams_of(source: Source) -> Mapping[str, bytes]:
    """Return the names of the streams, and how each begins; what cannot be read has none."""
    try:
        with closing(raw_stream(source)) as stream:
            return _streams(stream)
    except (DocumentError, OSError, struct.error, ValueError, IndexError):
        return {}


def has_password(begin: bytes) -> bool:
    """Say whether the stream of an XLS workbook that begins so is encrypted."""
    at = 0
    while at + 4 <= len(begin):
        kind, size = struct.unpack_from("<HH", begin, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def _streams(stream: BinaryIO) -> dict[str, bytes]:
    head = stream.read(512)
    if not head.startswith(COMPOUND):
        return {}
    size = 1 << struct.unpack_from("<H", head, 30)[0]
    if size not in (512, 4096):
        return {}
    tables = [s for s in struct.unpack_from("<109I", head, 76) if s < _LAST]
    sector, found, seen = struct.unpack_from("<I", head, 48)[0], dict[str, bytes](), set[int]()
    root = _LAST
    while sector < _LAST and sector not in seen and len(seen) < _MOST:
        seen.add(sector)
        data = _sector(stream, sector, size)
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if 2 < length <= 64 and data[at + 66] in (2, 5):  # noqa: PLR2004 - the format's own
                root = root if data[at + 66] == 2 else struct.unpack_from("<I", data, at + 116)[0]  # noqa: PLR2004 - as above
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                begin, long = struct.unpack_from("<II", data, at + 116)
                found[name] = (
                    _sector(stream, begin, size)
                    if long >= _MINI
                    else _mini(stream, begin, size, root)
                )
        per = size // 4
        if sector // per >= len(tables):
            break
        table = _sector(stream, tables[sector // per], size)
        sector = struct.unpack_from("<I", table, 4 * (sector % per))[0]
    return found


def _mini(stream: BinaryIO, number: int, size: int, root: int) -> bytes:
    """Return how a small stream begins, as far as it stands in the first sector of such."""
    at = 64 * number
    return _sector(stream, root, size)[at:] if root < _LAST and at < size else b""


def _sector(stream: BinaryIO, number: int, size: int) -> bytes:
    stream.seek((number + 1) * size)
    return stream.read(size)
