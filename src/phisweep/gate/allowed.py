"""
The list of allowed values: keyed fingerprints of single values that are none of anybody's.

A value stands in no file: it is asked for without echo, and its HMAC under the site's key is kept. It
holds for one identifier, in all files, until its day; without the key it holds nowhere.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict
from pathlib import Path

from phisweep.errors import ComponentError, UsageError
from phisweep.gate.baseline import is_over
from phisweep.keys import Key
from phisweep.model import IDENTIFIERS
from phisweep.values import dataclass

SCHEMA = "phisweep-allow/1"
NAME = ".phisweep-allow.json"
_FP = re.compile(r"[A-Z2-7]{26}")


@dataclass(frozen=True, slots=True, order=True)
class Allowed:
    """One value of one identifier; `expires` is an ISO date or ""."""

    identifier: str
    fp: str
    reason: str
    by: str = ""
    expires: str = ""


def load(path: Path, key: Key) -> tuple[Allowed, ...]:
    """Read a list made under the key. Raises UsageError E191, ComponentError E427 (another key)."""
    wrong = UsageError("E191", "this is no list of allowed values", where=path.name)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            raise wrong
        entries = tuple(Allowed(**entry) for entry in data["entries"])
        whole = all(
            _FP.fullmatch(e.fp) and e.identifier in IDENTIFIERS and e.reason for e in entries
        )
        live(entries, dt.date.min)  # every day is one
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise wrong from None
    if not whole:
        raise wrong
    if data.get("key_id") != key.key_id:
        raise ComponentError(
            "E427",
            "the list of allowed values was made under another key",
            todo="Give its own key.",
        )
    return entries


def live(entries: tuple[Allowed, ...], today: dt.date) -> dict[str, str]:
    """Return the reasons of those whose day is not over, by fingerprint."""
    return {entry.fp: entry.reason for entry in entries if not is_over(entry.expires, today)}


def over(entries: tuple[Allowed, ...], today: dt.date) -> list[str]:
    """Return the reasons of those whose day is over."""
    return sorted({entry.reason for entry in entries if is_over(entry.expires, today)})


def dump(entries: tuple[Allowed, ...], key: Key) -> str:
    """Return the file, one entry a line, sorted."""
    lines = ",\n".join(f"    {json.dumps(asdict(entry))}" for entry in sorted(entries))
    return f'{{\n  "schema": "{SCHEMA}",\n  "key_id": "{key.key_id}",\n  "entries": [\n{lines}\n  ]\n}}\n'
