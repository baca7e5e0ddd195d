"""Packed bytes: gzip, bzip2, xz and Zstandard, unpacked under caps and packed again."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.container import zstandard
from phisweep.formats.signs import packing
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

BLOCK = 1 << 20
_WINDOW = 512 << 20  # bytes of memory that an xz stream may ask for
_FEED = 1 << 16
_NAMED, _COMMENTED, _EXTRA, _SUMMED = 8, 16, 4, 2  # flags of a gzip header
_RESERVED = 0xE0
_HEADER = 10
_LONGEST = 1 << 16  # bytes of a name or comment in a header
_TRAILER = 8


class Packer(Protocol):
    """Packs a stream."""

    def compress(self, data: bytes) -> bytes:
        """Return what is ready."""

    def flush(self) -> bytes:
        """Return the end."""


@dataclass(slots=True)
class Header:
    """What a gzip header tells: names and comments of all its members; `extra`: it has more."""

    names: list[bytes] = field(default_factory=list, repr=False)
    comments: list[bytes] = field(default_factory=list, repr=False)
    extra: bool = False


class BrokenError(Exception):
    """The packed bytes are damaged, cut off, or followed by others."""


def unpacked(source: Source, options: ReadOptions, header: Header | None = None) -> Iterator[bytes]:
    """
    Yield what is packed in a source, whole; `header` takes what stands beside it.

    Raises DocumentError E201, E218 (more, or denser, than may be), E260 (damaged, cut off, or with
    other bytes behind it).
    """
    stream = raw_stream(source)
    try:
        size = 0
        most = min(options.chunk_bytes + options.max_ratio * source.size, options.max_unpacked)
        how = packing(read(stream, 0, _FEED, source))
        stream.seek(0)
        for block in _CODECS[how](stream, header or Header()):
            size += len(block)
            if size > most:
                what = "it unpacks to more than may be"
                raise failed("E218", source, what, "Unpack it yourself if you trust it.")
            yield block
    except (BrokenError, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        what = "what is packed is damaged, cut off, or followed by other bytes"
        raise failed("E260", source, what, "Pack it again, or get a whole copy.") from None
    finally:
        stream.close()


def head_of(head: bytes, size: int = 1024) -> bytes:
    """Return the first bytes that are packed in the head of a file, b"" where none can be had."""
    how = packing(head)
    try:
        if how == "gz":
            return zlib.decompressobj(31).decompress(head, size)
        if how == "bz2":
            return bz2.BZ2Decompressor().decompress(head, size)
        if how == "xz":
            return lzma.LZMADecompressor(memlimit=_WINDOW).decompress(head, size)
        if how == "zst":
            return zstandard.head_of(head, size)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        pass
    return b""


def packer(how: str) -> Packer:
    """Return what packs a copy; nothing of the source's header comes into it."""
    return _PACKERS[how]()


def _gzip(stream: BinaryIO, header: Header) -> Iterator[bytes]:
    data, whole = b"", False
    while True:
        data = _ahead(stream, data, _HEADER)
        if whole and not data.strip(b"\0"):  # a tape ends with zeros
            yield from _zeros(stream)
            return
        data = _gzip_header(stream, data, header)
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        checksum = size = 0
        while not decoder.eof:
            data = data or stream.read(_FEED)
            out = decoder.decompress(data, BLOCK)
            if not (data or out or decoder.eof):
                raise BrokenError
            data = decoder.unconsumed_tail
            checksum, size = zlib.crc32(out, checksum), size + len(out)
            yield out
        data = _ahead(stream, decoder.unused_data, _TRAILER)
        if len(data) < _TRAILER or struct.unpack("<2L", data[:_TRAILER]) != (
            checksum,
            size & 0xFFFFFFFF,
        ):
            raise BrokenError
        data, whole = data[_TRAILER:], True


def _gzip_header(stream: BinaryIO, data: bytes, header: Header) -> bytes:
    """Take a header off; return what stands behind it."""
    if len(data) < _HEADER or not data.startswith(b"\x1f\x8b\x08") or data[3] & _RESERVED:
        raise BrokenError
    flags = data[3]
    data = data[_HEADER:]
    if flags & _EXTRA:
        data = _ahead(stream, data, 2)
        size = 2 + int.from_bytes(data[:2], "little")
        data = _ahead(stream, data, size)
        header.extra = True
        data = data[size:]
    for flag, texts in ((_NAMED, header.names), (_COMMENTED, header.comments)):
        if flags & flag:
            data = _ahead(stream, data, _LONGEST)
            text, end, data = data.partition(b"\0")
            if not end or len(text) >= _LONGEST:
                raise BrokenError
            texts.append(text)
            del texts[100:]
    return _ahead(stream, data, 2)[2:] if flags & _SUMMED else data


def _ahead(stream: BinaryIO, data: bytes, size: int) -> bytes:
    while len(data) < size and (more := stream.read(_FEED)):
        data += more
    return data


def _zeros(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        if block.strip(b"\0"):
            raise BrokenError
    return
    yield


def _streams(
    make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor],
) -> Callable[[BinaryIO, Header], Iterator[bytes]]:
    def unpack(stream: BinaryIO, _: Header) -> Iterator[bytes]:
        data = stream.read(_FEED)
        while data:
            decoder = make()
            while not decoder.eof:
                if not data and decoder.needs_input:
                    data = stream.read(_FEED)
                    if not data:
                        raise BrokenError
                yield decoder.decompress(data, BLOCK)
                data = b""
            data = decoder.unused_data or stream.read(_FEED)
            if not data.strip(b"\0"):  # padding, in xz files
                yield from _zeros(stream)
                return

    return unpack


def _zstandard(stream: BinaryIO, header: Header) -> Iterator[bytes]:
    frames = zstandard.frames(stream)
    if frames is None:
        raise BrokenError
    header.extra = frames
    yield from zstandard.unpacked(stream)


_CODECS: Mapping[str, Callable[[BinaryIO, Header], Iterator[bytes]]] = {
    "gz": _gzip,
    "bz2": _streams(bz2.BZ2Decompressor),
    "xz": _streams(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_WINDOW)),
    "zst": _zstandard,
}


_PACKERS: Mapping[str, Callable[[], Packer]] = {
    "gz": lambda: zlib.compressobj(6, zlib.DEFLATED, 31),  # no name, no time
    "bz2": bz2.BZ2Compressor,
    "xz": lzma.LZMACompressor,
    "zst": zstandard.Packer,
}

__all__ = ["Header", "Packer", "head_of", "packer", "unpacked"]
