"""Jobs done by the runner that suits their number and size."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.model import Outcome, Source
from phisweep.pipeline import Worker
from phisweep.pipeline.joining import Joined
from phisweep.pipeline.pieces import DigestJob, Done, PieceWorker
from phisweep.records import Common
from phisweep.runners import died, local
from phisweep.runs.auditing import put_aside
from phisweep.runs.dividing import Divided, in_pieces, large
from phisweep.runs.settings import Settings
from phisweep.session import Session

#: Bytes; below, starting processes costs more than it saves. A file costs as much as so many of its
#: bytes by being opened.
WORTH_PROCESSES, EACH = 1 << 19, 1 << 12
#: Records; what a search finds beyond goes to files.
HELD = 100_000


class Sized(Protocol):
    """A job of one source."""

    @property
    def source(self) -> Source:
        """Whose size says what the job is worth."""


S = TypeVar("S")
J = TypeVar("J", bound=Sized)
R = TypeVar("R")


def processes_for(session: Session, jobs: Sequence[Sized]) -> int:
    """Return how many processes the jobs are worth, or are to have by the runner that was named."""
    runner = session.config.runner
    if runner == "local":
        return 1
    if large([job.source for job in jobs], session.jobs):
        return session.jobs
    if runner == "pool":
        return max(1, min(session.jobs, len(jobs)))
    worth = sum(job.source.size + EACH for job in jobs) >= WORTH_PROCESSES
    return min(session.jobs, len(jobs)) if worth else 1


def work_through(
    session: Session,
    settings: Settings,
    spec: Spec,
    jobs: dict[int, Job],
    outcomes: dict[int, Outcome],
) -> None:
    """
    Do the jobs, and enter their outcomes by the index of their source.

    Records of a run that writes copies go to its spool, and so do those of a search beyond HELD, so
    that memory is bounded however much is found.
    """
    indices = list(jobs)
    stage = "copying" if spec.write else "reading"
    held, common = 0, Common()
    # Closed at once where this is interrupted: no worker writes on into a folder that is removed.
    with closing(work(session, settings, spec, list(jobs.values()), stage)) as results:
        for i, outcome in results:
            held += len(outcome.records)
            if spec.spool is not None and not spec.reveal and (spec.write or held > HELD):
                outcome = put_aside(outcome, spec.spool, places=not spec.write)  # noqa: PLW2901
            outcomes[indices[i]] = common.of(outcome)


def work(
    session: Session, settings: Settings, spec: Spec, jobs: Sequence[Job], stage: str
) -> Generator[tuple[int, Outcome], None, None]:
    """Search or copy, and tell how far the jobs are."""
    spec = replace(spec, ticks=spec.spool if settings.progress else None)
    with closing(
        spread(
            session,
            settings,
            Worker,
            spec,
            jobs,
            stage=stage,
            dead=_dead,
            ticks=spec.ticks,
            divided=None if spec.shapes else Divided(PieceWorker, partial(Joined, spec), _lost),
        )
    ) as results:
        for i, outcome in results:
            if settings.progress:
                settings.progress.done(outcome)
            yield i, outcome


def spread(
    session: Session,
    settings: Settings,
    build: Callable[..., Callable[[J], R]],
    spec: S,
    jobs: Sequence[J],
    *,
    stage: str,
    dead: Callable[[J], R],
    ticks: Path | None = None,
    divided: Divided[R] | None = None,
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result, by the runner that suits their number and size.

    `build` makes a worker of the spec, in this process `like` the session's detector; `dead` is the
    result of a job that killed its process. Who reports progress is told that the stage begins.
    `divided` says how large documents are done in pieces, where the stage can.
    """
    processes, sizes = processes_for(session, jobs), [job.source.size for job in jobs]
    chosen = large([job.source for job in jobs], processes) if divided is not None else ()
    begun = partial(settings.progress.begin, stage, sizes, ticks) if settings.progress else _silent
    if session.config.runner == "spark" and isinstance(spec, Spec):
        begun()
        results = _apart(build, spec, jobs, dead, session.config.master, divided, ticks)
    elif divided is not None and chosen:
        results = _in_pieces(session, spec, jobs, chosen, divided, begun, ticks)
    elif processes > 1:
        from phisweep.runners import pool  # noqa: PLC0415 - multiprocessing, where it is asked for

        results = pool.run(
            build,
            spec,
            jobs,
            processes=processes,
            dead=dead,
            sizes=sizes,
            like=session.detector,
            begun=begun,
        )
    else:
        begun()
        results = local.run(partial(build, like=session.detector), spec, jobs)
    with closing(results):
        yield from results


def _apart(  # noqa: PLR0917 - called by `spread` alone
    build: Callable[..., Callable[[Any], R]],
    spec: Spec,
    jobs: Sequence[Any],
    dead: Callable[[Any], R],
    master: str,
    divided: Divided[R] | None,
    ticks: Path | None,
) -> Generator[tuple[int, R], None, None]:
    from phisweep.apart.documents import spread_apart  # noqa: PLC0415 - few runs have a cluster
    from phisweep.runners.spark import parallelism  # noqa: PLC0415 - as above

    def run(
        build: Callable[..., Any],
        jobs: Sequence[Any],
        sizes: Sequence[int],
        dead: Callable[..., Any],
    ) -> Generator[tuple[int, Any], None, None]:
        return spread_apart(build, spec, jobs, sizes, dead, master)

    if divided is not None and jobs:
        processes = parallelism(master)
        chosen = large([job.source for job in jobs], processes)
        if chosen:
            return in_pieces(processes, ticks, jobs, chosen, divided, run)
    return run(build, jobs, [job.source.size for job in jobs], dead)


def _in_pieces(  # noqa: PLR0917 - called by `spread` alone
    session: Session,
    spec: object,
    jobs: Sequence[Any],
    chosen: Sequence[int],
    divided: Divided[R],
    begun: Callable[[], None],
    ticks: Path | None,
) -> Generator[tuple[int, R], None, None]:
    from phisweep.runners import pool  # noqa: PLC0415 - as above

    begins = [begun]  # once, though the stage is done in several steps

    def run(
        build: Callable[..., Any],
        jobs: Sequence[Any],
        sizes: Sequence[int],
        dead: Callable[..., Any],
    ) -> Generator[tuple[int, Any], None, None]:
        return pool.run(
            build,
            spec,
            jobs,
            processes=session.jobs,
            dead=dead,
            sizes=sizes,
            like=session.detector,
            begun=begins.pop() if begins else None,
        )

    with pool.kept():
        pool.ready(session.jobs, session.detector)
        yield from in_pieces(session.jobs, ticks, jobs, chosen, divided, run)


def made_ready(session: Session, jobs: Sequence[Sized]) -> None:
    """Start the processes that jobs are worth, before libraries are imported that start threads."""
    processes = processes_for(session, jobs)
    if processes > 1 and session.config.runner != "spark":
        from phisweep.runners import pool  # noqa: PLC0415 - as above

        pool.ready(processes, session.detector)


def _silent() -> None:
    """Tell nobody that a stage begins."""


def _dead(job: Job) -> Outcome:
    source = job.source
    return Outcome(source, "incomplete", error=str(died(source.shown)), bytes=source.size)


def _lost(job: Job | PieceJob | DigestJob) -> Outcome | Done | str:
    """Return the result of a job, of a whole document or of a piece, that killed its process."""
    if isinstance(job, DigestJob):
        return ""
    return _dead(job) if isinstance(job, Job) else Done(_dead(job.job))
