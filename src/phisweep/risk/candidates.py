"""
Which columns others may know of a person: proposed quasi-identifiers, with what speaks for it.

Whoever calls brings the role of each column, as it was judged by rules, name and values; here it is
put together with what the counts say: how many values there are, how much they tell (Shannon's
entropy), how many rows a rare value marks. No column is called harmless: of what is not proposed
it is said why, and what would change that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa

from phisweep.model import Shown
from phisweep.risk.coding import MISSING, Coder, TooManyValuesError
from phisweep.risk.grouping import Whole
from phisweep.usefulness.floor import FLOOR, shown

Use = Literal["quasi", "sensitive", "remove", "neither"]
MOST = 8  # proposed at once; more make every row unique, and the lattice endless

#: What a role makes of a column, and why.
_ROLES: dict[str, Use] = {
    "age": "quasi",
    "date": "quasi",
    "geography": "quasi",
    "quasi-identifier": "quasi",
    "unknown": "quasi",
    "category": "quasi",
    "clinical": "sensitive",
    "code": "sensitive",
    "measurement": "neither",
    "direct identifier": "remove",
    "free text": "neither",
    "empty": "neither",
}
_WHY = {
    "age": "an age is known to whoever knows the person",
    "date": "a date of birth, of an admission or of a death is known to many",
    "geography": "where a person lives is known to many",
    "quasi-identifier": "it is visible or widely known",
    "unknown": "nobody knows what it holds, so it may be known; a person has to decide",
    "category": "a category may be seen or known; take it out where only the data hold it",
    "clinical": "it is what is to be protected; where others know it (a visible condition, an"
    " admission that was talked of) it is a quasi-identifier too",
    "code": "a code of a vocabulary is what is to be protected; a rare one that others know of is"
    " a quasi-identifier too",
    "measurement": "a measurement changes and is seldom known outside; a lasting or exact one"
    " (height, a charge on a bill) may be: add it then",
    "direct identifier": "it names a person by itself; it is to be removed, not counted",
    "free text": "running text tells what no class counts; it is to be de-identified",
    "empty": "it holds no value here; what later rows hold is not known",
}
#: Of these roles a column may be a key that numbers the rows.
_MAY_BE_KEYS = frozenset({"unknown", "category"})
_ENOUGH, _NEARLY_ALL = 20, 0.95
_KEY = (
    "nearly every row has a value of its own: a key, by which a person is found without any class;"
    " it is to be removed or replaced"
)
_ONE = "all rows have one value here, which tells nobody apart; other files may have others"


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A column and what speaks for or against it.

    `distinct` is None, and `entropy` (bits) too, where there are too many values to keep; `rare` are rows
    whose value fewer than 11 rows have. `why` is in words, `how` says how its role was judged.
    """

    name: str = field(repr=False)
    role: str
    use: Use
    why: str
    how: str
    distinct: int | None
    entropy: float | None
    most_entropy: float
    rare: Shown


@dataclass(slots=True)
class Spread:
    """How often each value of one column stands in the rows that were given."""

    column: Coder = field(repr=False)
    rows: Whole = field(default_factory=lambda: np.zeros(1, np.int64), repr=False)

    def add(self, values: pa.DictionaryArray) -> None:
        """Count some rows; a column of too many values is not counted further."""
        if self.column.hashed:
            return
        try:
            codes = self.column.codes(values)
        except TooManyValuesError:
            self.column = Coder(self.column.index, self.column.name, hashed=True)
            return
        size = max(len(self.column.values), len(self.rows))
        grown = np.zeros(size, np.int64)
        grown[: len(self.rows)] = self.rows
        self.rows = grown + np.bincount(codes, minlength=size)


def candidate(spread: Spread, total: int, role: str, how: str) -> Candidate:
    """Return what a column is proposed for; `total` rows were counted."""
    use, why = _ROLES[role], _WHY[role]
    hashed = spread.column.hashed
    counts = spread.rows[spread.rows > 0]
    filled = spread.rows[MISSING + 1 :]
    distinct = int((filled > 0).sum())
    if use == "quasi" and role in _MAY_BE_KEYS and (hashed or _keyed(distinct, int(filled.sum()))):
        use, why = "remove", _KEY
    elif use == "quasi" and not hashed and len(counts) <= 1:
        use, why = "neither", _ONE
    rare = int(counts[counts < FLOOR].sum())
    shares = counts / max(1, total)
    return Candidate(
        spread.column.name,
        role,
        use,
        why,
        how,
        None if hashed else distinct,
        None if hashed else max(0.0, float(-(shares * np.log2(shares)).sum())),
        float(np.log2(max(1, total))),
        "not shown" if hashed else shown([rare, total - rare])[0],
    )


def _keyed(distinct: int, filled: int) -> bool:
    return filled >= _ENOUGH and distinct >= _NEARLY_ALL * filled


def proposed(candidates: Sequence[Candidate]) -> list[str]:
    """Return the quasi-identifiers to begin with: those that tell most, in the order of the table."""
    chosen = [one for one in candidates if one.use == "quasi"]
    ranked = sorted(
        chosen, key=lambda one: one.most_entropy if one.entropy is None else one.entropy
    )
    best = {one.name for one in ranked[-MOST:]}
    return [one.name for one in chosen if one.name in best]
