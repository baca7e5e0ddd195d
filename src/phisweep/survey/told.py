"""What the records of one document say of subjects, held until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from phisweep import arrays
from phisweep.model import Column
from phisweep.subjects.namewords import PARTS
from phisweep.subjects.store import Facts, Listed
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
        self._rows: list[tuple[bytes, Facts | Listed]] = []
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
        """Take in what the rows of a chunk say: columns by their part, digests of their keys."""
        parts: dict[str, _Told] = {}
        of = _Subjects(rows)
        for part, column in columns:
            told = self._by_subject(part, column, of)
            parts[part] = [*map(_both, parts[part], told)] if part in parts else told
        names, seen = (*parts,), self._seen
        for digest, told_ in zip(digests, zip(*parts.values(), strict=True), strict=bool(parts)):
            said = hash(told_)
            if not digest or seen.get(digest) == said:
                continue
            if len(seen) >= _SEEN:
                seen.clear()
            seen[digest] = said
            if any(told_):
                self._rows.append((digest, (names, told_)))

    def taken(self) -> list[tuple[bytes, Facts | Listed]]:
        """Return all that is held, and hold it no longer."""
        taken = self._rows
        for key in sorted(self._leaves):
            facts = self._leaves[key]
            taken.append((key, {part: sorted(facts[part]) for part in sorted(facts)}))
        self._rows, self._leaves = [], {}
        return taken

    def _by_subject(self, part: str, column: Column, of: _Subjects) -> _Told:
        """Return what a column says of each subject: "", a value, or several."""
        stripped = (value.strip() for value in column.values.dictionary.to_pylist())
        values = [value if len(value) <= _LONGEST else "" for value in stripped]
        which = arrays.numbers(column.values.indices)[of.rows]
        if part in PARTS:
            for i in np.unique(which).tolist():
                if values[i]:
                    self._name(values[i])
        only = np.full(of.count, "", dtype=object)
        only[of.subjects[of.first]] = np.array(values, dtype=object)[which[of.first]]
        told: _Told = only.tolist()
        for subject, i in of.further(which):
            told[subject] = _both(told[subject], values[i])
        return told


class _Subjects:
    """The rows of a chunk that have a subject, those of one together, and whose each is."""

    def __init__(self, rows: Rows) -> None:
        self.count = len(rows)
        order = np.argsort(rows.indices, kind="stable")
        self.rows = order[np.searchsorted(rows.indices[order], 0) :]
        self.subjects = rows.indices[self.rows]
        self.first = np.ones(len(self.subjects), dtype=bool)
        np.not_equal(self.subjects[1:], self.subjects[:-1], out=self.first[1:])
        self._starts = np.flatnonzero(self.first)

    def further(self, which: npt.NDArray[np.integer]) -> Iterable[tuple[int, int]]:
        """Return the subjects of which rows hold other values than the first, and those."""
        if self.first.all():
            return ()
        own = which[self._starts[np.cumsum(self.first) - 1]]
        other = np.flatnonzero(which != own)
        return dict.fromkeys(zip(self.subjects[other].tolist(), which[other].tolist(), strict=True))


def _both(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if not one or not other or one == other:
        return one or other
    return (*_many(one), *(value for value in _many(other) if value not in _many(one)))


def _many(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told
