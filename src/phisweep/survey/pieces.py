"""What the first pass saw of the pieces of a document, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from phisweep.analysis import Job, PieceJob, Spec
from phisweep.detect.detector import Detector
from phisweep.formats.pieces import Cut
from phisweep.leaks.joined import SUFFIX
from phisweep.survey.reading import Surveyed, Surveyor, years_of


class PieceSurveyor:
    """Reads whole documents and pieces of others."""

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:
        self._surveyor = Surveyor(spec, like)
        self.analysis = self._surveyor.analysis

    def __call__(self, job: Job | PieceJob) -> Surveyed | None:
        """Do one job. Never raises for what is wrong with its document."""
        return self._surveyor(job) if isinstance(job, Job) else self._surveyor.piece(job)


class JoinedSurvey:
    """
    The pieces of one document, in any order: what each tells of subjects is in the run's file of them.

    What is seen of a document by its sample is that of the first piece.
    """

    def __init__(self, spec: Spec, job: Job, cut: Cut) -> None:
        assert spec.spool is not None  # noqa: S101 - a run that is surveyed has one
        self._spool, self._job, self._cut = spec.spool, job, cut
        self._seen: dict[int, Surveyed | None] = {}

    def jobs(self) -> Sequence[PieceJob]:
        """Return what is to be read."""
        cut = replace(self._cut, pieces=())
        return [PieceJob(self._job, cut, piece) for piece in self._cut.pieces]

    def take(self, number: int, result: Surveyed | None) -> bool:
        """Take what was seen of a piece; return whether it was the last."""
        self._seen[number] = result
        return len(self._seen) == len(self._cut.pieces)

    def outcome(self) -> Surveyed | None:
        """Return what was seen of the document, None where it is to be read as a whole."""
        seen = [each for _, each in sorted(self._seen.items()) if each is not None]
        if len(seen) < len(self._cut.pieces):
            self.drop()
            return None
        linked = dict.fromkeys(key for each in seen for key in each.linked)
        return replace(seen[0], linked=tuple(linked))

    def drop(self) -> None:
        """Leave nothing that would be told twice."""
        for path in self._spool.glob(f"{years_of(self._job.source)}.*{SUFFIX}"):
            path.unlink()
