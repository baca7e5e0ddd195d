"""
The baseline: findings that were there before, by keyed fingerprint, with a ceiling and a reason.

A file of JSON that people review and git merges: sorted, LF, POSIX paths, one entry a line, no line
numbers, no time stamps, no previews. A fingerprint is an HMAC under a key that the file does not
hold (`phisweep.keys`): an SSN has 10**9 values and a date 10**5, so an unkeyed hash of one would be a
disclosure. Without the key an entry holds as long as its file's git blob is the one that was seen, so
that a swapped value cannot hide behind it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Literal, get_args

from phisweep.errors import UsageError
from phisweep.values import dataclass

SCHEMA = "phisweep-baseline/1"
NAME = ".phisweep-baseline.json"
Review = Literal["unreviewed", "false-positive", "accepted"]
_FP = re.compile(r"[A-Z2-7]{26}")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_LARGEST = 256 << 20  # bytes


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """
    Findings of one value by one rule in one place of a file, at most `n` of them.

    `path` is POSIX, relative to the root of the run, as reports write it; `where` a place without row
    numbers. `expires` is an ISO date or "".
    """

    path: str
    where: str
    rule: str
    fp: str
    n: int = 1
    status: Review = "unreviewed"
    reason: str = ""
    by: str = ""
    expires: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from every other."""
        return self.path, self.where, self.rule, self.fp

    def expired(self, today: dt.date) -> bool:
        """Say whether its last day is over."""
        return is_over(self.expires, today)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries, sorted; `blobs` are the git blob ids of their files; `key_id` names the key."""

    key_id: str = ""
    rules: str = ""
    entries: tuple[Entry, ...] = ()
    blobs: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        """Return the file: canonical, so that equal baselines are equal bytes."""
        lines = [
            f"    {json.dumps(_short(entry), ensure_ascii=True)}" for entry in sorted(self.entries)
        ]
        blobs = [
            f"    {json.dumps(path)}: {json.dumps(blob)}"
            for path, blob in sorted(self.blobs.items())
        ]
        return (
            "{\n"
            f'  "schema": "{SCHEMA}",\n'
            '  "kdf": "hmac-sha256",\n'
            f'  "key_id": {json.dumps(self.key_id)},\n'
            f'  "rules": {json.dumps(self.rules)},\n'
            '  "entries": [' + _lines(lines) + "],\n"
            '  "blobs": {' + _lines(blobs) + "}\n"
            "}\n"
        )


def load(path: Path) -> Baseline:
    """
    Read a baseline.

    Raises UsageError E180 (it cannot be read, is not one, or holds what none may), E181 (another
    version), E182 (a merge conflict stands in it).
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _wrong("is larger than a baseline can be", path)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _wrong(f"cannot be read: {error.strerror}", path) from None
    except UnicodeDecodeError:
        raise _wrong("is not utf-8", path) from None
    if _CONFLICT.search(text):
        raise UsageError(
            "E182",
            "a merge conflict stands in the baseline",
            where=path.name,
            todo="Take both sides' entries, or let `phisweep baseline merge` do it.",
        )
    return parsed(text, path)


def parsed(text: str, path: Path) -> Baseline:
    """Read the text of a baseline. Raises as `load`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong("is not JSON", path) from None
    if not isinstance(data, dict) or "schema" not in data:
        raise _wrong("is no baseline", path)
    if data["schema"] != SCHEMA:
        raise UsageError(
            "E181",
            "the baseline is of another version",
            where=path.name,
            todo=f"This phisweep reads {SCHEMA}; make a new one with `phisweep baseline create`.",
        )
    entries, blobs = data.get("entries"), data.get("blobs", {})
    if not isinstance(entries, list) or not isinstance(blobs, dict):
        raise _wrong("is no baseline", path)
    known = [_entry(entry, number, path) for number, entry in enumerate(entries, 1)]
    if len({entry.key for entry in known}) != len(known):
        raise _wrong("has an entry twice", path)
    return Baseline(
        str(data.get("key_id", "")), str(data.get("rules", "")), tuple(sorted(known)), blobs
    )


def merged(base: Baseline, ours: Baseline, theirs: Baseline) -> Baseline:
    """
    Return the three-way merge of baselines, entry by entry.

    What one side removed is gone unless the other changed it; what both changed keeps the lower
    ceiling, the earlier day and, of two reviews, the stricter: accepted only where both say so. A blob
    that the sides tell differently is left out, so that entries without the key lapse.
    """
    sides = [{entry.key: entry for entry in side.entries} for side in (base, ours, theirs)]
    kept = []
    for key in dict.fromkeys(key for side in sides for key in side):
        before, one, two = (side.get(key) for side in sides)
        if one is None or two is None:
            there = one or two
            if there is not None and (before is None or there != before):
                kept.append(there)
        else:
            kept.append(one if two == before else two if one == before else _both(one, two))
    blobs = {
        path: blob
        for path, blob in {**theirs.blobs, **ours.blobs}.items()
        if ours.blobs.get(path, blob) == theirs.blobs.get(path, blob)
    }
    if ours.key_id != theirs.key_id:
        raise UsageError("E183", "the two baselines were made under different keys", where=NAME)
    return Baseline(ours.key_id, max(ours.rules, theirs.rules), tuple(sorted(kept)), blobs)


def _both(one: Entry, two: Entry) -> Entry:
    days = sorted(day for day in (one.expires, two.expires) if day)
    same = (one.status, one.reason) == (two.status, two.reason)
    first = min(one, two)
    return replace(
        first,
        n=min(one.n, two.n),
        expires=days[0] if days else "",
        status=first.status if same else "unreviewed",
        reason=first.reason if same else "",
        by=first.by if same else "",
    )


def _entry(data: object, number: int, path: Path) -> Entry:
    names = Entry.__dataclass_fields__
    if not isinstance(data, dict) or not {"path", "where", "rule", "fp"} <= set(data) <= set(names):
        raise _wrong(f"entry {number} has other keys than a baseline's", path)
    texts = all(isinstance(value, str) for name, value in data.items() if name != "n")
    n = data.get("n", 1)
    if not texts or not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise _wrong(f"entry {number} is not of the kinds of a baseline's", path)
    if not _FP.fullmatch(data["fp"]) or data.get("status", "unreviewed") not in get_args(Review):
        raise _wrong(f"entry {number} has no fingerprint, or no status that there is", path)
    if data.get("expires"):
        try:
            dt.date.fromisoformat(data["expires"])
        except ValueError:
            raise _wrong(f"entry {number} expires on no day", path) from None
    return Entry(**data)


def _short(entry: Entry) -> dict[str, object]:
    """Return an entry without what is not said."""
    return {name: value for name, value in asdict(entry).items() if value != ""}


def _lines(lines: Iterable[str]) -> str:
    joined = ",\n".join(lines)
    return f"\n{joined}\n  " if joined else ""


def _wrong(what: str, path: Path) -> UsageError:
    return UsageError(
        "E180", f"the baseline {what}", where=path.name, todo="Restore it, or make a new one."
    )


def is_over(last: str, today: dt.date) -> bool:
    """Say whether a last day, ISO, lies behind; "" is none."""
    return bool(last) and dt.date.fromisoformat(last) < today
