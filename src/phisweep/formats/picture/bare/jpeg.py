"""JPEG: tables, frame and scans; of the rest, density, the transform of colours and orientation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from phisweep.formats.picture.bare.model import (
    BEHIND,
    PROFILE,
    Bare,
    DamagedError,
    orientation,
    turned,
)

_SOI, _EOI, _SOS, _JFIF, _EXIF, _ICC, _ADOBE = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
#: Tables, frame headers, restart interval and number of lines: what decoding needs.
_DECODING = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, _SOS}) - {0xC8}
_DROPPED = frozenset({*range(0xE0, 0xF0), 0xFE})  # APPn, COM
_NEXT = re.compile(rb"\xff[^\x00\xff]")
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def jpeg(data: bytes) -> Bare:
    """Return the JPEG without comments and APPn segments, up to its end. Raises DamagedError."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise DamagedError("it does not begin as a JPEG does")
    picture, kept = _Beside(), list[bytes]()
    marker, at = _marker(data, 2)
    while marker != _EOI:
        body = _body(data, at)
        at += 2 + len(body)
        if marker in _DECODING:
            end = _scan(data, at) if marker == _SOS else at
            kept.append(_segment(marker, body) + data[at:end])
            at = end
        elif marker in _DROPPED:
            picture.take(marker, body)
        else:
            raise DamagedError("a JPEG with a marker that does not belong there")
        marker, at = _marker(data, at)
    whole = b"".join((bytes((0xFF, _SOI)), picture.written(), *kept, bytes((0xFF, _EOI))))
    notes = [*picture.notes, BEHIND] if at < len(data) else picture.notes
    return Bare(whole, picture.turn, tuple(notes))


@dataclass(slots=True)
class _Beside:
    """What is taken over from the segments that are dropped."""

    turn: int = 1
    density: bytes = field(default=b"", repr=False)
    adobe: bytes = field(default=b"", repr=False)
    notes: list[str] = field(default_factory=list)

    def take(self, marker: int, body: bytes) -> None:
        """Look into a segment."""
        if marker == _JFIF and body[:5] == b"JFIF\0" and len(body) >= 14:  # noqa: PLR2004
            self.density = body[:12] + b"\0\0"  # without its thumbnail
        elif marker == _ADOBE and body[:5] == b"Adobe" and len(body) >= 12:  # noqa: PLR2004
            self.adobe = b"Adobe\0\x64\0\0\0\0" + bytes((min(body[11], 2),))  # the last is heard
        elif marker == _EXIF and body[:6] == b"Exif\0\0" and self.turn == 1:
            self.turn = orientation(body[6:])
        elif marker == _ICC and body[:11] == b"ICC_PROFILE":
            self.notes = [PROFILE]

    def written(self) -> bytes:
        """Return the segments that stand before the others."""
        exif = b"Exif\0\0" + turned(self.turn) if self.turn > 1 else b""
        pairs = ((_JFIF, self.density), (_EXIF, exif), (_ADOBE, self.adobe))
        return b"".join(_segment(marker, body) for marker, body in pairs if body)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the next marker, as decoders find it, and where what follows begins."""
    match = _NEXT.search(data, at)
    if match is None:
        raise DamagedError("the JPEG ends too soon")
    return match[0][1], match.end()


def _body(data: bytes, at: int) -> bytes:
    size = int.from_bytes(data[at : at + 2], "big")
    if size < 2 or at + size > len(data):  # noqa: PLR2004 - the size counts itself
        raise DamagedError("the JPEG ends too soon")
    return data[at + 2 : at + size]


def _scan(data: bytes, at: int) -> int:
    match = _SCAN_END.search(data, at)
    if match is None:
        raise DamagedError("the JPEG ends too soon")
    return match.start()


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
