"""Recordings: ID3, RIFF, AIFF, FLAC, Ogg; the words that name who speaks, where and when."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.formats.picture.reader import MOST, Reader, Word, decoded, shown, xmp

_ID3V1 = (("Title", 3, 33), ("Artist", 33, 63), ("Album", 63, 93), ("Year", 93, 97),
          ("Comment", 97, 127))  # fmt: skip
_CODES = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_LISTS = (b"LIST", b"RIFF")
_PAGES = 1 << 16  # bytes at the beginning of an Ogg file in which its comments stand


def id3(reader: Reader) -> Iterator[Word]:
    """Yield the frames of ID3v2 at the beginning, and ID3v1 at the end."""
    yield from _id3v2(reader, 0)
    last = reader.at(reader.size - 128, 128)
    if last.startswith(b"TAG"):
        for name, start, end in _ID3V1:
            if text := last[start:end].strip(b"\0 "):
                yield f"ID3 {name}", decoded(text)


def riff(reader: Reader) -> Iterator[Word]:
    """Yield the INFO lists of WAV and AVI, broadcast extensions, XMP and ID3."""
    yield from _riff(reader, 12, reader.size, 0)


def aiff(reader: Reader) -> Iterator[Word]:
    """Yield name, author, copyright and annotations."""
    at = 12
    while at < reader.size:
        head = reader.at(at, 8)
        size = int.from_bytes(head[4:], "big")
        if head[:4] in (b"NAME", b"AUTH", b"(c) ", b"ANNO", b"COMT"):
            yield f"AIFF {decoded(head[:4])}", shown(reader.at(at + 8, size))
        elif head[:4] in (b"ID3 ", b"id3 "):
            yield from _id3v2(reader, at + 8)
        at += 8 + size + size % 2


def flac(reader: Reader) -> Iterator[Word]:
    """Yield the comments."""
    yield from id3(reader)
    at, last = 4, 0
    while not last and at < reader.size:
        head = reader.number(at, 1)
        last, size = head & 0x80, reader.number(at + 1, 3)
        if head & 0x7F == 4:  # noqa: PLR2004 - a block of comments
            yield from _comments(reader.at(at + 4, size))
        at += 4 + size


def ogg(reader: Reader) -> Iterator[Word]:
    """Yield the comments in the first 64 KiB."""
    data = reader.at(0, _PAGES)
    for mark in (b"\x03vorbis", b"OpusTags", b"Speex   "):
        at = data.find(mark)
        if at >= 0:
            yield from _comments(data[at + len(mark) :])


def _id3v2(reader: Reader, at: int) -> Iterator[Word]:
    head = reader.at(at, 10)
    if head[:3] != b"ID3" or len(head) < 10:  # noqa: PLR2004 - bytes of the header
        return
    version, end = head[3], at + 10 + _synchsafe(head[6:10])
    wide = 4 if version > 2 else 3  # noqa: PLR2004 - ID3v2.2 has short names
    at += 10
    while at < min(end, reader.size):
        frame = reader.at(at, wide + (6 if wide == 4 else 3))  # noqa: PLR2004
        name = frame[:wide]
        if not name.strip(b"\0") or not name.isalnum():
            return
        size = frame[wide : 2 * wide]
        length = _synchsafe(size) if version == 4 else int.from_bytes(size, "big")  # noqa: PLR2004
        at += len(frame)
        if name[:1] in b"TWCUIOP" and name[:4] not in (b"PIC", b"CHAP", b"CTOC"):
            yield f"ID3 {decoded(name)}", _frame(name, reader.at(at, length))
        at += length


def _frame(name: bytes, data: bytes) -> str:
    if name[:1] == b"W" or name in (b"PRIV", b"UFID", b"OWNE"):
        return shown(data)
    code, text = _CODES.get(data[0] if data else 0), data[1:]
    if code is None:
        return shown(data)
    if name in (b"COMM", b"USLT", b"COM", b"ULT"):
        text = text[3:]  # its language
    parts = text.decode(code, "replace").split("\0")
    return "\n".join(part.strip("\ufeff\ufffe ") for part in parts if part.strip())


def _riff(reader: Reader, at: int, end: int, depth: int) -> Iterator[Word]:
    while at < min(end, reader.size):
        head = reader.at(at, 12)
        size = int.from_bytes(head[4:8], "little")
        if len(head) < 8:  # noqa: PLR2004 - name and size
            return
        if head[:4] in _LISTS and head[8:12] == b"INFO":
            yield from _info(reader, at + 12, at + 8 + size)
        elif head[:4] in _LISTS and depth < 3 and head[8:12] != b"movi":  # noqa: PLR2004
            yield from _riff(reader, at + 12, at + 8 + size, depth + 1)
        elif head[:4] in (b"bext", b"iXML", b"strn", b"IDIT"):
            yield f"RIFF {decoded(head[:4])}", shown(reader.at(at + 8, size))
        elif head[:4] == b"_PMX":
            yield from xmp(reader.at(at + 8, size))
        elif head[:4] in (b"id3 ", b"ID3 "):
            yield from _id3v2(reader, at + 8)
        at += 8 + size + size % 2


def _info(reader: Reader, at: int, end: int) -> Iterator[Word]:
    while at < min(end, reader.size):
        head = reader.at(at, 8)
        size = int.from_bytes(head[4:], "little")
        if size:
            yield f"RIFF {decoded(head[:4])}", decoded(reader.at(at + 8, size))
        at += 8 + size + size % 2


def _comments(data: bytes) -> Iterator[Word]:
    """Yield Vorbis comments: KEY=value."""
    at = 4 + int.from_bytes(data[:4], "little")
    count = int.from_bytes(data[at : at + 4], "little")
    at += 4
    for _ in range(min(count, 10_000)):
        size = int.from_bytes(data[at : at + 4], "little")
        text = decoded(data[at + 4 : at + 4 + min(size, MOST)])
        if not text:
            return
        key, equals, value = text.partition("=")
        yield (f"comment {key}", value) if equals else ("comment", text)
        at += 4 + size


def _synchsafe(data: bytes) -> int:
    return sum((byte & 0x7F) << 7 * i for i, byte in enumerate(reversed(data)))
