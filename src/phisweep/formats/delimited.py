"""
CSV, TSV and other delimited tables: every cell a text, written by splicing.

The delimiter is found among `, ; tab | ^`; the quote is `"`, doubled inside quotes (RFC 4180, read
as Python's csv module reads it). The first record is the header, unless it looks like data. Names
of columns are searched as keys at "header, column 3", cells by column, "column 3, from record 1".
"""

from __future__ import annotations

from contextlib import closing
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, register
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.pieces import Cut, Marks, Piece, PieceDocument
    from phisweep.formats.tables.document import TableDocument

PREFERRED = {".tsv": b"\t", ".tab": b"\t", ".psv": b"|"}


@dataclass(slots=True)
class Delimited(FormatDefaults):
    """Delimited tables."""

    name: str = "delimited"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".tab", ".psv")
    unread: tuple[str, ...] = ("what is encoded inside a cell: base64, JSON, markup, links",)
    structured: bool = True

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the table. Raises DocumentError E201, E203, E204, E205."""
        return _table(source, options)

    def marks(
        self,
        source: Source,
        options: ReadOptions,
        *,
        linked: bool,  # noqa: ARG002 - rows say themselves whose they are
    ) -> Marks | None:
        """Return where the chunks of a table end, None where it cannot be cut. Raises DocumentError."""
        from phisweep.formats.tables.pieces import marks  # noqa: PLC0415 - as in _table

        with closing(_table(source, options)) as document:
            return marks(document)

    def piece(self, source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> PieceDocument:
        """Open a piece of a table. Raises DocumentError E201."""
        from phisweep.formats.tables.pieces import open_piece  # noqa: PLC0415 - as in _table

        return open_piece(source, options, cut, piece)


def _table(source: Source, options: ReadOptions) -> TableDocument:
    # numpy and pyarrow take 0.3 s to import, and a folder of notes needs neither.
    from phisweep.formats.tables.document import open_table  # noqa: PLC0415

    document = opened(source, options)
    suffix = PurePosixPath(source.name).suffix.lower()
    try:
        return open_table(document, PREFERRED.get(suffix, b","))
    except BaseException:
        document.close()
        raise


register(Delimited())
