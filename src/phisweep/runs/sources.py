"""Which sources there are, and what each is called outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from phisweep.discover import Skipped, discover
from phisweep.errors import DetectionError
from phisweep.formats.imaging.paths import persons
from phisweep.model import Origin, Outcome, Source, Status
from phisweep.naming import STANDARD_INPUT_COPY, Naming
from phisweep.session import Session
from phisweep.staging import REPORT


def met(
    session: Session,
    paths: Sequence[str],
    root: Path | None = None,
    left: Mapping[Path, str] | None = None,
    origins: Mapping[Path, Origin] | None = None,
) -> list[Source | Skipped]:
    """
    Return every source that there is, and those that are not read, under their own names.

    `root` is what names are relative to, `left` what is skipped, and why: as for `discover`. `origins`
    says by its path here what workers fetch.
    """
    config = session.config
    found = discover(
        paths,
        root=root,
        include=config.include,
        exclude=config.exclude,
        max_file_size=config.files.max_file_size,
        left=left,
    )
    items = [_unless_report(item) for item in found]
    if not origins:
        return items
    return [
        item if isinstance(item, Skipped) else replace(item, origin=origins[item.path])
        for item in items
    ]


def _unless_report(item: Source | Skipped) -> Source | Skipped:
    source = item.source if isinstance(item, Skipped) else item
    why = "the report of an earlier run, which holds no data"
    return Skipped(source, why, fatal=False) if _is_report(source) else item


def _is_report(source: Source) -> bool:
    """Say whether a file is of the report in a release: our own copies stand beside our own."""
    if not source.name.startswith(f"{REPORT}/"):
        return False
    from phisweep.verification import REPORT_FILES  # noqa: PLC0415 - reads reports

    return source.path.name in REPORT_FILES


def named(
    found: Sequence[Source | Skipped], naming: Naming
) -> tuple[list[Source], dict[int, Outcome]]:
    """Return every source by its shown name, and the outcomes of those that are not read."""
    naming.persons = persons(item for item in found if isinstance(item, Source))
    sources: list[Source] = []
    outcomes: dict[int, Outcome] = {}
    for item in found:
        source = item.source if isinstance(item, Skipped) else item
        source = replace(source, shown=naming.shown(source.name))
        if isinstance(item, Skipped):
            outcomes[len(sources)] = _skipped(source, replace(item, source=source))
        sources.append(source)
    return sources, outcomes


def _skipped(source: Source, item: Skipped) -> Outcome:
    status: Status = "incomplete" if item.fatal else "skipped"
    error = str(DetectionError("E213", item.reason, where=source.shown)) if item.fatal else ""
    return Outcome(source, status, reason=item.reason, error=error, bytes=source.size)


def output_of(source: Source) -> str:
    """Return the name of the copy of a source, relative to OUT."""
    return STANDARD_INPUT_COPY if source.data is not None else source.shown
