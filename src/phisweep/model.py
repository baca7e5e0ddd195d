"""
The values that flow down the staircase. Standard library only.

Offsets are half-open code points everywhere: `text[start:end]`. Fields that may hold PHI are out
of `repr` and are never logged or reported; a `Finding` and a `Record` have no field for a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from phisweep.values import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["prose", "value", "key", "filename", "metadata", "code"]
#: The kinds that run on over lines: text for people, and source code.
RUNNING: frozenset[Kind] = frozenset({"prose", "code"})
Severity = Literal["critical", "high", "medium", "low"]
Status = Literal["clean", "changed", "incomplete", "skipped"]
Engine = Literal["rules", "full"]
#: Who said that findings are to be left out of a search.
Said = Literal["reserved", "path", "line", "allowed", "baseline"]
#: A count that may be shown: 0, one of 11 or more, or a word that stands for one.
Shown = int | Literal["<11", "11+", "not shown"]

LETTERS = tuple("ABCDEFGHIJKLMNOPQR")
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
#: What finds beside our rules, and calls its findings after itself: "names-model/place".
NAMES_MODEL = "names-model"
BESIDE = ("presidio", NAMES_MODEL)
#: The rule of an age under 90 that with other events of its subject tells one over 89.
IMPLIED_AGE = "age/implied"
#: The rule families, in the order of their letters; every finding names one of them.
IDENTIFIERS: Mapping[str, str] = {
    "name": "A",
    "location": "B",
    "zip": "B",
    "date": "C",
    "age": "C",
    "phone": "D",
    "fax": "E",
    "email": "F",
    "ssn": "G",
    "mrn": "H",
    "health_plan": "I",
    "account": "J",
    "license": "K",
    "vehicle": "L",
    "device": "M",
    "url": "N",
    "ip": "O",
    "biometric": "P",
    "photo": "Q",
    "other_id": "R",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where an object of a store is fetched from by whoever does it, and what tells that it is the same.

    `url` leads to the store, `name` is the object's there; `beside` are the ends of names of objects
    that belong to it, a database's log.
    """

    url: str = field(repr=False)
    name: str = field(repr=False)
    version: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """
    A file to read.

    `name` is relative to the run's root, with forward slashes; it is searched like a cell, so it
    may hold PHI. `shown` is the name with every finding in it replaced by a code: the only name
    that may be written anywhere but a terminal. `size` is in bytes. `content` are the bytes of a small
    file that was read already; `data` those of standard input. Where there is an `origin`, nothing lies
    at `path` until it is fetched.
    """

    path: Path = field(repr=False)
    name: str = field(repr=False)
    size: int
    shown: str = ""
    data: bytes | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False, compare=False)
    origin: Origin | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source, in the format's own language, unique in that source; never a value."""

    source: str
    address: str


@dataclass(frozen=True, slots=True)
class Text:
    """
    A block of prose, or one value with its context.

    `label` is the section, key or column that the text stands under; `subject` says whose record
    it is. `line` and `col` (1-based) are the place of its first code point in the source, or None.

    `path` is its place in a standard's own words, "hl7v2:PID-5.1", "fhir:Patient.name.family", for
    the rules of `rules/fields/`. `owner` is the key of the subject whose record it stands in, where
    the standard says whose that is (PID-3 of its message). `place` is what findings here are counted
    under, the address without numbers; empty, it is made of the address.

    `done` says what its format makes of a finding in it whatever the policy asks: the operator that
    is truly carried out by the one that was asked for, "*" for any.
    """

    location: Location
    text: str = field(repr=False)
    label: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    kind: Kind = "prose"
    line: int | None = None
    col: int | None = None
    path: str = ""
    owner: str = field(default="", repr=False)
    place: str = ""
    done: Mapping[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Media:
    """
    What cannot be assessed: a picture, a recording, an attachment of no kind that is read.

    `what` is its kind in words ("picture, image/png"), `letters` the identifiers that it may hold
    (45 CFR 164.514(b)(2)(i)(P), (Q)), `size` its bytes. In a copy it is replaced by what is empty.
    """

    location: Location
    what: str
    letters: str = "Q"
    size: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """
    A chunk of one table column.

    `values` is a dictionary-encoded Arrow array of strings (`pa.DictionaryArray`): each distinct
    value is examined once, and verdicts are mapped back by index. `lines[i]` is the 1-based line
    of the source on which the record of row `i` starts, `cols[i]` the 1-based code-point column of
    the cell's first character on its own line; both are numpy int64 arrays, or None in a format
    without lines. `index` is the column's 0-based position in its part of the document, `first` the
    1-based number of the chunk's first data record. `cell` says how the address of one cell is
    written, with {record}, {line}, {column} (from 1) and {letters} (A, B, ... AA).
    """

    location: Location
    label: str = field(repr=False)
    values: pa.DictionaryArray = field(repr=False)
    index: int
    first: int
    lines: Sequence[int] | None = field(default=None, repr=False)
    cols: Sequence[int] | None = field(default=None, repr=False)
    cell: str = "record {record}, line {line}, column {column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A piece of a text that a rule took for an identifier: half-open code points, and no text.

    `rule` is "file/pattern", `score` in [0, 1], `explanation` one line a step, value-free.
    `disputed` says that rules for different identifiers overlapped here: it is removed, not
    generalised.
    """

    location: Location
    start: int
    end: int
    identifier: str
    rule: str
    score: float
    severity: Severity = "high"
    explanation: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def letter(self) -> str:
        """The letter (A) to (R) of 45 CFR 164.514(b)(2)(i) that the identifier falls under."""
        return IDENTIFIERS[self.identifier]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a finding, by which operator, under which paragraph."""

    finding: Finding
    action: Literal["remove", "generalize", "replace", "keep", "review"]
    operator: str
    params: Mapping[str, str | int | bool]
    citation: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the half-open code points `start:end` by `text`."""

    start: int
    end: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """
    One audited finding.

    `place` is the finding's part of the document with row numbers taken out (a column, a JSON
    path, "text"), for counting; `shape` is length and character classes.
    """

    source: str
    where: str
    place: str
    start: int
    end: int
    line: int | None
    col: int | None
    identifier: str
    letter: str
    rule: str
    score: float
    severity: Severity
    shape: str
    fingerprint: str
    explain: tuple[str, ...]
    action: str = ""
    operator: str = ""
    citation: str = ""
    reveal: str = field(default="", repr=False)  # set only for a terminal that asked for it


@dataclass(frozen=True, slots=True)
class Tally:
    """
    How often one rule, with one outcome, fired in one place of a document.

    `shapes` are the commonest shapes of what it found, with their counts, where they were asked for.
    `scores` counts by bins of 0.05 of the score: the bin from 0.85 to under 0.90 is number 17.
    """

    place: str
    identifier: str
    letter: str
    rule: str
    severity: Severity
    action: str
    operator: str
    count: int
    min_score: float
    max_score: float = 1.0
    shapes: tuple[tuple[str, int], ...] = ()
    scores: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """
    What became of the cells of one column.

    Every row is empty, unchanged or changed. Distinct values are those of cells that are not
    empty; `estimated` says that a count of them is an estimate.
    """

    place: str
    rows: int
    empty: Shown
    unchanged: Shown
    changed: Shown
    distinct_before: int
    distinct_after: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class BandFigures:
    """How many rows of a column stood in one band before, and how many stand in it after."""

    label: str
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class SpreadFigures:
    """
    How the ages (bands of five years) or the dates (by year) of a column are spread.

    The bands `other` (no age, no date, or a range wider than a band) and `empty` come last.
    """

    place: str
    kind: Literal["age", "year"]
    bands: tuple[BandFigures, ...]


@dataclass(frozen=True, slots=True)
class IntervalSide:
    """
    The time between two dates of a row, on one side of the run.

    `rows` have both dates. `quantiles` are those of 5, 25, 50, 75 and 95 per cent, in `unit`; None
    where fewer than 11 rows lie beyond.
    """

    when: Literal["before", "after"]
    unit: Literal["days", "years"]
    rows: Shown
    quantiles: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class IntervalFigures:
    """The time from the date in one column to that in another, before and after."""

    first: str
    second: str
    sides: tuple[IntervalSide, ...]


@dataclass(frozen=True, slots=True)
class UsefulnessFigures:
    """
    What a copy kept of its source; no value, and no count of rows from 1 to 10.

    `left_out` counts columns without figures; `words` are those of running text and single values
    outside tables, `untouched` of them stand in the copy as they stood in the source.
    """

    columns: tuple[ColumnFigures, ...] = ()
    spreads: tuple[SpreadFigures, ...] = ()
    intervals: tuple[IntervalFigures, ...] = ()
    left_out: int = 0
    words: int = 0
    untouched: int = 0


@dataclass(frozen=True, slots=True)
class Linking:
    """
    How one source was linked to the subjects of the run.

    `keys` says where their keys stand, `keyed` and `unkeyed` count its rows and texts with and
    without a subject, `several` texts with the numbers of two people, `alone` findings whose
    operator wanted a subject and had none: they were removed instead. `unread` counts dates of a
    known subject that could not be read, and were removed.
    """

    keys: tuple[str, ...] = ()
    keyed: int = 0
    unkeyed: int = 0
    several: int = 0
    alone: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Suppressed:
    """
    Findings of one source that were left out because somebody said so, and why.

    `kind` is who said it: a reserved specimen value, the configuration by path, a mark in the line,
    the list of allowed values, a baseline. `detail` is the pattern or the reason that was given. A
    count of 0 says that it left nothing out.
    """

    kind: Said
    detail: str
    identifier: str
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one source.

    `unread` names what the format does not look at, so that silence is never coverage. `error` is
    a value-free message ("error[E203]: ..."), `reason` why a source was skipped. Digests are
    lower-case hex SHA-256, sizes bytes.
    """

    source: Source
    status: Status
    format: str = ""
    encoding: str = ""
    reason: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    records: tuple[Record, ...] = ()
    records_file: Path | None = None  # JSON lines, where there were too many records to hold
    sha256: str = ""
    bytes: int = 0
    rows: int | None = None
    columns: int | None = None
    output: str = ""  # shown name of the copy, relative to OUT
    output_sha256: str = ""
    output_bytes: int = 0
    seconds: float = 0.0
    unsearchable: int = 0  # removed values too short or ordinary to look for again
    linking: Linking | None = None
    suppressed: tuple[Suppressed, ...] = ()
    kept: UsefulnessFigures | None = None  # None where nothing was written

    @property
    def findings(self) -> int:
        """How many findings there are in the source."""
        return sum(tally.count for tally in self.tallies)


@dataclass(frozen=True, slots=True)
class RunManifest:
    """Enough to repeat the run; heads every report. Times are UTC, ISO 8601."""

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
    lists: Mapping[str, str]
    components: Mapping[str, str]
    census_table: str
    key_id: str
    reference_year: int
    started: str
    finished: str = ""
    seconds: float = 0.0
    configuration: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verification:
    """
    What `verify` saw: hashes recomputed, a rescan of the output, a search for removed values.

    `residual` and `leaked` are value-free records of what was found; `problems` are sentences
    about files that are missing, added or changed. `searched` counts the distinct removed values
    that were looked for, `unsearchable` those too short or too ordinary to tell a trace of them
    from chance.
    """

    ok: bool
    files: int
    problems: tuple[str, ...] = ()
    residual: tuple[Record, ...] = ()
    leaked: tuple[Record, ...] = ()
    searched: int = 0
    unsearchable: int = 0
    threshold: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """
    A leak that was found, and what was done instead. No field has room for a value of the data.

    `name` is a key of `phisweep.leaks.LEAKS`, `file` a shown name, `place` and `other` are places
    ("column 3 (birth_year)", "file: column"; `other` may be empty), `count` counts subjects or rows.
    """

    name: str
    file: str
    place: str
    other: str
    count: int
    resolution: str
    citation: str
    why: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass over the data found: leaks, and subjects with several keys of their own."""

    leaks: tuple[Leak, ...] = ()
    several: int = 0


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """
    What a baseline did: how many entries it has, and those that are none of the present.

    Each is told as "path: place: rule". `stale` were found less often than they say, or not at all;
    `expired` hold no more; `lapsed` held for other contents of their file, and no key was given.
    """

    entries: int = 0
    stale: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a use case returns: the manifest, an outcome for every source met, the verification."""

    manifest: RunManifest
    outcomes: tuple[Outcome, ...]
    verification: Verification | None = None
    report: Path | None = None
    survey: Survey | None = None
    baseline: BaselineUse | None = None

    @property
    def incomplete(self) -> bool:
        """True where a document was not read or not analysed whole."""
        return any(outcome.status == "incomplete" for outcome in self.outcomes)
