"""The file of a run's codes: its tables, as long as its codes are not very many, and their letters."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from phisweep.marks import CODE_LENGTH, CODE_LETTERS, letters
from phisweep.marks import code as mark

#: Bytes that stand for letters of a code, as many for each; others are thrown away.
_EVEN = 256 // len(CODE_LETTERS) * len(CODE_LETTERS)
_LETTER_OF = bytes(CODE_LETTERS.encode()[byte % len(CODE_LETTERS)] for byte in range(256))
_TO_DIGITS = str.maketrans(CODE_LETTERS, "0123456789abcdefghij")
BUSY_SECONDS = 60
#: What SQLite's `user_version` says of a file whose codes are in a `ledger`.
IN_LEDGER = 1
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS codes (
        value BLOB PRIMARY KEY,
        code TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    # The letters of all codes, as numbers: an index of the codes would take eight times as much.
    "CREATE TABLE IF NOT EXISTS drawn (letters INTEGER PRIMARY KEY)",
    """
    CREATE TABLE IF NOT EXISTS seeds (
        value BLOB PRIMARY KEY,
        seed BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS claims (
        value BLOB PRIMARY KEY,
        purpose TEXT NOT NULL,
        candidate TEXT NOT NULL,
        UNIQUE (purpose, candidate)
    ) WITHOUT ROWID
    """,
)


def given(connection: sqlite3.Connection, identifier: str, digest: bytes) -> str:
    """Return the code of a digest, drawn where it has none; inside a transaction."""
    query = "SELECT code FROM codes WHERE value = ?"
    row = connection.execute(query, (digest,)).fetchone()
    while row is None:
        drawn = draw_letters()
        if _claimed(connection, [drawn]):
            row = (mark(identifier, drawn),)
            connection.execute("INSERT INTO codes VALUES (?, ?)", (digest, *row))
    return str(row[0])


def all_given(
    connection: sqlite3.Connection, identifier: str, digests: Sequence[bytes]
) -> dict[bytes, str]:
    """Return the codes of many digests, as `given` does."""
    query = "SELECT code FROM codes WHERE value = ?"
    drawn = drawn_letters(len(digests))
    while not _claimed(connection, drawn):  # one is another value's
        drawn = drawn_letters(len(digests))
    codes = [mark(identifier, each) for each in drawn]
    rows, before = list(zip(digests, codes, strict=True)), connection.total_changes
    connection.executemany("INSERT OR IGNORE INTO codes VALUES (?, ?)", rows)
    if connection.total_changes - before == len(rows):
        return dict(rows)
    found = (connection.execute(query, (digest,)).fetchone() for digest in digests)
    return {digest: str(row[0]) for digest, row in zip(digests, found, strict=True)}


def _claimed(connection: sqlite3.Connection, drawn: Sequence[str]) -> bool:
    """Enter letters of codes; say whether all of them were nobody's."""
    before = connection.total_changes
    numbers = sorted(int(each.translate(_TO_DIGITS), len(CODE_LETTERS)) for each in drawn)
    connection.executemany("INSERT OR IGNORE INTO drawn VALUES (?)", ((n,) for n in numbers))
    return connection.total_changes - before == len(drawn)


def draw_letters() -> str:
    """Return ten letters of a code, drawn at random: 43 bits."""
    return letters(secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH), CODE_LENGTH)


def drawn_letters(count: int) -> list[str]:
    """Return the letters of many codes: as `draw_letters` draws them, and far quicker."""
    held = ""
    while len(held) < count * CODE_LENGTH:
        some = secrets.token_bytes(count * CODE_LENGTH + count + 64)
        held += some.translate(_LETTER_OF, bytes(range(_EVEN, 256))).decode()
    return [held[i : i + CODE_LENGTH] for i in range(0, count * CODE_LENGTH, CODE_LENGTH)]


def in_ledger(connection: sqlite3.Connection) -> bool:
    """Say whether the codes of a file are so many that they are in a `ledger`."""
    return bool(connection.execute("PRAGMA user_version").fetchone() == (IN_LEDGER,))


def connect(path: Path, *, kept: bool) -> sqlite3.Connection:
    """Open a file of codes. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    # A file that dies with the run need not survive a loss of power; one that is kept then loses
    # what was written last, in order.
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if kept else 'OFF'}")
    for table in _TABLES:
        connection.execute(table)
    return connection
