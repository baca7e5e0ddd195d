"""The first pass over the data: whose record is which, what records say, what leaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.model import Source
from phisweep.runs.dividing import Divided
from phisweep.runs.settings import Settings
from phisweep.runs.working import made_ready, spread
from phisweep.session import Session

if TYPE_CHECKING:
    from phisweep.survey import Joining
    from phisweep.survey.reading import Surveyed


def surveyed(
    session: Session,
    settings: Settings,
    spec: Spec,
    sources: Mapping[int, Source],
    dead: Callable[[Job], Surveyed] | None = None,
) -> Joining:
    """
    Return what all sources tell together, each under its number.

    They have no other name yet, for a name may hold a subject's key. `dead` is for a source whose
    process died; without it nothing is known of that source.
    """
    jobs = [Job(replace(source, shown=str(i))) for i, source in sources.items()]
    made_ready(session, jobs)
    from phisweep.survey import Joining, Surveyor, unread  # noqa: PLC0415 - not for a scan
    from phisweep.survey.pieces import JoinedSurvey, PieceSurveyor  # noqa: PLC0415 - as above

    joined, died = Joining(spec), dead or unread
    results = spread(
        session,
        settings,
        Surveyor,
        joined.spec,
        jobs,
        stage="reading",
        dead=died,
        divided=Divided(PieceSurveyor, partial(JoinedSurvey, joined.spec), partial(_lost, died)),
    )
    with closing(results):
        for _, seen in sorted(results, key=itemgetter(0)):  # what is told is so in any order
            joined.take(seen)
    joined.join()
    return joined


def _lost(dead: Callable[[Job], Surveyed], job: Job | PieceJob) -> Surveyed | None:
    """Return what is known where a process died of a document, or of a piece: that is read anew."""
    return dead(job) if isinstance(job, Job) else None
