"""Search: scan, the columns and fields of a data folder, the blocks of one file."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.analysis import Job
from phisweep.discover import Skipped
from phisweep.formats.base import Fate, told_fates
from phisweep.formats.choose import choose_format
from phisweep.model import BaselineUse, Column, Outcome, Run, Source, Text
from phisweep.naming import Naming
from phisweep.remote import reached
from phisweep.runs.settings import Settings, begun, ended, session_of
from phisweep.runs.sources import met, named
from phisweep.runs.working import work_through
from phisweep.session import Session
from phisweep.transform.codes import random_codes

if TYPE_CHECKING:
    from phisweep.gate.lock import Lock
    from phisweep.suppression import Asked


def scan(paths: Sequence[str], settings: Settings | None = None) -> Run:
    """
    Find PHI; never write to the data.

    Raises UsageError, RuleError, ComponentError or PolicyConflict before the first file is read;
    what is wrong with a document stands in its outcome.
    """
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = begun(session, settings, "scan")
    listed = session.config.runner == "spark"
    with random_codes(settings.key) as codes, reached(paths, listed=listed) as here:
        spec = replace(
            session.spec,
            records=settings.records or settings.baseline is not None,
            most_records=0 if settings.baseline is not None else settings.most_records,
            reveal=settings.reveal,
            spool=settings.spool,
            suppress=_left_out(settings),
        )
        sources, outcomes = named(
            met(session, here.paths, settings.root, settings.left, here.origins),
            Naming(session.detector, codes, quiet=True),
        )
        here.forget()
        jobs = {i: Job(source) for i, source in enumerate(sources) if i not in outcomes}
        work_through(session, settings, spec, jobs, outcomes)
        done = tuple(outcomes[i] for i in range(len(sources)))
        done, use = _known(done, settings)
    return Run(ended(manifest, started), done, baseline=use)


def _left_out(settings: Settings) -> Asked:
    """Return what a search leaves out."""
    from phisweep.suppression import Asked  # noqa: PLC0415 - copies leave nothing out

    ignores = tuple(settings.config.per_path_ignores.items())
    return Asked(settings.reserved, ignores, allowed=settings.allowed)


def _known(
    outcomes: tuple[Outcome, ...], settings: Settings
) -> tuple[tuple[Outcome, ...], BaselineUse | None]:
    """Take out what the baseline knows. Raises ComponentError for a key that is not its own."""
    if settings.baseline is None:
        return outcomes, None
    from phisweep.gate.known import used, without_known  # noqa: PLC0415 - few runs have a baseline

    today = dt.datetime.now(dt.UTC).date()
    with tempfile.TemporaryDirectory(prefix="phisweep-") as folder:
        spool = settings.spool or Path(folder)
        known = without_known(outcomes, settings.baseline, settings.key, spool, today)
    return known.outcomes, used(settings.baseline, known)


def places_of(paths: Sequence[str], settings: Settings | None = None) -> Lock:
    """
    Return the columns and fields of the data, what kind they are, and their letters.

    Read by rules, the first rows of each table. Raises as `scan` does.
    """
    from phisweep.gate.lock import Lock, Place  # noqa: PLC0415 - a gate alone asks
    from phisweep.model import IDENTIFIERS  # noqa: PLC0415
    from phisweep.proposal.propose import Asked as Looked  # noqa: PLC0415
    from phisweep.proposal.propose import propose  # noqa: PLC0415

    settings = settings or Settings()
    session = session_of(settings)
    found = met(session, paths, settings.root, settings.left)
    sources = [item for item in found if not isinstance(item, Skipped)]
    options, policy = session.spec.options, session.policy
    seen = propose(sources, Looked(session.detector, policy, policy.id, options, settings.key))
    files: dict[str, dict[str, Place]] = {}
    for file in seen.files:
        places = files.setdefault(file.glob, {})
        for column in file.columns:
            letters = {IDENTIFIERS[name] for name, _ in column.evidence.found} | {column.letter}
            places[column.name or column.place] = Place(
                column.sort.role, tuple(sorted(letters - {""}))
            )
    return Lock(files)


def fates_of(path: Path, session: Session) -> Iterator[Fate]:
    """
    Yield what stands in a file, place by place; of a table, its distinct values. For `explain`.

    Where a standard says what becomes of a place, that too.
    """
    source = Source(path, path.name, path.stat().st_size, path.name)
    document = choose_format(source, session.spec.options).open(source, session.spec.options)
    with closing(document):
        for part in document.parts():
            for chunk in part.chunks():
                if (told := told_fates(chunk)) is not None:
                    yield from told
                    continue
                for block in chunk.blocks:
                    if isinstance(block, Text):
                        yield Fate(block.location.address, texts=(block,))
                    elif isinstance(block, Column):
                        yield Fate(block.location.address, texts=tuple(_values(block)))


def _values(block: Column) -> Iterator[Text]:
    """Yield the distinct values of a column, where they first stand."""
    values = block.values.dictionary.to_pylist()
    first = {index: row for row, index in reversed([*enumerate(block.values.indices.to_pylist())])}
    for row in sorted(first.values()):
        value = values[block.values.indices[row].as_py()]
        line = None if block.lines is None else int(block.lines[row])
        col = None if block.cols is None else int(block.cols[row])
        yield Text(block.location, value, block.label, "", "value", line, col)
