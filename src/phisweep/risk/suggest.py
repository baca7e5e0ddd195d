"""Generalisations that reach k: the best few, what each costs, and how classes are then."""

from __future__ import annotations

from dataclasses import dataclass, field

from phisweep.model import Shown
from phisweep.risk.hierarchies import Step
from phisweep.risk.lattice import DROPPED, Grid, Judged, Node
from phisweep.risk.search import Found, Search
from phisweep.risk.sizes import Band, bands
from phisweep.usefulness.floor import shown

_WORTH = 0.8  # of the loss by operators alone, from which it is worth a step by hand


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    A step for each column, what k they reach, what they lose, and the rows that have to be left out.

    `mean` is then the mean risk. `by_hand`: a step is one that no operator makes.
    """

    steps: tuple[Step, ...]
    least: int
    loss: float
    left_out: Shown
    classes: int
    mean: float
    bands: tuple[Band, ...]
    by_hand: bool
    node: Node = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """
    The best few for a k, the best first.

    `reached`: the classes are as large already, and nothing is suggested. `exact`: no other combination
    of the steps of operators loses less; `nodes` there are, of which `judged` were made. `without` are
    columns, by their places, that reach k without a generalisation: told where nothing else does.
    """

    k: int
    reached: bool
    limit: float
    best: tuple[Suggestion, ...] = ()
    exact: bool = True
    nodes: int = 0
    judged: int = 0
    without: tuple[int, ...] = ()


def suggest(grid: Grid, k: int, left_out: float) -> Suggestions:
    """Return the suggestions; `left_out` is the share of the rows that may be left out."""
    whole = grid.sizes(grid.bottom)
    if whole.least >= k:
        return Suggestions(k, reached=True, limit=left_out)
    by_policy = Grid(grid.counted, tuple(h.without_hands() for h in grid.hierarchies), grid.folder)
    found = Search(by_policy, k, left_out).run()
    best = [_suggestion(by_policy, judged, k) for judged in found.best]
    if left_out and best and all(one.left_out for one in best):
        whole_rows = Search(by_policy, k, 0.0, best=1).run()
        best += [_suggestion(by_policy, judged, k) for judged in whole_rows.best]
    best += _by_hand(grid, k, left_out, found)
    return Suggestions(
        k,
        reached=False,
        limit=left_out,
        best=tuple(best),
        exact=found.exact,
        nodes=found.nodes,
        judged=found.judged,
        without=() if best else _without(grid, k),
    )


def _by_hand(grid: Grid, k: int, left_out: float, found: Found) -> list[Suggestion]:
    """Return the best with a step by hand, where it loses much less."""
    if not any(step.by_hand for h in grid.hierarchies for step in h.steps):
        return []
    more = Search(grid, k, left_out, best=1).run()
    if not more.best or (found.best and more.best[0].loss > _WORTH * found.best[0].loss):
        return []
    made = _suggestion(grid, more.best[0], k)
    return [made] if made.by_hand else []


def _suggestion(grid: Grid, judged: Judged, k: int) -> Suggestion:
    kept = grid.kept(judged.node, k)
    steps = tuple(h.steps[i] for h, i in zip(grid.hierarchies, judged.node, strict=True))
    rows = grid.counted.rows
    return Suggestion(
        steps,
        judged.least,
        judged.loss,
        shown([judged.left_out, rows - judged.left_out])[0],
        judged.classes,
        kept.mean_risk,
        bands(kept, (k,)),
        any(step.by_hand for step in steps),
        judged.node,
    )


def _without(grid: Grid, k: int) -> tuple[int, ...]:
    """
    Return columns that reach k as they are.

    One after the other is left out, always the one without which fewest people are in small classes.
    """
    columns = list(range(len(grid.hierarchies)))
    while len(columns) > 1:
        found = {
            out: grid.sizes(
                tuple(
                    0 if i in columns and i != out else DROPPED
                    for i in range(len(grid.hierarchies))
                )
            )
            for out in columns
        }
        out = min(columns, key=lambda one: (found[one].below(k), one))
        columns.remove(out)
        if found[out].least >= k:
            return tuple(columns)
    return ()
