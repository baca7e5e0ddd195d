"""
The files of a run with what was found in each, and the places that they share.

A thousand files of one kind have the same few places: what is told of a place stands once, and a
file has a row of numbers for each, so that a record grows by little with a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from phisweep.legible import portable
from phisweep.model import Outcome, Record, Severity, Tally
from phisweep.records import GROUPS, REST
from phisweep.report import counts
from phisweep.report.parts import FileRecord, Found, PlaceRecord
from phisweep.values import dataclass

#: Files with findings that are told place by place on a page; of more the places are told once.
FEW = 100
#: Files that a page lists; of more those that a person has to look at come before others.
LISTED = 1_000


class _What(NamedTuple):
    """What a place is known by, as `PlaceRecord` says it."""

    place: str
    identifier: str
    letter: str
    rule: str
    severity: Severity
    action: str
    operator: str


@dataclass(frozen=True, slots=True)
class Told:
    """A place of one file, in full."""

    place: str
    identifier: str
    letter: str
    rule: str
    severity: Severity
    action: str
    operator: str
    count: int
    min_score: float
    max_score: float
    line: int | None
    col: int | None


class Inventory:
    """Takes in what was found in one file after another, and numbers the places."""

    def __init__(self) -> None:
        self._numbers: dict[_What, int] = {}
        self._known: dict[int, tuple[Sequence[Tally], tuple[Found, ...]]] = {}

    def found(self, outcome: Outcome) -> tuple[Found, ...]:
        """Return the rows of a file, with the first place of each if it is known."""
        tallies = outcome.tallies
        known = self._known.get(id(tallies))
        if known is not None and not outcome.records:
            return known[1]
        first = counts.first_places(outcome.records)
        rows = tuple(self._row(tally, first) for tally in tallies)
        if not outcome.records:
            self._known[id(tallies)] = tallies, rows  # held, so that no other has its id
        return rows

    def _row(self, tally: Tally, first: Mapping[tuple[str, str, str], Record]) -> Found:
        seen = first.get((tally.place, tally.identifier, tally.rule))
        what = _What(
            portable(tally.place), tally.identifier, tally.letter, tally.rule, tally.severity,
            tally.action, tally.operator,
        )  # fmt: skip
        if len(self._numbers) >= GROUPS and what not in self._numbers:
            what = what._replace(place=REST)
        return Found(
            self._numbers.setdefault(what, len(self._numbers)),
            int(tally.count),  # counts and scores may come from numpy
            float(tally.min_score),
            float(tally.max_score),
            seen.line if seen else None,
            seen.col if seen else None,
        )

    def places(self, files: Iterable[FileRecord]) -> tuple[PlaceRecord, ...]:
        """Return the places in the order in which they were met, with sums over the files."""
        sums = sums_of(files, len(self._numbers))
        return tuple(
            PlaceRecord(**what._asdict(), **asdict(sums[number]))
            for what, number in self._numbers.items()
        )


@dataclass(slots=True)
class Sums:
    """What the files tell of one place together."""

    files: int = 0
    count: int = 0
    min_score: float = 1.0
    max_score: float = 0.0


def sums_of(files: Iterable[FileRecord], places: int) -> list[Sums]:
    """
    Return for each place in how many files it is, its count, and its lowest and highest score.

    Raises ValueError where a file has a place that is none.
    """
    times: Counter[int] = Counter()
    rows: dict[int, tuple[Found, ...]] = {}
    for file in files:  # those of one kind share their rows
        times[id(file.found)] += 1
        rows[id(file.found)] = file.found
    sums = [Sums() for _ in range(places)]
    for which, found in rows.items():
        n, met = times[which], set()
        for row in found:
            if row.place >= places:
                raise ValueError("a file has a place that is none")
            of = sums[row.place]
            of.files += 0 if row.place in met else n
            of.count += n * row.findings
            of.min_score = min(of.min_score, row.min_score)
            of.max_score = max(of.max_score, row.max_score)
            met.add(row.place)
    return sums


def check(files: Sequence[FileRecord], places: Sequence[PlaceRecord]) -> None:
    """Raise ValueError where places and files do not tell the same."""
    known: dict[int, int] = {}
    for file in files:
        total = known.get(id(file.found))
        if total is None:
            total = known[id(file.found)] = sum(row.findings for row in file.found)
        if file.findings != total:
            raise ValueError("a file's findings are not the sum of what is found in it")
    for place, sums in zip(places, sums_of(files, len(places)), strict=True):
        if Sums(place.files, place.count, place.min_score, place.max_score) != sums:
            raise ValueError("a place's counts are not the sums over the files")


def told_of(file: FileRecord, places: Sequence[PlaceRecord]) -> Iterator[Told]:
    """Yield what was found in a file, place by place."""
    for row in file.found:
        at = places[row.place]
        yield Told(
            at.place,
            at.identifier,
            at.letter,
            at.rule,
            at.severity,
            at.action,
            at.operator,
            *row[1:],
        )


def listed(files: Sequence[FileRecord]) -> Sequence[FileRecord]:
    """Return the files that a page lists, in the order of the run."""
    if len(files) <= LISTED:
        return files
    ranks = sorted(range(len(files)), key=lambda i: not is_for_a_person(files[i]))
    return [files[i] for i in sorted(ranks[:LISTED])]


def is_for_a_person(file: FileRecord) -> bool:
    """Say whether something is to be looked at: it is not read whole, was skipped, or warns."""
    return file.status not in {"clean", "changed"} or bool(file.warnings)


def is_many(files: Iterable[FileRecord]) -> bool:
    """Say whether so many files have findings that a page tells of their places together."""
    return sum(1 for file in files if file.found) > FEW
