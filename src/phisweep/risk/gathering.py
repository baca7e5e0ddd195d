"""
Distinct rows of any number of tables, in bounded memory.

Tables come one after the other and are merged. What is held never exceeds twice ROOM distinct rows;
beyond, they are written to PARTS files by a hash of their leading columns, codes and weights
alone, and each file is merged by itself: rows that agree in those columns are in one file.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from phisweep.risk.grouping import Codes, Table, compact, dense, joined, reduced

ROOM = 1 << 21  # distinct rows
PARTS = 64
_LEAST = 1 << 19  # rows that are held before they are merged
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of splitmix64


class TooManyRowsError(Exception):
    """There are more distinct rows than were asked for; never leaves this room."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Tables:
    """
    Distinct rows, in one table or in files; `length` of them.

    Tables that are read from files are those of one hash of the leading columns each. The files go
    with the last that knows of them.
    """

    held: Table | None = field(repr=False)
    parts: tuple[Path, ...] = ()
    length: int = 0

    def __iter__(self) -> Iterator[Table]:
        if self.held is not None:
            yield self.held
        for path in self.parts:
            yield from _read(path)


@dataclass(slots=True)
class Gatherer:
    """
    Merges tables of the same columns.

    The first `by` columns decide what is written together. `folder` is where it is written; without
    one all is held. Beyond `most` distinct rows TooManyRowsError is raised. With `local` the codes of
    the first column are numbered anew in each table that comes out, which costs less to group by:
    rows of two tables then say nothing of each other.
    """

    by: int
    folder: Path | None = None
    room: int = ROOM
    most: int | None = None
    local: bool = False
    _held: list[Table] = field(default_factory=list, repr=False)
    _rows: int = 0
    _next: int = _LEAST
    _own: Path | None = None
    _parts: dict[int, Path] = field(default_factory=dict)

    def add(self, table: Table) -> None:
        """Take the rows of a table. Raises TooManyRowsError."""
        if not len(table):
            return
        self._held.append(table)
        self._rows += len(table)
        if self._rows >= min(self._next, 2 * self.room):
            self._merge()

    def finish(self) -> Tables:
        """Return the distinct rows. Raises TooManyRowsError."""
        if self._held:
            self._merge()
        if not self._parts:
            held = self._out(self._held[0]) if self._held else None
            return Tables(held, (), len(held) if held is not None else 0)
        self._spill()
        length, paths = 0, []
        for number in sorted(self._parts):
            path = self._parts[number]
            whole = self._out(reduced(joined(_read(path))))
            with path.open("wb") as file:
                _write(file, whole)
            length += len(whole)
            paths.append(path)
        tables = Tables(None, tuple(paths), length)
        weakref.finalize(tables, shutil.rmtree, str(self._own), ignore_errors=True)
        return tables

    def _out(self, table: Table) -> Table:
        if not self.local:
            return table
        numbers = compact(dense(table.columns[:1], len(table))[0])
        return Table((numbers, *table.columns[1:]), table.weights)

    def _merge(self) -> None:
        merged = reduced(joined(self._held))
        if self.most is not None and len(merged) > self.most:
            raise TooManyRowsError
        self._held, self._rows = [merged], len(merged)
        self._next = max(_LEAST, 2 * self._rows)
        if self.folder is not None and self._rows > self.room:
            self._spill()

    def _spill(self) -> None:
        """Write what is held to the files, each row to that of its hash."""
        if self._own is None:
            self._own = Path(tempfile.mkdtemp(dir=self.folder))
        for table in self._held:
            where = _parts(table.columns[: self.by], len(table))
            order = np.argsort(where, kind="stable")
            ends = np.searchsorted(where[order], np.arange(PARTS + 1))
            for number in range(PARTS):
                rows = order[ends[number] : ends[number + 1]]
                if not len(rows):
                    continue
                path = self._parts.setdefault(number, self._own / f"{number}.rows")
                with path.open("ab") as file:
                    _write(file, _taken(table, rows))
        self._held, self._rows, self._next = [], 0, _LEAST


def _taken(table: Table, rows: Codes) -> Table:
    return Table(
        tuple(column[rows] for column in table.columns),
        tuple(weight[rows] for weight in table.weights),
    )


def _parts(columns: Sequence[Codes], length: int) -> Codes:
    """Return for each row the number of its file."""
    mixed = np.zeros(length, np.uint64)
    for column in columns:
        mixed ^= column.astype(np.uint64, copy=False) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[0]
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[1]
        mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(PARTS)).astype(np.uint8)


def _write(file: BinaryIO, table: Table) -> None:
    np.save(file, np.array([len(table.columns), len(table.weights)]))
    for array in (*table.columns, *table.weights):
        np.save(file, array)


def _read(path: Path) -> Iterator[Table]:
    size = path.stat().st_size
    with path.open("rb") as file:
        while file.tell() < size:
            columns, weights = (int(n) for n in np.load(file))
            yield Table(
                tuple(np.load(file) for _ in range(columns)),
                tuple(np.load(file) for _ in range(weights)),
            )
