"""
Predictions of a tool, read once and laid down by document, so that they may come in any order.

Any corpus that is read as gold is read as predictions; JSON lines may leave the texts out. What
`phisweep scan --format jsonl` wrote is taken too (`searched`). What is laid down lies in a file
without a name, and holds no text.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from phisweep.evaluate import faults
from phisweep.evaluate.checking import predicted
from phisweep.evaluate.gold import format_of, raw
from phisweep.evaluate.gold.lines import head
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.searched import Search, is_search, read_search
from phisweep.evaluate.values import Document, Span
from phisweep.legible import legible

_FOLLOWS = "Give predictions for this gold, with the ids of its documents."


@dataclass(slots=True)
class ByDocument:
    """Predictions by the ids of documents; `unanswered` counts those that it says nothing of."""

    file: str = field(repr=False)
    spool: IO[bytes] = field(repr=False)
    unanswered: int = 0
    _at: dict[str, int] = field(default_factory=dict, repr=False)
    _texts: dict[str, bytes] = field(default_factory=dict, repr=False)
    _used: set[str] = field(default_factory=set, repr=False)

    def of(self, document: Document) -> Sequence[Span]:
        """Return the predictions for a document. Raises UsageError E177, E178."""
        where = f"{self.file}, for {faults.of(document.file, document.number, document.id)}"
        if document.id in self._used:
            raise faults.unrelated(where, "the gold has another document of this id", _FOLLOWS)
        self._used.add(document.id)
        if document.id not in self._at:
            self.unanswered += 1
            return ()
        if self._texts.get(document.id, b"") not in {b"", _digest(document.text)}:
            raise faults.unrelated(where, "the text is another one than that of the gold", _FOLLOWS)
        self.spool.seek(self._at[document.id])
        spans = [
            Span(tuple((start, end) for start, end in parts), kind, score, rule)
            for parts, kind, score, rule in json.loads(self.spool.readline())
        ]
        check_within(spans, len(document.text), where)
        return spans

    def check_used(self) -> None:
        """Raise UsageError E178 where a document is none of the gold's."""
        if strange := self._at.keys() - self._used:
            raise faults.unrelated(
                self.file, f"the gold does not have {len(strange):,} of its documents", _FOLLOWS
            )

    def put(self, id_: str, spans: Sequence[Span], text: str | None, where: str) -> None:
        """Lay down the predictions for one document. Raises UsageError E178."""
        if id_ in self._at:
            raise faults.unrelated(where, "another of its documents has the same id", _FOLLOWS)
        self._at[id_] = self.spool.seek(0, 2)
        if text is not None:
            self._texts[id_] = _digest(text)
        row = [[span.parts, span.kind, span.score, span.rule] for span in spans]
        self.spool.write(json.dumps(row).encode() + b"\n")


def check_within(spans: Sequence[Span], length: int, where: str) -> None:
    """Raise UsageError (E177) where a prediction lies outside of its text."""
    if any(span.end > length for span in spans):
        raise faults.misplaced(
            where,
            f"a prediction lies outside of the text, which has {length:,} code points",
            "Offsets count code points from 0, as Python does; not bytes, nor UTF-16 units.",
        )


@contextmanager
def opened(path: Path, labels: Labels, encoding: str = "") -> Iterator[ByDocument | Search]:
    """Read predictions. Raises UsageError E176, E177, E178."""
    if not path.exists():
        raise faults.unreadable(legible(path.name), "there is no such file or folder")
    with tempfile.TemporaryFile(prefix="phisweep-") as spool:
        if path.is_file() and is_search(path, encoding):
            yield read_search(path, labels, encoding, spool)
            return
        made = ByDocument(legible(path.name), spool)
        if path.is_dir() or head(path, encoding):  # else a tool that found nothing at all
            _read(path, labels, encoding, made)
        yield made


def _read(path: Path, labels: Labels, encoding: str, made: ByDocument) -> None:
    if format_of(path, encoding) is None:
        raise faults.unreadable(
            made.file,
            "these are no predictions that are read",
            "Give JSON lines with id and spans, or what `phisweep scan --format jsonl` wrote.",
        )
    for number, (each, form) in enumerate(raw(path, encoding), 1):
        id_ = each.id or str(number)
        where = faults.of(each.file, number, id_)
        if each.spans is None:
            raise faults.unreadable(where, "it has no list of spans", "An empty one says none.")
        length = None if each.text is None else len(each.text)
        spans = predicted(each.spans, length, labels, where, form.prefer)
        made.put(id_, spans, each.text, where)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
