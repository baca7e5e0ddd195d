"""
Which code the bytes of a text are in, and back.

In this order: byte order mark; what the user says (it wins over sniffing, and must not contradict
a mark); strict UTF-8; cp1252 with a warning. Newlines are never translated. Bytes that mix valid
UTF-8 sequences with invalid ones are damaged UTF-8 and not another code: guessing there would
turn letters into others without a word.
"""

from __future__ import annotations

import codecs
import re
from io import BytesIO, TextIOWrapper
from typing import BinaryIO

from phisweep.errors import DocumentError, UsageError
from phisweep.formats.base import failed
from phisweep.model import Source
from phisweep.values import dataclass

BLOCK = 1 << 20
HEAD = 1 << 16
ADVICE = "Set --encoding, or encoding under [tool.phisweep.files]."

#: Byte order mark, codec. The marks of UTF-32 stand first: that of UTF-16-LE begins one of them.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What a codec is called where its byte order mark is there too, as in Python's list of codecs.
MARKED = {
    "utf-8": "utf-8-sig",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-32-le": "utf-32",
    "utf-32-be": "utf-32",
}
#: The byte order that Windows and the web mean where a mark is missing (WHATWG Encoding).
UNMARKED = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
#: First bytes of files that are no text, though they may hold no NUL for long.
MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office file"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "a PNG"),
    (b"\xff\xd8\xff", "a JPEG"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "an old office file"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
)
CONTROLS_ALLOWED = 0.01  # share of control characters above which bytes are no text

# The well-formed sequences of 2 to 4 bytes: Unicode 15.0, table 3-7.
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_LEAD = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")  # how such a sequence begins; ten times as fast
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"  # in cp1252
_CONTROLS = bytes(c for c in range(32) if c not in b"\b\t\n\v\f\r\x1b\x1c")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec without byte order mark, the mark that the source has, and what to warn of."""

    codec: str
    mark: bytes = b""
    warning: str = ""

    @property
    def label(self) -> str:
        """The codec as a report calls it: with a mark `utf-8-sig`, `utf-16`, `utf-32`."""
        return MARKED.get(self.codec, self.codec) if self.mark else self.codec

    @property
    def whole(self) -> bool:
        """True where every character of Unicode can be written."""
        return self.codec in MARKED

    def encode(self, text: str, source: Source) -> bytes:
        """Return the text in this code, without a mark. Raises DocumentError E206."""
        try:
            return text.encode(self.codec)
        except UnicodeEncodeError:
            raise failed(
                "E206",
                source,
                f"a replacement cannot be written in {self.codec}",
                "Choose another operator, or convert the document to utf-8.",
            ) from None

    def size(self, text: str) -> int:
        """Return how many bytes a text of the source takes in it, without a mark."""
        return len(text.encode(self.codec, "replace"))

    def back(self, data: bytes, source: Source) -> bytes:
        """Return UTF-8 bytes in this code. Raises DocumentError E206."""
        return data if self.codec == "utf-8" else self.encode(data.decode(), source)


def detect(stream: BinaryIO, source: Source, chosen: str = "") -> Encoding:
    """
    Say which code the whole stream is in; `chosen` is the user's word for it.

    Raises DocumentError E203 (undecodable, or mark and choice contradict), E204 (binary);
    UsageError E125 for a name that is no text encoding.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    if kind := magic(head):
        raise failed("E204", source, f"binary content: it begins like {kind}")
    mark, codec = next(((m, c) for m, c in MARKS if head.startswith(m)), (b"", ""))
    if chosen:
        name = _known(chosen)
        if codec and name not in (codec, MARKED[codec]):
            raise failed(
                "E203",
                source,
                f"the byte order mark says {codec}, the option says {name}",
                "Leave --encoding out for this document.",
            )
        codec = codec or UNMARKED.get(name, name)
    if codec not in ("", "utf-8"):
        return Encoding(codec, mark)
    fault = _first_fault(stream, source, len(mark))
    if fault is None:
        return Encoding("utf-8", mark)
    if not codec and not controlled(head) and _is_cp1252(stream):
        return Encoding("cp1252", b"", "not utf-8; read as cp1252, which is a guess")
    raise not_valid("utf-8", fault, source)


def not_valid(codec: str, byte: int, source: Source) -> DocumentError:
    """Return the error for the 0-based byte at which a source is not what it should be."""
    return failed("E203", source, f"not valid {codec} at byte {byte}", ADVICE)


def binary(byte: int, source: Source) -> DocumentError:
    """Return the error for a NUL at a 0-based byte."""
    return failed(
        "E204",
        source,
        f"binary content: a NUL at byte {byte}",
        "If it is utf-16 without a byte order mark, set --encoding utf-16.",
    )


def magic(head: bytes) -> str:
    """Return what kind of file begins like this, or "" where it may be a text."""
    return next((kind for mark, kind in MAGIC if head.startswith(mark)), "")


def controlled(head: bytes) -> bool:
    """Say whether more control characters stand here than in any text."""
    return len(head) - len(head.translate(None, _CONTROLS)) > CONTROLS_ALLOWED * len(head)


def looks_like_text(head: bytes, chosen: str = "") -> bool:
    """Say whether the first bytes of a file may be a text, in UTF-8, UTF-16/32 or an 8-bit code."""
    if magic(head):
        return False
    if any(head.startswith(mark) for mark, codec in MARKS if codec != "utf-8"):
        return True
    if chosen and _known(chosen).startswith(("utf-16", "utf-32")):
        return True
    return b"\0" not in head and not controlled(head)


def _known(name: str) -> str:
    try:
        TextIOWrapper(BytesIO(), name).detach()  # rot13 or base64 are codecs, but of no text
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        raise UsageError("E125", "no encoding is called that", where="--encoding") from None


def _first_fault(stream: BinaryIO, source: Source, start: int) -> int | None:
    stream.seek(start)
    at, pending = start, b""
    while True:
        block = stream.read(BLOCK)
        if (nul := block.find(b"\0")) >= 0:
            raise binary(at + len(pending) + nul, source)
        data = pending + block
        if data and not data.isascii():
            try:
                used = codecs.utf_8_decode(data, "strict", not block)[1]
            except UnicodeDecodeError as error:
                return at + error.start
        else:
            used = len(data)
        if not block:
            return None
        at, pending = at + used, data[used:]


def _is_cp1252(stream: BinaryIO) -> bool:
    stream.seek(0)
    tail = b""
    while block := stream.read(BLOCK):
        data = tail + block
        if b"\0" in data or len(data.translate(None, _UNDEFINED)) < len(data):
            return False
        if any(_SEQUENCE.match(data, lead.start()) for lead in _LEAD.finditer(data)):
            return False
        tail = data[-3:]
    return True
