"""Lots: how many units there are of each stratum, which of them are drawn, and in what order."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.model import Finding
from phisweep.review.passages import Span
from phisweep.review.sample import UnitRecord
from phisweep.review.strata import Stratum


@dataclass(frozen=True, slots=True)
class Item:
    """A unit within a text; `finding` and `operator` are there for candidates."""

    stratum: Stratum
    start: int
    end: int
    finding: Finding | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to draw in one text: its units, what was removed in it, what else is told."""

    items: tuple[Item, ...]
    removed: tuple[Span, ...]
    told: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit that was drawn, and where it stands; it is ordered by its lot."""

    lot: float
    part: int
    block: int
    row: int | None
    item: Item
    place: str
    removed: tuple[Span, ...]
    told: tuple[Span, ...]
    digest: str


@dataclass(slots=True)
class Lots:
    """How many units there are of each stratum, and those with the lowest lots."""

    most: int
    sizes: dict[Stratum, int] = field(default_factory=lambda: defaultdict(int))
    drawn: dict[Stratum, list[Drawn]] = field(default_factory=lambda: defaultdict(list))

    def limit(self, stratum: Stratum) -> float:
        """Return the lot from which on a unit cannot be drawn any more."""
        held = self.drawn[stratum]
        return held[-1].lot if len(held) >= self.most else 2.0

    def take(self, stratum: Stratum, units: Sequence[Drawn]) -> None:
        """Take in units of a stratum."""
        self.drawn[stratum] = heapq.nsmallest(
            self.most, [*self.drawn[stratum], *units], key=lambda unit: unit.lot
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one file: its digest as it was read, its strata, the units drawn."""

    sha256: str
    sizes: Mapping[Stratum, int]
    drawn: Mapping[Stratum, Sequence[Drawn]]


def chosen(seen: Mapping[int, Seen], stratum: Stratum, n: int) -> Iterator[tuple[int, Drawn]]:
    """Yield the n units of a stratum with the lowest lots, each with the index of its file."""
    all_of_it = ((i, unit) for i, file in seen.items() for unit in file.drawn.get(stratum, ()))
    yield from heapq.nsmallest(n, all_of_it, key=lambda drawn: (drawn[1].lot, drawn[0]))


def shuffled(units: Sequence[tuple[int, Drawn]], seed: int) -> Iterator[UnitRecord]:
    """Yield the units in an order drawn by lot, so that none tells by its place what it is."""
    import numpy as np  # noqa: PLC0415 - as above

    order = np.random.default_rng([seed]).permutation(len(units)).tolist()
    for number, at in enumerate(order, 1):
        file, unit = units[at]
        found = unit.item.finding
        yield UnitRecord(
            id=f"u{number:04d}",
            file=file,
            part=unit.part,
            block=unit.block,
            row=unit.row,
            start=unit.item.start,
            end=unit.item.end,
            group=unit.item.stratum.group,
            letter=unit.item.stratum.letter,
            identifier=found.identifier if found else "",
            rule=found.rule if found else "",
            operator=unit.item.operator,
            score=round(found.score, 3) if found else None,
            place=unit.place,
            removed=unit.removed,
            told=unit.told,
            digest=unit.digest,
        )
