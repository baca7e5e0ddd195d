"""What a SQLite file says of itself: its tables, in which columns their rows lie, and its settings."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.model import Source

KEPT = ("user_version", "application_id")
BEFORE = ("page_size", "encoding", "auto_vacuum")
_TEXTS = frozenset(["fts3", "fts4", "fts5"])
_NUMBERS = frozenset(["rtree", "rtree_i32", "geopoly"])
#: Modules that show what other tables hold, and hold nothing.
_MIRRORS = frozenset(["fts5vocab", "fts4aux", "fts3tokenize", "dbstat"])
_MODULE = re.compile(
    r"\s*CREATE\s+VIRTUAL\s+TABLE\b.*?\bUSING\s+[\"'`\[]?(\w+)", re.IGNORECASE | re.DOTALL
)
_CONTENT = re.compile(
    r"\bcontent\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|\[([^\]]*)\]|([^\s,)]*))", re.IGNORECASE
)
_ROWIDS = ("rowid", "_rowid_", "oid")
_STORED, _HIDDEN_OF_MODULE = 0, 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the schema."""

    kind: str  # "table", "index", "view", "trigger"
    name: str = field(repr=False)
    table: str = field(repr=False)
    sql: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """
    A table whose rows are read.

    `columns` are those that hold values of their own: what is computed from them is not read.
    `rowid` is the name under which the number of a row is read too, "" where nothing refers to it.
    """

    entry: Entry
    number: int
    columns: tuple[str, ...] = field(repr=False)
    rowid: str = ""
    mirrors: bool = False  # a full-text index over another table: rebuilt, has no rows of its own

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what is read."""
        return (self.rowid, *self.columns) if self.rowid else self.columns

    def select(self, most: int) -> str:
        """Return the query for all rows; a longer blob is read as one NUL, which is no text."""
        cells = [
            f"CASE WHEN typeof({q}) = 'blob' AND length({q}) > {most} THEN x'00' ELSE {q} END"
            for q in map(identifier, self.columns)
        ]
        wanted = [identifier(self.rowid), *cells] if self.rowid else cells
        return f"SELECT {', '.join(wanted)} FROM {identifier(self.entry.name)}"  # noqa: S608 - quoted


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole schema, in the order in which it was made."""

    entries: Sequence[Entry] = field(repr=False)
    tables: Sequence[Stored] = field(repr=False)
    settings: dict[str, str | int]
    sequences: dict[str, int] = field(repr=False)
    analyzed: bool
    unknown: int  # virtual tables of modules that are not here


def identifier(name: str) -> str:
    """Return a name in quotes."""
    return '"' + name.replace('"', '""') + '"'


def connect(path: Path, source: Source, text: Callable[[bytes], str]) -> sqlite3.Connection:
    """Open a file that is never written to. Raises DocumentError E247, E248."""
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except sqlite3.Error:
        raise failed("E247", source, "it cannot be opened as SQLite") from None
    connection.text_factory = text
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise told(error, source) from None
    return connection


def told(error: Exception, source: Source) -> DocumentError:
    """Return what is wrong without the library's words, which may hold names or values."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_NOTADB"):
        what = "it is no SQLite database, or an encrypted one"
        return failed("E247", source, what, "Decrypt it first, or give it its right suffix.")
    if name.startswith("SQLITE_TOOBIG"):
        return failed("E205", source, "a value is too long", "Raise max_line_bytes, or cut it.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
        return failed("E201", source, "cannot be read", "Check that it is there and readable.")
    return failed(
        "E248", source, "the database is damaged", "Repair it: sqlite3 FILE .recover, and check."
    )


def read_catalog(connection: sqlite3.Connection) -> Catalog:
    """Return what stands in the schema. Raises sqlite3.Error."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    entries = [Entry(*map(str, row)) for row in rows]
    kinds = {row[1]: row[2] for row in connection.execute("PRAGMA main.table_list")}
    own = [e for e in entries if not e.name.startswith("sqlite_") and kinds.get(e.name) != "shadow"]
    unknown = 0
    tables: list[Stored] = []
    for entry in own:
        if entry.kind != "table":
            continue
        module = module_of(entry)
        if module and module not in _TEXTS | _NUMBERS | _MIRRORS:
            unknown += 1
        elif module not in _MIRRORS:
            tables.append(_stored(connection, entry, len(tables) + 1, own))
    return Catalog(
        own,
        tables,
        {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in (*BEFORE, *KEPT)},
        _sequences(connection, entries),
        any(entry.name == "sqlite_stat1" for entry in entries),
        unknown,
    )


def module_of(entry: Entry) -> str:
    """Return the module of a virtual table, "" of another."""
    match = _MODULE.match(entry.sql)
    return match[1].lower() if match else ""


def _stored(
    connection: sqlite3.Connection, entry: Entry, number: int, entries: Sequence[Entry]
) -> Stored:
    info = connection.execute(f"PRAGMA main.table_xinfo({identifier(entry.name)})").fetchall()
    columns = tuple(str(row[1]) for row in info if row[6] == _STORED)
    module = module_of(entry)
    mirrors = module in _TEXTS and content_of(entry) is not None
    wanted = module in _TEXTS or entry.name in {content_of(e) for e in entries if module_of(e)}
    lower = {str(row[1]).lower() for row in info}
    free = [name for name in _ROWIDS if name not in lower]
    whole = [row for row in info if row[5]]
    is_key = len(whole) == 1 and str(whole[0][2]).upper() == "INTEGER"
    rowid = free[0] if wanted and not mirrors and not is_key and free else ""
    if rowid:
        try:
            connection.execute(f"SELECT {rowid} FROM {identifier(entry.name)} LIMIT 0")  # noqa: S608
        except sqlite3.OperationalError:  # WITHOUT ROWID
            rowid = ""
    return Stored(entry, number, columns, rowid, mirrors)


def content_of(entry: Entry) -> str | None:
    """Return the table that a full-text index is over, "" of one without text, else None."""
    if module_of(entry) not in _TEXTS or not (match := _CONTENT.search(entry.sql)):
        return None
    return next((group for group in match.groups() if group is not None), "")


def _sequences(connection: sqlite3.Connection, entries: Sequence[Entry]) -> dict[str, int]:
    if not any(entry.name == "sqlite_sequence" for entry in entries):
        return {}
    rows = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    return {str(name): seq for name, seq in rows if isinstance(seq, int)}
