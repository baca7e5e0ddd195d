"""WebP, still or moving: the coded pixels, their transparency, and how they move."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.formats.picture.bare.model import (
    BEHIND,
    PROFILE,
    Bare,
    DamagedError,
    orientation,
    turned,
)

_PIXELS = (b"VP8 ", b"VP8L", b"ALPH")
_ALPHA_AND_MOTION, _EXIF = 0x12, 0x08  # flags of VP8X
_EXTENDED, _MOVING = 10, 16  # bytes of VP8X, and of what stands before the pixels of a frame


def webp(data: bytes) -> Bare:
    """Return the WebP without any chunk that is not of its pixels. Raises DamagedError."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise DamagedError("it does not begin as a WebP does")
    if end > len(data):
        raise DamagedError("the WebP ends too soon")
    chunks = [*_chunks(data[:end], 12)]
    found = dict(reversed(chunks))  # of several the first
    extended = found.get(b"VP8X", b"")
    kept = [chunk for kind, body in chunks if (chunk := _kept(kind, body))]
    if not kept:
        raise DamagedError("a WebP without pixels")
    turn = 1
    if len(extended) == _EXTENDED:
        turn = orientation(found.get(b"EXIF", b"").removeprefix(b"Exif\0\0"))
        flags = extended[0] & _ALPHA_AND_MOTION | (_EXIF if turn > 1 else 0)
        kept.insert(0, _chunk(b"VP8X", bytes((flags, 0, 0, 0)) + extended[4:]))
    if turn > 1:
        kept.append(_chunk(b"EXIF", turned(turn)))
    body = b"WEBP" + b"".join(kept)
    notes = [PROFILE] if b"ICCP" in found else []
    if len(data) > end + end % 2:
        notes.append(BEHIND)
    return Bare(b"RIFF" + len(body).to_bytes(4, "little") + body, turn, tuple(notes))


def _kept(kind: bytes, body: bytes) -> bytes:
    """Return what of a chunk is kept, b"" where nothing is."""
    if kind in _PIXELS or (kind == b"ANIM" and len(body) == 6):  # noqa: PLR2004 - its size
        return _chunk(kind, body)
    if kind == b"ANMF":
        inner = _chunks(body, _MOVING)
        own = b"".join(_chunk(each, pixels) for each, pixels in inner if each in _PIXELS)
        return _chunk(kind, body[:_MOVING] + own)
    return b""


def _chunks(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise DamagedError("the WebP ends too soon")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
