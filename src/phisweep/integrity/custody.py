"""
The chain of custody, `custody.jsonl`: one line for every step that a report went through.

Each entry names the SHA-256 of every file of the report as the step left it, and that of the entry
before, so that no step can be taken out or changed unseen. The last entry tells what must be there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path

FILE = "custody.jsonl"
SCHEMA = "phisweep-custody/1"


def enter(folder: Path, step: str) -> None:
    """
    Append an entry for a step ("deid", "review", ...) over all files of a report's folder.

    Raises OSError.
    """
    path = folder / FILE
    before = path.read_bytes().splitlines() if path.is_file() else []
    entry = {
        "schema": SCHEMA,
        "number": len(before) + 1,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "step": step,
        "files": digests(folder),
        "before": hashlib.sha256(before[-1]).hexdigest() if before else "",
    }
    line = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a report but the chain itself, by name."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FILE
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
