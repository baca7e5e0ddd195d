"""
What `phisweep scan --format jsonl` found, laid beside a corpus: by file and address.

A search names files from the working folder or from their common parent; a corpus names them from
its own. They are the same where one name ends with the other. Findings of one file are held.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked, predicted
from phisweep.evaluate.gold.lines import head, lines
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.values import Document, Span
from phisweep.legible import legible

_FOLLOWS = "Give the findings of a search of this corpus, or leave PRED out."
Places = Mapping[str, Sequence[Span]]


@dataclass(slots=True)
class Found:
    """Findings by address. Cells of a column have few different ones, which are held once."""

    places: dict[str, tuple[Span, ...]] = field(default_factory=dict, repr=False)
    _alone: dict[Span, tuple[Span]] = field(default_factory=dict, repr=False)

    def add(self, where: str, span: Span) -> None:
        """Enter a finding."""
        alone = self._alone.setdefault(span, (span,))
        self.places[where] = self.places[where] + alone if where in self.places else alone


@dataclass(slots=True)
class Search:
    """Findings by file and address; a text without any is none that was left out."""

    file: str = field(repr=False)
    spool: IO[bytes] = field(repr=False)
    unanswered: int = 0
    _at: dict[str, array[int]] = field(default_factory=dict, repr=False)
    _tails: dict[str, set[str]] = field(default_factory=dict, repr=False)
    _held: tuple[str, Places] = field(default=("", {}), repr=False)
    _used: dict[str, str] = field(default_factory=dict, repr=False)

    def of(self, document: Document) -> Sequence[Span]:
        """Return the findings in a document. Raises UsageError E177, E178."""
        where = f"{self.file}, for {faults.of(document.file, document.number, document.id)}"
        if not document.where:
            raise faults.unrelated(
                where,
                "a search reads the texts of this corpus otherwise than it marks them",
                _FOLLOWS,
            )
        if self._held[0] != document.file:
            self._held = document.file, self.in_file(document.file)
        spans = self._held[1].get(document.where, ())
        if any(span.end > len(document.text) for span in spans):
            raise faults.misplaced(where, "a finding lies outside of the text", _FOLLOWS)
        return spans

    def in_file(self, name: str) -> Places:
        """Return the findings in a file, by address. Raises UsageError E178."""
        paths = self._tails.get(name) or {tail for tail in _tails(name) if tail in self._at}
        if len(paths) > 1 or any(self._used.setdefault(path, name) != name for path in paths):
            raise faults.unrelated(
                self.file, "which of its files is which of the gold's cannot be told", _FOLLOWS
            )
        found = Found()
        for path in paths:
            for at in self._at[path]:
                self.spool.seek(at)
                where, start, end, kind, score, rule = json.loads(self.spool.readline())
                found.add(where, Span(((start, end),), kind, score, rule))
        return found.places

    @property
    def files(self) -> list[str]:
        """The names of all files, in their order."""
        return list(self._at)

    def check_used(self) -> None:
        """Raise UsageError E178 where no file is one of the gold's."""
        if self._at and not self._used:
            raise faults.unrelated(self.file, "none of its files is one of the gold's", _FOLLOWS)

    def put(self, path: str, where: str, span: Span) -> None:
        """Lay down a finding."""
        if path not in self._at:
            self._at[path] = array("q")
            for tail in _tails(path):
                self._tails.setdefault(tail, set()).add(path)
        self._at[path].append(self.spool.seek(0, 2))
        row = [where, span.start, span.end, span.kind, span.score, span.rule]
        self.spool.write(json.dumps(row).encode() + b"\n")


def is_search(path: Path, encoding: str = "") -> bool:
    """Say whether a file holds findings of a search."""
    first = head(path, encoding).partition("\n")[0]
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and {"path", "where", "start", "end"} <= set(row)


def read_search(path: Path, labels: Labels, encoding: str, spool: IO[bytes]) -> Search:
    """Read findings. Raises UsageError E176, E177."""
    made = Search(legible(path.name), spool)
    for number, line in lines(path, path.name, encoding):
        if line.strip():
            where = f"{made.file}: line {number:,}"
            name, address, marked = _finding(line, where)
            (span,) = predicted([marked], None, labels, where)
            made.put(name, address, span)
    return made


def _finding(line: str, where: str) -> tuple[str, str, Marked]:
    try:
        row = json.loads(line)
        score = row.get("score")
        marked = Marked(
            ((int(row["start"]), int(row["end"])),),
            str(row["identifier"]),
            ours=True,
            score=None if score is None else float(score),
            rule=str(row.get("rule", "")),
        )
        return str(row["path"]), str(row["where"]), marked
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise faults.unreadable(
            where, "it is no finding as `phisweep scan --format jsonl` writes them"
        ) from None


def _tails(path: str) -> Iterator[str]:
    """`a/b/c` -> `a/b/c`, `b/c`, `c`."""
    parts = PurePosixPath(path).parts
    return ("/".join(parts[i:]) for i in range(len(parts)))
