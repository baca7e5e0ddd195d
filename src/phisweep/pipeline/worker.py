"""
One document: read -> find -> decide -> apply -> write. Knows no command, no runner, no report.

Fail closed: a document that cannot be read or analysed whole is `incomplete` and gets no copy.
Nothing that leaves this module holds a value, but for `Record.reveal` where a terminal asked.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from phisweep.analysis import ALONE, Analysis, Decided, Job, moved
from phisweep.decide import KEEPING
from phisweep.errors import DocumentError, trouble
from phisweep.formats.base import (
    EMPTIED,
    Chunk,
    Document,
    Format,
    Part,
    Replaced,
    Structure,
)
from phisweep.formats.choose import choose_format
from phisweep.formats.stream import at_hand, raw_stream, read
from phisweep.integrity.digests import source_digest
from phisweep.model import (
    RUNNING,
    Column,
    Decision,
    Edit,
    Finding,
    Linking,
    Location,
    Media,
    Outcome,
    Source,
    Status,
    Text,
)
from phisweep.pipeline.columns import UNREAD, Tabular
from phisweep.pipeline.linked import Linked
from phisweep.pipeline.traces import Traces
from phisweep.pipeline.upcoming import Upcoming
from phisweep.places import in_name, looks_like_data, part_source
from phisweep.records import Keeping, Ledger, Tallied
from phisweep.spool import name_copy
from phisweep.suppression import Suppressor
from phisweep.ticks import Ticker
from phisweep.usefulness import Usefulness

_SHORT, _VALUES = 120, 4_000  # code points of a value, and values whose fate is kept


class Worker(Analysis):
    """Does one document after another."""

    upcoming: Upcoming | None = None

    @cached_property
    def tallied(self) -> Tallied:
        """The tallies of documents before, for those that have the same."""
        return {}

    @cached_property
    def ticker(self) -> Ticker:
        """Says how far this process is."""
        return Ticker(self.spec.ticks)

    def coming(self, jobs: Iterable[Job]) -> None:
        """Say which jobs come next, in this order, so that small texts are searched together."""
        self.upcoming = Upcoming((job.source for job in jobs), self.spec.options)

    def __call__(self, job: Job) -> Outcome:
        """Do one document. Never raises for what is wrong with the document."""
        started = time.perf_counter()
        if self.upcoming is not None:
            self.expect(self.upcoming.with_next(job.source))
        pass_ = Pass(self, job)
        error = skipped = ""
        try:
            pass_.run()
            skipped = pass_.held
        except Exception as problem:  # noqa: BLE001 - fail closed, and name the place in our code
            told = trouble(problem, job.source.shown)
            error = str(told)
            skipped = told.what if told.code == "E202" else ""
        self.ticker.tell(0)
        outcome = pass_.outcome(error, time.perf_counter() - started)
        if skipped:
            return replace(outcome, status="skipped", reason=skipped)
        return outcome


class Pass:
    """One document on its way through the worker; what is found is entered in a ledger."""

    def __init__(self, worker: Worker, job: Job, ledger: Ledger | None = None) -> None:
        self.worker = worker
        self.job = job
        self.format = ""
        self.document: Document | None = None
        self.unread: tuple[str, ...] = ()
        self.keys: dict[str, Sequence[Finding]] = {}
        spec = worker.spec
        self.ledger = ledger or Ledger(
            job.source.shown,
            spec.key,
            Keeping(
                spec.records,
                spec.reveal,
                spec.write or spec.plan,
                spec.spool,
                shapes=spec.shapes,
                most=spec.most_records,
            ),
            worker.tallied,
        )
        self.traces: Traces | None = None
        if spec.write:
            self.traces = Traces(job.output, worker.collector(), worker.written(), spec.codes)
        self.kept = Usefulness(spec.reference_year)
        self.suppressor: Suppressor | None = None
        if spec.suppress is not None and not spec.write:
            self.suppressor = Suppressor(spec.suppress, job.source.name, spec.key)
        #: Whether what is found in a value says alone what becomes of it.
        self.free = self.suppressor is None and not worker.by_pointer
        self.free = self.free and getattr(spec.codes, "settled", True)
        self.number = 0
        self.structure: Structure = "text"
        self.source = job.source
        self.linked, self.tabular = self._parts_of(job.source)
        self.linkings: list[Linking | None] = []
        self.named: tuple[Text, Sequence[Finding]] | None = None
        self.media: Counter[tuple[str, str]] = Counter()
        self.altered = False
        self.held = ""
        self.output = job.output
        self.digest = hashlib.sha256()
        self.written = 0
        self.sha256 = ""

    def run(self) -> None:
        """Do the document. Raises DocumentError, DetectionError, OSError."""
        source = self.job.source
        self._name(source)
        source = at_hand(source)
        self.sha256 = source_digest(source)
        format_ = choose_format(source, self.worker.spec.options)
        self.format, self.unread = format_.name, format_.unread
        self.document = format_.open(source, self.worker.spec.options)
        with closing(self.document):
            self._undisputed(self.document)
            if self.job.target is None or self.document.held:
                for _ in self._chunks(self.document, format_):
                    pass
            else:
                self._write(self.document, format_, self.job.target)
            self.held = self.document.held

    def _undisputed(self, document: Document) -> None:
        """Raise DocumentError where another file of its study says another patient."""
        disputed = self.worker.spec.disputed
        study = self.worker.study_of(document) if disputed else None
        if study is not None and study[0] in disputed:
            raise DocumentError(
                "E245",
                "its study is said to be of two patients",
                where=self.job.source.shown,
                todo="Find out whose it is, and run again.",
            )

    def _chunks(self, document: Document, format_: Format) -> Iterator[bytes]:
        """Do the parts of a document, chunk by chunk, and yield what each is in the copy."""
        for part in document.parts():
            self._begin(part)
            if self.linked.links and part.structure == "tree":
                self._keys_first(format_, part)
            if not self.tabular.judges:  # a piece of a document finds those of another
                self._judge(part)
            for chunk in part.chunks():
                yield self._chunk(chunk)

    def _judge(self, part: Part) -> None:
        """Judge the columns of a part by its sample."""
        for column in part.sample():
            values = column.values.dictionary.to_pylist()
            weighed = [values[i] for i in column.values.indices.to_pylist()]
            self.tabular.judge(column, weighed)

    def _parts_of(self, source: Source) -> tuple[Linked, Tabular]:
        """Return what knows the subjects and judges the columns of a part."""
        job = replace(self.job, source=source)
        linked = Linked(self.worker, source)
        return linked, Tabular(
            self.worker,
            job,
            self.ledger,
            self.traces,
            self.kept,
            linked.is_key_column,
            self.suppressor,
        )

    def _begin(self, part: Part) -> None:
        """Begin a part; each is judged and linked by itself."""
        self.number += 1
        self.structure = part.structure
        source = part_source(self.job.source, part, self.number, self.worker.find)
        if self.number > 1 or source is not self.job.source:
            if self.number > 1:
                self.linkings.append(self._linking())
            self.source = source
            self.linked, self.tabular = self._parts_of(source)
            self.ledger.begin(source.shown.removeprefix(f"{self.job.source.shown}!"))
            if self.named is not None:
                self.linked.name(*self.named)

    def _linking(self) -> Linking | None:
        return self.linked.result(self.tabular.alone, self.tabular.unread)

    def _keys_first(self, format_: Format, part: Part) -> None:
        """
        Read the keys of a part whose records may begin before theirs comes.

        A member of an archive can be read `again` by itself, without those before it.
        """
        if (again := getattr(part, "again", None)) is not None:
            for chunk in again():
                self.linked.read(chunk.blocks)
            return
        document = format_.open(self.job.source, self.worker.spec.options)
        with closing(document):
            for same in islice(document.parts(), self.number - 1, self.number):
                for chunk in same.chunks():
                    self.linked.read(chunk.blocks)

    def _name(self, source: Source) -> None:
        """Enter what stands in the file's own name, which its shown name leaves out."""
        if source.data is not None or source.shown == source.name:
            return
        block = Text(Location(source.shown, "filename"), source.name, kind="filename")
        told = in_name(source.name, self.worker.find, quiet=self.suppressor is not None)
        found = [*(moved(f, block.location) for f in told), *self.linked.in_name(block)]
        decisions = self.worker.decide(self.worker.wanted(found))
        self.ledger.text(block, decisions)
        self.named = block, [d.finding for d in decisions]
        self.linked.name(*self.named)
        if self.traces is not None:
            for finding in (d.finding for d in decisions):
                self.traces.value(source.name[finding.start : finding.end], finding.identifier)

    def _write(self, document: Document, format_: Format, target: Path) -> None:
        """
        Write the copy under another name, and give it its own when it is whole.

        That it is on the disk is seen to for all copies together (`spool.synced`).
        A copy in which nothing is changed is the source, byte for byte, whatever its format's writer
        would make of it, unless bytes may stand in that which nobody reads.
        """
        root = target.parents[self.output.count("/")]
        part = draft(root, target)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for data in self._chunks(document, format_):
                    self._put(file, data)
                rebuilt = document.fidelity == "always" or self.altered
                if not rebuilt and document.fidelity == "copy":
                    self._put_source(file)
                else:
                    for data in document.finish():
                        self._put(file, data)
            if document.held:
                target.unlink(missing_ok=True)  # of a copy that was to be mended
                return
            self._place(part, root, document.copy_path, format_.copied_as if rebuilt else "")
        finally:
            part.unlink(missing_ok=True)

    def _place(self, part: Path, root: Path, path: str, suffix: str) -> None:
        """
        Give a whole copy its name under `root`: its source's, or a better `path`, and a `suffix`.

        Raises DocumentError E215 where another copy has that name.
        """
        other = suffix or path not in ("", self.output)  # a copy that is mended keeps its name
        self.output = (path or self.output) + suffix
        name_copy(part, root / self.output, self.job.source.shown, other=bool(other))

    def _put(self, file: BinaryIO, data: bytes) -> None:
        file.write(data)
        self.digest.update(data)
        self.written += len(data)

    def _put_source(self, file: BinaryIO) -> None:
        """Write the source's own bytes in place of what was written."""
        file.seek(0)
        file.truncate()
        self.digest, self.written, at = hashlib.sha256(), 0, 0
        with closing(raw_stream(self.job.source)) as stream:
            while data := read(stream, at, 1 << 20, self.job.source):
                self._put(file, data)
                at += len(data)
        if self.digest.hexdigest() != self.sha256:
            raise DocumentError("E201", "it changed while it was read", where=self.job.source.shown)

    def _chunk(self, chunk: Chunk) -> bytes:
        edits: dict[str, Sequence[Edit]] = {}
        replaced: dict[str, Replaced] = {}
        columns = [block for block in chunk.blocks if isinstance(block, Column)]
        if self.structure == "lines":
            self.linked.forget()
        if not columns and self.structure != "tree":
            self.linked.read(chunk.blocks)
        subjects = self.linked.rows(columns, self.tabular.identifier)
        self.worker.expect(chunk.blocks)
        for block in chunk.blocks:
            if isinstance(block, Text):
                self._text(block, edits)
            elif isinstance(block, Media):
                self.media[block.what, block.letters] += 1
                edits[block.location.address] = EMPTIED
            elif cells := self.tabular.column(block, subjects):
                replaced[block.location.address] = cells
        if columns and self.traces is not None:
            self.kept.rows()
        if self.document is not None:
            self.worker.ticker.tell(self.document.position())
        if self.job.target is None or (self.document is not None and self.document.held):
            return b""
        self.altered = self.altered or bool(edits or replaced)
        data = chunk.write(edits, replaced)
        self._settle()
        return data

    def _settle(self) -> None:
        """Remember what a chunk had put in, under the name that its copy will have."""
        if self.traces is not None and self.document is not None:
            self.traces.settle(self.document.copy_path)

    def _text(self, block: Text, edits: dict[str, Sequence[Edit]]) -> None:
        if block.kind == "value" and len(block.text) <= _SHORT and self._is_free(block):
            self._short(block, edits)
            return
        found = self._find(block)
        if subject := self.linked.subject(block, found):
            block = replace(block, subject=subject)
            found = [*found, *self.worker.of_subject(block)]
        if block.kind == "key" and (found or looks_like_data(block.text)):
            self.ledger.hide(block.text)
        made: Sequence[Edit] = ()
        treatment = self.worker.path_treatment(self.source, block)
        treatment = treatment or self.linked.key_of(block)
        if treatment is not None and treatment.operator not in KEEPING:
            found = self.worker.by_policy(block, treatment)
        findings = self._wanted(block, found)
        if findings:
            decisions = self.worker.decide(findings, treatment)
            made = self.worker.edits(block, decisions) if self.traces is not None else ()
            self._enter(block, decisions, made, block.subject)
        if made:
            edits[block.location.address] = made
        if self.traces is not None and block.kind in RUNNING:
            self.kept.text(block.text, made)

    def _is_free(self, block: Text) -> bool:
        """Say whether nothing is said of a value's place, nor left out of what is found in it."""
        return self.free and self.linked.key_of(block) is None

    def _short(self, block: Text, edits: dict[str, Sequence[Edit]]) -> None:
        """Do a short value: of one that stood in the same place before, the same becomes."""
        subject = self.linked.subject(block, ())
        key = (block.text, block.label, block.path, subject)
        known = self.worker.values.get(key)
        if known is None:
            known = self._new_value(block, subject)
            if len(self.worker.values) >= _VALUES:
                self.worker.values.clear()
            self.worker.values[key] = known
        decisions, made = known
        if decisions:
            self._enter(block, decisions, made, subject)
        if made:
            edits[block.location.address] = made

    def _enter(
        self, block: Text, decisions: Sequence[Decision], made: Sequence[Edit], subject: str
    ) -> None:
        """Count what was decided of a text, and remember what its edits take out and put in."""
        self.ledger.text(block, _as_done(block, decisions))
        if self.traces is not None:
            self.traces.add(block.text, made, decisions)
            wanting = sum(d.operator == ALONE for d in decisions)
            if not subject:
                self.tabular.alone += wanting
            elif wanting:
                self.tabular.unread += sum(edit.text == UNREAD for edit in made)

    def _new_value(self, block: Text, subject: str) -> Decided:
        found: Sequence[Finding] = self._find(block)
        if subject:
            block = replace(block, subject=subject)
            found = [*found, *self.worker.of_subject(block)]
        findings = self.worker.wanted(found)
        if not findings:
            return (), ()
        decisions = self.worker.decide(findings)
        return decisions, self.worker.edits(block, decisions) if self.traces is not None else ()

    def _wanted(self, block: Text, found: Sequence[Finding]) -> Sequence[Finding]:
        """Return what was asked for, without what a search leaves out."""
        wanted = self.worker.wanted(found)
        return self.suppressor.of_text(block, wanted) if self.suppressor else wanted

    def _find(self, block: Text) -> Sequence[Finding]:
        if block.kind != "key":
            return self.worker.find(block)
        known = self.keys.get(block.text)
        if known is None:
            if len(self.keys) > 10_000:  # noqa: PLR2004 - keys may be data
                self.keys.clear()
            known = self.keys[block.text] = self.worker.find(block)
        return [moved(f, block.location) for f in known]

    def outcome(self, error: str, seconds: float) -> Outcome:
        """Sum up; a source with an error is incomplete, whatever was found in it."""
        records, file = self.ledger.close()
        tallies = self.ledger.tallies()
        document = self.document
        copied = self.job.target is not None and not error and not self.held
        other = copied and self.digest.hexdigest() != self.sha256
        status: Status = "incomplete" if error else "changed" if tallies or other else "clean"
        seen, unassessed = not_assessed(self.media)
        return Outcome(
            source=self.job.source,
            status=status,
            format=self.format,
            encoding=document.encoding if document else "",
            error=error,
            warnings=(*(document.warnings if document else ()), *unassessed),
            unread=(*self.unread, *(document.also_unread if document else ()), *seen),
            tallies=tallies,
            records=records,
            records_file=file,
            sha256=self.sha256,
            bytes=self.job.source.size,
            rows=document.rows if document else None,
            columns=document.columns if document else None,
            output=self.output if copied else "",
            output_sha256=self.digest.hexdigest() if copied else "",
            output_bytes=self.written if copied else 0,
            seconds=seconds,
            unsearchable=self.traces.finish() if self.traces else 0,
            suppressed=self.suppressor.result() if self.suppressor else (),
            linking=summed([*self.linkings, self._linking()]),
            kept=self.kept.finish() if copied else None,
        )


def draft(root: Path, target: Path) -> Path:
    """Return a name for what is to become a copy, below the folder of copies, which is made."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root / f".{target.name[:100]}.{secrets.token_hex(4)}.part"


def _as_done(block: Text, decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Return decisions as the format carries them out, where it does not do what was asked."""
    done = block.done
    if not done:
        return decisions
    told = [done.get(d.operator) or done.get("*") or d.operator for d in decisions]
    return [
        replace(d, action="remove", operator=operator, params={}) if operator != d.operator else d
        for d, operator in zip(decisions, told, strict=True)
    ]


def not_assessed(media: Counter[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was not read of a document, and the warning of it, by its media."""
    seen = tuple(f"{what}: not assessed, it may hold ({letters})" for what, letters in media)
    return seen, (f"{_unassessed(media.total())} not assessed",) if media else ()


def _unassessed(count: int) -> str:
    """Return how many pictures, recordings or attachments there are."""
    return f"{count} pictures or attachments are" if count > 1 else "1 picture or attachment is"


def summed(linkings: Sequence[Linking | None]) -> Linking | None:
    """Return the links of a document from those of its parts."""
    told = [linking for linking in linkings if linking is not None]
    if not told:
        return None
    keys = dict.fromkeys(key for linking in told for key in linking.keys)
    names = ("keyed", "unkeyed", "several", "alone", "unread")
    return Linking(
        tuple(keys), **{name: sum(getattr(each, name) for each in told) for name in names}
    )
