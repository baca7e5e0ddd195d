"""
The findings of a scan as data: JSON lines, or one JSON document. Streams; nothing is collected.

An object has the keys of KEYS, always all and in this order, and no other: whatever else a
record holds stays where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from phisweep.errors import InternalError
from phisweep.model import Outcome, Record, Run
from phisweep.report.record import RunRecord

SCHEMA = "phisweep-scan/1"
KEYS = (
    "path", "where", "start", "end", "line", "col", "identifier", "letter", "rule", "score",
    "severity", "shape", "fingerprint", "explain",
)  # fmt: skip


def finding(record: Record, path: str) -> dict[str, object]:
    """Return the record as an object of KEYS; `path` is the shown name of its source."""
    return {"path": path} | {key: getattr(record, key) for key in KEYS[1:]}


def findings_of(outcome: Outcome) -> Iterator[Mapping[str, object]]:
    """
    Yield the findings of one source, in order; the file of records goes before those in memory.

    Raises InternalError (E731) where the file of records is not what a scan writes.
    """
    path = outcome.source.shown or "standard input"
    if outcome.records_file is None:
        for record in outcome.records:
            yield finding(record, path)
        return
    yield from _stored(outcome.records_file, path)


def _stored(file: Path, path: str) -> Iterator[Mapping[str, object]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                stored = json.loads(line)
                yield {"path": path} | {key: stored[key] for key in KEYS[1:]}
    except (OSError, ValueError, KeyError, TypeError):
        raise InternalError("E731", "the file of findings is broken", where=path) from None


def jsonl(run: Run) -> Iterator[str]:
    """Yield one line a finding, with its LF."""
    for outcome in run.outcomes:
        for entry in findings_of(outcome):
            yield _dump(entry) + "\n"


def document(run: Run, record: RunRecord) -> Iterator[str]:
    """Yield a JSON document in pieces: manifest, inventory, counts by letter, findings."""
    head = {
        "schema": SCHEMA,
        "incomplete": record.incomplete,
        "verdict": record.verdict.model_dump(mode="json"),
        "manifest": record.manifest.model_dump(mode="json"),
        "files": [
            file.model_dump(mode="json", exclude={"found", "output", "output_sha256"})
            for file in record.files
        ],
        "letters": {
            letter.letter: {"count": letter.count, "state": letter.state, "reason": letter.reason}
            for letter in record.letters
        },
    }
    yield json.dumps(head, indent=2)[:-2] + ',\n  "findings": ['
    comma = ""
    for outcome in run.outcomes:
        for entry in findings_of(outcome):
            yield f"{comma}\n    {_dump(entry)}"
            comma = ","
    yield "\n  ]\n}\n" if comma else "]\n}\n"


def _dump(entry: Mapping[str, object]) -> str:
    """Return one line of ASCII: no terminal, pipe or name that is not UTF-8 can break it."""
    return json.dumps(entry)
