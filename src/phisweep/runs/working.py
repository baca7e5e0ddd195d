"""Jobs done by the runner that suits their number and size."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from phisweep.analysis import Job, Spec
from phisweep.model import Outcome, Source
from phisweep.pipeline import Worker
from phisweep.records import Common
from phisweep.runners import died, local
from phisweep.runs.auditing import put_aside
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
        spread(session, settings, Worker, spec, jobs, stage=stage, dead=_dead, ticks=spec.ticks)
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
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result, by the runner that suits their number and size.

    `build` makes a worker of the spec, in this process `like` the session's detector; `dead` is the
    result of a job that killed its process. Who reports progress is told that the stage begins.
    """
    processes, sizes = processes_for(session, jobs), [job.source.size for job in jobs]
    begun = partial(settings.progress.begin, stage, sizes, ticks) if settings.progress else _silent
    if session.config.runner == "spark" and isinstance(spec, Spec):
        from phisweep.apart.documents import spread_apart  # noqa: PLC0415 - few runs have a cluster

        begun()
        results = spread_apart(build, spec, jobs, dead, session.config.master)
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
