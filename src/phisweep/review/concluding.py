"""The result of a review: the companion of the report, and what could be changed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from phisweep.report.companions.review.model import (
    AgreementRecord,
    BoundedRecord,
    GroupRecord,
    LetterReviewRecord,
    MissRecord,
    Record,
    ReviewerRecord,
    WrongRecord,
)
from phisweep.review import estimates, suggestions
from phisweep.review.answers import AnswersRecord, by_role
from phisweep.review.estimates import Bounded, Tally
from phisweep.review.passages import Span
from phisweep.review.reading import View
from phisweep.review.sample import SampleRecord, UnitRecord
from phisweep.review.settling import Settled, between, settle, without
from phisweep.review.strata import GROUPS, Group

Standing = Callable[[int, set[str]], set[str]]
_REMOVED: tuple[Group, ...] = ("removed", "above")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a review says: the record for the report, and suggestions as lines of TOML."""

    record: Record
    suggestions: tuple[str, ...]


def conclude(
    sample: SampleRecord,
    sample_sha256: str,
    views: Mapping[str, View],
    records: Sequence[AnswersRecord],
    standing: Standing | None = None,
) -> Conclusion:
    """
    Put the answers of all reviewers together.

    `standing` returns which of some values still stand in the copy of a file, by its index: what was
    seen as left and is gone from the copy was removed when the copies were searched again.
    """
    settled = settle(views, records)
    gone = 0
    if standing is not None:
        settled, gone = _without_gone(views, settled, standing)
    sizes = {entry.stratum: (entry.population, entry.drawn) for entry in sample.strata}
    strata = estimates.tallies(sizes, settled)
    paths = [file.path for file in sample.files]
    missed = suggestions.misses(paths, views, settled)
    wrong = suggestions.wrongs(paths, settled)
    disputed = sum(unit.state == "disputed" for unit in settled)
    answered = sum(unit.state != "open" for unit in settled)
    whole = answered == len(sample.units) and not disputed
    record = Record(
        schema="phisweep-review/1",
        run_sha256=sample.run_sha256,
        sample_sha256=sample_sha256,
        seed=sample.seed,
        drawn_at=sample.drawn,
        state="complete" if whole else "half-finished",
        drawn=len(sample.units),
        answered=answered,
        disputed=disputed,
        notes=sample.notes,
        gone=gone,
        recall=_bounded(estimates.recall(strata)),
        precision=_bounded(estimates.precision(strata)),
        groups=tuple(_group(group, found) for group, found in estimates.groups(strata).items()),
        letters=tuple(_letter(name, found) for name, found in estimates.letters(strata).items()),
        reviewers=tuple(_reviewer(one, views, records) for one in records),
        agreement=_agreement(views, records),
        misses=tuple(
            MissRecord(path=m.at.path, place=m.at.place, shape=m.shape, count=m.count)
            for m in missed
        ),
        wrongs=tuple(
            WrongRecord(path=w.at.path, place=w.at.place, rule=w.rule, count=w.count) for w in wrong
        ),
    )
    return Conclusion(record, tuple(suggestions.lines(missed, wrong)))


def _without_gone(
    views: Mapping[str, View], settled: Sequence[Settled], standing: Standing
) -> tuple[list[Settled], int]:
    def value(unit: UnitRecord, span: Span) -> str:
        return views[unit.id].text[span[0] : span[1]]

    asked: dict[int, set[str]] = defaultdict(set)
    for one in settled:
        if one.wrong and one.unit.group not in _REMOVED:
            spans = one.missed or ((one.unit.start, one.unit.end),)
            asked[one.unit.file] |= {value(one.unit, span) for span in spans}
    left = {file: standing(file, values) for file, values in asked.items()}
    kept = without(settled, lambda unit, span: value(unit, span) not in left[unit.file])
    changed = sum(a != b for a, b in zip(settled, kept, strict=True))
    return kept, changed


def _group(group: Group, strata: Sequence[Tally]) -> GroupRecord:
    return GroupRecord(
        group=group,
        words=GROUPS[group],
        removed=group in _REMOVED,
        population=sum(tally.population for tally in strata),
        drawn=sum(tally.drawn for tally in strata),
        decided=sum(tally.decided for tally in strata),
        unsure=sum(tally.unsure for tally in strata),
        disputed=sum(tally.disputed for tally in strata),
        wrong=sum(tally.wrong for tally in strata),
        stretches=sum(tally.stretches for tally in strata),
        share=_bounded(estimates.share_wrong(strata)),
    )


def _letter(letter: str, strata: Sequence[Tally]) -> LetterReviewRecord:
    return LetterReviewRecord(
        letter=letter,
        population=sum(tally.population for tally in strata),
        drawn=sum(tally.drawn for tally in strata),
        decided=sum(tally.decided for tally in strata),
        wrong=sum(tally.wrong for tally in strata),
        share=_bounded(estimates.share_of_removed(strata)),
    )


def _bounded(share: Bounded) -> BoundedRecord:
    def held(value: float) -> float:
        return min(1.0, max(0.0, value))

    estimate = None if share.estimate is None else held(share.estimate)
    return BoundedRecord(estimate=estimate, low=held(share.low), high=held(share.high))


def _reviewer(
    one: AnswersRecord, views: Mapping[str, View], records: Sequence[AnswersRecord]
) -> ReviewerRecord:
    asked = len(views)
    if one.role == "adjudicator":
        found = between(views, records)
        asked = len(found.differing) if found else 0
    return ReviewerRecord(
        name=one.reviewer,
        role=one.role,
        asked=asked,
        answered=len(one.answers),
        begun=one.begun,
        saved=one.saved,
    )


def _agreement(
    views: Mapping[str, View], records: Sequence[AnswersRecord]
) -> AgreementRecord | None:
    found = between(views, records)
    if found is None:
        return None
    third = {name for one in by_role(records, "adjudicator") for name in one.answers}
    return AgreementRecord(
        both=found.both,
        same=found.same,
        kappa=found.kappa,
        differing=len(found.differing),
        decided=sum(name in third for name in found.differing),
    )
