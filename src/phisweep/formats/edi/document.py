"""A file of interchanges, read piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from phisweep.formats.base import failed
from phisweep.formats.edi.chunk import X12Chunk
from phisweep.formats.edi.reader import Reader
from phisweep.formats.stream import TextDocument

#: An element takes some ten times its bytes in memory, hence chunks are smaller than those of text.
SHARE_OF_CHUNK = 8


class X12Document(TextDocument):
    """An opened file of interchanges; `rows` counts their transactions."""

    structure = "lines"

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
