"""
The generalisations of a column, from its values as they are to none of them.

Each step is one that an operator of a policy makes: what stands in a group here is what
that operator writes alike, so that a policy with it has these classes and no smaller ones. One step
has no operator, and is marked so: rare values of a category put together. Every step is a
coarsening of the one before, or it is left out.

The loss of a value is Iyengar's (KDD 2002): of a group of g of the m distinct values of the column,
(g - 1) / (m - 1), from 0 as it is to 1 for none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from phisweep.detect.shapes import says_nothing
from phisweep.marks import is_general, is_mark
from phisweep.risk.coding import MISSING, Coder
from phisweep.risk.grouping import Codes, Whole
from phisweep.risk.kinds import Kind, is_prefix, is_whole, kind_of
from phisweep.transform.operators import Context, get

Params = Mapping[str, str | int | bool]
AS_IS, REMOVED = "as it is", "removed"
_QUANTILES = 16
_RARE = (0.01, 0.05, 0.2)  # shares of the rows under which a value is put to the others
_NICE = 200  # steps that a column's range is cut into, at which bands may begin
_LAST_QUANTILE_STEP = 4  # halvings of the bands
_STEPS: Mapping[Kind, Sequence[tuple[str, str, Params]]] = {
    "age": (
        ("single years, 90+", "age", {"identifier": "age"}),
        ("5-year bands, 90+", "bucket", {"width": 5, "identifier": "age"}),
        ("10-year bands, 90+", "bucket", {"width": 10, "identifier": "age"}),
        ("20-year bands, 90+", "bucket", {"width": 20, "identifier": "age"}),
    ),
    "zip": (
        ("three digits", "zip3", {"identifier": "zip"}),
        ("first digit", "bucket", {"width": 10_000, "identifier": "zip"}),
    ),
    "date": (
        ("month", "month", {"identifier": "date"}),
        ("quarter", "quarter", {"identifier": "date"}),
        ("year", "year", {"identifier": "date"}),
        ("5-year bands", "bucket", {"width": 5, "identifier": "date"}),
        ("10-year bands", "bucket", {"width": 10, "identifier": "date"}),
    ),
    # Four digits under a policy for dates would stay as they are: the column's name says it.
    "year": tuple((f"{n}-year bands", "bucket", {"width": n}) for n in (5, 10, 20)),
}


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What operators know beside a value: the year of reference and the prefixes that may stay."""

    reference_year: int
    zip3: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One generalisation of a column, in words, and the operator that makes it.

    `groups[code]` is the group that a value falls in, None where it is its own; of a hashed column
    nothing is known but whether a value is missing. `loss[code]` is its loss.
    """

    words: str
    operator: str = ""
    params: Params = field(default_factory=dict)
    groups: Whole | None = field(default=None, repr=False)
    loss: npt.NDArray[np.float64] | None = field(default=None, repr=False)
    by_hand: bool = False

    def of(self, codes: Codes) -> Codes:
        """Return the group of each code."""
        if self.groups is not None:
            return self.groups[codes]
        return codes if self.words == AS_IS else (codes != MISSING).astype(np.int64)

    def lost(self, codes: Codes) -> npt.NDArray[np.float64]:
        """Return the loss of each code."""
        if self.loss is not None:
            return self.loss[codes]
        return np.zeros(len(codes)) if self.words == AS_IS else (codes != MISSING).astype(float)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The steps of one column; the first leaves it as it is."""

    name: str = field(repr=False)
    kind: Kind
    steps: tuple[Step, ...] = field(repr=False)

    def without_hands(self) -> Hierarchy:
        """Return the same without steps that no operator makes."""
        return Hierarchy(self.name, self.kind, tuple(s for s in self.steps if not s.by_hand))


def hierarchy(column: Coder, spread: tuple[Codes, Whole], circumstance: Circumstance) -> Hierarchy:
    """Return the steps of a column; `spread` are its codes and how many rows each stands in."""
    if column.hashed:
        return Hierarchy(column.name, "wide", (Step(AS_IS), Step(REMOVED, "redact")))
    rows = np.zeros(len(column.values), np.int64)
    rows[spread[0]] = spread[1]
    kind = kind_of(column.name, column.values[1:])
    steps = [Step(AS_IS, groups=np.arange(len(column.values)))]
    steps[0] = _with_loss(steps[0])
    for step in _steps(kind, column, rows, circumstance):
        if _coarser(steps[-1], step):
            steps.append(_with_loss(step))
    return Hierarchy(column.name, kind, tuple(steps))


def treated(
    value: str, operator: str, params: Params, label: str, circumstance: Circumstance
) -> str:
    """Return what a policy that names the column makes of a value, as a copy would hold it."""
    identifier = str(params.get("identifier", "other_id"))
    if says_nothing(value) or is_mark(value) or is_general(identifier, value):
        return value
    context = Context(
        identifier,
        rule=f"{identifier}/column-policy",
        label=label,
        reference_year=circumstance.reference_year,
        zip3=circumstance.zip3,
    )
    return get(operator)(value, context, params)


def _steps(kind: Kind, column: Coder, rows: Whole, circumstance: Circumstance) -> Iterator[Step]:
    for words, operator, params in _operators(kind, column, rows):
        texts = [
            treated(value, operator, params, column.name, circumstance)
            for value in column.values[1:]
        ]
        yield Step(words, operator, params, _numbered(texts))
    if kind == "category":
        yield from _rare(column, rows)
    texts = [treated(v, "redact", {}, column.name, circumstance) for v in column.values[1:]]
    yield Step(REMOVED, "redact", {}, _numbered(texts))


def _operators(kind: Kind, column: Coder, rows: Whole) -> Iterator[tuple[str, str, Params]]:
    """Yield the steps that operators make between a value as it is and none, in words too."""
    if kind == "number":
        yield from _quantiles(column, rows)
    elif kind == "zip" and is_prefix(column.values[1:]):
        yield "first digit", "truncate", {"first": 1}
    else:
        if kind == "zip" and is_whole(column.values[1:]):
            yield "five digits", "truncate", {"first": 5}
        yield from _STEPS.get(kind, ())


def _quantiles(column: Coder, rows: Whole) -> Iterator[tuple[str, str, Params]]:
    """Yield bands that hold about as many rows each, at round numbers: no edge is one's own value."""
    known = [
        (math.floor(float(value)), int(times))
        for value, times in zip(column.values[1:], rows[1:], strict=True)
        if kind_of("", [value]) == "number"
    ]
    numbers, times = (np.array(each) for each in zip(*sorted(known), strict=True))
    reach = np.searchsorted(np.cumsum(times) / times.sum(), np.arange(1, _QUANTILES) / _QUANTILES)
    span = int(numbers[-1] - numbers[0])
    unit = max(1, 10 ** math.floor(math.log10(max(1, span / _NICE))))
    edges = sorted({round(int(numbers[i]) / unit) * unit for i in reach})
    edges = [edge for edge in edges if numbers[0] < edge and edge >= 0]
    for _ in range(_LAST_QUANTILE_STEP):
        if not edges:
            return
        yield f"{len(edges) + 1} bands", "bucket", {"edges": ",".join(map(str, edges))}
        edges = edges[1::2] if len(edges) > 1 else []


def _rare(column: Coder, rows: Whole) -> Iterator[Step]:
    """Yield the rarest values put together; what says nothing is none of them, and stays."""
    told = np.array([False, *(not says_nothing(value) for value in column.values[1:])])
    for share in _RARE:
        rare = told & (rows < share * rows[1:].sum())
        if 1 < rare.sum() < told.sum():
            groups = np.arange(len(rows))
            groups[rare] = np.flatnonzero(rare)[0]
            words = f"values in under {share:.0%} of rows as one, other"
            yield Step(words, groups=np.unique(groups, return_inverse=True)[1], by_hand=True)


def _numbered(texts: Sequence[str]) -> Whole:
    """Return a group for each text, and group 0 for what is missing."""
    numbers: dict[str, int] = {}
    return np.array([MISSING, *(numbers.setdefault(text, len(numbers) + 1) for text in texts)])


def _coarser(finer: Step, step: Step) -> bool:
    """Say whether each group of `finer` lies in one of the step's, and they are not the same."""
    assert finer.groups is not None and step.groups is not None  # noqa: S101, PT018
    pairs = len({*zip(finer.groups.tolist(), step.groups.tolist(), strict=True)})
    groups = len(np.unique(finer.groups))
    return pairs == groups and len(np.unique(step.groups)) < groups


def _with_loss(step: Step) -> Step:
    assert step.groups is not None  # noqa: S101
    members = np.bincount(step.groups)[step.groups]
    loss = (members - 1) / max(1, len(step.groups) - 2)  # of all values but the missing one
    loss[MISSING] = 0.0
    return Step(step.words, step.operator, step.params, step.groups, loss, step.by_hand)
