"""
A piece of one document, on its way through the worker, and all pieces put together.

What crosses the rows of a document is carried or taken again: its columns are judged by its first records
in every process, names of columns that are not shown stay so, rows and lines are numbered on. What
is found, counted and kept of a piece is joined in the order of the pieces, and so are their bytes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import field, replace
from pathlib import Path

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.detect.detector import Detector
from phisweep.errors import trouble
from phisweep.formats.base import failed, load
from phisweep.formats.choose import choose_format
from phisweep.formats.pieces import Cut, Divisible, PieceDocument, cut
from phisweep.integrity.digests import source_digest
from phisweep.model import Outcome, Source
from phisweep.pipeline.worker import Pass, Worker, draft
from phisweep.places import looks_like_data
from phisweep.spool import write_new
from phisweep.usefulness import Usefulness
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class CutJob:
    """A source that is to be cut into about so many pieces; `copied`: they are to write a copy."""

    source: Source
    wanted: int
    copied: bool = False


class Cutter:
    """Finds where documents can be cut; None where they are to be done as a whole."""

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:  # noqa: ARG002 - as a worker is
        self._options = spec.options
        self._linked = spec.subjects is not None

    def __call__(self, job: CutJob) -> Cut | None:
        """Go through one source. Never raises: what is wrong with it is said when it is done."""
        try:
            format_ = choose_format(job.source, self._options)
            if not isinstance(format_, Divisible):
                return None
            marks = format_.marks(job.source, self._options, linked=self._linked)
        except Exception:  # noqa: BLE001 - as above
            return None
        if marks is None or len(marks.chunks) < 2:  # noqa: PLR2004 - one piece is the whole
            return None
        if job.copied and not marks.copied:
            return None
        return cut(format_.name, marks, job.wanted)


@dataclass(frozen=True, slots=True)
class DigestJob:
    """A source whose digest is wanted."""

    source: Source


@dataclass(frozen=True, slots=True)
class Done:
    """
    What became of a piece; `part` are its bytes in the copy, in a file of the folder of copies.

    `kept`, `untold` and `media` are what is counted over all pieces, before it is counted.
    """

    outcome: Outcome
    kept: Usefulness | None = field(default=None, repr=False)
    untold: frozenset[int] = field(default=frozenset(), repr=False)
    part: Path | None = field(default=None, repr=False)
    media: Counter[tuple[str, str]] = field(default_factory=Counter)


class PieceWorker:
    """Does whole documents, pieces of others, and digests."""

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:
        self.worker = Worker(spec, like)
        self._last: PiecePass | None = None

    def coming(self, jobs: Iterable[Job | PieceJob | DigestJob]) -> None:
        """Say which jobs come next, in this order."""
        self.worker.coming(job for job in jobs if isinstance(job, Job))

    def __call__(self, job: Job | PieceJob | DigestJob) -> Outcome | Done | str:
        """Do one job. Never raises for what is wrong with its document."""
        if isinstance(job, Job):
            return self.worker(job)
        if isinstance(job, DigestJob):
            try:
                return source_digest(job.source)
            except OSError:
                return ""
        started = time.perf_counter()
        pass_ = PiecePass(self.worker, job, self._last)
        error = ""
        try:
            pass_.run()
        except Exception as problem:  # noqa: BLE001 - the document is done as a whole, which says it
            error = str(trouble(problem, job.source.shown))
        self.worker.ticker.tell(0)
        self._last = pass_
        return pass_.done(error, time.perf_counter() - started)


class PiecePass(Pass):
    """A piece; columns are judged as `before` has judged them, where that was of the same document."""

    def __init__(self, worker: Worker, piece: PieceJob, before: PiecePass | None) -> None:
        super().__init__(worker, piece.job)
        self.piece = piece
        self.kept = Usefulness(worker.spec.reference_year, piece.piece.record - 1)
        self.linked, self.tabular = self._parts_of(self.job.source)
        if before is not None and before.document_of == self.document_of:
            own, theirs = self.tabular, before.tabular
            own.judges, own.treatments, own.clear = theirs.judges, theirs.treatments, theirs.clear
        self.part: Path | None = None

    @property
    def document_of(self) -> tuple[object, ...]:
        """What tells whether another piece is of the same document."""
        return self.job.source, self.piece.cut.state

    def run(self) -> None:
        """Do the piece. Raises DocumentError, DetectionError, OSError."""
        source, asked = self.job.source, self.piece
        if not asked.piece.number:
            self._name(source)
        format_ = load()[asked.cut.format]
        assert isinstance(format_, Divisible)  # noqa: S101 - it told where to cut
        self.format, self.unread = format_.name, format_.unread
        document = format_.piece(source, self.worker.spec.options, asked.cut, asked.piece)
        self.document = document
        with closing(document):
            self._hide(document)
            written = self._chunks(document, format_)
            if self.job.target is None:
                for _ in written:
                    pass
            else:
                self._put_part(written, self.job.target)
        if self.structure == "lines" and self.ledger.hides:
            raise failed("E234", source, "keys that it hides are numbered over the whole")

    def _hide(self, document: PieceDocument) -> None:
        """Keep names of columns out of places that the first piece keeps out."""
        for name in document.names():
            if self._find(name) or looks_like_data(name.text):
                self.ledger.hide(name.text)

    def _put_part(self, written: Iterator[bytes], target: Path) -> None:
        root = target.parents[self.output.count("/")]
        self.part = draft(root, target)
        write_new(self.part, written)

    def done(self, error: str, seconds: float) -> Done:
        """Sum up; of a piece with an error nothing is left but that."""
        media, self.media = self.media, Counter()
        outcome = self.outcome(error, seconds)
        if error and self.part is not None:
            self.part.unlink(missing_ok=True)
        if error:
            return Done(replace(outcome, records=(), records_file=None))
        traces = self.traces
        untold = frozenset(traces.removed.untold) if traces else frozenset()
        kept = self.kept if traces else None
        return Done(replace(outcome, kept=None), kept, untold, self.part, media)
