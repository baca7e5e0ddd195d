"""
Several runs as one report, `merged.json`: counts, versions, bounds and what they disagree about.

It is made of the records of runs and of nothing else: no file of any site is named in it, and no
count that a run keeps under its floor is added up. Its sums are those of the runs, or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from phisweep.filed import Checked, field
from phisweep.model import LETTERS, Severity
from phisweep.report.parts import (
    Count,
    Digest,
    Guarded,
    HandlingRecord,
    Letter,
    LetterState,
    OperatorRecord,
    Score,
    TotalsRecord,
    VerdictRecord,
)

SCHEMA: Final = "phisweep-merged/1"
Share = Annotated[float, Checked(ge=0.0, le=1.0)]


class MeasureRecord(Guarded):
    """
    One measured share of a site: by which means, of what, and its bounds.

    `value` is null where nothing was there to count. `basis` says in words what it rests on.
    """

    by: Literal["review", "evaluation", "canary"]
    what: str
    value: Share | None
    low: Share
    high: Share
    basis: str


class SiteRecord(Guarded):
    """
    One of the runs. Times are UTC, ISO 8601.

    `custody` says whether its chain of custody was there and whole, and which keys signed the last
    state of what was read; a key is only as good as who vouches for it.
    """

    name: str
    run_id: str
    run_sha256: Digest
    command: str
    version: str
    started: str
    finished: str
    key_id: str
    verdict: VerdictRecord
    totals: TotalsRecord
    verification: Literal["passed", "failed", "not verified"]
    custody: Literal["whole", "none"]
    signed_by: tuple[str, ...]
    decision: Literal["release", "reject", "none"]
    decisions: Count
    measures: tuple[MeasureRecord, ...]


class ValueRecord(Guarded):
    """What some of the sites have."""

    value: str
    sites: tuple[str, ...]


class DisagreementRecord(Guarded):
    """
    What is not the same everywhere.

    `matters` says that counts found under it cannot be compared from site to site.
    """

    what: str
    matters: bool
    values: Annotated[tuple[ValueRecord, ...], Checked(min_length=2)]


class MergedLetterRecord(Guarded):
    """One of (A) to (R), with its count at each site, in the order of the sites."""

    letter: Letter
    citation: str
    law: str
    count: Count
    by_site: tuple[Count, ...]
    state: LetterState
    reasons: tuple[str, ...]
    handling: tuple[HandlingRecord, ...]


class MergedIdentifierRecord(Guarded):
    """One family of rules."""

    identifier: str
    letter: Letter
    title: str
    count: Count


class MergedRuleRecord(Guarded):
    """A rule that fired, at `sites` of them."""

    rule: str
    identifier: str
    letter: Letter
    severity: Severity
    count: Count
    min_score: Score
    sites: Count


class FlooredRecord(Guarded):
    """A sum of counts that have a floor: those that were shown, and how many were not."""

    shown: Count
    hidden: Count


class MergedLeakRecord(Guarded):
    """One kind of leak: where it was found, not found, not looked for, and left to a person."""

    name: str
    title: str
    found: tuple[str, ...]
    none_found: Count
    not_looked_for: Count
    unresolved: tuple[str, ...]
    subjects: FlooredRecord
    rows: FlooredRecord


class MergedVerificationRecord(Guarded):
    """The verifications of the sites, in sums."""

    passed: Count
    failed: Count
    not_verified: Count
    files: Count
    searched: Count
    unsearchable: Count
    problems: Count
    residual: Count
    leaked: Count


class MergedSubjectsRecord(Guarded):
    """Rows and texts with a subject and without, over the sites that asked."""

    sites: Count
    keyed: Count
    unkeyed: Count
    several: Count
    alone: Count
    several_keys: FlooredRecord


class MergedSuppressedRecord(Guarded):
    """Findings that were left out, by who said so and by identifier."""

    kind: str
    identifier: str
    count: Count


class MergedUnreadRecord(Guarded):
    """What a format never looks at."""

    format: str
    files: Count
    parts: tuple[str, ...]


class JoinedRecord(Guarded):
    """
    The reviews of several sites as one: units of one kind, and the share of wrong ones at most.

    `high` holds at 95 per cent for the units of `sites` together.
    """

    group: str
    words: str
    removed: bool
    sites: tuple[str, ...]
    population: Count
    drawn: Count
    decided: Count
    wrong: Count
    high: Share


class MergedRecord(Guarded):
    """Several runs as one."""

    model_config: ClassVar[Mapping[str, Any]] = {
        "title": "phisweep merged record",
        "json_schema_extra": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:{SCHEMA.replace('/', ':')}",
        },
    }

    schema_: Literal["phisweep-merged/1"] = field(alias="schema")
    made: str
    tool: str
    verdict: VerdictRecord
    incomplete: bool
    sites: Annotated[tuple[SiteRecord, ...], Checked(min_length=2)]
    disagreements: tuple[DisagreementRecord, ...]
    repeated: Count
    totals: TotalsRecord
    letters: tuple[MergedLetterRecord, ...]
    identifiers: tuple[MergedIdentifierRecord, ...]
    rules: tuple[MergedRuleRecord, ...]
    operators: tuple[OperatorRecord, ...]
    verification: MergedVerificationRecord
    subjects: MergedSubjectsRecord | None
    leaks: tuple[MergedLeakRecord, ...]
    suppressed: tuple[MergedSuppressedRecord, ...]
    unread: tuple[MergedUnreadRecord, ...]
    joined: tuple[JoinedRecord, ...]
    residual_risk: tuple[str, ...]

    def _check(self) -> None:
        if tuple(letter.letter for letter in self.letters) != LETTERS:
            raise ValueError("the letters are not (A) to (R), each once")
        if any(letter.count != sum(letter.by_site) for letter in self.letters):
            raise ValueError("a letter's count is not the sum over the sites")
        for part in (self.letters, self.identifiers, self.rules):
            if sum(entry.count for entry in part) != self.totals.findings:
                raise ValueError("the counts by letter, identifier or rule do not add up")
        if self.totals.findings != sum(site.totals.findings for site in self.sites):
            raise ValueError("the findings are not the sum over the sites")
        if len({site.name for site in self.sites}) != len(self.sites):
            raise ValueError("two sites have one name")
