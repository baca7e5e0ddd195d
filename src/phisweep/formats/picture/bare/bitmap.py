"""BMP, which is not packed: its pixels are read, and written as a new one."""

from __future__ import annotations

from io import BytesIO

from phisweep.formats.picture.bare.model import BEHIND, Bare, DamagedError, RefusedError
from phisweep.formats.picture.frames import frames

_STORED = frozenset({0, 3, 6})  # how pixels may lie that have a size: as they are, or by masks
_MODES = frozenset({"1", "L", "P", "RGB"})  # that are written as they are read


def bmp(data: bytes) -> Bare:
    """Return a new BMP of the same pixels. Raises DamagedError, RefusedError."""
    start = int.from_bytes(data[10:14], "little")
    (image,) = frames(data, "BMP")
    if image.mode not in _MODES:
        raise RefusedError("a BMP with transparency")
    size = int.from_bytes(data[14:18], "little")
    packed = int.from_bytes(data[30:34], "little") if size > 12 else 0  # noqa: PLR2004 - of OS/2
    bits = int.from_bytes(data[28:30] if size > 12 else data[24:26], "little")  # noqa: PLR2004
    end = start + (image.width * bits + 31) // 32 * 4 * image.height
    if packed in _STORED and end > len(data):
        raise DamagedError("the BMP ends too soon")
    out = BytesIO()
    image.save(out, "BMP")
    return Bare(out.getvalue(), notes=(BEHIND,) if packed in _STORED and end < len(data) else ())
