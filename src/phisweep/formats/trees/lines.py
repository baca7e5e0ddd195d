"""JSON lines, read by chunks of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from phisweep.errors import DocumentError
from phisweep.formats.plain import check_lines, too_long
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import Opened, TextDocument
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.formats.trees.document import (
    SHARE_OF_CHUNK,
    malformed,
)

#: Takes the leaves of a line, which are those of a text, into a scribe; the last is "line 3: ".
Enter = Callable[[Scribe, str, Sequence[Leaf], str], None]


def enter_leaves(scribe: Scribe, text: str, found: Sequence[Leaf], prefix: str) -> None:
    """Add every leaf as it stands."""
    for leaf in found:
        scribe.add(text, leaf, prefix)


class JsonLinesDocument(TextDocument):
    """An opened file of JSON lines; `rows` counts the lines that are not blank."""

    structure = "lines"

    def __init__(self, opened: Opened, enter: Enter = enter_leaves) -> None:
        super().__init__(opened)
        self.enter = enter
        self.mark, self.line = opened.code.mark, 1  # before the first chunk

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E205, E209, E210."""
        code = self.opened.code
        mark, line, byte, self.rows = self.mark, self.line, len(code.mark), 0
        error: DocumentError | None = None
        for piece in self.stretches():
            text = self.opened.text(piece)
            scribe = Scribe(self.opened, line)
            for begin, end in _lines(text):
                if fault := self._parse(scribe, text, begin, end, line):
                    place = byte + code.size(text[: fault.at])
                    error = error or malformed(self.opened, fault, place, line)
                line += 1
            yield scribe.flush(text, len(text), mark)
            mark = b""
            byte += code.size(text)
        if mark:
            yield Scribe(self.opened).flush("", 0, mark)
        if error:
            raise error

    def _parse(self, scribe: Scribe, text: str, begin: int, end: int, line: int) -> Fault | None:
        if text[begin:end].isspace() or begin == end:
            return None
        self.rows = (self.rows or 0) + 1
        try:
            found = list(leaves(text, begin, end, self.opened.options.max_depth))
        except Fault as fault:
            scribe.add_rest(text, begin, end, f"line {line}")
            return fault
        self.enter(scribe, text, found, f"line {line}: ")
        return None

    def stretches(self) -> Iterator[bytes]:
        """Yield whole lines, chunk by chunk. Raises DocumentError E205."""
        options, source = self.opened.options, self.opened.source
        held, line = b"", 1
        for block in self.opened.blocks(max(1, options.chunk_bytes // SHARE_OF_CHUNK)):
            cut = block.rfind(b"\n") + 1
            if not cut:
                held += block
            else:
                piece, held = held + block[:cut], block[cut:]
                check_lines(piece, source, line, options.max_line_bytes)
                yield piece
                line += piece.count(b"\n")
            if len(held) > options.max_line_bytes:
                raise too_long(source, line, options.max_line_bytes)
        if held:
            yield held


def _lines(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield the half-open code points of each line without its `\n`."""
    begin = 0
    while (end := text.find("\n", begin)) >= 0:
        yield begin, end
        begin = end + 1
    if begin < len(text):
        yield begin, len(text)
