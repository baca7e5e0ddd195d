"""
One document: read -> find -> decide -> apply -> write. Knows no command, no runner, no report.

Fail closed: a document that cannot be read or analysed whole is `incomplete` and gets no copy.
Nothing that leaves this module holds a value, but for `Record.reveal` where a terminal asked.
"""

from __future__ import annotations

import hashlib
import os
import time
import traceback
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from phisweep.analysis import Analysis, Job
from phisweep.detect.columns import ColumnJudge
from phisweep.errors import DocumentError, InternalError, PhisweepError
from phisweep.formats.base import Chunk, Document
from phisweep.formats.choose import choose_format
from phisweep.model import (
    Column,
    Decision,
    Edit,
    Finding,
    Location,
    Outcome,
    Source,
    Status,
    Text,
)
from phisweep.records import Keeping, Ledger, looks_like_data
from phisweep.ruleset.schema import Treatment
from phisweep.splicing import splice
from phisweep.ticks import Ticker

_HELD = 20_000  # findings of whole values whose decisions are held
#: Operators whose result is the same for every value of an identifier.
_CONSTANT = frozenset({"tag", "redact"})


class Worker(Analysis):
    """Does one document after another."""

    @cached_property
    def ticker(self) -> Ticker:
        """Says how far this process is."""
        return Ticker(self.spec.ticks)

    def __call__(self, job: Job) -> Outcome:
        """Do one document. Never raises for what is wrong with the document."""
        started = time.perf_counter()
        pass_ = _Pass(self, job)
        error = skipped = ""
        try:
            pass_.run()
        except PhisweepError as problem:
            error = str(problem)
            skipped = problem.what if problem.code == "E202" else ""
        except OSError as problem:
            error = str(_unreadable(job.source, problem))
        except (MemoryError, RecursionError) as problem:
            what = f"too large or too deep to analyse ({type(problem).__name__})"
            error = str(DocumentError("E212", what, where=job.source.shown))
        except Exception as problem:  # noqa: BLE001 - fail closed, and name the place in our code
            error = str(_crash(job.source, problem))
        self.ticker.tell(0)
        outcome = pass_.outcome(error, time.perf_counter() - started)
        if skipped:
            return replace(outcome, status="skipped", reason=skipped)
        return outcome


class _Pass:
    """One document on its way through the worker."""

    def __init__(self, worker: Worker, job: Job) -> None:
        self.worker = worker
        self.job = job
        self.format = ""
        self.document: Document | None = None
        self.unread: tuple[str, ...] = ()
        self.judges: dict[int, ColumnJudge] = {}
        self.treatments: dict[int, Treatment | None] = {}
        self.held: dict[int, tuple[Sequence[Finding], Sequence[Decision], str | None]] = {}
        self.keys: dict[str, Sequence[Finding]] = {}
        spec = worker.spec
        self.ledger = Ledger(
            job.source.shown,
            spec.key,
            Keeping(spec.records, spec.reveal, spec.write or spec.plan, spec.spool),
        )
        self.removed = worker.collector() if spec.write else None
        self.digest = hashlib.sha256()
        self.written = 0
        self.changed = False
        self.sha256 = ""

    def run(self) -> None:
        source = self.job.source
        self._name(source)
        self.sha256 = _sha256(source)
        format_ = choose_format(source, self.worker.spec.options)
        self.format, self.unread = format_.name, format_.unread
        self.document = format_.open(source, self.worker.spec.options)
        with closing(self.document):
            for column in self.document.sample():
                values = column.values.dictionary.to_pylist()
                weighed = [values[i] for i in column.values.indices.to_pylist()]
                self._judge(column, weighed)
            if self.job.target is None:
                for chunk in self.document.chunks():
                    self._chunk(chunk)
            else:
                self._write(self.document, self.job.target)

    def _name(self, source: Source) -> None:
        """Enter what stands in the file's own name, which its shown name leaves out."""
        if source.data is not None or source.shown == source.name:
            return
        block = Text(Location(source.shown, "filename"), source.name, kind="filename")
        decisions = self.worker.decide(self.worker.wanted(self.worker.find(block)))
        self.ledger.text(block, decisions)
        if self.removed is not None:
            for finding in (d.finding for d in decisions):
                value = source.name[finding.start : finding.end]
                self.removed.add(value, finding.identifier)

    def _write(self, document: Document, target: Path) -> None:
        """Write the copy under another name, and give it its own when it is whole."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_name(f".{target.name[:100]}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for chunk in document.chunks():
                    data = self._chunk(chunk)
                    file.write(data)
                    self.digest.update(data)
                    self.written += len(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def _chunk(self, chunk: Chunk) -> bytes:
        edits: dict[str, Sequence[Edit]] = {}
        columns: dict[str, Sequence[str | None]] = {}
        for block in chunk.blocks:
            if isinstance(block, Text):
                self._text(block, edits)
            else:
                self._column(block, columns)
        if self.document is not None:
            self.worker.ticker.tell(self.document.position())
        if self.job.target is None:
            return b""
        self.changed = self.changed or bool(edits or columns)
        return chunk.write(edits, columns)

    def _text(self, block: Text, edits: dict[str, Sequence[Edit]]) -> None:
        found = self._find(block)
        if block.kind == "key" and (found or looks_like_data(block.text)):
            self.ledger.hide(block.text)
        findings = self.worker.wanted(found)
        if not findings:
            return
        decisions = self.worker.decide(findings)
        self.ledger.text(block, decisions)
        if self.job.target is None:
            return
        made = self.worker.edits(block, decisions)
        if made:
            edits[block.location.address] = made
            self._collect(block.text, made, decisions)

    def _find(self, block: Text) -> Sequence[Finding]:
        if block.kind != "key":
            return self.worker.find(block)
        known = self.keys.get(block.text)
        if known is None:
            if len(self.keys) > 10_000:  # noqa: PLR2004 - keys may be data
                self.keys.clear()
            known = self.keys[block.text] = self.worker.find(block)
        return [replace(f, location=block.location) for f in known]

    def _column(self, block: Column, columns: dict[str, Sequence[str | None]]) -> None:
        judge = self._judge(block)
        values: Sequence[str] = block.values.dictionary.to_pylist()
        replaced: list[str | None] = [None] * len(values)
        decided: dict[int, Sequence[Decision]] = {}
        for i, value in enumerate(values):
            found: Sequence[Finding] = judge.find(value)
            if self.worker.known is not None:
                found = (*found, *self.worker.known.find(Text(block.location, value)))
            if found:
                treatment = self.treatments[block.index]
                found = self.worker.unsettled(found, value, block.label, treatment)
            if not found:
                continue
            decisions, constant = self._decided(found, block, value)
            if decisions:
                decided[i] = decisions
            if decisions and self.job.target is not None:
                replaced[i] = self._replaced(block, value, decisions, constant)
        if decided:
            self.ledger.column(block, decided)
        if any(after is not None for after in replaced):
            columns[block.location.address] = replaced

    def _decided(
        self, found: Sequence[Finding], block: Column, value: str
    ) -> tuple[Sequence[Decision], str | None]:
        """
        Return what is decided of a value, and what stands for it where that is always the same.

        A judge gives values of one length the same findings, so that this is done once for them.
        """
        held = self.held.get(id(found))
        if held is not None and held[0] is found:
            return held[1], held[2]
        treatment = self.treatments[block.index]
        decisions = self.worker.decide(self.worker.wanted(found), treatment)
        constant = None
        if len(decisions) == 1 and decisions[0].operator in _CONSTANT:
            finding = decisions[0].finding
            if finding.start == 0 and finding.end == len(value):
                cell = Text(block.location, value, block.label, block.subject, "value")
                made = self.worker.edits(cell, decisions)
                constant = made[0].text if made else None
        if len(found) == 1:
            if len(self.held) >= _HELD:
                self.held.clear()
            self.held[id(found)] = (found, decisions, constant)
        return decisions, constant

    def _replaced(
        self, block: Column, value: str, decisions: Sequence[Decision], constant: str | None
    ) -> str | None:
        """Return what stands in a cell's place, None where it stays."""
        if constant is not None:
            if self.removed is not None:
                self.removed.add(value, decisions[0].finding.identifier)
            return constant
        cell = Text(block.location, value, block.label, block.subject, "value")
        made = self.worker.edits(cell, decisions)
        if not made:
            return None
        self._collect(value, made, decisions)
        return splice(value, made)

    def _judge(self, block: Column, sample: Sequence[str] | None = None) -> ColumnJudge:
        """Return the column's judge, built from its sample, else from its first chunk."""
        judge = self.judges.get(block.index)
        if judge is None:
            label = block.label
            treatment = self.worker.column_treatment(self.job.source, label)
            values = block.values.dictionary.to_pylist() if sample is None else sample
            judge = ColumnJudge(self.worker.detector, label, values, treatment)
            self.judges[block.index] = judge
            self.treatments[block.index] = treatment
        return judge

    def _collect(self, text: str, edits: Sequence[Edit], decisions: Sequence[Decision]) -> None:
        """Remember what the edits removed; an edit begins where its finding does."""
        if self.removed is None:
            return
        identifiers = {d.finding.start: d.finding.identifier for d in decisions}
        for edit in edits:
            self.removed.add(text[edit.start : edit.end], identifiers[edit.start])

    def outcome(self, error: str, seconds: float) -> Outcome:
        """Sum up; a source with an error is incomplete, whatever was found in it."""
        records, file = self.ledger.close()
        tallies = self.ledger.tallies()
        document = self.document
        found = bool(tallies)
        status: Status = "incomplete" if error else "changed" if found else "clean"
        copied = self.job.target is not None and not error
        if self.removed is not None:
            self.removed.finish()
        return Outcome(
            source=self.job.source,
            status=status,
            format=self.format,
            encoding=document.encoding if document else "",
            error=error,
            warnings=tuple(document.warnings) if document else (),
            unread=self.unread,
            tallies=tallies,
            records=records,
            records_file=file,
            sha256=self.sha256,
            bytes=self.job.source.size,
            rows=document.rows if document else None,
            columns=document.columns if document else None,
            output=self.job.output if copied else "",
            output_sha256=self.digest.hexdigest() if copied else "",
            output_bytes=self.written if copied else 0,
            seconds=seconds,
            unsearchable=self.removed.unsearchable if self.removed else 0,
        )


def _sha256(source: Source) -> str:
    if source.data is not None:
        return hashlib.sha256(source.data).hexdigest()
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(source: Source, problem: OSError) -> DocumentError:
    reason = problem.strerror or type(problem).__name__
    return DocumentError(
        "E201",
        f"cannot be read: {reason}",
        where=source.shown,
        todo="Give read permission, or exclude it.",
    )


def _crash(source: Source, problem: Exception) -> InternalError:
    """Name the error's class and its place in our code; its message may hold a value."""
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return InternalError(
        "E701",
        f"{type(problem).__name__} at {place}",
        where=source.shown,
        todo="Report this line; it holds no value of the data.",
    )
