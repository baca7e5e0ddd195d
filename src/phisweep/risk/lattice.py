"""
The classes of a table under every combination of generalisations.

A node names a step of each column's hierarchy, or DROPPED for a column that is left out. Its
classes are made of those of a finer node that is held already, so that most nodes cost little; where
people are counted, of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from phisweep.risk.coding import MISSING
from phisweep.risk.counted import Counted, of_classes
from phisweep.risk.gathering import ROOM, Gatherer, Tables, TooManyRowsError
from phisweep.risk.grouping import Codes, Table, Whole, reduced
from phisweep.risk.hierarchies import AS_IS, Hierarchy
from phisweep.risk.sizes import Sizes, merged, of_table

DROPPED = -1
DIGITS = 12  # of a loss: what is beyond depends on the order of rows
ROUNDING = 10.0**-DIGITS
Node = tuple[int, ...]
_HELD = 4 * ROOM  # distinct rows of all nodes that are kept to make others of


@dataclass(frozen=True, slots=True)
class Judged:
    """
    What a node gives for a least size k of classes.

    `left_out` are the rows of classes of fewer than k people, `loss` is the mean over rows and columns,
    where a row that is left out has lost all, `least` the smallest class of those that are kept.
    """

    node: Node
    left_out: int
    loss: float
    least: int
    classes: int


class Grid:
    """The classes of a counted table by node; `folder` is where rows go that are too many to hold."""

    def __init__(
        self, counted: Counted, hierarchies: tuple[Hierarchy, ...], folder: Path | None = None
    ) -> None:
        self.counted = counted
        self.hierarchies = hierarchies
        self.folder = folder
        self._known: dict[Node, Tables] = {}
        self._order: list[Node] = []

    @cached_property
    def _finest(self) -> Tables:
        made = Gatherer(len(self.hierarchies), self.folder)
        for table in self.counted.cells():
            made.add(table)
        return made.finish()

    @property
    def bottom(self) -> Node:
        """The node at which every column is as it is."""
        return (0,) * len(self.hierarchies)

    @property
    def top(self) -> Node:
        """The node of the last steps of all."""
        return tuple(len(hierarchy.steps) - 1 for hierarchy in self.hierarchies)

    @cached_property
    def loss(self) -> tuple[npt.NDArray[np.float64], ...]:
        """The mean loss of each column, over its rows, at each step."""
        out = []
        for which, hierarchy in enumerate(self.hierarchies):
            codes, rows = self.counted.spread(which)
            out.append(
                np.array([float((step.lost(codes) * rows).sum()) for step in hierarchy.steps])
                / max(1, self.counted.rows)
            )
        return tuple(out)

    def classes(self, node: Node, most: int | None = None) -> Tables:
        """Return the classes of a node. Raises TooManyRowsError where they are more than `most`."""
        if node in self._known:
            return self._known[node]
        folder = None if most else self.folder
        made = Gatherer(len(self.hierarchies), folder, most=most)
        if self.counted.by_subject:  # people in a class are no sum of those in finer ones
            for table in self.counted.cells():
                raised = self._raised(table.columns[1:], self.bottom, node)
                cells = reduced(Table((table.columns[0], *raised), table.weights))
                made.add(of_classes(cells, by_subject=True))
        else:
            start, source = self._start(node)
            if start == node:
                return source
            for table in source:
                columns = self._raised(table.columns, start, node)
                made.add(reduced(Table(tuple(columns), table.weights)))
        tables = made.finish()
        self._keep(node, tables)
        return tables

    def sizes(self, node: Node) -> Sizes:
        """Return the sizes of the classes of a node, and how many people are members of them."""
        return merged(of_table(table.people) for table in self.classes(node))

    def reaches(self, node: Node, k: int, left_out: float) -> bool:
        """Say whether no more than a share of the rows is in classes of fewer than k people."""
        rows = self.counted.rows
        try:
            classes = self.classes(node, self._most(k, left_out))
        except TooManyRowsError:
            return False
        return sum(int(t.rows[t.people < k].sum()) for t in classes) <= left_out * rows

    def judged(self, node: Node, k: int, left_out: float) -> Judged | None:
        """Return what a node gives; None where more than a share of the rows would be left out."""
        rows = self.counted.rows
        try:
            classes = self.classes(node, self._most(k, left_out))
        except TooManyRowsError:
            return None
        out = count = 0
        lost, least = 0.0, rows
        for table in classes:
            kept = table.people >= k
            out += int(table.rows[~kept].sum())
            if not kept.any():
                continue
            loss = np.zeros(int(kept.sum()))
            for which, step in enumerate(node):
                loss += self._loss_of(which, step)[_numbers(table.columns[which][kept])]
            lost += float((loss * table.rows[kept]).sum()) / len(node)
            least = min(least, int(table.people[kept].min()))
            count += int(kept.sum())
        if out > left_out * rows or not count:
            return None
        return Judged(node, out, round((lost + out) / rows, DIGITS), least, count)

    def _most(self, k: int, left_out: float) -> int:
        """Return how many classes there can be: each has k rows, but for rows that are left out."""
        return int(self.counted.rows / k + left_out * self.counted.rows) + 1

    def kept(self, node: Node, k: int) -> Sizes:
        """Return the sizes of the classes of a node that are not left out."""
        found = self.sizes(node)
        stay = found.sizes >= k
        return Sizes(found.sizes[stay], found.classes[stay], found.people[stay])

    def _loss_of(self, which: int, step: int) -> npt.NDArray[np.float64]:
        """Return the loss of each group of a step."""
        chosen = self.hierarchies[which].steps[step]
        if chosen.groups is None or chosen.loss is None:
            return np.zeros(2) if chosen.words == AS_IS else np.array([0.0, 1.0])
        first = np.unique(chosen.groups, return_index=True)[1]
        return chosen.loss[first]

    def _start(self, node: Node) -> tuple[Node, Tables]:
        """Return the smallest node that is held and finer, and its classes."""
        start, source = self.bottom, self._finest
        for known, tables in self._known.items():
            if tables.length < source.length and _finer(known, node):
                start, source = known, tables
        return start, source

    def _raised(self, columns: Sequence[Codes], start: Node, end: Node) -> list[Codes]:
        """Return groups of one node as those of a coarser one."""
        return [
            self._step(which, start[which], end[which], codes)
            for which, codes in enumerate(columns)
        ]

    def _step(self, which: int, start: int, end: int, codes: Codes) -> Codes:
        if end == DROPPED:
            return np.zeros(len(codes), np.uint8)
        if start == end:
            return codes
        steps = self.hierarchies[which].steps
        one, other = steps[start], steps[end]
        if other.groups is None or one.groups is None:
            return other.of(codes)
        first = np.unique(one.groups, return_index=True)[1]
        groups: Codes = other.groups[first][codes]
        return groups

    def _keep(self, node: Node, tables: Tables) -> None:
        """Keep a node's classes, and let the oldest go where they are too many."""
        if tables.parts:
            return
        self._known[node] = tables
        self._order.append(node)
        while sum(t.length for t in self._known.values()) > _HELD and len(self._order) > 1:
            del self._known[self._order.pop(0)]


def _finer(one: Node, other: Node) -> bool:
    """Say whether a node is as fine as another in every column."""
    return all(b == DROPPED or (a != DROPPED and a <= b) for a, b in zip(one, other, strict=True))


def _numbers(codes: Codes) -> Whole:
    """Return codes as indices; of hashes only whether there is a value."""
    if codes.dtype == np.uint64:
        return np.asarray(codes != MISSING, dtype=np.int64)
    return np.asarray(codes, dtype=np.int64)
