"""A delimited table in pieces: where its chunks end, and some of them as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.encoding import Encoding
from phisweep.formats.pieces import Cut, Mark, Marks, Piece, check_state, state_of, unchanged
from phisweep.formats.stream import Opened, read
from phisweep.formats.tables.borders import whole_records
from phisweep.formats.tables.chunk import Dialect, Place, Rows, TableChunk, columns
from phisweep.formats.tables.document import TableDocument
from phisweep.formats.tables.lexer import lex
from phisweep.formats.tables.stretch import Stretch
from phisweep.model import Column, Location, Source, Text


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out of a table as it was cut; its first chunk ends at the byte `head`."""

    code: Encoding
    dialect: Dialect = field(repr=False)
    columns: int
    head: int


def marks(document: TableDocument) -> Marks | None:
    """
    Return where the chunks of a table end, None where it cannot be cut.

    That is one in another code than UTF-8, one whose last quote never closes, and one whose first chunk
    has no record to judge the columns by. Raises DocumentError.
    """
    opened, dialect = document.opened, document.dialect
    if opened.code.codec != "utf-8" or not dialect.first:
        return None
    state = state_of(opened.stream)
    at = begin = len(opened.code.mark)
    chunks = []
    for stretch in document.stretches():
        if stretch.read is not None and stretch.read.open_quote:
            return None
        at += len(stretch.data)
        chunks.append(Mark(at, stretch.count(), stretch.lines))
    check_state(opened.stream, state, opened.source)
    if not chunks or chunks[0].records <= dialect.named:
        return None
    known = Known(opened.code, dialect, len(dialect.first), chunks[0].end)
    return Marks(known, state, begin, chunks, names=dialect.named)


class TablePiece(TableDocument):
    """Some chunks of a table; its columns are judged by the records of the whole."""

    def __init__(self, opened: Opened, known: Known, cut: Cut, piece: Piece) -> None:
        super().__init__(opened, known.dialect, known.columns)
        self._known, self._cut, self._piece = known, cut, piece
        if piece.number:
            self.begin = Place(piece.record, piece.line)

    def names(self) -> Sequence[Text]:
        """Return the names of the columns, where they stand in another piece."""
        if not self._piece.number or not self.dialect.named:
            return ()
        shown = self.opened.source.shown
        return [
            Text(Location(shown, f"header, column {j + 1}"), name, kind="key")
            for j, name in enumerate(self.dialect.first)
        ]

    def sample(self) -> Sequence[Column]:
        """Return the first records of the table."""
        header, begin = int(self.dialect.named), len(self.opened.code.mark)
        records = slice(header, header + self.opened.options.sample_records)
        stretch = self._stretch(begin, self._known.head)
        return columns(self.opened, self.dialect, Rows(stretch, records), Place())

    def chunks(self) -> Iterator[TableChunk]:
        """Yield the records. Raises DocumentError as a table does, E233 where they are not what was cut."""
        yield from super().chunks()
        source = self.opened.source
        check_state(self.opened.stream, self._cut.state, source)
        names = self.dialect.named and not self._piece.number
        if self.rows != self._piece.records - names:
            raise failed("E233", source, "a piece of it is not what was cut")

    def stretches(self) -> Iterator[Stretch]:
        """Yield the records of the piece, chunk by chunk. Raises DocumentError E201."""
        begin = self._piece.begin
        for end in self._piece.ends:
            yield self._stretch(begin, end)
            begin = end

    def position(self) -> int:
        """Return how many bytes of the piece were read so far."""
        return max(0, super().position() - self._piece.begin)

    def _stretch(self, begin: int, end: int) -> Stretch:
        opened, delimiter = self.opened, self.dialect.delimiter
        data = read(opened.stream, begin, end - begin, opened.source)
        sure = whole_records(data, delimiter, final=True) == len(data)
        return Stretch(data, delimiter, None if sure else lex(data, delimiter, final=True))


def open_piece(source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> TablePiece:
    """Open a piece of a table. Raises DocumentError E201 where the table is not what was cut."""
    known = cut.known
    assert isinstance(known, Known)  # noqa: S101 - `marks` told it
    stream = unchanged(source, cut)
    return TablePiece(Opened(source, options, known.code, stream), known, cut, piece)
