"""The file of a vault: rows known by their HMAC, what they hold in sealed cells."""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from phisweep.errors import ComponentError, UsageError
from phisweep.keys import Key
from phisweep.transform.vault.broken import damaged, told
from phisweep.transform.vault.head import (
    APPLICATION,
    Head,
    Secrets,
    connect,
    head_of,
    now,
    opened,
    unwrapped,
    write_head,
)
from phisweep.transform.vault.sealing import SECRET_BYTES, cipher_of, seal, unseal

Table = Literal["codes", "seeds", "surrogates"]
TABLES: tuple[Table, ...] = ("codes", "seeds", "surrogates")
_BATCH = 1000
#: `value` and `written` are HMACs; one code stands for one value alone.
_TABLES = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE codes (
        value BLOB PRIMARY KEY, written BLOB NOT NULL UNIQUE, cell BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE seeds (
        value BLOB PRIMARY KEY, written BLOB NOT NULL, cell BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE surrogates (
        value BLOB PRIMARY KEY, written BLOB NOT NULL, cell BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX surrogates_written ON surrogates (written);
    CREATE TABLE audit (number INTEGER PRIMARY KEY, line TEXT NOT NULL, mac TEXT NOT NULL);
"""
# Names of tables and columns in queries are ours; values are bound.
_SELECT = "SELECT value, written, cell FROM"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the HMACs that it is known by, and what its cell holds."""

    value: bytes
    written: bytes
    content: Sequence[str] = field(repr=False)


class VaultFile:
    """
    An open vault, in one process and one thread at a time.

    Every method raises ComponentError where the file is damaged, cannot be used, or was given
    another key since it was opened.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, head: Head, key: Key) -> None:
        own = unwrapped(head, key, path)
        #: What runs derive their keys from, whichever key of the user's opens the vault.
        self.root = Key(own.root, "the vault")
        self._path = path
        self._connection = connection
        self._head = head
        self._index = self.root.derive("vault-index")
        self._cipher = cipher_of(own.cell)

    @classmethod
    def open(cls, path: Path, key: Key) -> Self:
        """Open a vault that is there, under the user's key."""
        connection, head = opened(path)
        try:
            return cls(path, connection, head, key)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with told(self._path):
            self._connection.close()

    def digest(self, purpose: str, *parts: bytes) -> bytes:
        """Return the 32-byte HMAC by which a row is known; no other list of parts has it."""
        message = b"".join(len(p).to_bytes(8, "big") + p for p in (purpose.encode(), *parts))
        return hmac.digest(self._index, message, "sha256")

    def of_value(self, table: Table, value: bytes) -> Row | None:
        """Return the row of a value."""
        found = self._select(f"{_SELECT} {table} WHERE value = ?", value)
        return self._row(table, found[0]) if found else None

    def of_written(self, table: Table, written: bytes) -> Sequence[Row]:
        """Return the rows of what was written in place of values."""
        found = self._select(f"{_SELECT} {table} WHERE written = ?", written)
        return [self._row(table, cells) for cells in found]

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield every row of a table; one that was yielded may be changed."""
        last: object = float("-inf")  # what is no blob, and so is damage, sorts before blobs
        while batch := self._select(
            f"{_SELECT} {table} WHERE value > ? ORDER BY value LIMIT {_BATCH}", last
        ):
            for cells in batch:
                row = self._row(table, cells)
                yield row
                last = row.value

    def add(self, table: Table, rows: Sequence[Row]) -> int:
        """
        Add rows in one transaction and return how many; they are on the disk when it returns.

        A row is left out where its value has one already, or its code is another value's.
        """
        query = f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?)"  # noqa: S608
        added = 0
        with self._writing():
            for row in rows:
                cell = seal(self._cipher, table, row.value + row.written, row.content)
                added += self._connection.execute(query, (row.value, row.written, cell)).rowcount
        return added

    def record(self, line: str) -> None:
        """Add a line to the audit in the vault, chained to the one before it by an HMAC."""
        with self._writing():
            last = self._connection.execute("SELECT mac FROM audit ORDER BY number DESC LIMIT 1")
            (mac,) = last.fetchone() or ("",)
            self._connection.execute(
                "INSERT INTO audit (line, mac) VALUES (?, ?)", (line, self._chained(mac, line))
            )

    def check(self) -> None:
        """Raise ComponentError unless every page, cell and line of the audit is as it was written."""
        if self._select("PRAGMA integrity_check(1)") != [("ok",)]:
            raise damaged(self._path)
        mac = ""
        for line, claimed in self._select("SELECT line, mac FROM audit ORDER BY number"):
            mac = self._chained(mac, line)
            if mac != claimed:
                raise damaged(self._path)
        for table in TABLES:
            for _ in self.rows(table):
                pass

    def rotate(self, key: Key) -> None:
        """
        Seal every cell under a new secret, and the secrets under this key: all of it or nothing.

        What was there is overwritten, and the log is emptied.
        """
        own = Secrets(self.root.secret, secrets.token_bytes(SECRET_BYTES))
        cipher = cipher_of(own.cell)
        with self._writing():
            for table in TABLES:
                query = f"UPDATE {table} SET cell = ? WHERE value = ?"  # noqa: S608
                for row in self.rows(table):
                    cell = seal(cipher, table, row.value + row.written, row.content)
                    self._connection.execute(query, (cell, row.value))
            write_head(
                self._connection, key, own, created=self._head.created, rotated=now()
            )  # fmt: skip
        self._cipher = cipher
        self._head = head_of(self._connection, self._path)
        self._select("PRAGMA wal_checkpoint(TRUNCATE)")

    def _select(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with told(self._path):
            return self._connection.execute(query, values).fetchall()

    def _chained(self, mac: object, line: object) -> str:
        if not (isinstance(mac, str) and isinstance(line, str)):
            raise damaged(self._path)
        return self.digest("audit", mac.encode(), line.encode()).hex()

    def _row(self, table: Table, cells: tuple[object, ...]) -> Row:
        value, written, cell = cells
        if not (isinstance(value, bytes) and isinstance(written, bytes)):
            raise damaged(self._path)
        content = unseal(self._cipher, table, value + written, cell)
        if content is None:
            self._see_same_key()
            raise damaged(self._path)
        return Row(value, written, content)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Own a transaction: committed at the end, undone where anything is raised."""
        with told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._see_same_key()
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _see_same_key(self) -> None:
        if head_of(self._connection, self._path).sealed != self._head.sealed:
            raise ComponentError(
                "E438",
                "the vault was given another key while it was in use",
                where=str(self._path),
                todo="Run again with the new key.",
            )


def create(path: Path, key: Key) -> None:
    """
    Make a vault under the user's key: a file of mode 0600 that was not there.

    Raises UsageError where it cannot be made, ComponentError where it cannot be written.
    """
    os.close(new_file(path))
    try:
        with told(path), closing(connect(path, "rw")) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES}")
            own = Secrets(secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(SECRET_BYTES))
            write_head(connection, key, own, created=now(), rotated="")
            connection.execute("COMMIT")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def new_file(path: Path) -> int:
    """Make an empty file of mode 0600, and return its handle. Raises UsageError if it is there."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UsageError(
            "E140",
            f"cannot be made: {error.strerror}",
            where=str(path),
            todo="Name a new file in a folder that is there; nothing is overwritten.",
        ) from None
