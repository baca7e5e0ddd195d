"""
Who led codes back to whom, when and why: a line of JSON for each time, and never a value.

It stands in the vault, chained by HMACs, and in a file beside it that needs no key to be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from phisweep.errors import ComponentError, UsageError
from phisweep.keys import fold
from phisweep.transform.vault import Vault
from phisweep.transform.vault.broken import damaged, told
from phisweep.transform.vault.file import TABLES, Table
from phisweep.transform.vault.head import Head, now, opened

_FIELDS = {"time", "who", "reason", "key", "asked", "found"}
#: A shorter value stands in a reason by chance.
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for originals, and why; both are kept for good."""

    who: str
    reason: str

    def see_silent(self, original: str) -> None:
        """Raise UsageError where who or reason holds an original that is asked for."""
        value = fold(original)
        if len(value) >= _TELLING and any(value in fold(text) for text in (self.who, self.reason)):
            raise UsageError(
                "E142",
                "--who or --reason holds a value that is asked for",
                todo="Say it without the value: both are kept in the audit record.",
            )


@dataclass(frozen=True, slots=True)
class Asked:
    """
    How many codes and surrogates were asked for, how many known, and what was read and written.

    `read` is the SHA-256 of the file with codes, `written` the HMAC of the one with originals, in
    hex, both "" where there is none: without a key the second would let values be guessed.
    """

    asked: int
    found: int
    read: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a vault tells without its key: its head, how many rows, and its audit in order."""

    head: Head
    rows: Mapping[Table, int]
    audit: Sequence[Mapping[str, str | int]]


def audit_file(vault: Path) -> Path:
    """Return the path of the audit beside a vault: `VAULT.audit.jsonl`."""
    return vault.with_name(vault.name + ".audit.jsonl")


def record(vault: Vault, request: Request, asked: Asked) -> None:
    """Write the line of a re-identification to both places. Raises ComponentError if it cannot."""
    entry = {
        "time": now(),
        "who": request.who,
        "reason": request.reason,
        "key": vault.user_key_id,
        "asked": asked.asked,
        "found": asked.found,
        "sha256_in": asked.read,
        "hmac_sha256_out": asked.written,
    }
    line = json.dumps(entry)
    vault.record(line)
    path = audit_file(vault.path)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise ComponentError(
            "E439",
            f"the audit record cannot be written, so nothing is shown: {error.strerror}",
            where=str(path),
            todo="See that the file and the folder of the vault can be written.",
        ) from None


def summary(path: Path) -> Summary:
    """Read what needs no key. Raises ComponentError as `Vault.open` does, but for the key."""
    connection, head = opened(path.absolute(), "ro")
    with told(path), closing(connection):
        rows = {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
            for table in TABLES
        }
        lines = connection.execute("SELECT line FROM audit ORDER BY number").fetchall()
    try:
        audit = [json.loads(line) for (line,) in lines]
    except (ValueError, TypeError):
        raise damaged(path) from None
    if not all(isinstance(entry, dict) and entry.keys() >= _FIELDS for entry in audit):
        raise damaged(path)
    return Summary(head, rows, audit)
