"""What runs were not made alike in: rules, policies, engines, models, versions, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from phisweep.figures import short
from phisweep.report.merged import DisagreementRecord, ValueRecord
from phisweep.report.parts import ManifestRecord
from phisweep.report.record import RunRecord

#: Options that change how fast a run is, and not what it finds.
_IDLE = frozenset({"jobs"})
_NONE = "none"


def disagreements_of(runs: Sequence[tuple[str, RunRecord]]) -> Iterator[DisagreementRecord]:
    """Yield everything that is not the same in all runs; what changes counts comes first."""
    told = {name: _told(record) for name, record in runs}
    names = dict.fromkeys(key for of in told.values() for key in of)
    for key in sorted(names, key=lambda key: not _matters(key)):
        values: dict[str, list[str]] = {}
        for site, of in told.items():
            values.setdefault(of.get(key, _NONE), []).append(site)
        if len(values) > 1:
            yield DisagreementRecord(
                what=key,
                matters=_matters(key),
                values=tuple(
                    ValueRecord(value=value, sites=tuple(sites)) for value, sites in values.items()
                ),
            )


def _matters(what: str) -> bool:
    """Say whether counts differ where this does. Versions of libraries and dates may matter less."""
    return not what.startswith(("library ", "reference year"))


def _told(record: RunRecord) -> Mapping[str, str]:
    manifest = record.manifest
    policy = record.policy
    told = {
        "kind of run": "search"
        if not record.totals.actions and not _copies(manifest)
        else "copies",
        "rules": f"{manifest.ruleset_version}, {short(manifest.ruleset_sha256)}",
        "policy": f"{manifest.policy}, {short(manifest.policy_sha256)}",
        "method": policy.method if policy else _NONE,
        "engine": manifest.engine,
        "model": manifest.model or _NONE,
        "phisweep": manifest.version,
        "census table": manifest.census_table or _NONE,
        "reference year": str(manifest.reference_year),
    }
    told |= {f"list {name}": short(digest) for name, digest in manifest.lists.items()}
    told |= {f"library {name}": each for name, each in manifest.components.items()}
    told |= {
        f"option {name}": value or _NONE
        for name, value in manifest.configuration.items()
        if name not in _IDLE
    }
    return told


def _copies(manifest: ManifestRecord) -> bool:
    return "deid" in manifest.command.split()
