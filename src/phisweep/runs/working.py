"""Jobs done by the runner that suits their number and size."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

from phisweep.analysis import Job, Spec
from phisweep.errors import DetectionError
from phisweep.model import Outcome
from phisweep.pipeline import Worker
from phisweep.runners import local
from phisweep.runs.auditing import put_aside
from phisweep.runs.settings import Settings
from phisweep.session import Session

#: Bytes; below, starting processes costs more than it saves.
WORTH_PROCESSES = 1 << 20
#: Records; what a search finds beyond goes to files.
HELD = 100_000


def processes_for(session: Session, jobs: Sequence[Job]) -> int:
    """Return how many processes the jobs are worth."""
    worth = sum(job.source.size for job in jobs) >= WORTH_PROCESSES
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
    held = 0
    # Closed at once where this is interrupted: no worker writes on into a folder that is removed.
    with closing(work(session, settings, spec, list(jobs.values()), stage)) as results:
        for i, outcome in results:
            held += len(outcome.records)
            if spec.spool is not None and not spec.reveal and (spec.write or held > HELD):
                outcome = put_aside(outcome, spec.spool, places=not spec.write)  # noqa: PLW2901
            outcomes[indices[i]] = outcome


def work(
    session: Session, settings: Settings, spec: Spec, jobs: Sequence[Job], stage: str
) -> Generator[tuple[int, Outcome], None, None]:
    """Do jobs by the runner that suits their number and size, and tell how far they are."""
    processes = processes_for(session, jobs)
    spec = replace(spec, ticks=spec.spool if settings.progress else None)
    if settings.progress:
        settings.progress.begin(stage, [job.source.size for job in jobs], spec.ticks)
    if processes > 1:
        from phisweep.runners import pool  # noqa: PLC0415 - multiprocessing, where it is asked for

        results = pool.run(Worker, spec, jobs, processes=processes, dead=_dead)
    else:
        results = local.run(partial(Worker, like=session.detector), spec, jobs)
    with closing(results):
        for i, outcome in results:
            if settings.progress:
                settings.progress.done(outcome)
            yield i, outcome


def _dead(job: Job) -> Outcome:
    error = DetectionError(
        "E302",
        "the process that analysed it died",
        where=job.source.shown,
        todo="It may be too large for this machine's memory.",
    )
    return Outcome(job.source, "incomplete", error=str(error), bytes=job.source.size)
