"""The measurement as a record: what became of the canaries, and under what circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phisweep.canary import counting
from phisweep.canary.counting import Counted
from phisweep.model import RunManifest
from phisweep.report.companions.canary import CAVEATS, Record
from phisweep.report.parts import ManifestRecord
from phisweep.report.record import RunRecord


@dataclass(frozen=True, slots=True)
class Circumstances:
    """
    How was measured.

    `files` were met, `unread` tells those that are not counted, `occurring` and `unwritten` count
    canaries that are not; `dates` are the styles that the data have.
    """

    manifest: RunManifest
    seed: int
    per_letter: int
    files: int
    unread: Sequence[str]
    occurring: int
    unwritten: int
    dates: Sequence[str]
    ignored_rules: Sequence[str]


def record(
    counted: Sequence[Counted], how: Circumstances, release: RunRecord | None, digest: str
) -> Record:
    """Return the record; `release` is the run that it belongs to, `digest` that of its run.json."""
    manifest = how.manifest
    return Record(
        schema="phisweep-canary/1",
        run_sha256=digest,
        same_rules=None if release is None else _rules(release.manifest) == _rules(manifest),
        at=manifest.finished,
        version=manifest.version,
        ruleset_version=manifest.ruleset_version,
        ruleset_sha256=manifest.ruleset_sha256,
        policy=manifest.policy,
        policy_sha256=manifest.policy_sha256,
        config_sha256=manifest.config_sha256,
        engine=manifest.engine,
        model=manifest.model,
        ignored_rules=[*how.ignored_rules],
        seed=how.seed,
        per_letter=how.per_letter,
        files=how.files,
        planted_files=len({each.canary.source for each in counted}),
        rounds=max((each.canary.round + 1 for each in counted), default=0),
        unread=[*how.unread],
        occurring=how.occurring,
        unwritten=how.unwritten,
        kept=sum(each.kept for each in counted),
        own_dates=[*how.dates],
        total=counting.rate(counted),
        letters=counting.letters(counted),
        places=counting.places(counted),
        carriers=counting.carriers(counted),
        noises=counting.noises(counted),
        formats=counting.formats(counted),
        styles=counting.styles(counted),
        missed=counting.missed(counted),
        caveats=[*CAVEATS],
    )


def _rules(manifest: RunManifest | ManifestRecord) -> tuple[str, ...]:
    """Return what two runs must share that would find the same."""
    return (
        manifest.ruleset_sha256, manifest.policy_sha256, manifest.engine, manifest.model
    )  # fmt: skip
