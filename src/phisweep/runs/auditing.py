"""Every finding as a line of records.jsonl: from the files that workers leave, not from memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from phisweep.legible import portable
from phisweep.model import Outcome
from phisweep.records import RecordFile, records_of
from phisweep.report.counts import first_places

#: What is told of a finding: what a Record holds, but for what links one value to its like.
KEYS: Final = (
    "where", "place", "start", "end", "line", "col", "identifier", "letter", "rule", "score",
    "severity", "shape", "action", "operator", "citation", "explain",
)  # fmt: skip


def put_aside(outcome: Outcome, spool: Path, *, places: bool = False) -> Outcome:
    """Return an outcome whose records are in a file; with `places` the first of each is held."""
    if not outcome.records:
        return outcome
    held = tuple(first_places(outcome.records).values()) if places else ()
    file = RecordFile(spool)
    for record in outcome.records:
        file.add(record)
    return replace(outcome, records=held, records_file=file.close())


def entries(
    outcomes: Iterable[Outcome], mended: Iterable[Outcome] = ()
) -> Iterator[Mapping[str, object]]:
    """
    Yield what records.jsonl tells of each finding, by source, in order.

    `mended` are outcomes of copies from which something more was removed: their places are those of
    the copy. A fingerprint is left out: beside a release it would be a code made of the value.
    """
    for kind, group in (("source", outcomes), ("copy", mended)):
        for outcome in group:
            path = portable(outcome.source.shown) or "standard input"
            for record in records_of(outcome):
                told = {key: getattr(record, key) for key in KEYS}
                told |= {"where": portable(record.where), "place": portable(record.place)}
                yield {"of": kind, "path": path, **told}
