"""
The jobs of a run over files, done apart.

A copy is written in a worker's own folder, and put beside the run's copies when it is whole, under a
name that no other attempt has. It gets its own name where its outcome is taken; that of a piece is
put behind those of the pieces before it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.apart.parcels import Packed, Parcel, Sender, Station
from phisweep.detect.detector import Detector
from phisweep.errors import ComponentError, DetectionError, DocumentError
from phisweep.model import Outcome, Source
from phisweep.pipeline.pieces import Done
from phisweep.remote import brought
from phisweep.runners import spark
from phisweep.spool import name_copy

R = TypeVar("R")
_ROUNDS = 16  # of documents that are done again, for codes that were not drawn yet
#: Small documents go together, so that what is made for a survey is worth it.
_GROUP_BYTES, _GROUP_JOBS, _EACH = 1 << 20, 64, 8
_PARTS = ".parts"
_NOWHERE = Source(Path(), "", 0)


def spread_apart(  # noqa: PLR0917 - called by `runs.working` alone
    build: Callable[..., Callable[[Any], R]],
    spec: Spec,
    jobs: Sequence[Any],
    sizes: Sequence[int],
    dead: Callable[[Any], R],
    master: str,
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result, done by Spark: see `runners.spark.run`.

    Documents that need codes which were not drawn yet are done again when they are. Where a names
    model takes its time, all that rules find is wished for before it runs. Raises ComponentError.
    """
    roots = {_root(job) for job in jobs if _target(job) is not None}
    surveys = spec.subjects is not None and build.__name__.endswith("Surveyor")
    bare = build.__name__ == "Cutter"
    with tempfile.TemporaryDirectory(prefix="phisweep-apart-") as folder, _Parts(roots):
        sender = Sender(spec, Path(folder), surveys=surveys, bare=bare)
        yield from _Sent(build, jobs, sizes, dead, master, sender).done()


class _Sent:
    """The jobs of one call."""

    def __init__(  # noqa: PLR0917 - called by `spread_apart` alone
        self,
        build: Callable[..., Callable[[Any], Any]],
        jobs: Sequence[Any],
        sizes: Sequence[int],
        dead: Callable[[Any], Any],
        master: str,
        sender: Sender,
    ) -> None:
        self.build, self.jobs, self.sizes, self.dead = build, jobs, sizes, dead
        self.master, self.sender = master, sender

    def done(self) -> Generator[tuple[int, Any], None, None]:
        """Yield results; jobs that wished for codes are done again."""
        left = list(range(len(self.jobs)))
        if self.sender.authority is not None and self.sender.spec.engine == "full":
            for _ in self._round(left, [], collects=True):
                pass  # what rules find is granted now, so that little is done again below
        for _ in range(_ROUNDS):
            again: list[int] = []
            yield from self._round(left, again)
            left = again
            if not left:
                return
        for i in left:
            error = DetectionError("E307", "its codes were not settled", where=_shown(self.jobs[i]))
            dead = self.dead(self.jobs[i])
            # Of a piece the document is done as a whole, which may say it then.
            yield i, replace(dead, error=str(error)) if isinstance(dead, Outcome) else dead

    def _round(
        self, chosen: Sequence[int], again: list[int], *, collects: bool = False
    ) -> Generator[tuple[int, Any], None, None]:
        """Do jobs, small ones together; where a process died of some, each of them by itself."""
        sender = self.sender
        folder = Path(tempfile.mkdtemp(dir=sender.folder))
        parcel, files = sender.parcel(self.build, folder, collects=collects)
        groups = self._groups(chosen)
        while groups:
            lost: list[list[int]] = []
            jobs = [sender.seal.close([self.jobs[i] for i in group]) for group in groups]
            sizes = [sum(self.sizes[i] for i in group) for group in groups]
            results = spark.run(Documents, parcel, jobs, sizes, master=self.master, files=files)
            with closing(results):
                for at, sealed in results:
                    group = groups[at]
                    if sealed is not None:
                        for i, packed in zip(group, sender.seal.open(sealed), strict=True):
                            if packed.again:
                                again.append(i)
                                sender.grant(packed)
                            elif not collects:
                                yield i, self._taken(i, packed)
                    elif len(group) > 1:
                        lost += [[i] for i in group]
                    elif not collects:
                        yield group[0], self.dead(self.jobs[group[0]])
            groups = lost
        shutil.rmtree(folder)

    def _groups(self, chosen: Sequence[int]) -> list[list[int]]:
        """Return jobs in groups of like sizes, of which every slot gets several."""
        most = min(_GROUP_JOBS, len(chosen) // (spark.parallelism(self.master) * _EACH))
        return spark.grouped(chosen, self.sizes, _GROUP_BYTES, max(most, 1))

    def _taken(self, i: int, packed: Packed) -> Any:
        """Take in what came with a result: files of the run's folder, and a copy."""
        job, result = self.jobs[i], packed.result
        moved = self.sender.take(packed)
        outcome = _outcome_of(result)
        if outcome is None:
            return result
        file = outcome.records_file
        outcome = replace(
            outcome, source=job.source, records_file=None if file is None else moved[file.name]
        )
        if isinstance(result, Done):
            part = _root(job) / _PARTS / packed.part if packed.part else None
            return replace(result, outcome=outcome, part=part)
        return _placed(outcome, job, packed.part) if packed.part else outcome


class _Parts:
    """The folders `.parts` beside copies: gone when the jobs are done, whatever still writes."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._folders = [root / _PARTS for root in roots]

    def __enter__(self) -> None:
        for folder in self._folders:
            folder.mkdir(mode=0o700)

    def __exit__(self, *_: object) -> None:
        for folder in self._folders:
            while folder.exists():  # an attempt that nobody waits for may put something into it
                shutil.rmtree(folder, ignore_errors=True)


def _placed(outcome: Outcome, job: Job, part: str) -> Outcome:
    """Give a whole copy its name; one that another copy has already is an error, and no copy."""
    root = _root(job)
    path, target = root / _PARTS / part, root / outcome.output
    try:
        name_copy(path, target, _shown(job), other=outcome.output != job.output)
    except DocumentError as error:
        none = replace(outcome, output="", output_sha256="", output_bytes=0)
        return replace(none, status="incomplete", error=str(error))
    return outcome


def _root(job: Job | PieceJob) -> Path:
    whole = job.job if isinstance(job, PieceJob) else job
    assert whole.target is not None  # noqa: S101 - asked of jobs that write
    return whole.target.parents[whole.output.count("/")]


def _target(job: Any) -> Path | None:
    target: Path | None = getattr(getattr(job, "job", job), "target", None)
    return target


def _within(job: Any, copies: Path) -> Any:
    """Return a job whose copy goes into a folder."""
    if isinstance(job, PieceJob):
        return replace(job, job=_within(job.job, copies))
    return replace(job, target=copies / job.output)


def _outcome_of(result: Any) -> Outcome | None:
    """Return what became of a document or of a piece, None of what is neither."""
    told = result.outcome if isinstance(result, Done) else result
    return told if isinstance(told, Outcome) else None


def _shown(job: Any) -> str:
    return str(job.source.shown)


class Documents(Station):
    """Does groups of jobs on an executor, one after another."""

    def __init__(self, parcel: Parcel, files: Path) -> None:
        super().__init__(parcel, files)
        self._like: Detector | None = None
        self._worker = self._built()
        self._copies = self.folder / "copies"

    def __call__(self, sealed: bytes) -> bytes:
        """
        Do the jobs of a group; return of each what it came to.

        Raises OSError where a copy cannot be put beside the others, ComponentError.
        """
        jobs = self.seal.open(sealed)
        if self.parcel.surveys:
            return self.seal.close(self._surveyed(jobs))
        if (coming := getattr(self._worker, "coming", None)) is not None:
            coming(jobs)
        return self.seal.close([*map(self._done, jobs)])

    def _surveyed(self, jobs: Sequence[Any]) -> Sequence[Packed]:
        """Survey documents; what they left together comes with the last of them."""
        self.begin()
        self._worker = self._built()  # it remembers what it saw: each attempt has its own
        results = [self._result(job) for job in jobs]
        assert self.spec.subjects is not None  # noqa: S101 - a survey has a file to fill
        self.spec.subjects.close()
        *before, last = results
        return [*(Packed(result, ()) for result in before), self.packed(last)]

    def _done(self, job: Any) -> Packed:
        self.begin()
        writes = _target(job) is not None
        try:
            return self._packed(job, self._result(_within(job, self._copies) if writes else job))
        finally:
            if writes:
                shutil.rmtree(self._copies, ignore_errors=True)

    def _packed(self, job: Any, result: Any) -> Packed:
        part, outcome = "", _outcome_of(result)
        if outcome is not None:
            piece = isinstance(result, Done)
            writes = _target(job) is not None and bool(outcome.output)
            whole = self._copies / outcome.output if writes else None
            copy = result.part if piece else whole
            if copy is not None and not self.wishes:
                part = _published(job, copy)
            file = outcome.records_file
            outcome = replace(
                outcome, source=_NOWHERE, records_file=None if file is None else Path(file.name)
            )
            result = replace(result, outcome=outcome, part=None) if piece else outcome
        return self.packed(result, part)

    def _result(self, job: Any) -> Any:
        """Do a job on its source, which may have to be fetched; what cannot be is incomplete."""
        if job.source.origin is None:
            return self._worker(job)
        try:
            with brought(job.source, self.folder / "source") as source:
                return self._worker(replace(job, source=source))
        except DocumentError as error:
            if self.parcel.surveys:  # what it says is not known to be looked for in others
                raise ComponentError(
                    "E424", error.what, where=error.where, todo=error.todo
                ) from None
            result = self._worker(job)
            told = {"error": str(error)} if isinstance(result, Outcome) else {}
            return replace(result, **told)

    def _built(self) -> Callable[[Any], Any]:
        worker: Any = self.parcel.build(self.spec, like=self._like)
        if self.parcel.surveys:
            self._like = worker.analysis.detector
        built: Callable[[Any], Any] = worker
        return built


def _published(job: Job | PieceJob, copy: Path) -> str:
    """Put a whole copy beside the others, under a name of this attempt alone."""
    part = secrets.token_hex(16)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(_root(job) / _PARTS / part, flags, 0o600)
    except FileNotFoundError:
        raise ComponentError(
            "E443",
            "an executor does not see OUT",
            todo="Name a folder that every machine of the cluster has under the same path.",
        ) from None
    with os.fdopen(descriptor, "wb") as file, copy.open("rb") as whole:
        shutil.copyfileobj(whole, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    return part
