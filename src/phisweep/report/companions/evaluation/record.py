"""What a measured recall is kept as: numbers, names of rules and tools, and no text."""

from __future__ import annotations

from typing import Annotated, Literal

from phisweep.filed import Checked, field
from phisweep.report.parts import Count, Digest, Guarded

Proportion = Annotated[float, Checked(ge=0.0, le=1.0)]
#: A letter, or nothing: of all, and of predictions that no identifier of ours names.
LetterOrNone = Annotated[str, Checked(pattern="^[A-R]?$")]


class ShareRecord(Guarded):
    """`hits` of `of`, with the bounds that hold 95 times in 100; 0 and 1 of nothing."""

    hits: Count
    of: Count
    low: Proportion
    high: Proportion


class ReadingRecord(Guarded):
    """Recall and precision under one reading of a match."""

    recall: ShareRecord
    precision: ShareRecord
    f1: Proportion | None


class ReadingsRecord(Guarded):
    """
    The readings of a match.

    Strict: the same bounds. Covered: no letter or digit is left. Cleared: nothing is left but words
    that may stay. Touched: some character is covered.
    """

    strict: ReadingRecord
    covered: ReadingRecord
    cleared: ReadingRecord
    touched: ReadingRecord


class GroupRecord(Guarded):
    """A class, a letter, or all; `blind` whatever class was predicted, `typed` in its own."""

    name: str
    letter: LetterOrNone
    gold: Count
    predicted: Count
    false: Count
    blind: ReadingsRecord
    typed: ReadingsRecord


class EstimateRecord(Guarded):
    """A measure of the whole corpus, with bounds by draws of documents."""

    value: float | None
    low: float | None
    high: float | None


class BinRecord(Guarded):
    """Predictions with scores from `low` on: how many, their mean score, how many are right."""

    low: Proportion
    predictions: Count
    mean: Proportion
    right: Count


class StepRecord(Guarded):
    """What would be left if lower scores did not count."""

    score: Proportion
    recall: Proportion
    precision: Proportion | None
    false_per_1000_words: float


class CalibrationRecord(Guarded):
    """How scores bear out; `error` is the expected calibration error."""

    bins: tuple[BinRecord, ...]
    error: Proportion | None
    steps: tuple[StepRecord, ...]
    without: Count


class ColumnRecord(Guarded):
    """A column of a table: cells that hold something, and how many were covered, or touched."""

    file: str
    place: str
    name: str
    cells: Count
    ignored: Count
    covered: Count
    touched: Count


class ToolRecord(Guarded):
    """
    The figures of one tool.

    `leaked` are documents of which some gold is not covered, `telling` those of which more is left
    than words that may stay. `unanswered` counts documents that it said nothing of.
    """

    name: str
    about: dict[str, str]
    total: GroupRecord
    letters: tuple[GroupRecord, ...]
    classes: tuple[GroupRecord, ...]
    leaked: ShareRecord
    telling: ShareRecord
    estimates: dict[str, EstimateRecord]
    calibration: CalibrationRecord
    rules: dict[str, Count]
    columns: tuple[ColumnRecord, ...]
    column_shares: ReadingsRecord | None
    unanswered: Count


class DifferenceRecord(Guarded):
    """A measure of a tool less that of the first, over the same draws of documents."""

    tool: str
    measure: str
    value: float | None
    low: float | None
    high: float | None


class Record(Guarded):
    """
    A corpus, and one tool or several measured on it.

    `run_sha256` is that of the run.json that it stands beside, empty where it stands by itself.
    """

    schema_: Literal["phisweep-evaluation/1"] = field(alias="schema")
    run_sha256: Digest
    made: str
    corpus: str
    format: str
    unit: Literal["span", "cell"]
    documents: Count
    words: Count
    ignored: Count
    scope: tuple[str, ...]
    interval: Literal["exact", "wilson"]
    confidence: Proportion
    draws: Count
    seed: int
    tools: Annotated[tuple[ToolRecord, ...], Checked(min_length=1)]
    differences: tuple[DifferenceRecord, ...]
    notes: tuple[str, ...]
