"""
What an unfinished run has done, line by line, each with an HMAC over it and the one before.

A line holds no value: names of sources are keyed digests. With the codes that the run has drawn it
stands in one file of SQLite, whose log keeps the order of what is written: after a loss of power no
line is there without the codes that were drawn before it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from phisweep.errors import ComponentError
from phisweep.forks import watch
from phisweep.keys import Key

_BUSY_SECONDS = 60
_TABLES = """
    CREATE TABLE IF NOT EXISTS lines (
        number INTEGER PRIMARY KEY, line TEXT NOT NULL, mac BLOB NOT NULL
    );
    CREATE TABLE IF NOT EXISTS pieces (
        line INTEGER, at INTEGER, name TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (line, at)
    );
"""
_PIECE = 1 << 20  # bytes of a file that stand in one row
Unusable = Callable[[str], ComponentError]
Line = Mapping[str, Any]


class Journal:
    """
    The journal of one run, in one process at a time. `unusable` makes the error for a damaged one.

    Beside its lines it keeps files (`pieces`), each as a part of the line that it came with.
    """

    def __init__(self, path: Path, key: Key, unusable: Unusable) -> None:
        self._key = key.derive("journal")
        self._unusable = unusable
        self._path = path
        self._open: sqlite3.Connection | None = None
        watch(self)
        with self._told():
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            self._connection.executescript(_TABLES)
        self._mac = b""
        self._next = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.before_fork()

    def __len__(self) -> int:
        """Return the number of lines that were checked, or written since."""
        return self._next

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            self._open.execute("PRAGMA journal_mode = WAL")
            # A line is on the disk, and with it all that was written before.
            self._open.execute("PRAGMA synchronous = FULL")
        return self._open

    def before_fork(self) -> None:
        """Close the file; what is asked next opens it again."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def after_fork(self, *, child: bool) -> None:
        """Do nothing."""

    def check(self) -> None:
        """
        See that every line is what was written. Raises ComponentError.

        A line that was changed is damage, or whose files were, or one that is missing between others.
        """
        with self._told():
            if self._connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                raise self._damaged()
            rows = self._connection.execute("SELECT number, line, mac FROM lines ORDER BY number")
            for number, line, mac in rows:
                self._mac = self._chained(line, self._pieces(number))
                if number != self._next or not hmac.compare_digest(self._mac, bytes(mac)):
                    raise self._damaged()
                self._next += 1

    def line(self, number: int) -> Line:
        """Return one line."""
        return next(self.lines(number))

    def lines(self, first: int) -> Iterator[Line]:
        """Yield the lines from this number on."""
        with self._told():
            query = "SELECT line FROM lines WHERE number >= ? ORDER BY number"
            for (line,) in self._connection.execute(query, (first,)):
                told: Line = json.loads(line)
                yield told

    def key_id(self) -> str | None:
        """Return what the first line says of its key, unchecked; None where there is no line."""
        with self._told():
            row = self._connection.execute("SELECT line FROM lines WHERE number = 0").fetchone()
            return str(json.loads(row[0])["key"]) if row else None

    def add(self, line: Line, files: Iterable[Path] = ()) -> None:
        """Write a line, and the files that come with it: all of it or nothing."""
        text = json.dumps(line, separators=(",", ":"))
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for at, (name, data) in enumerate(_cut(files)):
                    row = (self._next, at, name, data)
                    self._connection.execute("INSERT INTO pieces VALUES (?, ?, ?, ?)", row)
                mac = self._chained(text, self._pieces(self._next))
                row_ = (self._next, text, mac)
                self._connection.execute("INSERT INTO lines VALUES (?, ?, ?)", row_)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        self._mac = mac
        self._next += 1

    def restore(self, folder: Path) -> None:
        """Write all files that were kept into a folder, by their names."""
        query = "SELECT name, data FROM pieces ORDER BY line, at"
        with self._told():
            for name, data in self._connection.execute(query):
                path = folder / Path(name).name
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(handle, "ab") as file:
                    file.write(data)

    def _pieces(self, number: int) -> bytes:
        """Return a digest of the files of a line."""
        digest = hashlib.sha256()
        query = "SELECT at, name, data FROM pieces WHERE line = ? ORDER BY at"
        for at, name, data in self._connection.execute(query, (number,)):
            digest.update(f"{at}:{name}:{len(data)}:".encode())
            digest.update(data)
        return digest.digest()

    def _chained(self, line: str, pieces: bytes) -> bytes:
        message = b"".join((self._next.to_bytes(8, "big"), self._mac, pieces, line.encode()))
        return hmac.digest(self._key, message, "sha256")

    def _damaged(self) -> ComponentError:
        return self._unusable("what is known of it is damaged, or was changed")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite, the disk or a damaged line says into an error that says what to do."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, LookupError, RecursionError):
            raise self._damaged() from None


def _cut(files: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in files:
        with path.open("rb") as file:
            while data := file.read(_PIECE):
                yield path.name, data
