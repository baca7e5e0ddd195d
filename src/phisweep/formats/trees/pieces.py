"""JSON lines in pieces: where their chunks end, and some of them as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from phisweep.formats.base import ReadOptions
from phisweep.formats.encoding import Encoding
from phisweep.formats.pieces import Cut, Mark, Marks, Piece, check_state, state_of, unchanged
from phisweep.formats.stream import Opened, read
from phisweep.formats.trees.lines import Enter, JsonLinesDocument
from phisweep.model import Source, Text

#: Chunks of one piece at most; they are smaller than those of a table.
_MOST = 256


def marks(document: JsonLinesDocument) -> Marks | None:
    """Return where the chunks end, None where the code is not UTF-8. Raises DocumentError."""
    opened = document.opened
    with closing(document):
        if opened.code.codec != "utf-8":
            return None
        state = state_of(opened.stream)
        at = begin = len(opened.code.mark)
        chunks = []
        for lines in document.stretches():
            at += len(lines)
            count = lines.count(b"\n")
            chunks.append(Mark(at, count, count))
        check_state(opened.stream, state, opened.source)
        return Marks(opened.code, state, begin, chunks, most=_MOST)


class LinesPiece(JsonLinesDocument):
    """Some chunks of JSON lines."""

    def __init__(self, opened: Opened, enter: Enter, cut: Cut, piece: Piece) -> None:
        super().__init__(opened, enter)
        self._cut, self._piece = cut, piece
        if piece.number:
            self.mark, self.line = b"", piece.line

    def names(self) -> Sequence[Text]:
        """Return nothing: no columns."""
        return ()

    def stretches(self) -> Iterator[bytes]:
        """Yield whole lines, chunk by chunk. Raises DocumentError E201."""
        opened, begin = self.opened, self._piece.begin
        for end in self._piece.ends:
            yield read(opened.stream, begin, end - begin, opened.source)
            begin = end
        check_state(opened.stream, self._cut.state, opened.source)

    def position(self) -> int:
        """Return how many bytes of the piece were read so far."""
        return max(0, super().position() - self._piece.begin)


def open_piece(
    source: Source, options: ReadOptions, enter: Enter, cut: Cut, piece: Piece
) -> LinesPiece:
    """Open a piece of JSON lines. Raises DocumentError E201 where they are not what was cut."""
    assert isinstance(cut.known, Encoding)  # noqa: S101 - `marks` told it
    stream = unchanged(source, cut)
    return LinesPiece(Opened(source, options, cut.known, stream), enter, cut, piece)
