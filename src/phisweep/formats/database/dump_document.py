"""An opened dump: its dialect, and its parts in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from phisweep.formats.base import Structure, failed
from phisweep.formats.database.dump_chunk import DumpChunk
from phisweep.formats.database.dump_reader import DumpReader, Stretch
from phisweep.formats.database.lexer import Dialect
from phisweep.formats.stream import Opened, TextDocument
from phisweep.model import Column

STATEMENTS = "statements"
_HEAD = 1 << 18  # bytes by which the dialect is told
_MYSQL = re.compile(r"^-- (?:MySQL|MariaDB) dump|/\*M?!\d{5}|\bENGINE\s*=\s*\w|`\w+`", re.MULTILINE)
_POSTGRES = re.compile(
    r"PostgreSQL|pg_catalog|^COPY .* FROM stdin;|\bstandard_conforming", re.MULTILINE
)
_MSSQL = re.compile(r"^GO\s*$|\[dbo\]|SET ANSI_NULLS|\bN'", re.MULTILINE)
_SQLITE = re.compile(r"^PRAGMA foreign_keys|\bsqlite_sequence\b", re.MULTILINE)
_ESCAPED = re.compile(r"\w\\'\w")
_NOT_ESCAPING = re.compile(r"standard_conforming_strings\s*=\s*'?off", re.IGNORECASE)
_ENDS = {"-- PostgreSQL database dump": "complete", "-- MySQL dump": "-- Dump completed"}


def dialect_of(head: str) -> Dialect:
    """Return how the database wrote that made a dump, by its first statements."""
    if _POSTGRES.search(head):
        return Dialect("postgres", escapes=_NOT_ESCAPING.search(head) is not None)
    if _SQLITE.search(head):
        return Dialect("sqlite")
    if _MSSQL.search(head) and not re.search(r"`\w+`", head):
        return Dialect("mssql")
    if _MYSQL.search(head):
        return Dialect("mysql", escapes=True, quoted_strings=True)
    return Dialect("standard", escapes=_ESCAPED.search(head) is not None)


class DumpDocument(TextDocument):
    """A dump, read once from its beginning; `rows` counts rows of INSERT and COPY."""

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened)
        self.rows = 0
        self.head = b"".join(
            block for block, _ in zip(opened.blocks(_HEAD), range(1), strict=False)
        )
        self.dialect = dialect_of(self.head.decode("utf-8", "replace"))

    def parts(self) -> Iterator[DumpPart]:  # type: ignore[override]  # a text of several parts
        """Yield runs of statements, and of rows of one table. Raises DocumentError E201 to E251."""
        reader = DumpReader(self.opened, self.dialect)
        chunks = _Ahead(self, reader)
        while (first := chunks.peek()) is not None:
            part = DumpPart(chunks, first.stretch.table)
            yield part
            for _ in part.chunks():  # what nobody asked for
                pass
        if reader.faults:
            more = f", and {len(reader.faults) - 1} more" if len(reader.faults) > 1 else ""
            raise failed(
                "E251",
                self.opened.source,
                reader.faults[0] + more,
                "Make the dump again, whole and as plain SQL.",
            )
        for begin, end in _ENDS.items():
            if begin.encode() in self.head[:200] and end not in reader.tail:
                self.warnings.append("its last line, which says that it is complete, is missing")


class _Ahead:
    """The chunks of a dump, of which the next may be looked at before it is taken."""

    def __init__(self, document: DumpDocument, reader: DumpReader) -> None:
        self.document = document
        self._stretches = reader.stretches()
        self._mark = document.opened.code.mark
        self._next: DumpChunk | None = None
        self._table: str | None = None
        self._first = 1

    def peek(self) -> DumpChunk | None:
        """Return the next chunk, None where there is none."""
        if self._next is None and (stretch := next(self._stretches, None)) is not None:
            self._next = self._chunk(stretch)
        if self._next is None and self._mark:
            self._next = self._chunk(Stretch("", 1, 1))
        return self._next

    def take(self) -> None:
        """Go on behind the next chunk."""
        self._next = None

    def _chunk(self, stretch: Stretch) -> DumpChunk:
        opened, mark = self.document.opened, self._mark
        self._mark = b""
        if stretch.table != self._table:
            self._table, self._first = stretch.table, 1
        chunk = DumpChunk(opened, self.document.dialect, mark, stretch, self._first)
        if stretch.rows is not None:
            self._first += len(stretch.rows.at)
            self.document.rows = (self.document.rows or 0) + len(stretch.rows.at)
        return chunk


class DumpPart:
    """A run of statements, or of rows of one table; read once."""

    def __init__(self, chunks: _Ahead, table: str | None) -> None:
        self._chunks = chunks
        self._table = table
        self.structure: Structure = "text" if table is None else "rows"

    @property
    def name(self) -> str:
        """What the table is called."""
        return STATEMENTS if self._table is None else self._table

    def sample(self) -> Sequence[Column]:
        """Return the first rows."""
        first = self._chunks.peek()
        if first is None or first.stretch.table != self._table:
            return ()
        return [block for block in first.blocks if isinstance(block, Column)]

    def chunks(self) -> Iterator[DumpChunk]:
        """Yield the stretches."""
        while (chunk := self._chunks.peek()) is not None and chunk.stretch.table == self._table:
            self._chunks.take()
            try:
                yield chunk
            finally:
                chunk.close()
