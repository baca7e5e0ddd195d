"""
The risk of re-identification in tables: read, count, assess, and set beside a release's report.

Memory is bounded by the distinct rows that are held (`risk.gathering`), disk by those there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from phisweep.integrity.digests import sha256_of, source_digest
from phisweep.integrity.signatures import SigningKey
from phisweep.report.companions import load_companions
from phisweep.report.companions.risk.records import Record, joined
from phisweep.report.record import load_record
from phisweep.report.write import attach
from phisweep.risk.assess import Asked, Assessment, assess
from phisweep.risk.attackers import THRESHOLD
from phisweep.risk.candidates import proposed
from phisweep.risk.coding import TooManyValuesError
from phisweep.risk.counted import Counted, Counter
from phisweep.risk.hierarchies import Circumstance
from phisweep.risk.leaving import LeftOut
from phisweep.risk.reading import Table
from phisweep.runs.assessed import Limits, Measured, record_of
from phisweep.runs.settings import Settings, session_of
from phisweep.runs.tables import (
    Work,
    begin,
    candidates_of,
    nothing,
    rows_of,
    shown_names,
    tables_of,
    unclear,
)
from phisweep.session import Session
from phisweep.staging import run_json
from phisweep.transform.zip3 import allowed_prefixes
from phisweep.usefulness.floor import FLOOR

_LEAST = 2  # rows, and people, of which a risk can be told


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What is asked for.

    `quasi`, `sensitive` and `subject` are names of columns, or `column 3`; `table` is the name of the one
    part of a workbook or database to count. `k` and `risk` are what is to be met, None where nothing
    is. `left_out` is the share of the rows that a suggestion may leave out. `population` is the number of
    people that those here were drawn from, or `drawn` their share of it; 0 where neither is known.
    `agrees`: a missing value agrees with every other. `release` is the folder of the release to whose
    report the figures come.
    """

    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    subject: str = ""
    table: str = ""
    k: int | None = None
    risk: float | None = None
    left_out: float = 0.05
    population: int = 0
    drawn: float = 0.0
    agrees: bool = False
    propose: bool = False
    suggest: bool = True
    release: Path | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The record, and the numbers of the rows that its first suggestion leaves out, by file."""

    record: Record
    left_out: tuple[tuple[str, int], ...] = field(default=(), repr=False)


def assess_risk(
    paths: Sequence[str],
    wanted: Wanted,
    settings: Settings | None = None,
    *,
    number_left_out: bool = False,
) -> Assessed:
    """
    Return the risk in the tables of some files, which are counted as one table.

    `number_left_out` reads them once more for the numbers of the rows that the first suggestion leaves
    out. Raises UsageError (E162 no such column, E193 nothing to measure, E194 what contradicts
    itself), and DocumentError where a file cannot be read whole: a part of it would be less than
    the risk.
    """
    settings = settings or Settings()
    session = session_of(settings)
    run_sha256 = _run_of(wanted.release)
    named = [*wanted.quasi, *wanted.sensitive, *([wanted.subject] if wanted.subject else [])]
    with tempfile.TemporaryDirectory(prefix="phisweep-") as folder:
        tables, ignored = tables_of(session, settings, paths, named, wanted.table)
        work = Work(session, settings, tables, Path(folder))
        candidates = candidates_of(work) if wanted.propose else ()
        quasi = wanted.quasi or tuple(proposed(candidates))
        _check(tables[0], wanted, quasi)
        counted = _counted(work, wanted, quasi)
        if min(counted.people, counted.rows) < _LEAST:
            raise nothing("there is one row of data, or one person")
        found = _assessed(work, wanted, counted)
        record = record_of(
            found,
            limits=Limits(wanted.k, wanted.risk),
            proposed=not wanted.quasi,
            agrees=wanted.agrees,
            measured=_measured(tables, wanted.release),
            ignored=ignored,
            candidates=candidates,
            names=shown_names(tables[0]),
            run_sha256=run_sha256,
        )
        left = tuple(_left_out(work, counted, found)) if number_left_out else ()
    if wanted.release is not None:
        _attach(wanted.release, record, settings.signer)
    return Assessed(record, left)


def _run_of(release: Path | None) -> str:
    """Return the SHA-256 of the run.json of a release, "" without one. Raises UsageError."""
    if release is None:
        return ""
    path = run_json(release)
    load_record(path)
    return sha256_of(path)


def _attach(release: Path, record: Record, signer: SigningKey | None) -> None:
    """Set the record beside the run.json, with what is known there of other tables."""
    folder = run_json(release).parent
    known = next((c.record for c in load_companions(folder) if c.name == "risk"), None)
    whole = joined(known if isinstance(known, Record) else None, record)
    attach(folder, "risk", whole, signer=signer)


def _check(table: Table, wanted: Wanted, quasi: Sequence[str]) -> None:
    """Raise UsageError E194 where there are no quasi-identifiers, or a column is two things."""
    if not quasi:
        raise unclear(
            "no column can be proposed" if wanted.propose else "no quasi-identifier is named",
            "Name them: --qi age,zip,sex. --propose looks for them.",
        )
    names = [*quasi, *wanted.sensitive, *([wanted.subject] if wanted.subject else [])]
    if len({table.at(name) for name in names}) < len(names):
        raise unclear("a column is named twice", "Name each column once, for one purpose.")


def _counted(work: Work, wanted: Wanted, quasi: Sequence[str]) -> Counted:
    """Count the rows; where a column turns out to have too many values, anew with it hashed."""
    table = work.tables[0]
    names = [table.called(table.at(name)) for name in (*quasi, *wanted.sensitive)]
    columns = [*names, *([wanted.subject] if wanted.subject else [])]
    wide: frozenset[int] = frozenset()
    while True:
        folder = Path(tempfile.mkdtemp(dir=work.folder))
        counter = Counter(
            names[: len(quasi)],
            names[len(quasi) :],
            by_subject=bool(wanted.subject),
            wide=wide,
            folder=folder,
        )
        try:
            begin(work, "counting")
            for _, _, values in rows_of(work, columns):
                counter.add(values)
        except TooManyValuesError as found:
            wide |= {found.column}
        else:
            return counter.finish()


def circumstance(session: Session) -> Circumstance:
    """Return what operators know in a copy: the year of reference, and the prefixes that may stay."""
    settings = session.policy.settings
    prefixes = allowed_prefixes(
        session.ruleset,
        str(settings.get("census", "2020")),
        float(settings.get("census-margin", 0)),
    )
    return Circumstance(session.spec.reference_year, prefixes)


def _assessed(work: Work, wanted: Wanted, counted: Counted) -> Assessment:
    size = wanted.population
    if wanted.drawn:
        size = round(counted.people / wanted.drawn)
    if size and size < counted.people:
        raise unclear(
            "the population has fewer people than the data",
            "Give the size of the population that these were drawn from.",
        )
    asked = Asked(
        circumstance(work.session),
        k=wanted.k or FLOOR,
        threshold=wanted.risk if wanted.risk is not None else THRESHOLD,
        left_out=wanted.left_out,
        population=size,
        suggest=wanted.suggest,
        agrees=wanted.agrees,
        folder=work.folder,
    )
    return assess(counted, asked)


def _measured(tables: Sequence[Table], release: Path | None) -> list[Measured]:
    """Return what was counted: digests, and whether each is a copy of the release."""
    copies: set[str] = set()
    if release is not None:
        record = load_record(run_json(release))
        copies = {file.output_sha256 for file in record.files if file.output_sha256}
    made = []
    for table in tables:
        digest = source_digest(table.source)
        made.append(Measured(table.source.shown, digest, copy_of_run=digest in copies))
    return made


def _left_out(work: Work, counted: Counted, assessment: Assessment) -> Iterator[tuple[str, int]]:
    """Yield file and number of each row that the first suggestion leaves out."""
    told = assessment.suggestions
    if told is None or not told.best or not told.best[0].left_out:
        return
    left = LeftOut(counted, told.best[0].steps, told.k)
    names = [column.name for column in counted.quasi]
    begin(work, "numbering rows")
    for table, first, values in rows_of(work, names):
        for at in left.rows(values).nonzero()[0]:
            yield table.source.shown, first + int(at)
