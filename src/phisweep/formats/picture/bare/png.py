"""PNG, moving or not: header, palette, pixels, and what says how bright and how large they are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.picture.bare.model import (
    BEHIND,
    PROFILE,
    Bare,
    DamagedError,
    fits,
    orientation,
    turned,
)

_MARK = b"\x89PNG\r\n\x1a\n"
#: Chunks of numbers that are kept, and the most bytes that they have.
_KEPT = {b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"sBIT": 4, b"bKGD": 6,
         b"pHYs": 9, b"acTL": 8, b"fcTL": 26}  # fmt: skip
_PALETTE = 768
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_INDEXED = 3
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2))  # fmt: skip
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    depth: int
    colours: int
    interlaced: bool
    body: bytes = field(repr=False)

    def size(self, width: int, height: int) -> int:
        """Return the bytes that the rows of so many pixels take, unpacked."""
        passes = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        bits = self.depth * _CHANNELS[self.colours]
        total = 0
        for left, top, across, down in passes:
            columns = -(-(width - left) // across) if width > left else 0
            rows = -(-(height - top) // down) if height > top else 0
            total += rows * (1 + (columns * bits + 7) // 8) if columns else 0
        return total


def png(data: bytes) -> Bare:
    """Return the PNG without any chunk that is not named here. Raises DamagedError, TooLargeError."""
    chunks = _chunks(data)
    kind, body, _ = next(chunks, (b"", b"", 0))
    if data[:8] != _MARK or kind != b"IHDR":
        raise DamagedError("it does not begin as a PNG does")
    picture = _Picture(_header(body))
    for kind, body, at in chunks:
        if kind == b"IEND":
            notes = [*picture.notes, BEHIND] if at < len(data) else picture.notes
            return Bare(picture.written(), picture.turn, tuple(notes))
        picture.take(kind, body)
    raise DamagedError("the PNG ends too soon")


@dataclass(slots=True)
class _Picture:
    """What is kept of a PNG: chunks before and behind its pixels, its pixels, those of its frames."""

    header: _Header
    before: list[bytes] = field(default_factory=list, repr=False)
    pixels: list[bytes] = field(default_factory=list, repr=False)
    behind: list[bytes] = field(default_factory=list, repr=False)
    frames: list[tuple[int, list[bytes]]] = field(default_factory=list, repr=False)
    turn: int = 1
    notes: list[str] = field(default_factory=list)

    def take(self, kind: bytes, body: bytes) -> None:
        """Keep a chunk, or what is told by it. Raises DamagedError."""
        place = self.behind if self.pixels else self.before
        if kind == b"IDAT":
            self.pixels.append(body)
        elif kind == b"fdAT" and self.frames:
            self.frames[-1][1].append(body[4:])  # behind its number
            place.append(_chunk(kind, body))
        elif _is_kept(kind, body, self.header):
            place.append(_chunk(kind, body))
            if kind == b"fcTL" and self.pixels:
                self.frames.append((_frame_size(self.header, body), []))
        elif kind == b"eXIf":
            self.turn = orientation(body)
        elif kind == b"iCCP":
            self.notes = [PROFILE]
        elif not kind[0] & 0x20 and kind != b"PLTE":  # a capital says: needed to decode
            raise DamagedError("a PNG with a chunk that does not belong there")

    def written(self) -> bytes:
        """Return the PNG. Raises DamagedError."""
        if any(_more(frame, size) for size, frame in self.frames):
            raise DamagedError("a moving PNG with more in a frame than its pixels")
        size, pixels = self.header.size(self.header.width, self.header.height), self.pixels
        if _more(pixels, size):
            pixels = [zlib.compress(_unpacked(pixels, size), 9)]
        exif = [_chunk(b"eXIf", turned(self.turn))] if self.turn > 1 else []
        head, end = _chunk(b"IHDR", self.header.body), _chunk(b"IEND", b"")
        coded = [_chunk(b"IDAT", each) for each in pixels]
        return b"".join((_MARK, head, *self.before, *exif, *coded, *self.behind, end))


def kept_beside(data: bytes) -> bytes:
    """Return the chunks of a bare PNG that say how bright and how large its pixels are, joined."""
    told = (b"gAMA", b"cHRM", b"sRGB", b"cICP", b"pHYs")
    return b"".join(_chunk(kind, body) for kind, body, _ in _chunks(data) if kind in told)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield kind, body and end of each chunk."""
    at = 8
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        check = data[at + 8 + size : at + 12 + size]
        at += 12 + size
        if at > len(data):
            raise DamagedError("the PNG ends too soon")
        if not kind.isalpha():
            raise DamagedError("a PNG with a chunk without a name")
        if not kind[0] & 0x20 and zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise DamagedError("a PNG with a chunk that is not what was written")
        yield kind, body, at


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + check


def _header(body: bytes) -> _Header:
    if len(body) != 13 or body[9] not in _CHANNELS or body[12] > 1:  # noqa: PLR2004 - its size
        raise DamagedError("a PNG whose header says nothing that is known")
    width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    fits(width, height)
    return _Header(width, height, body[8], body[9], bool(body[12]), body)


def _is_kept(kind: bytes, body: bytes, header: _Header) -> bool:
    if kind == b"PLTE":
        return header.colours == _INDEXED and len(body) <= _PALETTE
    return kind in _KEPT and len(body) <= _KEPT[kind]


def _frame_size(header: _Header, body: bytes) -> int:
    return header.size(int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"))


def _more(pieces: Sequence[bytes], size: int) -> bool:
    """Say whether more is packed than so many bytes, or stands behind. Raises DamagedError."""
    stream, rest, total = zlib.decompressobj(), b"".join(pieces), 0
    try:
        while rest and not stream.eof and total <= size:
            total += len(stream.decompress(rest, _STEP))
            rest = stream.unconsumed_tail
    except zlib.error:
        raise DamagedError("a PNG with pixels that cannot be unpacked") from None
    if total < size:
        raise DamagedError("the pixels of the PNG end too soon")
    return not stream.eof or bool(stream.unused_data) or total > size


def _unpacked(pieces: Sequence[bytes], size: int) -> bytes:
    return zlib.decompressobj().decompress(b"".join(pieces), size)
