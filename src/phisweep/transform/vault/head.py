"""
The head of a vault: what it says of itself without a key, and two secrets under the user's key.

`root` is drawn when the vault is made and stays: all that runs derive comes from it, so that a new
key of the user's changes no result. `cell` seals the cells, and is drawn anew with each key.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.transform.vault.broken import damaged, no_vault, of_another_key, told
from phisweep.transform.vault.sealing import cipher_of, seal, unseal

SCHEMA = 1
BUSY_SECONDS = 60
APPLICATION = 0x50485356  # SQLite's application_id, by which a vault is known without a key
_KEY_ID = re.compile(r"k1:[0-9a-f]{8}")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the table `meta`; times are UTC, ISO 8601, and `rotated` is "" if never."""

    schema: int
    key_id: str
    created: str
    rotated: str
    sealed: Mapping[str, str] = field(repr=False)  # `root` and `cell`, in hex

    @property
    def bound(self) -> bytes:
        """Return what is authenticated with the secrets: all the rest."""
        return json.dumps([self.schema, self.key_id, self.created, self.rotated]).encode()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The two secrets, 32 bytes each."""

    root: bytes = field(repr=False)
    cell: bytes = field(repr=False)


def now() -> str:
    """Return the time in UTC, to the second: `2026-11-22T09:30:00+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_head(
    connection: sqlite3.Connection, key: Key, secrets: Secrets, *, created: str, rotated: str
) -> None:
    """Write the head of this version, its secrets under the user's key, in place of any other."""
    head = Head(SCHEMA, key.key_id, created, rotated, {})
    wrapping = cipher_of(key.derive("vault"))
    meta = {
        "schema": str(SCHEMA),
        "key_id": head.key_id,
        "created": created,
        "rotated": rotated,
        "root": seal(wrapping, "meta/root", head.bound, [secrets.root.hex()]).hex(),
        "cell": seal(wrapping, "meta/cell", head.bound, [secrets.cell.hex()]).hex(),
    }
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def head_of(connection: sqlite3.Connection, path: Path) -> Head:
    """
    Read the head of a vault.

    Raises ComponentError where the file is no vault, is damaged, or a newer version wrote it.
    """
    with told(path):
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION:
            raise no_vault(path)
        meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    schema = meta.get("schema")
    if not isinstance(schema, str) or not _NUMBER.fullmatch(schema):
        raise damaged(path)
    if int(schema) > SCHEMA:
        raise ComponentError(
            "E436",
            f"the vault has schema {int(schema)}, and this version reads {SCHEMA}",
            where=str(path),
            todo="Use the version of phisweep that wrote it, or a newer one.",
        )
    names = ("key_id", "created", "rotated", "root", "cell")
    if not all(isinstance(meta.get(name), str) for name in names):
        raise damaged(path)
    if not _KEY_ID.fullmatch(meta["key_id"]):
        raise damaged(path)
    sealed = {name: meta[name] for name in ("root", "cell")}
    return Head(int(schema), meta["key_id"], meta["created"], meta["rotated"], sealed)


def unwrapped(head: Head, key: Key, path: Path) -> Secrets:
    """Return the secrets of a head. Raises ComponentError where the key is not the vault's."""
    if head.key_id != key.key_id:
        raise of_another_key(path, head.key_id, key.key_id)
    wrapping = cipher_of(key.derive("vault"))
    found: dict[str, bytes] = {}
    for name, text in head.sealed.items():
        try:
            sealed = bytes.fromhex(text)
        except ValueError:
            raise damaged(path) from None
        content = unseal(wrapping, f"meta/{name}", head.bound, sealed)
        if content is None:
            raise damaged(path)
        found[name] = bytes.fromhex(content[0])
    return Secrets(**found)


def connect(path: Path, mode: Literal["rw", "ro"]) -> sqlite3.Connection:
    """Open a file that is there; what is committed is on the disk. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is freed becomes zeros
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def opened(path: Path, mode: Literal["rw", "ro"] = "rw") -> tuple[sqlite3.Connection, Head]:
    """Open a vault of this version, and return its head. Raises ComponentError."""
    if not path.exists():
        raise ComponentError(
            "E432", "there is no vault", where=str(path), todo="Make one: phisweep vault init."
        )
    if not path.is_file():
        raise no_vault(path)
    with told(path):
        connection = connect(path, mode)
    try:
        head = head_of(connection, path)
        if mode == "rw":
            with told(path):
                connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    else:
        return connection, head
