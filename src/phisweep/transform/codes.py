"""
Random codes: the same for the same value throughout a run, and never derived from it.

45 CFR 164.514(c) forbids a code that is derived from information about the individual, and a
keyed hash is derived. Hence each code is drawn; which value has which code is kept, for the time
of the run, in a file of its owner's that knows a value only by its HMAC.
"""

from __future__ import annotations

import hmac
import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from phisweep.errors import ComponentError
from phisweep.keys import Key, fold
from phisweep.marks import CODE_LENGTH, CODE_LETTERS, letters
from phisweep.marks import code as mark

CACHED = 100_000
BUSY_SECONDS = 60
_TABLE = """
    CREATE TABLE IF NOT EXISTS codes (
        value BLOB PRIMARY KEY,
        code TEXT NOT NULL UNIQUE
    ) WITHOUT ROWID
"""


class RandomCodes:
    """
    The codes of a run, shared by its processes through one file.

    A pickled copy takes the path and the key with it, and opens the file anew; so does a process
    that was forked. Methods may be called from several threads.
    """

    def __init__(self, path: Path, secret: bytes) -> None:
        self._path = path
        self._secret = secret
        self._cache: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = os.getpid()

    def __reduce__(self) -> tuple[object, ...]:
        return (RandomCodes, (self._path, self._secret))

    def code(self, identifier: str, value: str) -> str:
        """
        Return the value's code, `[MRN-BCDFGHJKLM]`; no other value of the run has it.

        Two ways to write one value (case, separators) are one value. So is one value under two
        identifiers, so that tables still join: its mark names the identifier that came first. Raises ComponentError where
        the file of codes cannot be used.
        """
        folded = fold(value) or unicodedata.normalize("NFKC", value)
        message = folded.encode(errors="surrogatepass")
        digest = hmac.digest(self._secret, message, "sha256")
        if self._process != os.getpid():
            self._forked()
        with self._lock:
            known = self._cache.get(digest)
            if known is not None:
                self._cache.move_to_end(digest)
                return known
            code = self._stored(identifier, digest)
            self._cache[digest] = code
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
            return code

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None
            self._cache.clear()

    def _forked(self) -> None:
        """Leave the parent's connection alone: SQLite's may not cross a fork."""
        self._lock = threading.Lock()
        self._connection = None
        self._process = os.getpid()

    def _stored(self, identifier: str, digest: bytes) -> str:
        try:
            if self._connection is None:
                self._connection = _connect(self._path)
            while True:
                drawn = mark(identifier, _draw())
                # Ignored where the value has a code already, or where the code is another value's.
                inserted = self._connection.execute(
                    "INSERT OR IGNORE INTO codes VALUES (?, ?)", (digest, drawn)
                )
                if inserted.rowcount == 1:
                    return drawn
                query = self._connection.execute(
                    "SELECT code FROM codes WHERE value = ?", (digest,)
                )
                row = query.fetchone()
                if row is not None:
                    return str(row[0])
        except sqlite3.Error as error:
            raise ComponentError(
                "E421",
                f"the file of random codes cannot be used: {error}",
                where=str(self._path),
                todo="See that the temporary folder (TMPDIR) is there and has room.",
            ) from None


@contextmanager
def random_codes(key: Key) -> Iterator[RandomCodes]:
    """
    Own a run's codes: the file (0600, in a folder 0700) is there inside `with`, and gone after it.

    Raises ComponentError where it cannot be made.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="phisweep-codes-"))
        path = folder / "codes.sqlite"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise ComponentError(
            "E421",
            f"the file of random codes cannot be made: {error.strerror}",
            todo="See that the temporary folder (TMPDIR) is there and has room.",
        ) from None
    codes = RandomCodes(path, key.derive("codes"))
    try:
        yield codes
    finally:
        with suppress(sqlite3.Error):
            codes.close()
        shutil.rmtree(folder, ignore_errors=True)


def _draw() -> str:
    return letters(secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH), CODE_LENGTH)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    # The file dies with the run: it need not survive a loss of power.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(_TABLE)
    return connection
