"""What waits for a person, and warnings: one line each, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.figures import plural
from phisweep.report.cells import code, table, text
from phisweep.report.inventory import told_of
from phisweep.report.leaks import counted
from phisweep.report.record import RunRecord
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where something is, and what."""

    where: str
    what: str


def unresolved(record: RunRecord) -> Iterator[Trouble]:
    """Yield findings left to a person, leaks left as they are, and what a second search found."""
    left = any(place.action == "review" for place in record.places)
    for file in record.files if left else ():
        for told in told_of(file, record.places):
            if told.action == "review":
                found = plural(told.count, "finding")
                what = (
                    f"{found} of ({told.letter}) {told.identifier} by {told.rule}: a person decides"
                )
                yield Trouble(f"{file.path}: {told.place}", what)
    for kind in record.leaks.kinds if record.leaks else ():
        if kind.places and not kind.resolved:
            for place in kind.places:
                where = f"{place.file}: {place.place}" if place.file else "over all files"
                yield Trouble(where, f"{kind.title}: {counted(place)}. {kind.resolution}")
    seen = record.verification
    for trace in (*seen.residual, *seen.leaked) if seen else ():
        what = (
            f"{plural(trace.count, 'finding')} of ({trace.letter}) {trace.identifier} in the copy"
        )
        yield Trouble(f"{trace.path}: {trace.place}", what)


def warned(record: RunRecord) -> Iterator[Trouble]:
    """Yield the warnings of each file."""
    for file in record.files:
        if file.warnings:
            yield Trouble(file.path, "; ".join(file.warnings))


def lines(record: RunRecord) -> Iterator[str]:
    """Yield the section as Markdown."""
    yield from ("## Skipped, not read whole, unresolved", "")
    rows = [(code(entry.path), "skipped", text(entry.reason)) for entry in record.skipped]
    rows += [(code(entry.path), "not read whole", text(entry.error)) for entry in record.not_whole]
    rows += [(code(each.where), "unresolved", text(each.what)) for each in unresolved(record)]
    rows += [(code(each.where), "warning", text(each.what)) for each in warned(record)]
    yield from table(("File", "What", "Why"), rows)
