"""The rows of a table, counted as they come: what of them all figures are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from phisweep.risk.coding import MISSING, VALUES, Coder
from phisweep.risk.gathering import Gatherer, Tables
from phisweep.risk.grouping import Codes, Table, Whole, dense, reduced, summed


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The distinct rows of the data: the codes of quasi-identifiers, then those of sensitive columns.

    With `by_subject` a number for the subject stands before both, its own in each table, where all
    rows of the subject are: `rows` counts rows of the data, `people` subjects. Else a row is a person.
    """

    quasi: tuple[Coder, ...] = field(repr=False)
    sensitive: tuple[Coder, ...] = field(repr=False)
    by_subject: bool
    tables: Tables = field(repr=False)
    rows: int
    people: int
    keyless: int  # rows without the key of a subject, which count as one person

    @property
    def _lead(self) -> int:
        return int(self.by_subject)

    def cells(self) -> Iterator[Table]:
        """Yield the rows without sensitive columns, the subject first where there is one."""
        width = self._lead + len(self.quasi)
        for table in self.tables:
            yield reduced(Table(table.columns[:width], table.weights))

    def classes(self, folder: Path | None = None) -> Tables:
        """Return the equivalence classes: rows and people of each."""
        made = Gatherer(len(self.quasi), folder)
        for table in self.cells():
            made.add(of_classes(table, by_subject=self.by_subject))
        return made.finish()

    def told(self, which: int, folder: Path | None = None) -> Tables:
        """
        Return what classes tell of one sensitive column: class and value, rows and people.

        All values of a class are in one table.
        """
        made = Gatherer(len(self.quasi), folder)
        at = self._lead + len(self.quasi) + which
        for table in self.tables:
            columns = (*table.columns[: self._lead + len(self.quasi)], table.columns[at])
            made.add(of_classes(reduced(Table(columns, table.weights)), by_subject=self.by_subject))
        return made.finish()

    def spread(self, which: int) -> tuple[Codes, Whole]:
        """
        Return the codes of one quasi-identifier and how many rows each stands in.

        Of a hashed one only 0 and 1: missing or not.
        """
        made = Gatherer(1)
        for table in self.tables:
            codes = table.columns[self._lead + which]
            if self.quasi[which].hashed:
                codes = (codes != MISSING).astype(np.int64)
            made.add(reduced(Table((codes,), (table.rows,))))
        found = made.finish().held
        return (found.columns[0], found.rows) if found else (np.zeros(0, int), np.zeros(0, int))


def of_classes(table: Table, *, by_subject: bool) -> Table:
    """Return the classes of distinct rows: of those of subjects, each counts once in a class."""
    if not by_subject:
        return reduced(table)
    columns = table.columns[1:]
    ids, first = dense(columns, len(table))
    people = np.bincount(ids, minlength=len(first)).astype(np.int64)
    rows = summed(ids, table.rows, len(first))
    return Table(tuple(column[first] for column in columns), (rows, people))


class Counter:
    """
    Counts rows as they come. `wide` are the columns, by their place, that are hashed from the start.

    `folder` is where rows are written that are too many to hold. Raises TooManyValuesError where a
    column turns out to be a wide one: then all is counted anew.
    """

    def __init__(
        self,
        quasi: Sequence[str],
        sensitive: Sequence[str] = (),
        *,
        by_subject: bool = False,
        wide: frozenset[int] = frozenset(),
        folder: Path | None = None,
        most: int = VALUES,
    ) -> None:
        names = (*quasi, *sensitive)
        coders = [Coder(i, name, i in wide, most=most) for i, name in enumerate(names)]
        self._quasi, self._sensitive = tuple(coders[: len(quasi)]), tuple(coders[len(quasi) :])
        self._subject = Coder(len(names), "", hashed=True) if by_subject else None
        self._made = Gatherer(1 if by_subject else len(quasi), folder, local=by_subject)
        self._rows = self._keyless = 0

    def add(self, columns: Sequence[pa.DictionaryArray]) -> None:
        """Count some rows: quasi-identifiers, sensitive columns, and the subject where asked for."""
        coders = [*self._quasi, *self._sensitive]
        codes = [coder.codes(column) for coder, column in zip(coders, columns, strict=False)]
        length = len(columns[0])
        if self._subject is not None:
            keys = self._subject.codes(columns[-1])
            self._keyless += int((keys == 0).sum())
            codes.insert(0, keys)
        self._rows += length
        self._made.add(reduced(Table(tuple(codes), (np.ones(length, np.int64),))))

    def finish(self) -> Counted:
        """Return what was counted."""
        tables = self._made.finish()
        people = self._rows
        if self._subject is not None:  # a subject's rows lie in one table
            people = sum(len(dense(t.columns[:1], len(t))[1]) for t in tables)
        return Counted(
            self._quasi,
            self._sensitive,
            self._subject is not None,
            tables,
            self._rows,
            people,
            self._keyless,
        )
