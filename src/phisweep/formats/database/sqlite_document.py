"""A SQLite file as a schema and tables, read by streaming cursors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, Fidelity, Part, ReadOptions, Replaced, Structure, failed
from phisweep.formats.database.batch import Batch, Table, Value
from phisweep.formats.database.lexer import SQLITE
from phisweep.formats.database.private import Workplace, beside, streamed
from phisweep.formats.database.schema import Schema
from phisweep.formats.database.sqlite_catalog import (
    Catalog,
    Stored,
    connect,
    read_catalog,
    told,
)
from phisweep.formats.database.sqlite_copy import SqliteCopy, names_of
from phisweep.model import Column, Edit, Source

_STEP = 500  # rows that are fetched at once
_MOST = 50_000  # rows of a chunk
_JOURNAL = bytes.fromhex("d9d505f920a163d7")


class Reader:
    """Turns bytes of TEXT into text; what is not valid is noted, and searched as far as it goes."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self.invalid = 0

    def __call__(self, data: bytes) -> str:
        """Return the text."""
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
        try:
            if self._encoding:
                return data.decode(self._encoding)
        except (UnicodeDecodeError, LookupError):
            pass
        self.invalid += 1
        return data.decode("utf-8", "replace")


class SqliteDocument:
    """An opened SQLite file; `rows` counts those of all tables."""

    fidelity: ClassVar[Fidelity] = "always"
    held: ClassVar[str] = ""
    also_unread: ClassVar[tuple[str, ...]] = ()
    copy_path: ClassVar[str] = ""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self.options = options
        self.rows: int | None = 0
        self.columns: int | None = None
        self.warnings: list[str] = []
        self.copy: SqliteCopy | None = None
        self._done = 0.0
        self._place = Workplace()
        self._text = Reader(options.encoding)
        try:
            self.connection = connect(self._place.of(source, "source"), source, self._text)
            self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, options.max_line_bytes)
            try:
                self.catalog: Catalog = read_catalog(self.connection)
            except (sqlite3.Error, ValueError) as error:
                self.connection.close()
                raise told(error, source) from None
        except BaseException:
            self._place.close()
            raise
        self.encoding = str(self.catalog.settings["encoding"]).lower()
        self.schema = Schema(
            source, SQLITE, [e.sql for e in self.catalog.entries], tuple(names_of(self.catalog))
        )
        self.schema.done = self._begin_copy

    def parts(self) -> Iterator[Part]:
        """Yield the schema and the tables. Raises DocumentError E203, E205, E248 to E250."""
        yield self.schema
        faults: list[DocumentError] = []
        tables = [table for table in self.catalog.tables if not table.mirrors]
        for done, table in enumerate(tables, 1):
            yield SqliteTable(self, table, faults)
            self._done = done / len(tables)
        for fault in (*faults, *self._faults()):
            raise fault

    def finish(self) -> Iterator[bytes]:
        """Build the copy and yield its bytes. Raises DocumentError E249."""
        if self.copy is None:
            self._begin_copy()
        assert self.copy is not None  # noqa: S101 - just made
        path = self.copy.build()
        self.warnings += self.copy.warnings
        yield from streamed(path, self.source)

    def position(self) -> int:
        """Return how many bytes of the source were read so far, by the tables that are done."""
        return int(self.source.size * self._done)

    def close(self) -> None:
        """Release the source, and remove what was written on the way."""
        self.connection.close()
        if self.copy is not None:
            self.copy.close()
        self._place.close()

    def _begin_copy(self) -> None:
        self.copy = SqliteCopy(self.source, self.catalog, self.schema, self._place)

    def _faults(self) -> Iterator[DocumentError]:
        """Yield what is wrong with the whole file, when all that can be read was read."""
        if beside(self.source, "-wal") or beside(self.source, "-journal", _JOURNAL):
            yield failed(
                "E250",
                self.source,
                "a log beside it (-wal or -journal) holds changes that the file lacks",
                "Close the program that writes it, or: sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'",
            )
        try:
            if self.connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                yield told(ValueError(), self.source)
        except sqlite3.Error as error:
            yield told(error, self.source)
        if self._text.invalid:
            yield failed(
                "E203",
                self.source,
                f"{self._text.invalid} values are not valid utf-8",
                "Set --encoding, or encoding under [tool.phisweep.files].",
            )
        if self.catalog.unknown:
            yield failed(
                "E249",
                self.source,
                f"{self.catalog.unknown} virtual tables are of modules that cannot be read",
                "Export them as tables, and drop them.",
            )


@dataclass(slots=True)
class SqliteTable:
    """A table; its rows come in the order in which they lie."""

    document: SqliteDocument
    table: Stored
    faults: list[DocumentError] = field(default_factory=list, repr=False)
    structure: ClassVar[Structure] = "rows"

    @property
    def name(self) -> str:
        """What the table is called."""
        return self.table.entry.name

    def sample(self) -> Sequence[Column]:
        """Return the first rows."""
        try:
            for rows in self._rows(self.document.options.sample_records):
                batch = self._batch(rows, 1)
                batch.close()
                return [block for block in batch.blocks if isinstance(block, Column)]
        except sqlite3.Error:
            pass  # told when the rows are read
        return ()

    def chunks(self) -> Iterator[SqliteChunk]:
        """Yield the rows; what cannot be read is told when all parts are done."""
        first = 1
        try:
            for rows in self._rows(_MOST):
                batch = self._batch(rows, first)
                try:
                    yield SqliteChunk(self.document, self.table, rows, batch)
                finally:
                    batch.close()
                first += len(rows)
        except sqlite3.Error as error:
            self.faults.append(told(error, self.document.source))
        self.document.rows = (self.document.rows or 0) + first - 1

    def _rows(self, most: int) -> Iterator[list[tuple[object, ...]]]:
        """Yield rows until they are as many as may be, or as many bytes."""
        options = self.document.options
        cursor = self.document.connection.execute(self.table.select(options.max_line_bytes // 2))
        rows: list[tuple[object, ...]] = []
        size = 0
        while some := cursor.fetchmany(min(_STEP, most)):
            rows += some
            size += sum(len(v) if isinstance(v, str | bytes) else 8 for row in some for v in row)
            if len(rows) >= most or size >= options.chunk_bytes:
                yield rows
                rows, size = [], 0
        if rows:
            yield rows

    def _batch(self, rows: Sequence[tuple[object, ...]], first: int) -> Batch:
        table = Table(
            self.document.source,
            self.document.options,
            self.table.labels,
            binary="binary values in a column (BLOB)",
        )
        batch = Batch(table, first)
        for index, values in enumerate(zip(*rows, strict=True)):
            batch.add(index, [_shown(value) for value in values])
        return batch


@dataclass(slots=True)
class SqliteChunk:
    """Rows of a table, and their cells as blocks."""

    document: SqliteDocument
    table: Stored
    rows: list[tuple[object, ...]] = field(repr=False)
    batch: Batch = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """The columns, and what stands in documents of their cells."""
        return self.batch.blocks

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Stage the rows with what changed; return nothing: the copy is written at the end."""
        rows: list[Sequence[object]] = list(self.rows)
        for index, row, value in self.batch.changes(edits, columns):
            if isinstance(rows[row], tuple):
                rows[row] = list(rows[row])
            rows[row][index] = value  # type: ignore[index]  # a list by now
        assert self.document.copy is not None  # noqa: S101 - the schema was written before
        self.document.copy.take(self.table, rows)
        return b""


def _shown(value: object) -> Value:
    """Return how a value of SQLite reads."""
    if value is None or isinstance(value, str | bytes):
        return value
    return repr(value)
