"""What can be wrong with the file of a vault, in our words: never what it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phisweep.errors import ComponentError

#: What SQLite answers where permission, room or a lock is missing; all else is damage.
_UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_AUTH,
    }
)
_PRIMARY = 0xFF  # SQLite's extended codes keep the primary one in their low byte


def no_vault(path: Path) -> ComponentError:
    """Return the error of a file that is something else."""
    return ComponentError(
        "E433",
        "the file is no vault, or its first bytes are damaged",
        where=str(path),
        todo="Give the file that phisweep vault init made, or restore it.",
    )


def damaged(path: Path) -> ComponentError:
    """Return the error of a vault that is not as it was written."""
    return ComponentError(
        "E434",
        "the vault is damaged: it does not hold what was written",
        where=str(path),
        todo="Restore it from a copy.",
    )


def of_another_key(path: Path, made: str, given: str) -> ComponentError:
    """Return the error of a vault that this key does not open; both are public key ids."""
    return ComponentError(
        "E435",
        f"the vault opens with the key {made}, and the key {given} was given",
        where=str(path),
        todo="Give the key that it was made, or last rotated, under.",
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite into ours: its messages may quote what it met."""
    try:
        yield
    except sqlite3.Error as error:
        # An error without a code is the module's own: bytes of a text column are no text.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & _PRIMARY
        if code == sqlite3.SQLITE_NOTADB:
            raise no_vault(path) from None
        if code not in _UNUSABLE:
            raise damaged(path) from None
        raise ComponentError(
            "E437",
            f"the vault cannot be used: {error.sqlite_errorname}",
            where=str(path),
            todo="See that it and its folder can be written, have room, and lie on a local disk.",
        ) from None
    except UnicodeError:  # of a message that quotes the damage
        raise damaged(path) from None
