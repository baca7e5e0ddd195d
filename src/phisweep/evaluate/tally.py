"""
What is added up: counts by class, counts by document, and how scores bear out.

A document's counts are one row of FIELDS: `leaked` where some of its gold is not covered, `telling`
where some is not cleared either. Rows are what is drawn from when bounds are estimated by
drawing documents anew. The unit of a table is the cell, and its documents are its columns.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phisweep.evaluate.matching import CLEARED, COVERED, READINGS, TOUCHED, Compared, Judged

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: The counts of a document, or of a class: gold and predictions, each by the readings.
FIELDS = (
    "gold",
    *(f"{how}_{reading}" for how in ("found", "typed") for reading in READINGS),
    "predicted",
    *(f"{how}_{reading}" for how in ("right", "alike") for reading in READINGS),
    "words", "with_gold", "leaked", "telling",
)  # fmt: skip
GOLD, PREDICTED, WORDS, WITH_GOLD, LEAKED, TELLING = (
    FIELDS.index(name) for name in ("gold", "predicted", "words", "with_gold", "leaked", "telling")
)
RIGHT = FIELDS.index("right_touched")
BINS = 10
STEPS = 100
#: What rounding may take from a score: 0.85 is 85 steps.
_ROUNDED = 1e-9


@dataclass(slots=True)
class Scores:
    """How scores bear out: predictions by tenths, gold and predictions by hundredths."""

    said: list[float] = field(default_factory=lambda: [0.0] * BINS)
    seen: list[int] = field(default_factory=lambda: [0] * BINS)
    true: list[int] = field(default_factory=lambda: [0] * BINS)
    kept: list[int] = field(default_factory=lambda: [0] * (STEPS + 1))
    right: list[int] = field(default_factory=lambda: [0] * (STEPS + 1))
    false: list[int] = field(default_factory=lambda: [0] * (STEPS + 1))
    without: int = 0

    def add(self, compared: Compared) -> None:
        """Enter a text."""
        for each in compared.predictions:
            score, right = each.span.score, each.blind[TOUCHED]
            if score is None:
                self.without += 1
                continue
            bin_ = min(BINS - 1, int(score * BINS + _ROUNDED))
            self.said[bin_] += score
            self.seen[bin_] += 1
            self.true[bin_] += right
            (self.right if right else self.false)[_step(score)] += 1
        for each in compared.gold:
            if each.needed is not None:
                self.kept[_step(each.needed)] += 1


def _step(score: float) -> int:
    return min(STEPS, int(score * STEPS + _ROUNDED))


@dataclass(slots=True)
class Row:
    """The counts of one document that is being compared."""

    counts: list[int] = field(default_factory=lambda: [0] * len(FIELDS))

    def add(self, compared: Compared, words: int) -> None:
        """Enter a text of so many words, or of as many cells."""
        counts = self.counts
        for each in compared.gold:
            _enter(counts, GOLD, each)
            counts[LEAKED] |= not each.blind[COVERED]
            counts[TELLING] |= not each.blind[CLEARED]
        for each in compared.predictions:
            _enter(counts, PREDICTED, each)
        counts[WORDS] += words
        counts[WITH_GOLD] |= bool(compared.gold)


def _enter(counts: list[int], at: int, each: Judged) -> None:
    for i, yes in enumerate((True, *each.blind, *each.typed), at):
        counts[i] += yes


@dataclass(slots=True)
class Tally:
    """Everything that is counted of one tool over a corpus."""

    classes: dict[str, list[int]] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    scores: Scores = field(default_factory=Scores)
    _rows: array[int] = field(default_factory=lambda: array("i"))

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self._rows) // len(FIELDS)

    def add(self, compared: Compared, row: Row, words: int = 0) -> None:
        """Enter a text into the row of its document, and by classes."""
        row.add(compared, words)
        self.scores.add(compared)
        for each in compared.gold:
            counts = self._class(each.span.kind)
            _enter(counts, GOLD, each)
        for each in compared.predictions:
            counts = self._class(each.span.kind)
            _enter(counts, PREDICTED, each)
            if each.span.rule and not each.blind[TOUCHED]:
                self.rules[each.span.rule] += 1

    def close(self, row: Row) -> None:
        """End a document."""
        self._rows.extend(row.counts)

    def rows(self) -> npt.NDArray[np.int32]:
        """Return the counts of all documents, one row each."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only the end of a measurement pays

        return np.frombuffer(self._rows, dtype=np.int32).reshape(-1, len(FIELDS))

    def _class(self, kind: str) -> list[int]:
        if kind not in self.classes:
            self.classes[kind] = [0] * len(FIELDS)
        return self.classes[kind]
