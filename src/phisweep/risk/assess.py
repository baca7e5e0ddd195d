"""Counted rows -> every figure of risk: no value of the data, no count of people from 1 to 10."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from phisweep.model import Shown
from phisweep.risk import sizes
from phisweep.risk.attackers import THRESHOLD, Attacks, attacks
from phisweep.risk.closeness import Closeness, closeness
from phisweep.risk.coding import MISSING
from phisweep.risk.counted import Counted
from phisweep.risk.diversity import Diversity, diversity
from phisweep.risk.gathering import ROOM
from phisweep.risk.hierarchies import Circumstance, Hierarchy, hierarchy
from phisweep.risk.kinds import Kind
from phisweep.risk.lattice import Grid
from phisweep.risk.matching import matching
from phisweep.risk.population import Population, population
from phisweep.risk.sizes import Band, Sizes, bands, sizes_of
from phisweep.risk.subsets import Driven, driven
from phisweep.risk.suggest import Suggestions, suggest
from phisweep.usefulness.floor import FLOOR, shown


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked of counted rows.

    `k` is the size of classes that suggestions are to reach, `left_out` the share of rows that they may
    leave out, `population` the size of the population that the people were drawn from, 0 where it
    is not known. `agrees`: a missing value agrees with every other.
    """

    circumstance: Circumstance
    k: int = FLOOR
    threshold: float = THRESHOLD
    left_out: float = 0.0
    population: int = 0
    suggest: bool = True
    agrees: bool = False
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A quasi-identifier: its distinct values, None where they were not counted, and rows without one."""

    name: str = field(repr=False)
    kind: Kind
    distinct: int | None
    missing: Shown


@dataclass(frozen=True, slots=True)
class Told:
    """What classes tell of a sensitive column; `poor` are people in classes with one value alone."""

    name: str = field(repr=False)
    distinct: int | None
    diversity: Diversity
    poor: Shown
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Loosened:
    """The figures where a missing value agrees with every other: the least class, and people in one."""

    least: int
    unique: Shown
    small: Shown


@dataclass(frozen=True, slots=True)
class Assessment:
    """
    The figures of one table, or of several that were counted as one.

    `unique` and `small` are people who are alone in a class, and in one of fewer than 11; `above` those
    above the threshold. `missing`: a row lacks a value; `agrees`: it was taken to agree with all, and
    `loosened` are the figures where it would be. That is None where it is not told: rows are not
    people, or are too many.
    """

    rows: int
    people: int
    by_subject: bool
    keyless: Shown
    columns: tuple[Column, ...]
    least: int
    classes: int
    bands: tuple[Band, ...]
    unique: Shown
    small: Shown
    above: Shown
    attacks: Attacks
    population: Population | None
    told: tuple[Told, ...]
    missing: bool
    agrees: bool
    loosened: Loosened | None
    driven: Driven
    suggestions: Suggestions | None
    sizes: Sizes = field(repr=False)


def assess(counted: Counted, asked: Asked) -> Assessment:
    """Return the figures of counted rows, of which there are two or more."""
    classes = counted.classes(asked.folder)
    columns, hierarchies, lacking = _columns(counted, asked)
    loose = None
    if lacking and not counted.by_subject and classes.held is not None and classes.length <= ROOM:
        loose = matching(classes.held)
    agrees = asked.agrees and loose is not None
    found = loose if asked.agrees and loose is not None else sizes_of(counted, classes)
    drawn_from = population(found, asked.population) if asked.population else None
    attack = attacks(found, asked.threshold, drawn_from)
    told = bands(found, (asked.k, attack.members, FLOOR))
    grid = Grid(counted, hierarchies, asked.folder)
    return Assessment(
        rows=counted.rows,
        people=counted.people,
        by_subject=counted.by_subject,
        keyless=shown([counted.keyless, counted.rows - counted.keyless])[0],
        columns=columns,
        least=found.least,
        classes=found.count,
        bands=told,
        unique=sizes.told_below(told, 2, found.all),
        small=sizes.told_below(told, FLOOR, found.all),
        above=sizes.told_below(told, attack.members, found.all),
        attacks=attack,
        population=drawn_from,
        told=tuple(_told(counted, which, asked.folder) for which in range(len(counted.sensitive))),
        missing=lacking,
        agrees=agrees,
        loosened=_loosened(loose) if loose and not agrees else None,
        driven=driven(grid, FLOOR, grid.sizes(grid.bottom)),
        suggestions=suggest(grid, asked.k, asked.left_out) if asked.suggest else None,
        sizes=found,
    )


def _columns(
    counted: Counted, asked: Asked
) -> tuple[tuple[Column, ...], tuple[Hierarchy, ...], bool]:
    """Return the quasi-identifiers, their hierarchies, and whether a row lacks one of them."""
    columns, hierarchies, lacking = [], [], False
    for which, coder in enumerate(counted.quasi):
        codes, rows = counted.spread(which)
        made = hierarchy(coder, (codes, rows), asked.circumstance)
        missing = int(rows[codes == MISSING].sum())
        lacking = lacking or missing > 0
        columns.append(
            Column(
                coder.name,
                made.kind,
                None if coder.hashed else int((codes != MISSING).sum()),
                shown([missing, counted.rows - missing])[0],
            )
        )
        hierarchies.append(made)
    return tuple(columns), tuple(hierarchies), lacking


def _told(counted: Counted, which: int, folder: Path | None) -> Told:
    column = counted.sensitive[which]
    told = counted.told(which, folder)
    diverse = diversity(told, len(counted.quasi))
    return Told(
        column.name,
        None if column.hashed else len(column.values) - 1,
        diverse,
        shown([diverse.poor, max(0, counted.people - diverse.poor)])[0],
        closeness(told, len(counted.quasi), column),
    )


def _loosened(found: Sizes) -> Loosened:
    told = bands(found)
    return Loosened(
        found.least,
        sizes.told_below(told, 2, found.all),
        sizes.told_below(told, FLOOR, found.all),
    )
