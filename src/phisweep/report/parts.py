"""
The parts of the machine record `run.json`, strict: every key is present, no other is allowed.

No part has a field for a value of the data. Paths are shown names, with forward slashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from phisweep.filed import Checked, Model
from phisweep.model import Engine, Said, Severity, Status

Digest = Annotated[str, Checked(pattern="^([0-9a-f]{64})?$", description="SHA-256, or empty")]
Count = Annotated[int, Checked(ge=0)]
Letter = Annotated[str, Checked(pattern="^[A-R]$")]
Score = Annotated[float, Checked(ge=0.0, le=1.0)]
#: A count of rows: none from 1 to 10, nor one that would tell such a count.
ShownCount = Literal[0, "<11", "11+", "not shown"] | Annotated[int, Checked(ge=11)]
Setting = str | int | float | bool
LetterState = Literal["found", "none found", "not assessable"]
VerdictState = Literal["verified", "complete", "incomplete", "failed", "empty"]
#: What became of the run's secret: it lies in a vault, the user has it, or it is gone.
Keeping = Literal["vault", "key", "run", "not told"]
FLOOR = 11


def floored(count: int) -> Literal["<11"] | int:
    """Return a count of persons, or of rows that may be one's, as it may be shown."""
    return int(count) if count == 0 or count >= FLOOR else "<11"


class Part(Model):
    """What all parts have in common."""

    model_config: ClassVar[Mapping[str, Any]] = {
        "extra": "forbid", "frozen": True, "strict": True, "hide_input_in_errors": True,
    }  # fmt: skip


class Guarded(Part):
    """A part that is checked when it is made, too: no floor of a count is left to its maker."""

    guarded = True


class ManifestRecord(Part):
    """Enough to repeat the run. Times are UTC, ISO 8601."""

    run_id: str
    command: str
    version: str
    ruleset_version: str
    ruleset_sha256: str
    policy: str
    policy_sha256: str
    config_sha256: str
    engine: Engine
    runner: str
    jobs: int
    model: str
    lists: dict[str, str]
    components: dict[str, str]
    census_table: str
    key_id: str
    reference_year: int
    started: str
    finished: str
    seconds: float
    configuration: dict[str, str]


class VerdictRecord(Part):
    """The run in one line, and in one sentence what that line does not mean."""

    state: VerdictState
    words: str
    caveat: str


class TotalsRecord(Part):
    """Sums over the files. `copies` counts the files that were written."""

    files: Count
    clean: Count
    changed: Count
    incomplete: Count
    skipped: Count
    copies: Count
    rows: Count
    bytes: Count
    output_bytes: Count
    findings: Count
    actions: dict[str, Count]


class PlaceRecord(Part):
    """
    How often one rule fired in one place, over all files in which it did, and what was done.

    `place` is a column, a key, an attribute: files of one kind share it. What of `count` stands in
    which file, the files themselves say.
    """

    place: str
    identifier: str
    letter: Letter
    rule: str
    severity: Severity
    action: str
    operator: str
    files: Count
    count: Count
    min_score: Score
    max_score: Score


class Found(NamedTuple):
    """
    What stands of one place in one file: a row, to be short where there are many files.

    `place` is the number of an entry of `places`, from 0; `line` and `col` (1-based) are of the
    first finding.
    """

    place: Count
    findings: Count
    min_score: Score
    max_score: Score
    line: int | None
    col: int | None


class ColumnKeptRecord(Guarded):
    """
    What became of the cells of a column: every row is empty, unchanged or changed.

    Distinct values are those of cells that are not empty; `estimated`: to within some per cent.
    """

    place: str
    rows: Annotated[int, Checked(ge=11)]
    empty: ShownCount
    unchanged: ShownCount
    changed: ShownCount
    distinct_before: Count
    distinct_after: Count
    estimated: bool

    def _check(self) -> None:
        cells = (self.empty, self.unchanged, self.changed)
        told = sum(cell for cell in cells if isinstance(cell, int))
        if told > self.rows or (told < self.rows and all(isinstance(n, int) for n in cells)):
            raise ValueError("the cells of a column are not its rows")


class BandRecord(Guarded):
    """How many rows stood in a band before, and stand in it after."""

    label: str
    before: ShownCount
    after: ShownCount


class SpreadRecord(Guarded):
    """The ages of a column in bands of five years, or its dates by year, before and after."""

    place: str
    kind: Literal["age", "year"]
    bands: tuple[BandRecord, ...]


class IntervalSideRecord(Guarded):
    """
    The time between two dates of a row, before or after.

    `quantiles` are those of 5, 25, 50, 75 and 95 per cent; null where too few rows lie beyond.
    """

    when: Literal["before", "after"]
    unit: Literal["days", "years"]
    rows: ShownCount
    quantiles: Annotated[tuple[int | None, ...], Checked(min_length=5, max_length=5)]


class IntervalRecord(Guarded):
    """The time from the date in one column to that in another, by what is left of both."""

    first: str
    second: str
    sides: tuple[IntervalSideRecord, ...]


class KeptRecord(Guarded):
    """What a copy kept of its source. `left_out` counts columns without figures."""

    columns: tuple[ColumnKeptRecord, ...]
    left_out: Count
    spreads: tuple[SpreadRecord, ...]
    intervals: tuple[IntervalRecord, ...]
    words: Count
    untouched: Count


class FileRecord(Part):
    """
    One source of the inventory, and its copy; `kept` only where a copy was written.

    `found` are rows of place, count, lowest and highest score, and line and column of the first;
    `linked` is the number of an entry of `subjects.linked`, from 0.
    """

    path: str
    status: Status
    reason: str
    error: str
    format: str
    encoding: str
    sha256: Digest
    bytes: Count
    rows: Count | None
    columns: Count | None
    output: str
    output_sha256: Digest
    output_bytes: Count
    findings: Count
    warnings: tuple[str, ...]
    unread: tuple[str, ...]
    found: tuple[Found, ...]
    linked: Count | None
    kept: KeptRecord | None

    def _entered(self, held: dict[Any, Any]) -> FileRecord:
        """Hold once what very many files have alike."""
        for name in ("found", "unread", "warnings", "kept"):
            value = getattr(self, name)
            vars(self)[name] = held.setdefault(value, value)
        return self


class HandlingRecord(Part):
    """What was done to the findings of one letter, and how often."""

    action: str
    operator: str
    count: Count


class LetterRecord(Part):
    """One of (A) to (R): the regulation's words, the count, and what the count is worth."""

    letter: Letter
    citation: str
    law: str
    count: Count
    state: LetterState
    reason: str
    identifiers: tuple[str, ...]
    handling: tuple[HandlingRecord, ...]


class IdentifierRecord(Part):
    """
    One family of rules: the regulation's words, how they are read, what is known not to be found.

    `law` and `reading` are empty where no rule of the family was part of the run.
    """

    identifier: str
    letter: Letter
    title: str
    citation: str
    law: str
    reading: str
    count: Count
    reviewed: str
    gaps: tuple[str, ...]


class FiredRecord(Part):
    """
    A rule that fired, and why it finds what it finds.

    `scores` counts its findings by bins of 0.05, named by their lower end: "0.85"; what was found
    before scores were counted is in none.
    """

    rule: str
    identifier: str
    letter: Letter
    why: str
    severity: Severity
    count: Count
    min_score: Score
    scores: dict[Annotated[str, Checked(pattern=r"^0\.[0-9][05]$")], Count]

    def _check(self) -> None:
        if sum(self.scores.values()) > self.count:
            raise ValueError("more findings have a score than there are")


class OperatorRecord(Part):
    """
    An operator that was applied, with the first line of its documentation.

    `why` and `citation` say on what it rests; empty for one that the rules do not know.
    """

    operator: str
    description: str
    why: str
    citation: str
    count: Count


class SkippedRecord(Part):
    """A file that was not read, and why."""

    path: str
    reason: str


class IncompleteRecord(Part):
    """A file that was not read whole; it has no copy."""

    path: str
    error: str


class SuppressedRecord(Part):
    """
    Findings of a file that were left out because somebody said so.

    `kind` is who said it, `detail` the pattern or the reason; a count of 0 left nothing out.
    """

    path: str
    kind: Said
    detail: str
    identifier: str
    count: Count


class BaselineRecord(Part):
    """What a baseline did: its entries, and those that are none of the present."""

    entries: Count
    stale: tuple[str, ...]
    expired: tuple[str, ...]
    lapsed: tuple[str, ...]


class UnreadRecord(Part):
    """What a format of this run never looks at."""

    format: str
    files: Count
    parts: tuple[str, ...]


class TraceRecord(Part):
    """Findings of the verification in one place of a copy."""

    path: str
    place: str
    identifier: str
    letter: Letter
    rule: str
    count: Count
    line: int | None
    col: int | None


class VerificationRecord(Part):
    """
    What `verify` saw.

    `residual` was found by a search of the copies at `threshold`; `leaked` are removed values that
    stand in a copy; `problems` are sentences about files. `searched` and `unsearchable` count
    distinct removed values.
    """

    ok: bool
    files: Count
    threshold: Score
    searched: Count
    unsearchable: Count
    problems: tuple[str, ...]
    residual: tuple[TraceRecord, ...]
    leaked: tuple[TraceRecord, ...]
    notes: tuple[str, ...]


class TreatmentRecord(Part):
    """What the policy does with one identifier, or with one column of one file."""

    subject: str
    action: str
    operator: str
    params: dict[str, str | int | bool]
    reason: str
    citation: str


class PolicyRecord(Part):
    """The policy as it was applied."""

    title: str
    citation: str
    method: str
    reading: str
    reviewed: str
    settings: dict[str, Setting]
    treatments: tuple[TreatmentRecord, ...]


class ListRecord(Part):
    """A list that the rules read; `sha256` as the run saw it."""

    name: str
    title: str
    source: str
    vintage: str
    licence: str
    sha256: str


class CensusRecord(Part):
    """The table of ZIP3 populations."""

    table: str
    title: str
    vintage: str
    sha256: str
