"""What a measurement says: numbers, names of rules and tools, and no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the bounds that hold 95 times in 100; (0, 1) of nothing."""

    hits: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Recall and precision under one reading; `f1` None where there is neither."""

    recall: Share
    precision: Share
    f1: float | None


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of a match, as `matching` has them."""

    strict: Reading
    covered: Reading
    cleared: Reading
    touched: Reading


@dataclass(frozen=True, slots=True)
class Group:
    """
    The figures of a class, a letter, or all.

    `blind` counts whatever class the tool gave, `typed` its own alone. `false` are predictions
    that touch no gold; of a class, those of that class.
    """

    name: str
    letter: str
    gold: int
    predicted: int
    false: int
    blind: Readings
    typed: Readings


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure of the whole corpus, with bounds by drawing documents; None where there is none."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions whose scores lie from `low` on: how many, their mean score, how many are right."""

    low: float
    predictions: int
    mean: float
    right: int


@dataclass(frozen=True, slots=True)
class Step:
    """What would be left if scores below `score` did not count."""

    score: float
    recall: float
    precision: float | None
    false_per_1000_words: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    How scores bear out: a prediction is right where it touches gold.

    `error` is the expected calibration error, the mean distance of the share that is right from the
    mean score, over bins of a tenth (Naeini et al., AAAI 2015). `without` counts predictions
    without a score.
    """

    bins: tuple[Bin, ...]
    error: float | None
    steps: tuple[Step, ...]
    without: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its cells that hold something, and how many were covered, or touched."""

    file: str
    place: str
    name: str
    cells: int
    ignored: int
    covered: int
    touched: int


@dataclass(frozen=True, slots=True)
class Tool:
    """
    The figures of one tool over a corpus.

    `leaked` are documents of which some gold is not covered, `telling` those of which more is left
    than words that may stay.
    """

    name: str
    about: Mapping[str, str]
    total: Group
    letters: tuple[Group, ...]
    classes: tuple[Group, ...]
    leaked: Share
    telling: Share
    estimates: Mapping[str, Estimate]
    calibration: Calibration
    rules: Mapping[str, int]
    columns: tuple[Column, ...]
    column_shares: Readings | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of a tool less that of the first, over the same draws of documents."""

    tool: str
    measure: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    A corpus, the tools measured on it, and how they differ from the first.

    `unit` is what recall is counted in: "span" of texts, "cell" of tables, whose documents are
    columns. `scope` are the classes that the gold is complete for, none named all.
    """

    corpus: str
    format: str
    unit: str
    documents: int
    words: int
    ignored: int
    scope: tuple[str, ...]
    interval: str
    confidence: float
    draws: int
    seed: int
    tools: tuple[Tool, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
