"""A typed table in pieces: where its row groups end, and some of them as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.pieces import Cut, Mark, Marks, Piece, state_of, unchanged
from phisweep.formats.stream import raw_stream
from phisweep.formats.typed.chunk import Noted, TypedChunk
from phisweep.formats.typed.document import TypedDocument
from phisweep.formats.typed.table import TypedTable
from phisweep.model import Column, Source, Text

if TYPE_CHECKING:
    from phisweep.formats.parquet import ParquetReader

#: Row groups of one piece at most; they may be small.
_MOST = 256


def marks(table: TypedTable, groups: Sequence[int]) -> Marks | None:
    """
    Return where row groups of so many rows end, None where the table cannot be cut.

    That is one of lists or maps, whose elements are numbered through and judged by the first of them.
    Raises DocumentError E201.
    """
    if table.nested:
        return None
    with closing(raw_stream(table.source)) as stream:
        state = state_of(stream)
    if not table.reader.unchanged():
        raise failed("E201", table.source, "it changed while it was read")
    # One without rows belongs to that behind it, so that the first piece has rows.
    chunks = [Mark(end, rows, 0) for end, rows in enumerate(groups, 1) if rows]
    return Marks(None, state, 0, chunks, copied=False, most=_MOST)


class PieceTable(TypedTable):
    """Some row groups of a table; its columns are judged by the records of the whole."""

    def __init__(
        self, source: Source, options: ReadOptions, cut: Cut, piece: Piece, reader: ParquetReader
    ) -> None:
        self._cut, self._piece = cut, piece
        self._rows: int = max(1, reader.file.metadata.num_rows)
        super().__init__(source, options, reader)
        self._whole = replace(reader)  # what is set of it later is the piece's
        self._check()

    def sample(self) -> Sequence[Column]:
        """Return the first records of the table."""
        return TypedTable(self.source, self.options, self._whole).sample()

    def names(self) -> Sequence[Text]:
        """Return the names and keys beside the rows, where another piece has them."""
        noted = super().beside() if self._piece.number else ()
        blocks = (block for each in noted for block in each.blocks)
        return [block for block in blocks if isinstance(block, Text) and block.kind == "key"]

    def beside(self) -> list[Noted]:
        """Return what stands beside the rows of the first piece."""
        return [] if self._piece.number else super().beside()

    def most(self) -> int:
        """Return the share of its rows: where no piece takes more, neither does the whole."""
        return super().most() * self._piece.records // self._rows

    def chunks(self) -> Iterator[TypedChunk]:
        """Yield the chunks. Raises DocumentError as a table does, E233 where they are not what was cut."""
        yield from super().chunks()
        self._check()
        if self.rows != self._piece.records:
            raise failed("E233", self.source, "a piece of it is not what was cut")

    def _check(self) -> None:
        unchanged(self.source, self._cut).close()


class TypedPiece(TypedDocument):
    """A piece of a typed table as a document."""

    def names(self) -> Sequence[Text]:
        """Return the names and keys beside the rows, where another piece has them."""
        (table,) = self.tables
        assert isinstance(table, PieceTable)  # noqa: S101 - it is made of one
        return table.names()
