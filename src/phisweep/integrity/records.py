"""
`records.jsonl`: one audit record a line, each line holding the SHA-256 of the line before.

The first line names the schema and the run, the last says how many records there are; between them
stands one object a finding, without a value. A line begins with its number and that digest, so that
one that was changed, taken out, added or moved is known by its number. Nothing is collected: a file
of any length is written and checked in the memory of one line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from phisweep.values import dataclass

FILE = "records.jsonl"
SCHEMA: Final = "phisweep-records/1"
_START = re.compile(rb'\{"n":([1-9][0-9]{0,15}),"before":"([0-9a-f]{64}|)"[,}]')
_SCHEMA = re.compile(rb'"schema":"(phisweep-records/[0-9]{1,6})"')
_LONGEST = 1 << 20  # bytes; a line of ours has some hundreds
_LISTED = 50
_CHANGED = "was changed"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many lines it has, and the SHA-256 of the last one."""

    lines: int
    sha256: str


class Chained:
    """The lines of a chain, one at a time; `head` is that of what was yielded."""

    def __init__(self, run_id: str, records: Iterable[Mapping[str, object]]) -> None:
        self._run_id = run_id
        self._records = records
        self.head = Head(0, "")

    def __iter__(self) -> Iterator[bytes]:
        """Yield every line with its LF."""
        yield self._next({"schema": SCHEMA, "run": self._run_id})
        for record in self._records:
            yield self._next(record)
        yield self._next({"end": True, "records": self.head.lines - 1})

    def _next(self, content: Mapping[str, object]) -> bytes:
        number = self.head.lines + 1
        line = json.dumps(
            {"n": number, "before": self.head.sha256, **content}, separators=(",", ":")
        ).encode("ascii")
        self.head = Head(number, hashlib.sha256(line).hexdigest())
        return line + b"\n"


@dataclass(slots=True)
class _Walk:
    """A walk along a chain: what comes next, and what was wrong so far."""

    run_id: str
    number: int = 0  # of the line in the file
    next: int = 1  # the number that the next line must bear
    before: str = ""  # the digest of the line before, and
    earlier: str = ""  # of the one before that
    broken: int = 0  # the line of which the link to the line before does not hold, if it is open
    problems: list[str] = field(default_factory=list)

    def step(self, line: bytes) -> None:
        """Take the next line, without its LF."""
        self.number += 1
        start = _START.match(line)
        if start is None:
            self._settle(holds=True)
            self._tell(self.number, f"{_CHANGED}: it does not begin as a record does")
            self.next += 1
        else:
            self._linked(int(start[1]), start[2].decode())
        self.earlier, self.before = self.before, hashlib.sha256(line).hexdigest()

    def end(self, last: bytes, head: Head | None) -> None:
        """Compare the end with itself, and with what the chain of custody says of it."""
        holds = head is None or head.sha256 == self.before
        if head is None and self.broken:  # nothing tells which of the two it was
            self.broken = 0
            self._tell(self.number - 1, f"{_CHANGED}, or the line after it")
        self._settle(holds=holds)
        if head is not None and head.lines > self.number:
            what = f"is the last of {head.lines:,}: lines after it were removed"
            self._tell(self.number, what)
        elif not _is_end(last, self.number - 2):
            what = f"{_CHANGED}, or lines after it were removed: it is not the end"
            self._tell(self.number, what)
        elif not holds and not self.problems:
            self._tell(self.number, f"{_CHANGED}: custody.jsonl names another end")

    def _linked(self, number: int, before: str) -> None:
        if before not in ("", self.before) and before == self.earlier:
            self.broken = 0
            self._tell(self.number - 1, "was added")
            self.next = number + 1
            return
        if number != self.next and (before != self.before or self.number == 1):
            self._settle(holds=True)
            what = "lines before it were removed" if number > self.next else "it was added or moved"
            self._tell(
                self.number, f"bears the number {number:,} in place of {self.next:,}: {what}"
            )
            self.next = number + 1
            return
        if number != self.next or (self.number == 1 and before):
            self._tell(self.number, _CHANGED)
        self.next += 1
        holds = self.number == 1 or before == self.before
        settled = self._settle(holds=holds)
        if not holds and not settled:
            self.broken = self.number

    def _settle(self, *, holds: bool) -> bool:
        """
        Name the line that broke a link, now that the next link is known.

        Where that holds, the earlier line was changed; where it does not, the later one was, for it
        no longer has the digest that the next line names.
        """
        line, self.broken = self.broken, 0
        if line:
            self._tell(line - 1 if holds else line, _CHANGED)
        return bool(line)

    def _tell(self, line: int, what: str) -> None:
        self.problems.append(f"{FILE}: line {line:,}: {what}")


def faults(path: Path, run_id: str, head: Head | None) -> list[str]:
    """
    Return what is wrong with a chain of records, each line by its number; nothing for a whole one.

    `head` is what the chain of custody says of it, None where that is not known. An empty `run_id`
    is not compared. Raises OSError.
    """
    walk = _Walk(run_id)
    line = b""
    with path.open("rb") as file:
        while data := file.readline(_LONGEST):
            line = data.removesuffix(b"\n")
            walk.step(line)
            if walk.number == 1 and (first := _first(line, run_id)):
                walk.problems.append(f"{FILE}: line 1: {first}")
            if not data.endswith(b"\n"):
                walk.problems.append(f"{FILE}: line {walk.number:,}: does not end as a line ends")
                break
            if len(walk.problems) > _LISTED:
                return [*walk.problems[:_LISTED], f"{FILE}: and more beyond line {walk.number:,}"]
    if not walk.number:
        return [f"{FILE}: is empty"]
    walk.end(line, head)
    return list(dict.fromkeys(walk.problems))


def _is_end(line: bytes, records: int) -> bool:
    """Say whether a line is the last one of a chain of so many records."""
    try:
        content = json.loads(line)
    except ValueError:
        return False
    return (
        isinstance(content, dict)
        and content.get("end") is True
        and content.get("records") == records
    )


def _first(line: bytes, run_id: str) -> str:
    """Return what is wrong with the first line."""
    schema = _SCHEMA.search(line)
    if schema is None:
        return "was changed: it names no schema"
    if schema[1].decode() != SCHEMA:
        return f"is of the schema {schema[1].decode()}, which this version does not read"
    if run_id and f'"run":{json.dumps(run_id)}'.encode() not in line:
        return "names another run than run.json"
    return ""
