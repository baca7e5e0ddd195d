"""
What the reviewers say together: where they agree, where they do not, and what counts in the end.

A unit is positive where something that identifies was seen: of a finding that it identifies
somebody, of a passage that something was left in it that does. Agreement is Cohen's kappa over
positive, negative and unsure: (p_o - p_e) / (1 - p_e), with p_o the share of units that both judge
alike, and p_e the share that chance would give by how often each says what (J. Cohen, A coefficient
of agreement for nominal scales, Educational and Psychological Measurement 20, 1960).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from phisweep.review.answers import Answer, AnswersRecord, by_role, verdicts
from phisweep.review.passages import Span, left
from phisweep.review.reading import View
from phisweep.review.sample import UnitRecord

Judgement = Literal["positive", "negative", "unsure"]
State = Literal["decided", "unsure", "disputed", "open"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds of a unit: `missed` are the stretches that were left in a passage."""

    unit: UnitRecord
    state: State
    positive: bool
    missed: tuple[Span, ...] = ()

    @property
    def wrong(self) -> bool:
        """Say whether the run was wrong: it removed what identifies nobody, or kept what does."""
        if self.state != "decided":
            return False
        return self.positive != (self.unit.group in ("removed", "above"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two reviewers agree on the units that both answered; kappa None where it is 0 / 0."""

    both: int
    same: int
    kappa: float | None
    differing: tuple[str, ...]


def missed(view: View, answer: Answer) -> tuple[Span, ...]:
    """Return the stretches of a passage that identify, and were left."""
    unit = view.unit
    if unit.is_candidate or answer.verdict != "yes":
        return ()
    return tuple(left(view.text, answer.marks, unit.removed, unit.told))


def judgement(view: View, answer: Answer) -> Judgement:
    """Return what an answer says."""
    if answer.verdict == "unsure":
        return "unsure"
    positive = answer.verdict == "yes"
    if not view.unit.is_candidate:
        positive = bool(missed(view, answer))
    return "positive" if positive else "negative"


def agreement(
    views: Mapping[str, View], first: Mapping[str, Answer], second: Mapping[str, Answer]
) -> Agreement:
    """Compare two reviewers."""
    pairs = {
        name: (judgement(view, first[name]), judgement(view, second[name]))
        for name, view in views.items()
        if name in first and name in second
    }
    differing = tuple(name for name, (a, b) in pairs.items() if a != b)
    both = len(pairs)
    if not both:
        return Agreement(0, 0, None, ())
    same = both - len(differing)
    ours, theirs = (Counter(pair[i] for pair in pairs.values()) for i in (0, 1))
    seen, chance = same / both, sum(ours[j] * theirs[j] for j in ours) / both**2
    kappa = None if chance >= 1 else (seen - chance) / (1 - chance)
    return Agreement(both, same, kappa, differing)


def joined(records: Sequence[AnswersRecord], name: str) -> Answer:
    """Return the marks of all reviewers in one unit, as one answer: what a third may begin with."""
    given = [r.answers[name] for r in by_role(records, "reviewer") if name in r.answers]
    return Answer(verdict="unsure", marks=_marks(given))


def _marks(given: Sequence[Answer]) -> tuple[Span, ...]:
    return tuple(sorted({mark for answer in given for mark in answer.marks}))


def between(views: Mapping[str, View], records: Sequence[AnswersRecord]) -> Agreement | None:
    """Return the agreement of the two reviewers, None where there are not two."""
    reviewers = by_role(records, "reviewer")
    if len(reviewers) < 2:  # noqa: PLR2004 - two compare
        return None
    return agreement(views, reviewers[0].answers, reviewers[1].answers)


def settle(views: Mapping[str, View], records: Sequence[AnswersRecord]) -> list[Settled]:
    """
    Return what holds of every unit.

    A third decision goes before those of the reviewers. What they judge alike holds, with what
    either of them marked; what they do not is disputed until somebody decides.
    """
    third = verdicts(next(iter(by_role(records, "adjudicator")), None))
    reviewers = by_role(records, "reviewer")
    out = []
    for name, view in views.items():
        given = [record.answers[name] for record in reviewers if name in record.answers]
        if name in third:
            given = [third[name]]
        out.append(_settled(view, given))
    return out


def without(settled: Sequence[Settled], gone: Callable[[UnitRecord, Span], bool]) -> list[Settled]:
    """Return the same without what was seen as left, and is gone from the copies all the same."""
    out = []
    for unit in settled:
        if not unit.wrong or unit.unit.group in ("removed", "above"):
            out.append(unit)
            continue
        spans = unit.missed or ((unit.unit.start, unit.unit.end),)
        left_ = tuple(span for span in spans if not gone(unit.unit, span))
        missed_ = left_ if unit.missed else ()
        out.append(replace(unit, positive=bool(left_), missed=missed_))
    return out


def _settled(view: View, given: Sequence[Answer]) -> Settled:
    said = {judgement(view, answer) for answer in given}
    if len(said) != 1:
        return Settled(view.unit, "disputed" if said else "open", positive=False)
    only = said.pop()
    if only == "unsure":
        return Settled(view.unit, "unsure", positive=False)
    spans = missed(view, Answer(verdict="yes", marks=_marks(given))) if only == "positive" else ()
    return Settled(view.unit, "decided", only == "positive", spans)
