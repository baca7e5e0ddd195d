"""
What lies in pixel data beside pixels, where no viewer shows it and anything may be written.

Bytes behind the last frame are cut off; comments and application segments of JPEG and JPEG 2000 keep
their length and lose what they say, so that no offset of a frame changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from phisweep.formats.imaging.elements import Element
from phisweep.formats.imaging.file import Dicom
from phisweep.formats.imaging.syntaxes import BIG, DEFLATED, EXPLICIT, IMPLICIT

_PIXELS = 0x7FE00010
_SAMPLES, _PHOTOMETRIC, _FRAMES, _ROWS, _COLUMNS, _BITS = (
    0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280100,
)  # fmt: skip
_NATIVE = frozenset((IMPLICIT, EXPLICIT, BIG, *DEFLATED))
_WHOLE = frozenset(("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL"))
_HALVED = "YBR_FULL_422"
_JPEG, _JPEG_2000 = b"\xff\xd8", b"\xff\x4f"
_SCAN, _END, _COMMENT, _FILL = 0xDA, 0xD9, 0xFE, 0xFF
_APPLICATIONS = range(0xE0, 0xF0)
#: Bytes of application segments by which colours are decoded: JFIF, SPIFF and HP, Adobe.
_NEEDED = {0xE0: 14, 0xE8: 32, 0xEE: 12}
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_TILE, _COMMENT_2000 = 0x90, 0x64
_MOST = 10_000  # markers before the picture itself

#: A stretch of the stream: its first byte, and how many.
Span = tuple[int, int]


def trimmed(dicom: Dicom) -> bool:
    """Leave out what stands behind the last frame of uncompressed pixels, and say whether any did."""
    element = dicom.data.get(_PIXELS)
    if element is None or element.undefined or dicom.syntax.uid not in _NATIVE:
        return False
    needed = _bytes_of(dicom)
    if not needed or element.length <= needed + needed % 2:
        return False
    element.length = needed + needed % 2
    element.head = 0  # it tells another length
    if element.value is not None:
        element.value = element.value[: element.length]
    return True


def comments(dicom: Dicom) -> list[Span]:
    """Return the stretches of compressed pixels that are no pixels, in order."""
    element = dicom.data.get(_PIXELS)
    if element is None or not element.undefined:
        return []
    return [span for start in _fragments(dicom, element) for span in _of_frame(dicom, start)]


def emptied(block: bytes, start: int, spans: Sequence[Span]) -> bytes:
    """Return bytes that begin at `start` of the stream with zeros where spans are."""
    within = [(a, n) for a, n in spans if a < start + len(block) and a + n > start]
    if not within:
        return block
    data = bytearray(block)
    for first, length in within:
        a, b = max(0, first - start), min(len(data), first + length - start)
        data[a:b] = bytes(b - a)
    return bytes(data)


def _bytes_of(dicom: Dicom) -> int:
    """Return how many bytes all frames take, 0 where the header does not tell."""
    rows, columns, bits = (_number(dicom, tag) for tag in (_ROWS, _COLUMNS, _BITS))
    samples = _number(dicom, _SAMPLES) or 1
    frames = dicom.data.told(_FRAMES).strip() or "1"
    said = dicom.data.told(_PHOTOMETRIC)
    if not frames.isdigit() or said not in (*_WHOLE, _HALVED):
        return 0
    size = (rows * columns * samples * bits * max(1, int(frames)) + 7) // 8
    return size * 2 // 3 if said == _HALVED else size


def _number(dicom: Dicom, tag: int) -> int:
    element = dicom.data.get(tag)
    if element is None or element.value is None or len(element.value) != 2:  # noqa: PLR2004 - US
        return 0
    return int(struct.unpack(f"{dicom.order}H", element.value)[0])


def _fragments(dicom: Dicom, element: Element) -> Iterator[int]:
    """Yield where each fragment of pixels begins; the table of offsets before them is none."""
    at, end, first = element.start, element.start + element.length, True
    while at + 8 <= end:
        length = int(struct.unpack("<L", dicom.bytes(at + 4, 4))[0])
        if not first:
            yield at + 8
        at, first = at + 8 + length, False


def _of_frame(dicom: Dicom, start: int) -> Iterator[Span]:
    """Yield the spans before the picture itself, of a fragment with which one begins."""
    head = dicom.bytes(start, 2)
    if head not in (_JPEG, _JPEG_2000):
        return
    at = start + 2
    for _ in range(_MOST):
        marker = dicom.bytes(at, 4)
        if len(marker) < 4 or marker[0] != _FILL:  # noqa: PLR2004 - marker and length
            return
        kind, size = marker[1], int.from_bytes(marker[2:], "big")
        if kind == _FILL or (head == _JPEG and kind in _ALONE):
            at += 1 if kind == _FILL else 2
            continue
        if kind in ((_SCAN, _END) if head == _JPEG else (_TILE, _END)):
            return
        kept = _kept(kind) if head == _JPEG else 2 if kind == _COMMENT_2000 else size
        if size - 2 > kept:
            yield at + 4 + kept, size - 2 - kept
        at += 2 + max(size, 2)


def _kept(kind: int) -> int:
    """Return how many bytes of a segment stay: all that say how to decode it."""
    if kind == _COMMENT or kind in _APPLICATIONS:
        return _NEEDED.get(kind, 0)
    return 1 << 16
