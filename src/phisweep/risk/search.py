"""
The generalisations that reach k with least loss.

A node that reaches k within the rows that may be left out is reached by every coarser one too: a
class there is a union of classes here, so no row is left out that was not before. Hence one node
that does not reach it rules out all finer ones, and one that does vouches for all coarser ones
(LeFevre, DeWitt and Ramakrishnan, "Incognito", SIGMOD 2005; the paths are those of Kohlmayer and
others, "Flash", IEEE PASSAT 2012). Loss grows with each step, so nodes are taken by the least that
they could lose, and the search ends where nothing that is left could be better: what it gives is
then the best there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from phisweep.risk.lattice import DROPPED, ROUNDING, Grid, Judged, Node

NODES = 4_000_000  # of a lattice that is searched whole
JUDGED = 400  # nodes whose classes are made, at most
BEST = 3
_UNKNOWN, _REACHES, _FAILS = 0, 1, 2
_BLOCK = 4096  # nodes whose states are looked at together


@dataclass(frozen=True, slots=True)
class Found:
    """
    The best nodes, best first.

    `exact`: no other node is better. `nodes` there are, of which `judged` were made.
    """

    best: tuple[Judged, ...]
    exact: bool
    nodes: int
    judged: int


@dataclass(slots=True)
class Search:
    """A search for classes of at least k people, by which at most a share of rows is left out."""

    grid: Grid
    k: int
    left_out: float
    best: int = BEST
    judged: int = JUDGED
    _state: npt.NDArray[np.uint8] = field(init=False, repr=False)
    _least: npt.NDArray[np.float64] = field(init=False, repr=False)
    _known: dict[Node, Judged | None] = field(default_factory=dict, repr=False)

    def run(self) -> Found:
        """Return the best nodes."""
        shape = tuple(len(hierarchy.steps) for hierarchy in self.grid.hierarchies)
        nodes = int(np.prod(shape, dtype=object))
        if nodes > NODES:
            return self._climb(nodes)
        self._state = np.zeros(shape, np.uint8)
        self._least = sum(
            np.reshape(loss, [-1 if i == which else 1 for i in range(len(shape))])
            for which, loss in enumerate(self.grid.loss)
        ) / max(1, len(shape))  # type: ignore[assignment]
        self._alone()
        exact = True
        for node in self._in_order(shape):
            if self._done(float(self._least[node])):
                break
            if len(self._known) >= self.judged:
                exact = False
                break
            if self._state[node] == _UNKNOWN:
                self._path(node)
            if self._state[node] == _REACHES:
                self._judge(node)
        return Found(self._ranked(), exact, nodes, len(self._known))

    def _in_order(self, shape: tuple[int, ...]) -> Iterator[Node]:
        """Yield the nodes that are not ruled out, by the least that they could lose."""
        order = np.argsort(self._least, axis=None, kind="stable")
        states = self._state.reshape(-1)
        for at in range(0, len(order), _BLOCK):
            block = order[at : at + _BLOCK]
            for flat in block[states[block] != _FAILS]:
                if states[flat] != _FAILS:
                    yield tuple(int(i) for i in np.unravel_index(flat, shape))

    def _done(self, least: float) -> bool:
        ranked = self._ranked()
        return len(ranked) == self.best and ranked[-1].loss + ROUNDING < least

    def _ranked(self) -> tuple[Judged, ...]:
        held = [judged for judged in self._known.values() if judged is not None]
        return tuple(sorted(held, key=lambda judged: (judged.loss, judged.node))[: self.best])

    def _judge(self, node: Node) -> bool:
        """Make a node's classes, and say whether it reaches k."""
        if node not in self._known:
            found = self.grid.judged(node, self.k, self.left_out)
            self._known[node] = found
            self._tell(node, reaches=found is not None)
        return self._known[node] is not None

    def _tell(self, node: Node, *, reaches: bool) -> None:
        """Mark all that follows: what is coarser than one that reaches, what is finer than another."""
        if reaches:
            self._state[tuple(slice(i, None) for i in node)] = _REACHES
        else:
            self._state[tuple(slice(0, i + 1) for i in node)] = _FAILS

    def _alone(self) -> None:
        """Rule out the steps at which a column by itself has classes that are too small."""
        for which, hierarchy in enumerate(self.grid.hierarchies):
            for step in range(len(hierarchy.steps)):
                node = tuple(step if i == which else DROPPED for i in range(self._state.ndim))
                if self.grid.reaches(node, self.k, self.left_out):
                    break
                where = tuple(step if i == which else slice(None) for i in range(self._state.ndim))
                self._state[where] = _FAILS

    def _path(self, node: Node) -> None:
        """Find on a way up from a node the first that reaches k, by halving."""
        path = [node]
        while (up := self._up(path[-1])) is not None:
            path.append(up)
        low, high = 0, len(path) - 1
        while low <= high and len(self._known) < self.judged:
            middle = (low + high) // 2
            if self._state[path[middle]] == _UNKNOWN:
                self._judge(path[middle])
            if self._state[path[middle]] == _REACHES:
                high = middle - 1
            else:
                low = middle + 1

    def _up(self, node: Node) -> Node | None:
        """Return the next node up that nothing is known of, the one that could lose least."""
        ups = [
            (*node[:i], node[i] + 1, *node[i + 1 :])
            for i in range(len(node))
            if node[i] + 1 < self._state.shape[i]
        ]
        unknown = [up for up in ups if self._state[up] == _UNKNOWN]
        return min(unknown, key=lambda up: (float(self._least[up]), up), default=None)

    def _climb(self, nodes: int) -> Found:
        """Go up from the bottom, where there are too many nodes to search whole: not exact."""
        node = self.grid.bottom
        top = self.grid.top
        while len(self._known) < self.judged:
            found = self.grid.judged(node, self.k, self.left_out)
            self._known[node] = found
            if found is not None or node == top:
                break
            ups = [
                (*node[:i], node[i] + 1, *node[i + 1 :])
                for i in range(len(node))
                if node[i] < top[i]
            ]
            losses = {
                up: sum(float(self.grid.loss[i][step]) for i, step in enumerate(up)) for up in ups
            }
            node = min(ups, key=lambda up: (losses[up], up))
        return Found(self._ranked(), exact=False, nodes=nodes, judged=len(self._known))
