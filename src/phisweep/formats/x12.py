"""
X12: interchanges of claims, remittances, eligibility, enrolment; searched element by element.

The separators are those of each interchange's ISA, and segments may stand on lines or not. Every
element of every segment is searched, and what stands outside of interchanges as text. X12 has no
escapes: where a replacement holds a separator, a blank stands for it. The elements of ISA keep
their width, so that the next reader finds the separators.

Addresses: `transaction 1, segment 8, NM1-03` (segments count from ST, as in SE01), `interchange 1,
ISA-06`, `HI-01[2].1` (repetition and component). In paths the code that an element is told by stands
in brackets: NM1[IL]-03, NM1[PR.org]-03, NM1[85]-09[XX], REF[SY]-02, DTP[472]-03[D8], PER[IC]-04[TE].
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.formats.base import FormatDefaults, OnePart, ReadOptions, failed, register
from phisweep.formats.edi.chunk import X12Chunk
from phisweep.formats.edi.reader import Reader
from phisweep.formats.edi.separators import separators
from phisweep.formats.stream import Opened, opened
from phisweep.model import Source

#: An element takes some ten times its bytes in memory, hence chunks are smaller than those of text.
SHARE_OF_CHUNK = 8
_BEFORE = re.compile(r"[\s\ufeff]*")


@dataclass(slots=True)
class X12Document(OnePart):
    """An opened file of interchanges; `rows` counts their transactions."""

    structure = "lines"

    opened: Opened
    encoding: str
    warnings: list[str]
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[X12Chunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E205, E240, E241."""
        reader, mark, held = Reader(self.opened), self.opened.code.mark, ""
        most, empty = self.opened.options.max_line_bytes, True
        for text, last in self._texts():
            held += text
            empty = empty and not held.strip()
            chunk, used = reader.chunk(held, mark, last=last)
            held = held[used:]
            self.rows = reader.transactions
            if used:
                yield chunk
                mark = b""
            if len(held) > most:
                todo = "No document is written that broken; exclude the file."
                what = f"a segment is longer than {most} bytes"
                raise failed("E205", self.opened.source, what, todo)
        if mark:
            yield reader.chunk("", mark, last=True)[0]
        reader.finish()
        if empty:
            self.warnings.append("the document is empty")
        if reader.miscounted:
            self.warnings.append("a trailer (SE01) does not count its segments right")
        if reader.error:
            raise reader.error

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()

    def _texts(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in blocks, and at last what is left with True."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        size = max(1, self.opened.options.chunk_bytes // SHARE_OF_CHUNK)
        try:
            for block in self.opened.blocks(size):
                yield decoder.decode(block), False
            yield decoder.decode(b"", final=True), True
        except UnicodeDecodeError:  # it was valid when it was opened
            raise failed("E203", self.opened.source, "it changed while it was read") from None


@dataclass(slots=True)
class X12(FormatDefaults):
    """X12 interchanges."""

    name: str = "x12"
    suffixes: tuple[str, ...] = (
        *(".x12", ".edi", ".837", ".835", ".834", ".820"),
        *(".270", ".271", ".276", ".277", ".278"),
    )
    unread: tuple[str, ...] = ("what is packed in binary segments (BIN, BDS)",)
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with an ISA that names its separators."""
        text = head[:1024].removeprefix(codecs.BOM_UTF8).decode("latin-1")
        before = _BEFORE.match(text)
        start = before.end() if before else 0
        found = separators(text, start) if text.startswith("ISA", start) else None
        return found is not None and found[1]

    def open(self, source: Source, options: ReadOptions) -> X12Document:
        """Open the interchanges. Raises DocumentError E201, E203, E204."""
        document = opened(source, options)
        return X12Document(document, document.code.label, document.warnings)


register(X12())
