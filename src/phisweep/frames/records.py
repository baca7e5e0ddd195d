"""
What was found in a frame: for each distinct value once, and for each cell when it is asked for.

A million cells may hold one finding each. What a record says but for its row is the same for all
rows of a value, so rows are kept as numbers, and a record is made when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import numpy.typing as npt

from phisweep.keys import Key
from phisweep.model import Column, Decision, Record, Text
from phisweep.records import Keeping, Ledger


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """
    What was found in some rows of a column: in row `rows[i]` (from 1) that of `groups[which[i]]`.

    `ends[i]` counts the records of all rows up to that one.
    """

    index: int
    rows: npt.NDArray[np.int64]
    which: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    groups: tuple[tuple[Record, ...], ...]

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def record(self, number: int) -> Record:
        """Return the record of this number, counted from 0, with its place."""
        at = int(np.searchsorted(self.ends, number, side="right"))
        group = self.groups[int(self.which[at])]
        record = group[number - int(self.ends[at]) + len(group)]
        return replace(record, where=f"record {self.rows[at]}, column {self.index + 1}")


class Records(Sequence[Record]):
    """
    The records of a call: of names of columns, then of each column by row; no record holds a value.

    It equals any sequence of the same records.
    """

    def __init__(self, heads: Sequence[Record] = (), pieces: Sequence[Piece] = ()) -> None:
        self._heads = tuple(heads)
        self._pieces = tuple(pieces)
        self._ends = np.cumsum([len(self._heads), *map(len, self._pieces)])

    def __len__(self) -> int:
        return int(self._ends[-1])

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> list[Record]: ...
    def __getitem__(self, number: int | slice) -> Record | list[Record]:
        if isinstance(number, slice):
            return [self._at(i) for i in range(len(self))[number]]
        return self._at(range(len(self))[number])

    def __iter__(self) -> Iterator[Record]:
        yield from self._heads
        for piece in self._pieces:
            for i in range(len(piece)):
                yield piece.record(i)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return f"<{len(self)} records>"

    def __add__(self, other: Records) -> Records:
        return Records(
            (*self._heads, *other._heads),  # our own kind
            (*self._pieces, *other._pieces),
        )

    def _at(self, number: int) -> Record:
        place = int(np.searchsorted(self._ends, number, side="right"))
        if not place:
            return self._heads[number]
        return self._pieces[place - 1].record(number - int(self._ends[place - 1]))


class FrameLedger(Ledger):
    """The ledger of one frame: what stands in its columns is kept by distinct value."""

    def __init__(self, source: str, key: Key) -> None:
        super().__init__(source, key, Keeping(records=True, actions=True))
        self._pieces: list[Piece] = []
        #: By index of a column, the operators that were decided on in it.
        self.operators: dict[int, set[str]] = {}

    def column(self, block: Column, decided: Mapping[int, Sequence[Decision]]) -> None:
        """Enter the findings of a chunk of a column: `decided` is by index of its dictionary."""
        used = self.operators.setdefault(block.index, set())
        place = self.column_place(block)
        texts = block.values.dictionary
        groups: dict[tuple[object, ...], int] = {}
        made: list[tuple[Record, ...]] = []
        group_of = np.full(len(texts), -1, dtype=np.int64)
        for i, decisions in decided.items():
            text = texts[i].as_py()
            used.update(decision.operator for decision in decisions)
            # One value may stand here once for each subject, with the same findings.
            same = (text, *((d.finding.start, d.finding.end, d.finding.rule) for d in decisions))
            if same not in groups:
                groups[same] = len(made)
                cell = Text(block.location, text, block.label, kind="value")
                made.append(self._made(cell, place, decisions))
            group_of[i] = groups[same]
        by_row = group_of[np.asarray(block.values.indices, dtype=np.int64)]
        at = np.flatnonzero(by_row >= 0)
        which = by_row[at]
        sizes = np.array([len(group) for group in made], dtype=np.int64)
        self._pieces.append(
            Piece(block.index, at + block.first, which, np.cumsum(sizes[which]), tuple(made))
        )

    @property
    def hidden(self) -> frozenset[str]:
        """The labels of columns that are not shown, for something is found in them."""
        return frozenset(self._hidden)

    def finish(self) -> Records:
        """Return what was found, by column and row."""
        heads, _ = self.close()
        pieces = sorted(self._pieces, key=lambda p: (p.index, p.rows[0] if len(p.rows) else 0))
        return Records(heads, pieces)

    def _made(self, cell: Text, place: str, decisions: Sequence[Decision]) -> tuple[Record, ...]:
        """Return the records of one value, wherever it stands."""
        ledger = Ledger(self._source, self._key, Keeping(actions=True))
        ledger.text(cell, decisions)
        return tuple(replace(record, place=place) for record in ledger.close()[0])
