"""Video, and sound in the same wrapping: the atoms of MP4 and QuickTime, the elements of Matroska."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.formats.picture.reader import Reader, Word, decoded, shown, xmp

_HOLDING = {b"moov", b"udta", b"trak", b"mdia", b"meta", b"ilst", b"minf"}
_SILENT = {b"mdat", b"free", b"skip", b"wide", b"stbl", b"ftyp"}
_DEPTH = 8
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
#: Matroska: Segment, Info, Tags, Tag, SimpleTag, Tracks, TrackEntry, Chapters and what they hold.
_MASTERS = {0x18538067, 0x1549A966, 0x1254C367, 0x7373, 0x67C8, 0x1654AE6B, 0xAE,
            0x1043A770, 0x45B9, 0xB6, 0x80, 0x1941A469, 0x61A7}  # fmt: skip
_TEXTS = {0x7BA9: "Title", 0x4D80: "MuxingApp", 0x5741: "WritingApp", 0x4487: "TagString",
          0x45A3: "TagName", 0x536E: "TrackName", 0x85: "ChapterName", 0x466E: "FileName",
          0x467E: "FileDescription", 0x3C83AB: "PrevFilename"}  # fmt: skip


def mp4(reader: Reader) -> Iterator[Word]:
    """Yield user data, iTunes and QuickTime metadata, and XMP."""
    yield from _atoms(reader, 0, reader.size, 0, b"")


def matroska(reader: Reader) -> Iterator[Word]:
    """Yield title, tags, and names of tracks, chapters and attachments."""
    yield from _elements(reader, 0, reader.size, 0)


def nothing(reader: Reader) -> Iterator[Word]:  # noqa: ARG001 - as the others
    """Yield nothing."""
    return iter(())


def _atoms(reader: Reader, at: int, end: int, depth: int, above: bytes) -> Iterator[Word]:
    while at + 8 <= min(end, reader.size):
        head = reader.at(at, 16)
        size, kind, begin = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if size == 1:
            size, begin = int.from_bytes(head[8:16], "big"), at + 16
        stop = at + size if size else end
        if stop <= begin:
            if stop < begin:
                return
        elif kind in _HOLDING and depth < _DEPTH:
            skip = 4 if kind == b"meta" and reader.at(begin, 4) == bytes(4) else 0
            yield from _atoms(reader, begin + skip, stop, depth + 1, kind)
        elif kind == b"uuid" and reader.at(begin, 16) == _XMP_UUID:
            yield from xmp(reader.at(begin + 16, stop - begin - 16))
        elif kind == b"XMP_":
            yield from xmp(reader.at(begin, stop - begin))
        elif above in (b"udta", b"ilst", b"meta") and kind not in _SILENT:
            text = shown(reader.at(begin, min(stop - begin, 1 << 16)))
            text = text.removeprefix("data").strip()
            if text and kind != b"hdlr":
                yield f"atom {decoded(kind)}", text
        at = stop


def _elements(reader: Reader, at: int, end: int, depth: int) -> Iterator[Word]:
    while at < min(end, reader.size):
        first = reader.number(at, 1)
        width = 9 - first.bit_length()
        if width > 4:  # noqa: PLR2004 - bytes of an id
            return
        kind = reader.number(at, width)
        at += width
        first = reader.number(at, 1)
        width = 9 - first.bit_length()
        if width > 8:  # noqa: PLR2004 - bytes of a size
            return
        size = reader.number(at, width) - (1 << 7 * width)
        at += width
        if size == (1 << 7 * width) - 1:
            size = max(0, end - at)
        if kind in _MASTERS and depth < _DEPTH:
            yield from _elements(reader, at, at + size, depth + 1)
        elif kind in _TEXTS:
            yield f"Matroska {_TEXTS[kind]}", decoded(reader.at(at, size))
        at += size
