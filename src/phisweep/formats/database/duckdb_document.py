"""A DuckDB file as a schema and tables, read in batches of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, Fidelity, Part, ReadOptions, Replaced, Structure, failed
from phisweep.formats.database.batch import Batch, Table
from phisweep.formats.database.duckdb_catalog import DuckCatalog, DuckTable, in_utc, read_catalog
from phisweep.formats.database.duckdb_copy import DuckCopy
from phisweep.formats.database.lexer import DUCKDB
from phisweep.formats.database.private import Workplace, beside, streamed
from phisweep.formats.database.schema import Schema
from phisweep.formats.extras import needed
from phisweep.model import Column, Edit, Source

_BATCH = 20_000  # rows


class DuckDocument:
    """An opened DuckDB file; `rows` counts those of all tables."""

    fidelity: ClassVar[Fidelity] = "always"
    held: ClassVar[str] = ""
    also_unread: ClassVar[tuple[str, ...]] = ()
    copy_path: ClassVar[str] = ""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self.options = options
        self.encoding = "utf-8"
        self.rows: int | None = 0
        self.columns: int | None = None
        self.warnings: list[str] = []
        self.copy: DuckCopy | None = None
        self._done = 0.0
        self.duckdb: Any = needed("duckdb", "duckdb", source)
        self._place = Workplace()
        try:
            self._path = self._place.of(source, "source.duckdb")
            self.connection = self._connected()
            try:
                self.catalog: DuckCatalog = read_catalog(self.connection)
            except self.duckdb.Error:
                self.connection.close()
                raise damaged(source) from None
        except BaseException:
            self._place.close()
            raise
        names = [
            name
            for table in self.catalog.tables
            for name in (table.schema, table.name, *(f.name for f in table.fields))
        ]
        self.schema = Schema(source, DUCKDB, self.catalog.statements, names)
        self.schema.done = self._begin_copy

    def parts(self) -> Iterator[Part]:
        """Yield the schema and the tables. Raises DocumentError E248, E250."""
        yield self.schema
        faults: list[DocumentError] = []
        for table in self.catalog.tables:
            yield DuckPart(self, table, faults)
            self._done = table.number / len(self.catalog.tables)
        if beside(self.source, ".wal"):
            raise failed(
                "E250",
                self.source,
                "a log beside it (.wal) holds changes that the file lacks",
                "Close the program that writes it, or open it once and CHECKPOINT.",
            )
        for fault in faults:
            raise fault

    def finish(self) -> Iterator[bytes]:
        """Build the copy and yield its bytes. Raises DocumentError E249."""
        if self.copy is None:
            self._begin_copy()
        assert self.copy is not None  # noqa: S101 - just made
        self.connection.close()  # one process may hold a file open once
        path = self.copy.build(self._path)
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
        self.copy = DuckCopy(self.duckdb, self.source, self.catalog, self.schema, self._place)

    def _connected(self) -> Any:
        """Open the file to be read, with nothing else in reach."""
        settings = {
            "enable_external_access": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "temp_directory": str(self._place.path("reading")),
            "threads": "1",
        }
        try:
            connection = self.duckdb.connect(str(self._path), read_only=True, config=settings)
            in_utc(connection)
            connection.execute("SET lock_configuration = true")
        except self.duckdb.Error:
            raise failed(
                "E247",
                self.source,
                "it cannot be opened as DuckDB: damaged, encrypted, in use, or of another version",
                "Close what writes it, decrypt it, or EXPORT DATABASE with the version that wrote it.",
            ) from None
        return connection


@dataclass(slots=True)
class DuckPart:
    """A table; its rows come in the order in which they lie."""

    document: DuckDocument
    table: DuckTable
    faults: list[DocumentError] = field(default_factory=list, repr=False)
    structure: ClassVar[Structure] = "rows"

    @property
    def name(self) -> str:
        """What the table is called."""
        return self.table.called

    def sample(self) -> Sequence[Column]:
        """Return the first rows."""
        try:
            for rows in self._batches(f" LIMIT {self.document.options.sample_records}"):
                batch = self._batch(rows, 1)
                batch.close()
                return [block for block in batch.blocks if isinstance(block, Column)]
        except self.document.duckdb.Error:
            pass  # told when the rows are read
        return ()

    def chunks(self) -> Iterator[DuckChunk]:
        """Yield the rows; what cannot be read is told when all parts are done."""
        first = 1
        try:
            for rows in self._batches():
                batch = self._batch(rows, first)
                try:
                    yield DuckChunk(self.document, self.table, rows.column(0), batch)
                finally:
                    batch.close()
                first += rows.num_rows
        except (self.document.duckdb.Error, pa.ArrowInvalid, OSError):
            self.faults.append(damaged(self.document.source))
        self.document.rows = (self.document.rows or 0) + first - 1

    def _batches(self, limit: str = "") -> Iterator[pa.RecordBatch]:
        cells = ", ".join(
            f"{column.as_text()} AS c{i}" for i, column in enumerate(self.table.fields)
        )
        cursor = self.document.connection.cursor()
        try:
            query = cursor.sql(f"SELECT rowid AS r, {cells} FROM {self.table.at()}{limit}")  # noqa: S608
            read = getattr(query, "to_arrow_reader", None) or query.fetch_record_batch
            for rows in read(_BATCH):
                size = max(1, rows.nbytes // self.document.options.chunk_bytes)
                step = max(1, rows.num_rows // size)
                for at in range(0, rows.num_rows, step):
                    yield rows.slice(at, step)
        finally:
            cursor.close()

    def _batch(self, rows: pa.RecordBatch, first: int) -> Batch:
        labels = [column.name for column in self.table.fields]
        what = "binary values in a column (BLOB)"
        batch = Batch(
            Table(self.document.source, self.document.options, labels, binary=what), first
        )
        for index, column in enumerate(self.table.fields):
            values = rows.column(index + 1)
            if column.binary:
                batch.add(index, values.to_pylist())
                continue
            coded = pc.fill_null(values.cast(pa.string()), "").dictionary_encode()
            indices = coded.indices.to_numpy().astype(np.int64)
            batch.add_distinct(index, coded.dictionary.to_pylist(), indices)
        return batch


@dataclass(slots=True)
class DuckChunk:
    """Rows of a table, and their cells as blocks."""

    document: DuckDocument
    table: DuckTable
    numbers: pa.Array = field(repr=False)
    batch: Batch = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """The columns, and what stands in documents of their cells."""
        return self.batch.blocks

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Stage what changed; return nothing: the copy is written at the end."""
        rows: dict[int, dict[int, str | bytes]] = {}
        numbers = self.numbers.to_pylist()
        for index, row, value in self.batch.changes(edits, columns):
            rows.setdefault(numbers[row], {})[index] = value
        assert self.document.copy is not None  # noqa: S101 - the schema was written before
        if rows:
            self.document.copy.take(self.table, rows)
        return b""


def damaged(source: Source) -> DocumentError:
    """Return the error for what cannot be read."""
    return failed("E248", source, "the database is damaged", "Restore it, and check.")
