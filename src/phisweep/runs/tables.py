"""The tables of a risk assessment: which there are, their rows, and what each column may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from phisweep.discover import Skipped
from phisweep.errors import DetectionError, UsageError
from phisweep.formats.choose import choose_format
from phisweep.model import Outcome
from phisweep.naming import Naming
from phisweep.proposal.counting import Reader
from phisweep.proposal.evidence import Digests, Words
from phisweep.proposal.reading import read
from phisweep.proposal.roles import sort
from phisweep.risk import reading
from phisweep.risk.candidates import Candidate, Spread, candidate
from phisweep.risk.coding import Coder
from phisweep.risk.reading import Table
from phisweep.runs.settings import Settings
from phisweep.runs.sources import met
from phisweep.session import Session
from phisweep.ticks import Ticker
from phisweep.transform.codes import random_codes

_SAMPLE = 10_000  # rows by which the role of a column is judged


@dataclass(frozen=True, slots=True)
class Work:
    """What the steps of an assessment share; `folder` is for rows that are too many to hold."""

    session: Session
    settings: Settings
    tables: tuple[Table, ...]
    folder: Path


def tables_of(
    session: Session, settings: Settings, paths: Sequence[str], names: Sequence[str], part: str
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """
    Return the tables that have the columns of these names, and what was met and is not counted.

    `part` is the name of the one sheet or table to take of each file, "" for all. Raises UsageError
    (E162, E193, E194), DetectionError, DocumentError.
    """
    options = session.spec.options
    tables: list[Table] = []
    ignored: list[str] = []
    with random_codes(settings.key) as codes:
        naming = Naming(session.detector, codes)
        for item in met(session, paths):
            source = item.source if isinstance(item, Skipped) else item
            source = replace(source, shown=naming.shown(source.name))
            if isinstance(item, Skipped):
                if item.fatal:
                    raise DetectionError("E213", item.reason, where=source.shown)
                ignored.append(f"{source.shown} ({item.reason})")
                continue
            find = session.detector.find
            found = reading.tables(source, options, find, part)
            tables += found
            if not found:
                ignored.append(f"{source.shown} (no table with rows in it)")
    if not tables:
        raise nothing("no table with rows in it")
    return _with_columns(tables, ignored, names)


def _with_columns(
    tables: Sequence[Table], ignored: list[str], names: Sequence[str]
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Leave out parts that have none of the columns. Raises UsageError E162, E194."""
    kept = []
    for table in tables:
        missing = [name for name in names if not _has(table, name)]
        if names and len(missing) == len(names) and len(tables) > 1:
            ignored.append(f"{table.source.shown} (it has none of the columns)")
            continue
        for name in missing[:1]:
            table.at(name)  # raises, and says what is near
        kept.append(table)
    if not kept:
        tables[0].at(names[0])
    if not names and len({tuple(table.names.values()) for table in kept}) > 1:
        raise unclear(
            "the tables have different columns",
            "Give one table, by --table where a file holds several; or name columns by --qi.",
        )
    return tuple(kept), tuple(ignored)


def _has(table: Table, name: str) -> bool:
    try:
        table.at(name)
    except UsageError:
        return False
    return True


def nothing(why: str) -> UsageError:
    """Return the error for data of which no risk can be told."""
    return UsageError(
        "E193",
        f"there is nothing to measure: {why}",
        todo="Give files that hold one table each, of two rows or more.",
    )


def unclear(why: str, todo: str) -> UsageError:
    """Return the error for what is asked for and contradicts itself."""
    return UsageError("E194", f"what is asked for cannot be followed: {why}", todo=todo)


def shown_names(table: Table) -> dict[str, str]:
    """Return what may be told of a column, by its name."""
    return {table.called(at): shown for at, shown in table.shown.items()}


def begin(work: Work, stage: str) -> None:
    """Tell who listens that the tables are read now."""
    if work.settings.progress:
        sizes = [table.source.size for table in work.tables]
        work.settings.progress.begin(stage, sizes, work.folder)


def rows_of(
    work: Work, columns: Sequence[str]
) -> Iterator[tuple[Table, int, list[pa.DictionaryArray]]]:
    """Yield the values of the columns, chunk by chunk, of all tables."""
    ticker = Ticker(work.folder if work.settings.progress else None)
    for table in work.tables:
        places = [table.at(name) for name in columns]
        count = 0
        for first, values in reading.rows(table, places, work.session.spec.options, ticker.tell):
            count += len(values[0])
            yield table, first, values
        ticker.tell(0)
        if work.settings.progress:
            done = Outcome(table.source, "clean", bytes=table.source.size, rows=count)
            work.settings.progress.done(done)


def candidates_of(work: Work) -> tuple[Candidate, ...]:
    """Return what each column of the tables is proposed for."""
    table = work.tables[0]
    roles = _roles(work, table)
    spreads = [Spread(Coder(at, table.called(at))) for at in table.names]
    total = 0
    begin(work, "looking at columns")
    for _, _, values in rows_of(work, [f"column {at + 1}" for at in table.names]):
        total += len(values[0])
        for spread, column in zip(spreads, values, strict=True):
            spread.add(column)
    return tuple(
        candidate(spread, total, *roles.get(at, ("unknown", "it was not judged")))
        for at, spread in zip(table.names, spreads, strict=True)
    )


def _roles(work: Work, table: Table) -> dict[int, tuple[str, str]]:
    """Return the role of each column by its place, and how it was judged: by rules, name, values."""
    session, options = work.session, work.session.spec.options
    reader = Reader(
        session.detector,
        session.policy,
        options,
        Digests(work.settings.key.derive("proposal")),
        Words.of(session.ruleset),
        _SAMPLE,
    )
    format_ = choose_format(table.source, options)
    seen = read(reader, table.source, format_, table.number)
    roles: dict[int, tuple[str, str]] = {}
    for key, gathered in seen.places.items():
        if key.isdigit():
            found = sort(gathered)
            roles[int(key)] = found.role, found.how
    return roles
