"""The machine record as text: one form for one record, so that it has a digest."""

from __future__ import annotations

import hashlib
import json

from phisweep.report.base import renderer
from phisweep.report.record import RunRecord


@renderer("json")
def render(record: RunRecord) -> str:
    """Return run.json: the schema's order of keys, tables of names sorted, 2 spaces, one LF."""
    data = record.model_dump(mode="json", by_alias=True)
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def digest(record: RunRecord) -> str:
    """Return the SHA-256 of the bytes of run.json."""
    return hashlib.sha256(render(record).encode()).hexdigest()
