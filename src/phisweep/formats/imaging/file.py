"""A file of DICOM: its preamble and file meta information, and the data set in it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.imaging.elements import DataSet
from phisweep.formats.imaging.parsing import Flaw, Parser
from phisweep.formats.imaging.syntaxes import BIG, EXPLICIT, IMPLICIT, Syntax
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

PREAMBLE = 128
_TRANSFER_SYNTAX = 0x00020010
DEEPEST = 60  # sequences within each other; those of the standard are 7 deep at most


@dataclass(slots=True)
class Dicom:
    """
    A file, read but for its large values, which stay in `stream`.

    `meta` is None for a naked data set.
    """

    stream: BinaryIO = field(repr=False)
    meta: DataSet | None
    data: DataSet
    syntax: Syntax
    warnings: list[str]

    @property
    def order(self) -> str:
        """The order of bytes as `struct` calls it."""
        return "<" if self.syntax.little else ">"

    def bytes(self, start: int, length: int) -> bytes:
        """Return bytes of the stream in which the data set stands."""
        self.stream.seek(start)
        return self.stream.read(length)


def opened(source: Source, options: ReadOptions) -> Dicom:
    """Read a file. Raises DocumentError E201, E209, E218, E235, E236."""
    stream = raw_stream(source)
    try:
        return _read(stream, source, options)
    except Flaw as flaw:
        stream.close()
        todo = "Get it again from where it came from."
        raise failed(flaw.code, source, flaw.what, todo) from None
    except BaseException:
        stream.close()
        raise


def _read(stream: BinaryIO, source: Source, options: ReadOptions) -> Dicom:
    size = source.size if source.data is None else len(source.data)
    size = stream.seek(0, 2) or size
    head = read(stream, 0, PREAMBLE + 4, source)
    depth = min(options.max_depth, DEEPEST)
    warnings: list[str] = []
    meta = None
    naked = head[PREAMBLE:] != b"DICM"
    at = 0 if naked else PREAMBLE + 4
    if not naked and head[:PREAMBLE].strip(b"\0"):
        warnings.append("its preamble holds bytes, which no reader of DICOM looks at: zeros now")
    if not naked or head[:2] == b"\2\0":
        parser = Parser(stream, size, depth, at=at)
        meta = parser.meta()
        at = parser.at
        if not meta.elements:
            meta = None
    if meta is not None:
        syntax = Syntax.of(meta.told(_TRANSFER_SYNTAX) or _guessed(read(stream, at, 8, source)))
    else:
        syntax = Syntax.of(_guessed(read(stream, at, 8, source)))
    if syntax.deflated:
        stream.seek(at)
        stream, size = _inflated(stream, source, options)
        at = 0
    parser = Parser(stream, size, depth, little=syntax.little, at=at)
    data = parser.whole(implicit=syntax.implicit)
    if not data.elements:
        raise Flaw("there is no data set in it", "E236")
    told = [*warnings, *sorted(parser.warnings)]
    return Dicom(stream, meta, data, syntax, told)


def _guessed(head: bytes) -> str:
    """Return the transfer syntax of a data set that begins so and does not say its own."""
    if head[4:6].isalpha() and head[4:6].isupper():
        return BIG if head[0] == 0 and head[1] else EXPLICIT
    return IMPLICIT


def _inflated(stream: BinaryIO, source: Source, options: ReadOptions) -> tuple[BinaryIO, int]:
    """Return a deflated data set unpacked. Raises DocumentError E218, Flaw."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    most = options.chunk_bytes + options.max_ratio * source.size
    out = bytearray()
    with stream:
        try:
            while block := stream.read(1 << 20):
                out += inflater.decompress(block, most + 1 - len(out))
                if len(out) > most:
                    raise failed("E218", source, "it unpacks to more than may be")
        except zlib.error:
            raise Flaw("what is packed in it is damaged") from None
    if not inflater.eof:
        raise Flaw("what is packed in it is cut off")
    return BytesIO(bytes(out)), len(out)
