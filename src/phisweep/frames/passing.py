"""The second pass over one frame: its CSV searched, decided on, and written as a copy."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from phisweep.analysis import Job
from phisweep.formats.base import Chunk
from phisweep.formats.choose import choose_format
from phisweep.frames.records import FrameLedger, Records
from phisweep.model import Column, Edit, Linking, Outcome, Text, UsefulnessFigures
from phisweep.pipeline import Worker
from phisweep.pipeline.columns import Tabular
from phisweep.pipeline.linked import Linked
from phisweep.pipeline.traces import Traces
from phisweep.places import looks_like_data
from phisweep.usefulness import Usefulness


@dataclass(frozen=True, slots=True)
class Passed:
    """
    What became of a frame: its copy's outcome, its records, and how it was linked.

    `shifted` are the indices of columns in which dates were moved.
    """

    outcome: Outcome
    records: Records
    shifted: frozenset[int]
    linking: Linking | None
    kept: UsefulnessFigures | None = field(repr=False)


class Pass:
    """One frame on its way; nothing is written where the job has no target."""

    def __init__(self, worker: Worker, job: Job) -> None:
        spec = worker.spec
        self._worker = worker
        self._job = job
        self._ledger = FrameLedger(job.source.shown.removesuffix(".csv"), spec.key)
        self._traces: Traces | None = None
        if spec.write:
            self._traces = Traces(job.output, worker.collector(), worker.written(), spec.codes)
        self._kept = Usefulness(spec.reference_year)
        self._linked = Linked(worker, job.source)
        self._tabular = Tabular(
            worker, job, self._ledger, self._traces, self._kept, self._linked.is_key_column
        )

    def run(self) -> Passed:
        """Do the frame. Raises DocumentError, DetectionError."""
        source, options, target = self._job.source, self._worker.spec.options, self._job.target
        document = choose_format(source, options).open(source, options)
        digest, written = hashlib.sha256(), 0
        with closing(document), nullcontext() if target is None else _new(target) as file:
            for column in document.sample():
                values = column.values.dictionary.to_pylist()
                self._tabular.judge(column, [values[i] for i in column.values.indices.to_pylist()])
            for chunk in document.chunks():
                data = self._chunk(chunk)
                if file is not None:
                    file.write(data)
                    digest.update(data)
                    written += len(data)
        outcome = Outcome(
            source,
            "changed",
            output=self._job.output,
            output_sha256=digest.hexdigest(),
            output_bytes=written,
            unsearchable=self._traces.finish() if self._traces else 0,
        )
        return Passed(
            outcome,
            self._ledger.finish(),
            frozenset(i for i, used in self._ledger.operators.items() if "date-shift" in used),
            self._linked.result(self._tabular.alone, self._tabular.unread),
            self._kept.finish() if target is not None else None,
        )

    def _chunk(self, chunk: Chunk) -> bytes:
        columns = [block for block in chunk.blocks if isinstance(block, Column)]
        edits = {b.location.address: self._name(b) for b in chunk.blocks if isinstance(b, Text)}
        subjects = self._linked.rows(columns, self._tabular.identifier)
        found = {c.location.address: self._tabular.column(c, subjects) for c in columns}
        if self._traces is None:
            return b""
        if columns:
            self._kept.rows()
        return chunk.write(edits, {at: cells for at, cells in found.items() if cells is not None})

    def _name(self, block: Text) -> Sequence[Edit]:
        """Enter what stands in the name of a column; return its edits."""
        block = replace(block, line=None, col=None)
        found = self._worker.find(block)
        if found or looks_like_data(block.text):
            self._ledger.hide(block.text)
        decisions = self._worker.decide(self._worker.wanted(found))
        self._ledger.text(block, decisions)
        if self._traces is None:
            return ()
        edits = self._worker.edits(block, decisions)
        self._traces.add(block.text, edits, decisions)
        return edits


def _new(target: os.PathLike[str]) -> BinaryIO:
    """Open a new file that only its owner can read."""
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
