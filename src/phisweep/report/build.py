"""From the values of a run to the parts of its record. Every name is made fit to write down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from phisweep.legible import portable
from phisweep.model import BaselineUse, Outcome, RunManifest, UsefulnessFigures, Verification
from phisweep.report import counts
from phisweep.report.inventory import Inventory
from phisweep.report.parts import (
    BandRecord,
    BaselineRecord,
    CensusRecord,
    ColumnKeptRecord,
    FileRecord,
    IntervalRecord,
    IntervalSideRecord,
    KeptRecord,
    ListRecord,
    ManifestRecord,
    PolicyRecord,
    SpreadRecord,
    SuppressedRecord,
    TreatmentRecord,
    VerificationRecord,
)
from phisweep.ruleset.load import Ruleset, load_policy
from phisweep.ruleset.schema import PolicyFile, Treatment


def manifest_of(manifest: RunManifest) -> ManifestRecord:
    """Return all of the manifest, its tables sorted by name."""
    values = {field.name: getattr(manifest, field.name) for field in fields(RunManifest)}
    for name in ("lists", "components", "configuration"):
        values[name] = {key: str(value) for key, value in sorted(values[name].items())}
    return ManifestRecord(**values)


def file_of(outcome: Outcome, inventory: Inventory, linked: int | None) -> FileRecord:
    """Return one source under its shown name; `linked` is the number of how it was."""
    return FileRecord(
        path=portable(outcome.source.shown) or "standard input",
        status=outcome.status,
        reason=portable(outcome.reason),
        error=portable(outcome.error),
        format=outcome.format,
        encoding=outcome.encoding,
        sha256=outcome.sha256,
        bytes=int(outcome.bytes),
        rows=None if outcome.rows is None else int(outcome.rows),
        columns=None if outcome.columns is None else int(outcome.columns),
        output=portable(outcome.output),
        output_sha256=outcome.output_sha256,
        output_bytes=int(outcome.output_bytes),
        findings=int(outcome.findings),
        warnings=tuple(portable(text) for text in outcome.warnings),
        unread=outcome.unread,
        found=inventory.found(outcome),
        linked=linked,
        kept=kept_of(outcome),
    )


def kept_of(outcome: Outcome) -> KeptRecord | None:
    """Return what the copy kept, the names of columns made fit; None without a copy or figures."""
    figures = outcome.kept
    if figures is None or not outcome.output or figures == UsefulnessFigures():
        return None
    return KeptRecord(
        columns=tuple(
            ColumnKeptRecord(**asdict(column) | {"place": portable(column.place)})
            for column in figures.columns
        ),
        left_out=figures.left_out,
        spreads=tuple(
            SpreadRecord(
                place=portable(spread.place),
                kind=spread.kind,
                bands=tuple(BandRecord(**asdict(band)) for band in spread.bands),
            )
            for spread in figures.spreads
        ),
        intervals=tuple(
            IntervalRecord(
                first=portable(interval.first),
                second=portable(interval.second),
                sides=tuple(IntervalSideRecord(**asdict(side)) for side in interval.sides),
            )
            for interval in figures.intervals
        ),
        words=figures.words,
        untouched=figures.untouched,
    )


def suppressed_of(outcomes: Iterable[Outcome]) -> tuple[SuppressedRecord, ...]:
    """Return what was left out of each source, and why."""
    return tuple(
        SuppressedRecord(
            path=portable(outcome.source.shown) or "standard input",
            kind=each.kind,
            detail=portable(each.detail),
            identifier=each.identifier,
            count=each.count,
        )
        for outcome in outcomes
        for each in outcome.suppressed
    )


def baseline_of(use: BaselineUse | None) -> BaselineRecord | None:
    """Return what the baseline of a run did."""
    if use is None:
        return None
    told = {
        name: tuple(map(portable, getattr(use, name))) for name in ("stale", "expired", "lapsed")
    }
    return BaselineRecord(entries=use.entries, **told)


def verification_of(seen: Verification | None) -> VerificationRecord | None:
    """Return what the verification saw, its records summed by place."""
    if seen is None:
        return None
    return VerificationRecord(
        ok=seen.ok,
        files=seen.files,
        threshold=seen.threshold,
        searched=seen.searched,
        unsearchable=seen.unsearchable,
        problems=tuple(portable(text) for text in seen.problems),
        residual=counts.traces_of(seen.residual, portable),
        leaked=counts.traces_of(seen.leaked, portable),
        notes=tuple(portable(text) for text in seen.notes),
    )


def shipped(name: str, ruleset: Ruleset) -> PolicyFile | None:
    """Return the policy of that name that the rules folder has, if it has one."""
    known = {path.stem for path in (ruleset.folder / "policies").glob("*.yaml")}
    return load_policy(name, ruleset) if name in known else None


def policy_of(policy: PolicyFile | None) -> PolicyRecord | None:
    """Return the policy's settings and treatments, those of single columns last."""
    if policy is None:
        return None
    treatments = [_treatment(name, chosen) for name, chosen in policy.treatments.items()]
    treatments += [
        _treatment(f"{file}: {column}", chosen)
        for file, columns in policy.columns.items()
        for column, chosen in columns.items()
    ]
    return PolicyRecord(
        title=policy.title,
        citation=policy.citation,
        method=policy.method,
        reading=policy.reading,
        reviewed=policy.reviewed.isoformat() if policy.reviewed else "",
        settings=dict(sorted(policy.settings.items())),
        treatments=tuple(treatments),
    )


def _treatment(subject: str, treatment: Treatment) -> TreatmentRecord:
    return TreatmentRecord(
        subject=subject,
        action=treatment.action,
        operator=treatment.operator,
        params=dict(sorted(treatment.params.items())),
        reason=treatment.reason,
        citation=treatment.citation,
    )


def list_of(name: str, digest: str, ruleset: Ruleset) -> ListRecord:
    """Return a list of the manifest, with what the index of lists knows of it."""
    entry = ruleset.lists.get(name)
    return ListRecord(
        name=name,
        title=entry.title if entry else "",
        source=entry.source if entry else "",
        vintage=entry.vintage if entry else "",
        licence=entry.licence if entry else "",
        sha256=digest,
    )


def census_of(manifest: ManifestRecord, ruleset: Ruleset) -> CensusRecord | None:
    """Return the census table of the manifest, with what the index of lists knows of it."""
    table = manifest.census_table
    if not table:
        return None
    named = [n for n, entry in ruleset.lists.items() if n in table or entry.file in table]
    entry = ruleset.lists[max(named, key=len)] if named else None
    return CensusRecord(
        table=table,
        title=entry.title if entry else "",
        vintage=entry.vintage if entry else "",
        sha256=entry.sha256 if entry else "",
    )
