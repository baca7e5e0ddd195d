"""What became of the pieces of a document, put together as if it had been done as a whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.errors import PhisweepError
from phisweep.formats.pieces import Cut
from phisweep.model import Linking, Outcome, Record, Said, Suppressed
from phisweep.pipeline.pieces import DigestJob, Done
from phisweep.pipeline.worker import draft, not_assessed, summed
from phisweep.records import GROUPS, LIMIT, RecordFile, joined
from phisweep.spool import name_copy
from phisweep.usefulness import Usefulness

_BLOCK = 1 << 20


class Joined:
    """
    The pieces of one document, taken in any order and joined in theirs.

    The bytes of a copy are put behind each other as they come, into a file that gets the copy's name
    when it is whole. Where a piece could not be done nothing is left of them: the document is to be done as a
    whole, which says what is wrong with it.
    """

    def __init__(self, spec: Spec, job: Job, cut: Cut) -> None:
        self._job, self._cut, self._spec = job, cut, spec
        self._waiting: dict[int, Done] = {}
        self._next = 0
        self._left = len(cut.pieces) + 1
        self._failed = False
        self._sha256 = ""  # of the source
        self._outcome: Outcome | None = None  # of all pieces that were taken
        self._linkings: list[Linking | None] = []
        self._suppressed: Counter[tuple[Said, str, str]] = Counter()
        self._records = _Records(spec)
        self._media: dict[int, Counter[tuple[str, str]]] = {}
        self._kept: Usefulness | None = None
        self._untold: set[int] = set()
        self._copy = _Copy(job) if job.target is not None else None

    def jobs(self) -> Sequence[PieceJob | DigestJob]:
        """Return what is to be done."""
        cut = replace(self._cut, pieces=())
        pieces = [PieceJob(self._job, cut, piece) for piece in self._cut.pieces]
        return [*pieces, DigestJob(self._job.source)]

    def take(self, number: int, result: Done | str) -> bool:
        """Take the result of one of the jobs, by its number; return whether it was the last."""
        self._left -= 1
        if isinstance(result, str):
            self._sha256 = result
            self._failed = self._failed or not result
        else:
            self._failed = self._failed or bool(result.outcome.error)
            self._waiting[number] = replace(result, kept=None, untold=frozenset())
            if not self._failed:
                self._media[number] = result.media
                self._count(result)
                self._put()
        if self._failed:
            self.drop()
        return not self._left

    def outcome(self) -> Outcome | None:
        """Return what became of the document, None where it is to be done as a whole."""
        if self._failed or self._outcome is None:
            return None
        outcome, job, copy = self._outcome, self._job, self._copy
        if copy is not None:
            try:
                copy.name()
            except (PhisweepError, OSError):
                self.drop()
                return None
            outcome = replace(
                outcome,
                output=job.output,
                output_sha256=copy.digest.hexdigest(),
                output_bytes=copy.size,
                kept=self._kept.finish() if self._kept is not None else None,
                unsearchable=len(self._untold),
            )
        records, file = self._records.close()
        tallies = outcome.tallies
        other = copy is not None and outcome.output_sha256 != self._sha256
        media: Counter[tuple[str, str]] = Counter()
        for _, each in sorted(self._media.items(), key=itemgetter(0)):
            media.update(each)
        seen, unassessed = not_assessed(media)
        return replace(
            outcome,
            status="changed" if tallies or other else "clean",
            tallies=tallies,
            records=records,
            records_file=file,
            sha256=self._sha256,
            unread=(*outcome.unread, *seen),
            warnings=(*outcome.warnings, *unassessed),
            linking=summed(self._linkings),
            suppressed=tuple(self._left_out()),
        )

    def _left_out(self) -> list[Suppressed]:
        """Return what was left out; marks that left nothing out come last."""
        told = sorted(self._suppressed.items(), key=lambda item: (not item[1], item[0]))
        return [Suppressed(*key, count) for key, count in told]

    def drop(self) -> None:
        """Leave nothing of the pieces."""
        for done in self._waiting.values():
            if done.part is not None:
                done.part.unlink(missing_ok=True)
        self._waiting.clear()
        if self._copy is not None:
            self._copy.drop()

    def _count(self, done: Done) -> None:
        """Add what is counted of a piece; any order will do."""
        new, before = done.outcome, self._outcome
        self._linkings = [summed([*self._linkings, new.linking])]
        self._suppressed.update({(s.kind, s.detail, s.identifier): s.count for s in new.suppressed})
        self._untold |= done.untold
        if self._kept is None:
            self._kept = done.kept
        elif done.kept is not None:
            self._kept.join(done.kept)
        self._outcome = replace(new, records=(), records_file=None)
        if before is not None:
            self._outcome = replace(
                self._outcome,
                tallies=joined([*before.tallies, *new.tallies]),
                rows=None if before.rows is None else before.rows + (new.rows or 0),
                seconds=before.seconds + new.seconds,
            )
        # Of so many the whole counts the last ones together.
        self._failed = len(self._outcome.tallies) >= GROUPS

    def _put(self) -> None:
        """Put records and bytes behind those of the piece before, if it is there."""
        try:
            while (done := self._waiting.get(self._next)) is not None:
                if self._copy is not None and done.part is not None:
                    self._copy.add(done.part)
                self._records.add(done.outcome)
                del self._waiting[self._next]
                self._next += 1
        except OSError:
            self._failed = True


class _Copy:
    """The bytes of a copy, put behind each other."""

    def __init__(self, job: Job) -> None:
        assert job.target is not None  # noqa: S101 - a copy is to be made
        self._job, self._target = job, job.target
        self._root = job.target.parents[job.output.count("/")]
        self._part: Path | None = None
        self._file: BinaryIO | None = None
        self.digest = hashlib.sha256()
        self.size = 0

    def add(self, part: Path) -> None:
        """Add the bytes of a piece, whose file is gone then. Raises OSError."""
        if self._file is None:
            self._part = draft(self._root, self._target)
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "wb")
        with part.open("rb") as piece:
            while data := piece.read(_BLOCK):
                self._file.write(data)
                self.digest.update(data)
                self.size += len(data)
        part.unlink()

    def name(self) -> None:
        """Give the copy its name. Raises DocumentError E215, OSError."""
        assert self._file is not None  # noqa: S101 - a document has two pieces at least
        assert self._part is not None  # noqa: S101 - as above
        self._file.close()
        name_copy(self._part, self._target, self._job.source.shown, other=False)

    def drop(self) -> None:
        """Leave nothing of it."""
        if self._file is not None:
            self._file.close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)


class _Records:
    """Records in order: held while they are few, as those of one document are."""

    def __init__(self, spec: Spec) -> None:
        self._spool, self._most = spec.spool, spec.most_records
        self._held: list[Record] = []
        self._file: RecordFile | None = None

    def add(self, outcome: Outcome) -> None:
        """Add those of a piece. Raises OSError."""
        self._held += outcome.records
        many = len(self._held) > LIMIT and self._spool is not None
        if self._file is None and (many or outcome.records_file is not None):
            assert self._spool is not None  # noqa: S101 - else no piece has a file
            self._file = RecordFile(self._spool)
        if self._file is None:
            return
        for record in self._held:
            self._file.add(record)
        self._held.clear()
        if outcome.records_file is not None:
            with outcome.records_file.open(encoding="utf-8") as lines:
                shutil.copyfileobj(lines, self._file, _BLOCK)
            outcome.records_file.unlink()

    def close(self) -> tuple[tuple[Record, ...], Path | None]:
        """Return the records, or the file that holds them all."""
        if self._file is None:
            return tuple(self._held[: self._most or None]), None
        return (), self._file.close()
