"""Places in tables: columns judged as a run would, and some rows of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from phisweep.canary.model import Place, Slot, scope_of
from phisweep.canary.sampling import Sample
from phisweep.detect.columns import ColumnJudge
from phisweep.detect.detector import Detector
from phisweep.model import IDENTIFIERS, Column

_COLUMNS = 4000  # columns of all tables that places are sampled in
_PER_COLUMN = 64  # rows of one
_TEXT_WORDS, _TEXT_SHARE = 4, 0.3  # a column of texts: so many values of so many words
_WORDLESS = frozenset({"true", "false", "yes", "no", "null", "nan", "none"})
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST = 200  # code points of a cell that is replaced
#: One planted cell to so many rows: what is planted must not change what a column is.
_ROWS: dict[Place, int] = {"column-of-its-kind": 10, "text-cell": 3, "unexpected-column": 50}
_LEAST = 8  # rows of a table that takes one in an unexpected column at all


@dataclass(slots=True)
class _Known:
    """What a column is, how many of its cells are filled, and the sample of them."""

    place: Place
    identifier: str
    sample: Sample[Slot] = field(repr=False)
    rows: int = 0


class ColumnPlaces:
    """Takes the columns of all tables, chunk by chunk."""

    def __init__(self, detector: Detector, seed: int) -> None:
        self._detector = detector
        # The old generator of numpy: its stream is frozen for good, so that a seed stays one.
        self._random = np.random.RandomState(seed & 0xFFFFFFFF)
        self._known: dict[tuple[int, int, int], _Known | None] = {}

    def begin(self, slot: Slot, sample: Sequence[Column]) -> None:
        """Begin a part, of which the first records of each column are known."""
        for block in sample:
            self._judge(slot, block)

    def take(self, slot: Slot, block: Column) -> None:
        """Take a chunk of a column."""
        known = self._judge(slot, block)
        if known is None:
            return
        words = block.values.dictionary.to_pylist()
        usable = np.array([bool(w) and bool(w.strip()) for w in words], dtype=bool)
        if not usable.any():
            return
        indices = np.asarray(block.values.indices)
        rows = np.flatnonzero(usable[indices])
        known.rows += len(rows)
        priorities = self._random.random_sample(len(rows))
        chosen = np.flatnonzero(priorities < known.sample.bar)
        for i in chosen[np.argsort(priorities[chosen], kind="stable")[:_PER_COLUMN]].tolist():
            row = int(rows[i])
            value = words[int(indices[row])].strip()
            if known.place != "text-cell" and len(value) > _LONGEST:
                continue
            made = replace(
                slot,
                place=known.place,
                identifier=known.identifier,
                address=block.location.address,
                row=row,
                like="" if known.place == "text-cell" else value,
                label=scope_of(block),
            )
            known.sample.offer(float(priorities[i]), made)

    def _judge(self, slot: Slot, block: Column) -> _Known | None:
        name = (slot.source, slot.part, block.index)
        if name not in self._known:
            if len(self._known) >= _COLUMNS:
                return None
            self._known[name] = self._new(block)
        return self._known[name]

    def _new(self, block: Column) -> _Known | None:
        values = block.values.dictionary.to_pylist()
        weighed = [values[i] for i in block.values.indices.to_pylist()]
        filled = [v.strip() for v in weighed if v and v.strip()]
        if not filled:
            return None
        verdict = ColumnJudge(self._detector, block.label, weighed).verdict
        sample: Sample[Slot] = Sample(_PER_COLUMN)
        if verdict is not None and verdict.identifier in IDENTIFIERS:
            return _Known("column-of-its-kind", verdict.identifier, sample)
        long = sum(len(v.split()) >= _TEXT_WORDS for v in filled)
        if long >= _TEXT_SHARE * len(filled):
            return _Known("text-cell", "", sample)
        worded = sum(bool(_LETTER.search(v)) and v.lower() not in _WORDLESS for v in filled)
        if worded * 2 < len(filled):
            return None
        return _Known("unexpected-column", "", sample)

    def slots(self) -> list[Slot]:
        """Return the places, no more of a column than it bears."""
        out: list[Slot] = []
        for _, known in sorted(self._known.items()):
            if known is None:
                continue
            most = known.rows // _ROWS[known.place]
            if known.rows >= _LEAST or known.place != "unexpected-column":
                most = max(1, most)
            out += known.sample.kept(most)
        return out
