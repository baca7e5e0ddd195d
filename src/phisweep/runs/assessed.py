"""An assessment as the record of a report: its names as they may be told, its methods in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from phisweep.figures import stamp
from phisweep.report.companions.risk.records import (
    AssessmentRecord,
    AttackRecord,
    CandidateRecord,
    LoosenedRecord,
    MeasuredRecord,
    PopulationRecord,
    QuasiRecord,
    Record,
    SensitiveRecord,
    SubsetRecord,
)
from phisweep.risk.assess import Assessment, Told
from phisweep.risk.attackers import members_for
from phisweep.risk.candidates import Candidate
from phisweep.risk.methods import methods
from phisweep.risk.population import SMALL
from phisweep.risk.sizes import DIGITS, Share, share
from phisweep.runs.suggested import classes_of, coarsely, sizes_of, suggestions_of
from phisweep.usefulness.floor import shown


@dataclass(frozen=True, slots=True)
class Limits:
    """What is to be met, None where nothing is: the least class, and the highest risk."""

    k: int | None = None
    risk: float | None = None

    def met(self, least: int) -> bool:
        """Say whether a table whose smallest class is of that size meets them."""
        by_risk = 1 if self.risk is None else members_for(self.risk)
        return least >= max(self.k or 1, by_risk)


@dataclass(frozen=True, slots=True)
class Measured:
    """A file that was counted: its shown name, and whether it is a copy of the release."""

    path: str
    sha256: str
    copy_of_run: bool


class _Names(dict[str, str]):
    """What may be told of a column by its name."""

    def __missing__(self, name: str) -> str:
        return "a column"


def record_of(
    found: Assessment,
    *,
    limits: Limits,
    proposed: bool,
    agrees: bool,
    measured: Sequence[Measured],
    ignored: Sequence[str],
    candidates: Sequence[Candidate],
    names: Mapping[str, str],
    run_sha256: str,
) -> Record:
    """Return the record of one assessment; `names` says what may be told of a column."""
    told = _Names(names)
    shown_names = [told[column.name] for column in found.columns]
    parts = found.driven.parts or (None,) * len(found.columns)
    risk = found.attacks
    coarse = coarsely(found.bands, found.people)
    classes = classes_of(found.bands, found.classes)
    one = AssessmentRecord(
        measured=stamp(),
        version=version("phisweep"),
        files=tuple(
            MeasuredRecord(path=m.path, sha256=m.sha256, copy_of_run=m.copy_of_run)
            for m in measured
        ),
        not_counted=tuple(ignored),
        rows=found.rows,
        people=found.people,
        by_subject=found.by_subject,
        keyless=found.keyless,
        proposed=proposed,
        missing_agrees=found.agrees,
        quasi_identifiers=tuple(
            QuasiRecord(
                name=told[column.name],
                kind=column.kind,
                distinct=column.distinct,
                missing=column.missing,
                part=None if part is None else round(part, DIGITS),
            )
            for column, part in zip(found.columns, parts, strict=True)
        ),
        k=found.least,
        classes=classes,
        mean_size=round(found.people / max(1, classes), 2),
        sizes=sizes_of(found.bands),
        unique=share(found.unique, found.people),
        small=share(found.small, found.people),
        threshold=risk.threshold,
        threshold_members=risk.members,
        prosecutor=AttackRecord(
            highest=_round(risk.prosecutor.highest),
            mean=coarse(risk.prosecutor.mean),
            above=share(found.above, found.people),
        ),
        journalist=AttackRecord(
            highest=_round(risk.journalist.highest),
            mean=coarse(risk.journalist.mean),
            above=_people(risk.journalist.above, found),
        ),
        marketer=AttackRecord(highest=None, mean=coarse(risk.marketer), above=None),
        population=_population(found),
        sensitive=tuple(_sensitive(each, told) for each in found.told),
        missing=found.missing,
        loosened=None
        if found.loosened is None
        else LoosenedRecord(
            least=found.loosened.least,
            unique=share(found.loosened.unique, found.people),
            small=share(found.loosened.small, found.people),
        ),
        subsets=tuple(
            SubsetRecord(
                columns=tuple(shown_names[i] for i in subset.columns),
                least=subset.least,
                unique=_people(subset.unique, found),
                small=_people(subset.small, found),
            )
            for subset in found.driven.subsets
        ),
        suggestions=suggestions_of(found, [m.path for m in measured], names),
        candidates=tuple(_candidate(each, told, found.rows) for each in candidates),
        asked_k=limits.k,
        asked_risk=limits.risk,
        met=limits.met(found.least),
        methods=tuple(methods(found, agrees=agrees)),
    )
    return Record(schema="phisweep-risk/1", run_sha256=run_sha256, assessments=(one,))


def _round(number: float) -> float:
    return round(min(1.0, max(0.0, number)), DIGITS)


def _people(count: int, found: Assessment) -> Share:
    """Return a share of the people, or a word where the count of them or of the others is small."""
    return share(shown([count, found.people - count])[0], found.people)


def _population(found: Assessment) -> PopulationRecord | None:
    told = found.population
    if told is None:
        return None
    return PopulationRecord(
        size=told.size,
        drawn=_round(told.drawn),
        zayatz=_round(told.zayatz),
        pitman=_round(told.pitman),
        by="pitman" if told.drawn <= SMALL else "zayatz",
        estimate=_round(told.estimate),
    )


def _sensitive(each: Told, told: Mapping[str, str]) -> SensitiveRecord:
    return SensitiveRecord(
        name=told[each.name],
        distinct_values=each.distinct,
        distinct_l=each.diversity.distinct,
        entropy_l=round(each.diversity.entropy, DIGITS),
        recursive=tuple(
            (level, None if math.isinf(least) else round(least, DIGITS))
            for level, least in each.diversity.recursive
        ),
        one_value=each.poor,
        closeness=_round(each.closeness.distance),
        ordered=each.closeness.ordered,
    )


def _candidate(each: Candidate, told: Mapping[str, str], rows: int) -> CandidateRecord:
    return CandidateRecord(
        name=told[each.name],
        role=each.role,
        use=each.use,
        why=each.why,
        how=each.how,
        distinct=each.distinct,
        entropy=None if each.entropy is None else round(each.entropy, 3),
        most_entropy=round(each.most_entropy, 3),
        rare=share(each.rare, rows),
    )
