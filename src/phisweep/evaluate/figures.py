"""Counts -> shares with their bounds, by class and by letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Literal

from phisweep import intervals
from phisweep.evaluate.drawing import Drawn, bounds
from phisweep.evaluate.matching import READINGS
from phisweep.evaluate.results import (
    Bin,
    Calibration,
    Difference,
    Estimate,
    Group,
    Reading,
    Readings,
    Share,
    Step,
)
from phisweep.evaluate.tally import (
    BINS,
    FIELDS,
    GOLD,
    LEAKED,
    PREDICTED,
    RIGHT,
    STEPS,
    TELLING,
    WITH_GOLD,
    WORDS,
    Scores,
    Tally,
)
from phisweep.evaluate.values import CLASSES, UNKNOWN
from phisweep.model import LETTERS

Kind = Literal["exact", "wilson"]
CONFIDENCE = 0.95
_BOUNDS: Mapping[str, Callable[[int, int], tuple[float, float]]] = {
    "exact": intervals.exact,
    "wilson": intervals.wilson,
}
_EVERY = 5  # hundredths between two steps that are told


@dataclass(slots=True)
class Shares:
    """Makes shares with their bounds; the same counts are reckoned once."""

    kind: Kind
    _known: dict[tuple[int, int], Share] = field(default_factory=dict)

    def of(self, hits: int, total: int) -> Share:
        """Return a share with its bounds."""
        if (hits, total) not in self._known:
            low, high = _BOUNDS[self.kind](hits, total)
            self._known[hits, total] = Share(hits, total, low, high)
        return self._known[hits, total]

    def group(self, name: str, letter: str, counts: Sequence[int]) -> Group:
        """Return the figures of counts by FIELDS."""
        return Group(
            name,
            letter,
            counts[GOLD],
            counts[PREDICTED],
            counts[PREDICTED] - counts[RIGHT],
            self.readings(counts, "found", "right"),
            self.readings(counts, "typed", "alike"),
        )

    def readings(self, counts: Sequence[int], found: str, right: str) -> Readings:
        """Return recall and precision under the readings."""
        return Readings(*(self._reading(counts, f"{found}_{r}", f"{right}_{r}") for r in READINGS))

    def _reading(self, counts: Sequence[int], found: str, right: str) -> Reading:
        recall = self.of(counts[FIELDS.index(found)], counts[GOLD])
        precision = self.of(counts[FIELDS.index(right)], counts[PREDICTED])
        f1 = None
        if recall.of and precision.of and recall.hits and precision.hits:
            r, p = recall.hits / recall.of, precision.hits / precision.of
            f1 = 2 * r * p / (r + p)
        elif recall.of and precision.of:
            f1 = 0.0
        return Reading(recall, precision, f1)


def classes(tally: Tally, shares: Shares) -> tuple[Group, ...]:
    """Return the figures of every class that occurs, in the order of the letters."""
    named = [*CLASSES, UNKNOWN]
    return tuple(
        shares.group(kind or "other", CLASSES.get(kind, ""), tally.classes[kind])
        for kind in named
        if kind in tally.classes
    )


def letters(tally: Tally, shares: Shares) -> tuple[Group, ...]:
    """Return the figures of (A) to (R), of each also where there is nothing."""
    out = []
    for letter in LETTERS:
        counts = [0] * len(FIELDS)
        for kind, of in CLASSES.items():
            if of == letter and kind in tally.classes:
                counts = [a + b for a, b in zip(counts, tally.classes[kind], strict=True)]
        out.append(shares.group(letter, letter, counts))
    return tuple(out)


def total(tally: Tally, shares: Shares) -> tuple[Group, Share, Share]:
    """Return the figures of all classes, and how many documents with gold are leaked, and telling."""
    counts = [int(n) for n in tally.rows().sum(axis=0)]
    documents = counts[WITH_GOLD]
    leaked, telling = (shares.of(counts[at], documents) for at in (LEAKED, TELLING))
    return shares.group("all", "", counts), leaked, telling


def estimates(drawn: Drawn) -> dict[str, Estimate]:
    """Return every measure with its bounds by draws of documents."""
    out = {}
    for name, value in drawn.at.items():
        low, high = bounds(drawn.draws[name]) or (None, None)
        out[name] = Estimate(_known(value), low, high)
    return out


def differences(tool: str, drawn: Drawn, first: Drawn) -> list[Difference]:
    """Return how a tool differs from the first in each measure, over the same draws."""
    out = []
    for name, value in drawn.at.items():
        low, high = bounds(drawn.draws[name] - first.draws[name]) or (None, None)
        out.append(Difference(tool, name, _known(value - first.at[name]), low, high))
    return out


def calibration(scores: Scores, counts: Sequence[int]) -> Calibration:
    """Return how scores bear out, and what other thresholds would give."""
    seen = sum(scores.seen)
    bins = tuple(
        Bin(i / BINS, n, scores.said[i] / n, scores.true[i]) for i, n in enumerate(scores.seen) if n
    )
    error = sum(abs(b.right - b.mean * b.predictions) for b in bins) / seen if seen else None
    steps = []
    gold, words = counts[GOLD], counts[WORDS]
    if seen and not scores.without:
        for at in range(0, STEPS + 1, _EVERY):
            kept, right = sum(scores.kept[at:]), sum(scores.right[at:])
            false = sum(scores.false[at:])
            steps.append(
                Step(
                    at / STEPS,
                    kept / gold if gold else 0.0,
                    right / (right + false) if right + false else None,
                    1000 * false / words if words else 0.0,
                )
            )
    return Calibration(bins, error, tuple(steps), scores.without)


def _known(value: float) -> float | None:
    return None if isnan(value) else value
