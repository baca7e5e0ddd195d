"""What `phisweep risk` measured, as it stands in risk.json: no value, no count of people from 1 to 10."""

from __future__ import annotations

from typing import Annotated, Literal

from phisweep.filed import Checked, field
from phisweep.report.parts import Count, Digest, Guarded, ShownCount

Share = Annotated[float, Checked(ge=0.0, le=1.0)]
#: A share of people; a word where their count is not shown.
ShownShare = Share | Literal["<11", "11+", "not shown"]


class MeasuredRecord(Guarded):
    """A file, or a part of one, that was counted; `copy_of_run`: it is a copy of this run, unchanged."""

    path: str
    sha256: Digest
    copy_of_run: bool


class QuasiRecord(Guarded):
    """
    A quasi-identifier.

    `distinct` is null where there are more than 200,000 values. `part` is its part in the share of
    people in classes under 11 (Shapley), null where it was not told; it is less than 0 by nothing.
    """

    name: str
    kind: str
    distinct: Count | None
    missing: ShownCount
    part: float | None


class SizeRecord(Guarded):
    """Classes of `low` to `high` members (null: no end), and the people in them."""

    label: str
    low: Count
    high: Count | None
    classes: Count | Literal["not shown"]
    people: ShownCount


class AttackRecord(Guarded):
    """What one attacker may reach: the highest risk, the mean, the share of people above the threshold."""

    highest: Share | None
    mean: Share
    above: ShownShare | None


class PopulationRecord(Guarded):
    """The estimates of the share of people who are unique in the population, and the one to use."""

    size: Count
    drawn: Share
    zayatz: Share
    pitman: Share
    by: Literal["pitman", "zayatz"]
    estimate: Share


class SensitiveRecord(Guarded):
    """
    What classes tell of a sensitive column.

    `recursive` holds l and the number that c must exceed, null where a class has fewer than l values.
    """

    name: str
    distinct_values: Count | None
    distinct_l: Count
    entropy_l: float
    recursive: tuple[tuple[Count, float | None], ...]
    one_value: ShownCount
    closeness: Share
    ordered: bool


class LoosenedRecord(Guarded):
    """The figures where a missing value agrees with every other."""

    least: Count
    unique: ShownShare
    small: ShownShare


class SubsetRecord(Guarded):
    """Some of the quasi-identifiers: the smallest class that they make, people alone or in small ones."""

    columns: tuple[str, ...]
    least: Count
    unique: ShownShare
    small: ShownShare


class StepRecord(Guarded):
    """What a suggestion does with one column; no `operator`: nothing, or by hand."""

    name: str
    words: str
    operator: str
    params: dict[str, str | int | bool]
    by_hand: bool


class SuggestionRecord(Guarded):
    """Generalisations that reach k. `loss` is in [0, 1]; `policy` is the policy file that makes them."""

    steps: tuple[StepRecord, ...]
    least: Count
    loss: Share
    left_out: ShownCount
    left_out_share: ShownShare
    classes: Count
    mean: Share
    sizes: tuple[SizeRecord, ...]
    by_hand: bool
    policy: str


class SuggestionsRecord(Guarded):
    """The suggestions for a k. `without` are columns that reach it as they are, the others left out."""

    k: Count
    reached: bool
    limit: Share
    exact: bool
    nodes: Count
    judged: Count
    best: tuple[SuggestionRecord, ...]
    without: tuple[str, ...]


class CandidateRecord(Guarded):
    """A column that was looked at for a proposal, and what it was proposed for."""

    name: str
    role: str
    use: Literal["quasi", "sensitive", "remove", "neither"]
    why: str
    how: str
    distinct: Count | None
    entropy: float | None
    most_entropy: float
    rare: ShownShare


class AssessmentRecord(Guarded):
    """The figures of files that were counted as one table. Times are UTC, ISO 8601."""

    measured: str
    version: str
    files: tuple[MeasuredRecord, ...]
    not_counted: tuple[str, ...]
    rows: Count
    people: Count
    by_subject: bool
    keyless: ShownCount
    proposed: bool
    missing_agrees: bool
    quasi_identifiers: tuple[QuasiRecord, ...]
    k: Count
    classes: Count
    mean_size: float
    sizes: tuple[SizeRecord, ...]
    unique: ShownShare
    small: ShownShare
    threshold: Share
    threshold_members: Count
    prosecutor: AttackRecord
    journalist: AttackRecord
    marketer: AttackRecord
    population: PopulationRecord | None
    sensitive: tuple[SensitiveRecord, ...]
    missing: bool
    loosened: LoosenedRecord | None
    subsets: tuple[SubsetRecord, ...]
    suggestions: SuggestionsRecord | None
    candidates: tuple[CandidateRecord, ...]
    asked_k: Count | None
    asked_risk: Share | None
    met: bool
    methods: tuple[str, ...]


class Record(Guarded):
    """What was measured of the copies of a run, each table by itself."""

    schema_: Literal["phisweep-risk/1"] = field(alias="schema", default="phisweep-risk/1")
    run_sha256: Digest
    assessments: tuple[AssessmentRecord, ...]


def joined(known: Record | None, new: Record) -> Record:
    """Return what is known with a new assessment, in place of one of the same files and columns."""
    if known is None:
        return new
    about = {_about(one) for one in new.assessments}
    kept = [one for one in known.assessments if _about(one) not in about]
    return new.model_copy(update={"assessments": (*kept, *new.assessments)})


def _about(one: AssessmentRecord) -> tuple[object, ...]:
    names = sorted(column.name for column in one.quasi_identifiers)
    return tuple(file.path for file in one.files), tuple(names), one.by_subject
