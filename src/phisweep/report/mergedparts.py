"""Subjects, leaks, and what was left out or not looked at, over several runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from phisweep.report.merged import (
    FlooredRecord,
    MergedLeakRecord,
    MergedSubjectsRecord,
    MergedSuppressedRecord,
    MergedUnreadRecord,
)
from phisweep.report.record import RunRecord


def floored_sum(counts: Iterable[int | str | None]) -> FlooredRecord:
    """Add the counts that are shown; those that are not are counted, and stay what they are."""
    told = [count for count in counts if count is not None]
    shown = [count for count in told if isinstance(count, int)]
    return FlooredRecord(shown=sum(shown), hidden=len(told) - len(shown))


def subjects_of(records: Sequence[RunRecord]) -> MergedSubjectsRecord | None:
    """Return whose record rows and texts were, over the runs that asked; None where none did."""
    told = [record.subjects for record in records if record.subjects]
    if not told:
        return None
    return MergedSubjectsRecord(
        sites=len(told),
        keyed=sum(each.keyed for each in told),
        unkeyed=sum(each.unkeyed for each in told),
        several=sum(each.several for each in told),
        alone=sum(each.alone for each in told),
        several_keys=floored_sum(each.several_keys for each in told),
    )


def leaks_of(runs: Sequence[tuple[str, RunRecord]]) -> Iterator[MergedLeakRecord]:
    """Yield each kind of leak; runs come with the names of their sites."""
    kinds = defaultdict(list)
    for site, record in runs:
        for kind in record.leaks.kinds if record.leaks else ():
            kinds[kind.name].append((site, kind))
    for name, told in kinds.items():
        places = [place for _, kind in told for place in kind.places]
        yield MergedLeakRecord(
            name=name,
            title=told[0][1].title,
            found=tuple(name_ for name_, kind in told if kind.places),
            none_found=sum(kind.state == "none found" for _, kind in told),
            not_looked_for=sum(kind.state == "not looked for" for _, kind in told),
            unresolved=tuple(name_ for name_, kind in told if kind.places and not kind.resolved),
            subjects=floored_sum(p.count for p in places if p.unit == "subjects"),
            rows=floored_sum(p.count for p in places if p.unit == "rows"),
        )


def suppressed_of(records: Sequence[RunRecord]) -> Iterator[MergedSuppressedRecord]:
    """Yield what was left out, by who said so and by identifier."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in records:
        for entry in record.suppressed:
            counts[entry.kind, entry.identifier] += entry.count
    for (kind, identifier), n in sorted(counts.items()):
        yield MergedSuppressedRecord(kind=kind, identifier=identifier, count=n)


def unread_of(records: Sequence[RunRecord]) -> Iterator[MergedUnreadRecord]:
    """Yield what was not looked at, once a format."""
    formats = defaultdict(list)
    for record in records:
        for entry in record.unread:
            formats[entry.format].append(entry)
    for name, group in sorted(formats.items()):
        parts = dict.fromkeys(part for entry in group for part in entry.parts)
        yield MergedUnreadRecord(
            format=name, files=sum(entry.files for entry in group), parts=tuple(parts)
        )
