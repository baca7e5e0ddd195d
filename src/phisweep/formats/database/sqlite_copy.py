"""
A new SQLite file from rows that were staged.

The rows lie in a file of their own until all are read, in columns without types: only then is known
which keys are none any more and which types no longer fit. The copy is written once, from nothing,
so that no page of it ever held anything else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.database.private import Workplace
from phisweep.formats.database.relaxing import Promise, relaxed, without_unique
from phisweep.formats.database.schema import Schema
from phisweep.formats.database.sqlite_catalog import (
    BEFORE,
    KEPT,
    Catalog,
    Entry,
    Stored,
    content_of,
    identifier,
    module_of,
)
from phisweep.model import Source

_FAST = ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF")
#: What is given up, one after the other, by extended result code (sqlite.org/rescode.html);
#: Python 3.11 has no names for the newer ones: MISMATCH, and of CONSTRAINT PRIMARYKEY, UNIQUE, ROWID
#: and DATATYPE.
_GIVEN_UP: Mapping[int, Sequence[Promise]] = {
    20: ("numbers", "keys"),
    1555: ("keys",),
    2067: ("keys",),
    2579: ("keys",),
    3091: ("types", "keys"),
}
_WORDS: Mapping[Promise, str] = {
    "numbers": "the key is no number in the copy, since its values became text",
    "keys": "PRIMARY KEY and UNIQUE are left out of the copy, since values became the same",
    "types": "STRICT is left out of the copy, since numbers became text",
}


class SqliteCopy:
    """Takes in the rows of tables, and builds the copy when all are there."""

    def __init__(self, source: Source, catalog: Catalog, schema: Schema, place: Workplace) -> None:
        self._source = source
        self._catalog = catalog
        self._schema = schema
        self._place = place
        self._staged = place.new_file("staged")
        self._stage = _open(self._staged)
        self.warnings: list[str] = []
        # Attached to each other they must have one encoding.
        self._stage.execute(f"PRAGMA encoding = {identifier(str(catalog.settings['encoding']))}")
        for table in catalog.tables:
            columns = ", ".join(f"c{i}" for i in range(len(table.labels)))
            self._stage.execute(f"CREATE TABLE s{table.number} ({columns})")
        self._stage.execute("BEGIN")

    def take(self, table: Stored, rows: Iterable[Sequence[object]]) -> None:
        """Stage rows. Raises DocumentError E206."""
        marks = ", ".join("?" * len(table.labels))
        try:
            self._stage.executemany(f"INSERT INTO s{table.number} VALUES ({marks})", rows)  # noqa: S608
        except UnicodeEncodeError:
            raise failed("E206", self._source, "a replacement is no Unicode text") from None

    def build(self) -> Path:
        """Write the copy and return its path. Raises DocumentError E249."""
        self._stage.execute("COMMIT")
        self._stage.close()
        path = self._place.new_file("copy")
        target = _open(path)
        try:
            self._fill(target)
        except sqlite3.Error:
            raise _unwritable(self._source) from None
        finally:
            target.close()
        return path

    def close(self) -> None:
        """Release the staged rows."""
        self._stage.close()

    def _fill(self, target: sqlite3.Connection) -> None:
        settings = self._catalog.settings
        for name in BEFORE:
            value = settings[name]
            target.execute(f"PRAGMA {name} = {identifier(value) if name == 'encoding' else value}")  # type: ignore[arg-type]
        target.execute("PRAGMA ignore_check_constraints = ON")
        target.execute("ATTACH ? AS staged", (str(self._staged),))
        target.execute("BEGIN")
        tables = {table.entry.name: table for table in self._catalog.tables}
        later: list[tuple[int, Entry]] = []
        for number, entry in enumerate(self._catalog.entries, 1):
            if entry.kind == "table":
                self._table(target, number, tables.get(entry.name))
            else:
                later.append((number, entry))
        self._rebuild(target, tables.values())
        for number, entry in sorted(later, key=lambda item: item[1].kind):  # triggers, then views
            self._further(target, number, entry)
        self._sequences(target)
        target.execute("COMMIT")
        target.execute("DETACH staged")
        if self._catalog.analyzed:
            target.execute("ANALYZE")
        for name in KEPT:
            target.execute(f"PRAGMA {name} = {int(settings[name])}")

    def _table(self, target: sqlite3.Connection, number: int, table: Stored | None) -> None:
        """Create a table and fill it; what its rows no longer keep is left out of it."""
        sql = self._schema.statement(number)
        given_up: list[Promise] = []
        while True:
            target.execute("SAVEPOINT one")
            try:
                target.execute(relaxed(sql, given_up) if given_up else sql)
                if table is not None and not table.mirrors:
                    self._insert(target, table, rowid=not given_up)
            except sqlite3.Error as error:
                target.execute("ROLLBACK TO one")
                wanted = _GIVEN_UP.get(error.sqlite_errorcode, ())
                more = next((name for name in wanted if name not in given_up), None)
                if more is None:
                    raise _unwritable(self._source) from None
                given_up.append(more)
            else:
                break
            finally:
                target.execute("RELEASE one")
        self.warnings += [f"{self._called(table)}: {_WORDS[name]}" for name in given_up]

    def _insert(self, target: sqlite3.Connection, table: Stored, *, rowid: bool) -> None:
        names = [identifier(self._schema.new_name(name)) for name in table.columns]
        first = 1 if table.rowid else 0
        cells = [f"c{i + first}" for i in range(len(names))]
        if table.rowid and rowid:
            names.insert(0, table.rowid)
            cells.insert(0, "CASE WHEN typeof(c0) = 'integer' THEN c0 END")
        name = identifier(self._schema.new_name(table.entry.name))
        target.execute(
            f"INSERT INTO main.{name} ({', '.join(names)})"  # noqa: S608 - quoted
            f" SELECT {', '.join(cells)} FROM staged.s{table.number} ORDER BY rowid"
        )

    def _rebuild(self, target: sqlite3.Connection, tables: Iterable[Stored]) -> None:
        for table in tables:
            if not table.mirrors:
                continue
            name = identifier(self._schema.new_name(table.entry.name))
            if content_of(table.entry):
                target.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608
            else:
                self.warnings.append(
                    f"{self._called(table)}: a full-text index that holds no text"
                    " is empty in the copy"
                )

    def _further(self, target: sqlite3.Connection, number: int, entry: Entry) -> None:
        sql = self._schema.statement(number)
        try:
            target.execute(sql)
        except sqlite3.IntegrityError:
            target.execute(without_unique(sql))
            self.warnings.append(
                f"statement {number} of the schema: a UNIQUE index is no longer unique in the copy,"
                " since values became the same"
            )
        except sqlite3.Error:
            self.warnings.append(
                f"statement {number} of the schema: {entry.kind} left out of the copy,"
                " since it cannot be made here"
            )

    def _sequences(self, target: sqlite3.Connection) -> None:
        try:
            target.execute("SELECT 1 FROM sqlite_sequence")
        except sqlite3.Error:
            return
        for name, value in self._catalog.sequences.items():
            new = self._schema.new_name(name)
            target.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (value, new)
            )

    @staticmethod
    def _called(table: Stored | None) -> str:
        return f"table {table.number}" if table is not None else "a table"


def names_of(catalog: Catalog) -> Iterable[str]:
    """Yield the names of tables and columns."""
    for table in catalog.tables:
        yield table.entry.name
        if not module_of(table.entry) or not table.mirrors:
            yield from table.columns


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in _FAST:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _unwritable(source: Source) -> DocumentError:
    return failed(
        "E249",
        source,
        "its schema cannot be made again, so that there is no copy",
        "Export its tables as CSV, or leave out what only other programs know.",
    )
