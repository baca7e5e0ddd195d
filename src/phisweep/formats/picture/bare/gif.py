"""GIF: palettes, frames, how long each is seen and how often all of them are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from phisweep.formats.picture.bare.lzw import decoded, encoded
from phisweep.formats.picture.bare.model import (
    BEHIND,
    MOST_OF_ALL,
    Bare,
    DamagedError,
    TooLargeError,
    fits,
)

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_FRAME, _EXTENSION, _END, _CONTROL, _APPLICATION = 0x2C, 0x21, 0x3B, 0xF9, 0xFF


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A frame as it lies in the file.

    `place` is left, top, width and height in pixels; `palette` the one that it has by itself or
    shares; `transparent` the index that is not drawn, -1 where there is none.
    """

    place: tuple[int, int, int, int]
    interlaced: bool
    palette: bytes = field(repr=False)
    transparent: int
    minimum: int
    head: bytes = field(repr=False)  # descriptor, and its own palette
    codes: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many pixels it has."""
        return self.place[2] * self.place[3]

    def written(self, codes: bytes) -> bytes:
        """Return the frame with such codes."""
        blocks = (codes[i : i + 255] for i in range(0, len(codes), 255))
        body = b"".join(bytes((len(block),)) + block for block in blocks)
        return self.head + bytes((self.minimum,)) + body + b"\0"


def gif(data: bytes) -> Bare:
    """
    Return the GIF without comments, texts and extensions but that of looping.

    Raises DamagedError, TooLargeError.
    """
    parts, end, total = [], 0, 0
    for piece, at in pieces(data):
        end = at
        if isinstance(piece, Frame):
            fits(*piece.place[2:])
            total += piece.size
            if total > MOST_OF_ALL:
                raise TooLargeError
            indices, used = decoded(piece.codes, piece.minimum, piece.size)
            codes = piece.codes[:used] if used is not None else encoded(indices, piece.minimum)
            parts.append(piece.written(codes))
        else:
            parts.append(piece)
    return Bare(b"".join(parts), notes=(BEHIND,) if end < len(data) else ())


def pieces(data: bytes) -> Iterator[tuple[bytes | Frame, int]]:
    """Yield what is kept, in order, with where it ends in the data. Raises DamagedError."""
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise DamagedError("it does not begin as a GIF does")
    shared, at = _palette(data, 10, 13)
    yield data[:at], at
    transparent = -1
    while True:
        kind = _bytes(data, at, 1)[0]
        if kind == _END:
            yield b";", at + 1
            return
        if kind == _FRAME:
            frame, at = _frame(data, at, shared, transparent)
            transparent = -1
            yield frame, at
        elif kind == _EXTENSION:
            label = _bytes(data, at + 1, 1)[0]
            start, (body, at) = at, _blocks(data, at + 2)
            if label == _CONTROL and len(body) == 4:  # noqa: PLR2004 - its size
                transparent = body[3] if body[0] & 1 else -1
                yield b"\x21\xf9\x04" + bytes((body[0] & 0x1D,)) + body[1:4] + b"\0", at
            elif label == _APPLICATION and body[:11] in _LOOPS and body[11:12] == b"\1":
                name, count = body[:11], data[start + 16 : start + 18]
                yield b"\x21\xff\x0b" + name + b"\x03\x01" + count + b"\0", at
        else:
            raise DamagedError("a GIF with a block that does not belong there")


def _frame(data: bytes, at: int, shared: bytes, transparent: int) -> tuple[Frame, int]:
    head = _bytes(data, at, 10)
    sides = [int.from_bytes(head[i : i + 2], "little") for i in (1, 3, 5, 7)]
    own, start = _palette(data, at + 9, at + 10)
    minimum = _bytes(data, start, 1)[0]
    codes, end = _blocks(data, start + 1)
    return Frame(
        (sides[0], sides[1], sides[2], sides[3]),
        bool(head[9] & 0x40),
        own or shared,
        transparent,
        minimum,
        data[at:start],
        codes,
    ), end


def _palette(data: bytes, flags: int, at: int) -> tuple[bytes, int]:
    """Return the palette that the flags tell of, and where it ends."""
    told = _bytes(data, flags, 1)[0]
    size = 3 << (told & 7) + 1 if told & 0x80 else 0
    return _bytes(data, at, size), at + size


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    parts = []
    while size := _bytes(data, at, 1)[0]:
        parts.append(_bytes(data, at + 1, size))
        at += 1 + size
    return b"".join(parts), at + 1


def _bytes(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) < size:
        raise DamagedError("the GIF ends too soon")
    return found
