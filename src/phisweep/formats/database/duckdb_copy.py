"""
A new DuckDB file: the source's values inside the engine, and what changed from a file beside it.

Values that stay keep their type exactly; a column in which one changed holds text, or JSON where it
was nested. Promises that generalised values cannot keep are left out, with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.database.duckdb_catalog import (
    DuckCatalog,
    DuckTable,
    Field,
    in_utc,
    text_literal,
)
from phisweep.formats.database.private import Workplace
from phisweep.formats.database.relaxing import without_unique
from phisweep.formats.database.schema import Schema
from phisweep.formats.database.sqlite_catalog import identifier
from phisweep.model import Source

_ROWS = 10_000  # changed rows that are held before they are staged


class DuckCopy:
    """Takes in the cells that changed, and builds the copy when all are there."""

    def __init__(
        self, duckdb: Any, source: Source, catalog: DuckCatalog, schema: Schema, place: Workplace
    ) -> None:
        self._duckdb = duckdb
        self._source = source
        self._catalog = catalog
        self._schema = schema
        self._place = place
        self._staged = place.path("staged.duckdb")
        self._stage = duckdb.connect(str(self._staged))
        self._place.path("temporary").mkdir(mode=0o700)
        self._changed: dict[int, set[int]] = {}
        self.warnings: list[str] = []
        for table in catalog.tables:
            columns = ", ".join(
                f"c{i} {'BLOB' if f.binary else 'VARCHAR'}" for i, f in enumerate(table.fields)
            )
            self._stage.execute(f"CREATE TABLE s{table.number} (r BIGINT, {columns})")

    def take(self, table: DuckTable, rows: Mapping[int, Mapping[int, str | bytes]]) -> None:
        """Stage what changed, by number of the row and index of the column."""
        import pyarrow as pa  # noqa: PLC0415 - heavy

        changed = self._changed.setdefault(table.number, set())
        items = list(rows.items())
        for at in range(0, len(items), _ROWS):
            some = items[at : at + _ROWS]
            arrays = [pa.array([row for row, _ in some], pa.int64())]
            for index, column in enumerate(table.fields):
                values = [_fitting(cells.get(index), column) for _, cells in some]
                if any(value is not None for value in values):
                    changed.add(index)
                arrays.append(pa.array(values, pa.binary() if column.binary else pa.string()))
            names = ["r", *(f"c{i}" for i in range(len(table.fields)))]
            self._stage.register("batch", pa.table(arrays, names))
            self._stage.execute(f"INSERT INTO s{table.number} SELECT * FROM batch")  # noqa: S608
            self._stage.unregister("batch")

    def build(self, source: Path) -> Path:
        """Write the copy and return its path. Raises DocumentError E249."""
        self._stage.close()
        path = self._place.path("copy.duckdb")
        try:
            target = self._duckdb.connect(
                str(path), config={"temp_directory": str(self._place.path("temporary"))}
            )
            try:
                self._fill(target, source)
            finally:
                target.close()
        except self._duckdb.Error:
            raise _unwritable(self._source) from None
        return path

    def close(self) -> None:
        """Release what is staged."""
        self._stage.close()

    def _fill(self, target: Any, source: Path) -> None:
        target.execute(f"ATTACH {text_literal(str(source))} AS source (READ_ONLY)")
        target.execute(f"ATTACH {text_literal(str(self._staged))} AS staged (READ_ONLY)")
        in_utc(target)
        for setting in ("enable_external_access = false", "lock_configuration = true"):
            target.execute(f"SET {setting}")
        tables = {table.statement: table for table in self._catalog.tables}
        for number in range(1, self._catalog.first + 1):
            if number in tables:
                self._table(target, tables[number])
            else:
                self._further(target, [number])
        self._further(target, range(self._catalog.first + 1, len(self._catalog.statements) + 1))
        if self._catalog.left_out:
            self.warnings.append(
                f"{len(self._catalog.left_out)} named types are left out of the copy;"
                " the columns that have them say what they are made of"
            )
        target.execute("DETACH source")
        target.execute("DETACH staged")
        target.execute("CHECKPOINT")

    def _table(self, target: Any, table: DuckTable) -> None:
        """Create a table and fill it; what its rows no longer keep is left out of it."""
        changed = self._changed.get(table.number, set())
        texts = {i for i in changed if not table.fields[i].binary}
        try:
            target.execute("BEGIN")
            target.execute(self._schema.statement(table.statement))
            for index in sorted(texts):
                column = table.fields[index]
                name = identifier(self._schema.new_name(column.name))
                target.execute(
                    f"ALTER TABLE {self._at(table)} ALTER COLUMN {name} TYPE {column.text_type}"
                )
            self._insert(target, table, texts)
            target.execute("COMMIT")
        except self._duckdb.Error:
            target.execute("ROLLBACK")
        else:
            return
        enums = {i for i, f in enumerate(table.fields) if f.type.startswith("ENUM")}
        columns = ", ".join(
            f"{identifier(self._schema.new_name(f.name))} "
            f"{f.text_type if i in texts | enums else f.type}"
            for i, f in enumerate(table.fields)
        )
        target.execute(f"CREATE TABLE {self._at(table)} ({columns})")
        self._insert(target, table, texts)
        self.warnings.append(
            f"table {table.number}: keys, checks, defaults and computed columns are left out of the"
            " copy, since values no longer fit them"
        )

    def _insert(self, target: Any, table: DuckTable, texts: set[int]) -> None:
        changed = self._changed.get(table.number, set())
        cells = []
        for index, column in enumerate(table.fields):
            own = "t." + identifier(column.name)
            if index in texts:
                own = f"coalesce(s.c{index}, {column.as_text('t.')})"
            elif index in changed:
                own = f"coalesce(s.c{index}, {own})"
            cells.append(own)
        names = ", ".join(identifier(self._schema.new_name(f.name)) for f in table.fields)
        joined = f"LEFT JOIN staged.s{table.number} s ON t.rowid = s.r" if changed else ""
        target.execute(
            f"INSERT INTO {self._at(table)} ({names}) SELECT {', '.join(cells)}"  # noqa: S608
            f" FROM source.{table.at()} t {joined} ORDER BY t.rowid"
        )

    def _further(self, target: Any, numbers: Iterable[int]) -> None:
        """Make what else there is; what another needs may come behind it."""
        pending: Sequence[int] = list(numbers)
        while pending:
            left = [number for number in pending if not self._made(target, number)]
            if len(left) == len(pending):
                break
            pending = left
        else:
            return
        self.warnings += [
            f"statement {number} of the schema is left out of the copy, since it cannot be made"
            for number in pending
        ]

    def _made(self, target: Any, number: int) -> bool:
        sql = self._schema.statement(number)
        for each in dict.fromkeys((sql, without_unique(sql))):
            try:
                target.execute(each)
            except self._duckdb.Error:
                continue
            if each != sql:
                self.warnings.append(
                    f"statement {number} of the schema: a UNIQUE index is no longer unique"
                )
            return True
        return False

    def _at(self, table: DuckTable) -> str:
        new = self._schema.new_name
        return table.at(new(table.schema), new(table.name))


def _fitting(value: str | bytes | None, column: Field) -> str | bytes | None:
    if value is None or isinstance(value, bytes) == column.binary:
        return value
    return value.encode() if isinstance(value, str) else value.decode("utf-8", "replace")


def _unwritable(source: Source) -> DocumentError:
    return failed(
        "E249",
        source,
        "its schema cannot be made again, so that there is no copy",
        "Export its tables as CSV or Parquet.",
    )
