"""A file of messages, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.formats.base import failed
from phisweep.formats.hl7.chunk import Hl7Chunk
from phisweep.formats.hl7.pieces import SHARE_OF_CHUNK, pieces
from phisweep.formats.hl7.reader import Reader
from phisweep.formats.stream import TextDocument


class Hl7Document(TextDocument):
    """An opened file of messages; `rows` counts them."""

    structure = "lines"

    def chunks(self) -> Iterator[Hl7Chunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E205, E237, E238, E239."""
        options, source = self.opened.options, self.opened.source
        reader, mark, blank = Reader(self.opened), self.opened.code.mark, True
        blocks = self.opened.blocks(max(1, options.chunk_bytes // SHARE_OF_CHUNK))
        for piece in pieces(blocks, source, options):
            text = self.opened.text(piece)
            blank = blank and not text.strip("\ufeff \t\r\n\x0b\x1c")
            chunk = reader.chunk(text, mark)
            self.rows = reader.messages
            yield chunk
            chunk.close()
            mark = b""
        if mark:
            yield reader.chunk("", mark)
        reader.finish()
        if reader.strays:
            self.warnings.append("lines within messages that are no segments: searched as text")
        if blank:
            self.warnings.append("the document is empty")
        elif not reader.messages and not reader.error and not reader.batched:
            todo = "If it is no HL7 v2, give it another suffix; it was searched as text."
            raise failed("E237", source, "there is no message (MSH) in it", todo)
        if reader.error:
            raise reader.error
