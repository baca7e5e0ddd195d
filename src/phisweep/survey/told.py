"""What the records of one document say of subjects, held until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import compress

import numpy as np

from phisweep import arrays
from phisweep.model import Column
from phisweep.subjects.namewords import PARTS
from phisweep.subjects.store import Facts
from phisweep.subjects.whose import Rows

_LONGEST = 200  # code points of a value that is a fact
_SEEN = 100_000  # subjects of which is known what was said last
_Told = list[str | tuple[str, ...]]


class Told:
    """
    Facts by the digest of their subject; what a table says again of the same subject is left out.

    `name` hears of each value that is a name.
    """

    def __init__(self, name: Callable[[str], None]) -> None:
        self._name = name
        self._rows: list[tuple[bytes, Facts]] = []
        self._leaves: dict[bytes, dict[str, set[str]]] = {}
        self._seen: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._rows) + len(self._leaves)

    def leaf(self, digest: bytes, part: str, value: str) -> None:
        """Take in a value of a JSON document or of a line."""
        if digest and len(value) <= _LONGEST:
            self._leaves.setdefault(digest, {}).setdefault(part, set()).add(value)
            if part in PARTS:
                self._name(value)

    def table(
        self, columns: Iterable[tuple[str, Column]], rows: Rows, digests: Sequence[bytes]
    ) -> None:
        """Take in what the rows of a chunk say: columns by their part, digests of `rows.names`."""
        parts: dict[str, _Told] = {}
        for part, column in columns:
            told = self._by_subject(part, column, rows, len(digests))
            parts[part] = [*map(_both, parts[part], told)] if part in parts else told
        for digest, told_ in zip(digests, zip(*parts.values(), strict=True), strict=bool(parts)):
            said = hash(told_)
            if not digest or self._seen.get(digest) == said:
                continue
            if len(self._seen) >= _SEEN:
                self._seen.clear()
            self._seen[digest] = said
            if any(told_):
                self._rows.append((digest, dict(compress(zip(parts, told_, strict=True), told_))))

    def taken(self) -> list[tuple[bytes, Facts]]:
        """Return all that is held, and hold it no longer."""
        taken = self._rows
        for key in sorted(self._leaves):
            facts = self._leaves[key]
            taken.append((key, {part: sorted(facts[part]) for part in sorted(facts)}))
        self._rows, self._leaves = [], {}
        return taken

    def _by_subject(self, part: str, column: Column, rows: Rows, count: int) -> _Told:
        """Return what a column says of each of so many subjects: "", a value, or several."""
        stripped = (value.strip() for value in column.values.dictionary.to_pylist())
        values = [value if len(value) <= _LONGEST else "" for value in stripped]
        indices = arrays.numbers(column.values.indices).astype(np.int64)
        theirs = rows.indices >= 0
        pairs = np.unique(rows.indices[theirs] * len(values) + indices[theirs])
        subjects, which = np.divmod(pairs, max(len(values), 1))
        if part in PARTS:
            for i in np.unique(which).tolist():
                if values[i]:
                    self._name(values[i])
        first = np.ones(len(subjects), dtype=bool)
        np.not_equal(subjects[1:], subjects[:-1], out=first[1:])
        only = np.full(count, "", dtype=object)
        only[subjects[first]] = np.array(values, dtype=object)[which[first]]
        told: _Told = only.tolist()
        for subject, i in zip(subjects[~first].tolist(), which[~first].tolist(), strict=True):
            told[subject] = _both(told[subject], values[i])
        return told


def _both(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if not one or not other or one == other:
        return one or other
    return (*_many(one), *(value for value in _many(other) if value not in _many(one)))


def _many(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told
