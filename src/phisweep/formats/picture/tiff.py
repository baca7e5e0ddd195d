"""TIFF's directories, which are also those of EXIF: every text in them, the place and the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.formats.picture.reader import MOST, Reader, Word, decoded, shown, xmp

_DIRECTORIES = 32
_ENTRIES = 1_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 12: 8, 13: 4, 129: 1}
_ASCII, _UNDEFINED, _RATIONAL, _UTF_8 = 2, 7, 5, 129
_EXIF, _GPS, _XMP, _IPTC, _PHOTOSHOP, _MAKER, _COMMENT = (
    0x8769, 0x8825, 0x02BC, 0x83BB, 0x8649, 0x927C, 0x9286,
)  # fmt: skip
_LINKS = (_EXIF, 0xA005, 0x014A)
_WIDE = range(0x9C9B, 0x9CA0)  # Windows' title, comment, author, keywords, subject: UTF-16
NAMES = {
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model",
    0x011D: "PageName", 0x0131: "Software", 0x0132: "DateTime", 0x013B: "Artist",
    0x013C: "HostComputer", 0x8298: "Copyright", 0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized", 0x927C: "MakerNote", 0x9286: "UserComment",
    0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject", 0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber", 0xA433: "LensMake", 0xA434: "LensModel",
    0xA435: "LensSerialNumber", 0xC62F: "CameraSerialNumber", 0xC65D: "RawDataUniqueID",
    0xA480: "GDALMetadata",
}  # fmt: skip
_GPS_NAMES = {7: "GPSTimeStamp", 8: "GPSSatellites", 18: "GPSMapDatum", 27: "GPSProcessingMethod",
              28: "GPSAreaInformation", 29: "GPSDateStamp"}  # fmt: skip
_DATASETS = {
    5: "ObjectName", 25: "Keywords", 40: "SpecialInstructions", 55: "DateCreated", 80: "Byline",
    85: "BylineTitle", 90: "City", 92: "SubLocation", 95: "ProvinceState", 101: "Country",
    103: "TransmissionReference", 105: "Headline", 110: "Credit", 116: "Copyright",
    118: "Contact", 120: "Caption", 122: "CaptionWriter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    data: bytes
    offset: int


def words(reader: Reader, base: int = 0) -> Iterator[Word]:
    """Yield what stands in the directories of a TIFF that begins at byte `base`."""
    mark = reader.at(base, 8)
    order = {b"II": "little", b"MM": "big"}.get(mark[:2], "")
    if not order:
        return
    todo, seen = [(base + _number(mark[4:8], order), False)], set[int]()
    while todo and len(seen) < _DIRECTORIES:
        at, gps = todo.pop(0)
        if at in seen or at == base:
            continue
        seen.add(at)
        entries, after = _entries(reader, base, at, order)
        if after:
            todo.append((base + after, False))
        if gps:
            yield from _place(entries, order)
            continue
        for entry in entries:
            if entry.tag in _LINKS or entry.tag == _GPS:
                todo.append((base + _number(entry.data[:4], order), entry.tag == _GPS))
            else:
                yield from _words(entry)


def iptc(data: bytes) -> Iterator[Word]:
    """Yield the texts of IPTC-IIM records."""
    at = 0
    while 0 <= at < len(data) - 5:
        if data[at] != 0x1C:  # noqa: PLR2004 - the mark of a record
            at = data.find(b"\x1c", at + 1)
            continue
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        value = data[at + 5 : at + 5 + size]
        if data[at + 1] == 2 and value and data[at + 2]:  # noqa: PLR2004 - the application record
            number = data[at + 2]
            yield f"IPTC {_DATASETS.get(number, number)}", decoded(value)
        at += 5 + size


def photoshop(data: bytes) -> Iterator[Word]:
    """Yield the texts of Photoshop's image resources."""
    at = 0
    while data[at : at + 4] == b"8BIM":
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        named = 1 + data[at + 6] if at + 6 < len(data) else 1
        at += 6 + named + named % 2
        size = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 4 + size]
        if kind == 0x0404:  # noqa: PLR2004 - IPTC
            yield from iptc(body)
        elif kind == 0x0424:  # noqa: PLR2004 - XMP
            yield from xmp(body)
        elif kind in (0x03F0, 0x040B):  # caption, URL
            yield "PhotoshopText", decoded(body)
        at += 4 + size + size % 2


def _entries(reader: Reader, base: int, at: int, order: str) -> tuple[list[_Entry], int]:
    count = min(reader.number(at, 2, order), _ENTRIES)
    table = reader.at(at + 2, 12 * count + 4)
    found = []
    for i in range(0, 12 * count, 12):
        row = table[i : i + 12]
        if len(row) < 12:  # noqa: PLR2004 - bytes of an entry
            break
        tag, kind = _number(row[:2], order), _number(row[2:4], order)
        size = _number(row[4:8], order) * _SIZES.get(kind, 0)
        data, offset = row[8 : 8 + size], 0
        if size > 4:  # noqa: PLR2004 - else the value stands in the entry
            offset = base + _number(row[8:12], order)
            data = reader.at(offset, min(size, MOST)) if _wanted(tag, kind, size) else b""
        found.append(_Entry(tag, kind, data, offset))
    return found, _number(table[12 * count : 12 * count + 4], order)


def _wanted(tag: int, kind: int, size: int) -> bool:
    told = kind in (_ASCII, _UTF_8) or tag in NAMES or tag in (_XMP, _IPTC, _PHOTOSHOP)
    return told or (kind == _RATIONAL and size <= 24)  # noqa: PLR2004 - degrees, minutes, seconds


def _words(entry: _Entry) -> Iterator[Word]:
    tag = entry.tag
    if tag == _XMP:
        yield from xmp(entry.data)
    elif tag == _IPTC:
        yield from iptc(entry.data)
    elif tag == _PHOTOSHOP:
        yield from photoshop(entry.data)
    elif tag in _WIDE:
        yield NAMES[tag], entry.data.decode("utf-16-le", "replace").strip("\0 ")
    elif tag == _COMMENT:
        yield NAMES[tag], _comment(entry.data)
    elif entry.kind in (_ASCII, _UTF_8):
        for text in entry.data.split(b"\0"):
            if text.strip():
                yield NAMES.get(tag, f"tag {tag}"), decoded(text)
    elif tag in NAMES:
        yield NAMES[tag], shown(entry.data)


def _comment(data: bytes) -> str:
    code, text = data[:8], data[8:]
    if code.startswith(b"UNICODE"):
        return text.decode("utf-16-be" if text[:1] == b"\0" else "utf-16-le", "replace").strip(
            "\0 "
        )
    return decoded(text) if code.strip(b"\0") in (b"", b"ASCII") else shown(data)


def _place(entries: list[_Entry], order: str) -> Iterator[Word]:
    """Yield the coordinates as degrees, and what else is told of the place."""
    told = {entry.tag: entry.data for entry in entries}
    if {2, 4} <= told.keys():  # latitude and longitude
        north = _degrees(told[2], order) * (-1 if told.get(1, b"N")[:1] == b"S" else 1)
        east = _degrees(told[4], order) * (-1 if told.get(3, b"E")[:1] == b"W" else 1)
        yield "GPSPosition", f"{north:.6f}, {east:.6f}"
    for entry in entries:
        if entry.tag in _GPS_NAMES and entry.kind in (_ASCII, _UNDEFINED):
            yield _GPS_NAMES[entry.tag], shown(entry.data)


def _degrees(data: bytes, order: str) -> float:
    total = 0.0
    for i, part in enumerate((1, 60, 3600)):
        above, below = data[8 * i : 8 * i + 4], data[8 * i + 4 : 8 * i + 8]
        if divisor := _number(below, order):
            total += _number(above, order) / divisor / part
    return total


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "little" else "big")
