"""Pictures: the words in their chunks, segments and directories."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from phisweep.formats.picture.reader import MOST, Reader, Word, decoded, shown, xmp
from phisweep.formats.picture.tiff import photoshop
from phisweep.formats.picture.tiff import words as tiff

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_STARTS = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_PACKET = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_SCAN, _END = 0xDA, 0xD9
_STEP = 1 << 20


def png(reader: Reader) -> Iterator[Word]:
    """Yield the texts of tEXt, zTXt, iTXt, the directories of eXIf, and the time."""
    at = 8
    while at < reader.size:
        head = reader.at(at, 8)
        if len(head) < 8:  # noqa: PLR2004 - length and type
            return
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield from _png_text(kind, reader.at(at + 8, size))
        elif kind == b"eXIf":
            yield from tiff(reader, at + 8)
        elif kind == b"tIME":
            data = reader.at(at + 8, 7)
            yield "Time", f"{int.from_bytes(data[:2], 'big'):04d}-{data[2]:02d}-{data[3]:02d}"
        at += 12 + size


def jpeg(reader: Reader) -> Iterator[Word]:
    """Yield comments, EXIF, XMP and IPTC, up to the picture itself."""
    at = 2
    while at < reader.size:
        head = reader.at(at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (_SCAN, _END):  # noqa: PLR2004 - a marker
            return
        if head[1] in _ALONE or head[1] == 0xFF:  # noqa: PLR2004 - filled up
            at += 1 if head[1] == 0xFF else 2  # noqa: PLR2004
            continue
        size = int.from_bytes(head[2:], "big")
        if head[1] == 0xFE or 0xE0 <= head[1] <= 0xEF:  # noqa: PLR2004 - COM, APP0 to APP15
            yield from _segment(reader, head[1], at + 4, size - 2)
        at += 2 + max(size, 2)


def gif(reader: Reader) -> Iterator[Word]:
    """Yield comments, and XMP."""
    flags = reader.number(10, 1)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while at < reader.size:
        kind = reader.at(at, 2)
        if kind[:1] == b"\x2c":
            flags = reader.number(at + 9, 1)
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            at, _ = _blocks(reader, at, keep=False)
        elif kind[:1] == b"\x21":
            at, data = _blocks(reader, at + 2, keep=kind[1:] in (b"\xfe", b"\xff", b"\x01"))
            if kind[1:] == b"\xfe":
                yield "Comment", decoded(data)
            elif data:
                yield "Extension", shown(data)
        else:
            return


def webp(reader: Reader) -> Iterator[Word]:
    """Yield EXIF and XMP."""
    at = 12
    while at < reader.size:
        head = reader.at(at, 8)
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"EXIF":
            own = at + 8 + (6 if reader.at(at + 8, 6) == _EXIF else 0)
            yield from tiff(reader, own)
        elif head[:4] == b"XMP ":
            yield from xmp(reader.at(at + 8, size))
        at += 8 + size + size % 2


def psd(reader: Reader) -> Iterator[Word]:
    """Yield IPTC, XMP and captions."""
    at = 26 + 4 + reader.number(26, 4)
    yield from photoshop(reader.at(at + 4, min(reader.number(at, 4), MOST)))


def tiff_file(reader: Reader) -> Iterator[Word]:
    """Yield the texts of a TIFF's directories."""
    yield from tiff(reader)


def anywhere(reader: Reader) -> Iterator[Word]:
    """Yield EXIF and XMP wherever they stand in the first 16 MiB: HEIC, AVIF, JPEG 2000."""
    tail = b""
    for at in range(0, min(reader.size, 16 << 20), _STEP):
        data = tail + reader.at(at, _STEP)
        start = at - len(tail)
        for match in _STARTS.finditer(data):
            yield from tiff(reader, start + match.end())
        for packet in _PACKET.findall(data):
            yield from xmp(packet)
        tail = data[-(1 << 16) :] if len(data) >= _STEP else b""


def _png_text(kind: bytes, data: bytes) -> Iterator[Word]:
    key, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        text = rest
    elif kind == b"zTXt":
        text = _inflated(rest[1:])
    else:
        packed, rest = rest[:1] == b"\1", rest[2:]
        _, _, rest = rest.partition(b"\0")  # the language
        title, _, rest = rest.partition(b"\0")
        text = _inflated(rest) if packed else rest
        if title:
            yield "Title", decoded(title)
    label = decoded(key)
    if "xmp" in label.lower():
        yield from xmp(text)
    else:
        yield label, decoded(text)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST)
    except zlib.error:
        return b""


def _segment(reader: Reader, marker: int, at: int, size: int) -> Iterator[Word]:
    data = reader.at(at, size)
    if marker == 0xFE:  # noqa: PLR2004 - COM
        yield "Comment", decoded(data)
    elif data.startswith(_EXIF):
        yield from tiff(reader, at + len(_EXIF))
    elif data.startswith(_XMP):
        yield from xmp(data[len(_XMP) :])
    elif data.startswith(_XMP_MORE):
        yield from xmp(data[len(_XMP_MORE) + 40 :])
    elif data.startswith(_PHOTOSHOP):
        yield from photoshop(data[len(_PHOTOSHOP) :])


def _blocks(reader: Reader, at: int, *, keep: bool) -> tuple[int, bytes]:
    parts = []
    while size := reader.number(at, 1):
        if keep:
            parts.append(reader.at(at + 1, size))
        at += 1 + size
    return at + 1, b"".join(parts)
