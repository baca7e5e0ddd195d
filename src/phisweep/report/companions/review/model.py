"""The record of a human review, `review.json`; no value of the data has a field."""

from __future__ import annotations

from typing import Annotated, Literal

from phisweep.filed import Checked, field
from phisweep.report.parts import Count, Digest, Guarded, Letter

Share = Annotated[float, Checked(ge=0.0, le=1.0)]


class BoundedRecord(Guarded):
    """A share, with its bounds, each at 95 per cent; null where nothing was answered."""

    estimate: Share | None
    low: Share
    high: Share


class GroupRecord(Guarded):
    """
    Units of one kind: how many there are, were drawn, answered, unsure, in dispute, wrong.

    `wrong` are removals that identify nobody, and what was kept and does. `stretches` counts what
    was left in passages, of which one may hold several. `share` is that of wrong units.
    """

    group: str
    words: str
    removed: bool
    population: Count
    drawn: Count
    decided: Count
    unsure: Count
    disputed: Count
    wrong: Count
    stretches: Count
    share: BoundedRecord


class LetterReviewRecord(Guarded):
    """The removals of one letter: how many were judged, how many identify nobody."""

    letter: Letter
    population: Count
    drawn: Count
    decided: Count
    wrong: Count
    share: BoundedRecord


class ReviewerRecord(Guarded):
    """Who reviewed, in which role, and how much of it; times are UTC, ISO 8601."""

    name: str
    role: Literal["reviewer", "adjudicator"]
    asked: Count
    answered: Count
    begun: str
    saved: str


class AgreementRecord(Guarded):
    """How two reviewers agree: Cohen's kappa, null where it is not defined."""

    both: Count
    same: Count
    kappa: Annotated[float, Checked(ge=-1.0, le=1.0)] | None
    differing: Count
    decided: Count


class MissRecord(Guarded):
    """What was left in one place, in one shape, as often as it was seen."""

    path: str
    place: str
    shape: str
    count: Count


class WrongRecord(Guarded):
    """What one rule removed in one place and identifies nobody, as often as it was seen."""

    path: str
    place: str
    rule: str
    count: Count


class Record(Guarded):
    """
    The review of a sample of a run.

    `gone` counts units of which reviewers marked what stands nowhere in the copy: it was removed when
    the copies were searched again, and counts so.
    """

    schema_: Literal["phisweep-review/1"] = field(alias="schema")
    run_sha256: Digest
    sample_sha256: Digest
    seed: Count
    drawn_at: str
    state: Literal["complete", "half-finished"]
    drawn: Count
    answered: Count
    disputed: Count
    gone: Count
    notes: tuple[str, ...]
    recall: BoundedRecord
    precision: BoundedRecord
    groups: tuple[GroupRecord, ...]
    letters: tuple[LetterReviewRecord, ...]
    reviewers: tuple[ReviewerRecord, ...]
    agreement: AgreementRecord | None
    misses: tuple[MissRecord, ...]
    wrongs: tuple[WrongRecord, ...]

    def _check(self) -> None:
        if self.drawn != sum(group.drawn for group in self.groups):
            raise ValueError("the groups are not what was drawn")
        if (self.state == "complete") != (self.answered == self.drawn and not self.disputed):
            raise ValueError("a review is complete when all is answered and nothing is disputed")
