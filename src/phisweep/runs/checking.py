"""A release checked against its report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.integrity.signatures import PublicKey
from phisweep.model import Engine, Run
from phisweep.naming import Naming
from phisweep.report.record import load_record
from phisweep.report.released import Asked
from phisweep.ruleset.load import default_folder
from phisweep.runs.settings import Settings, begun, ended, session_of
from phisweep.runs.working import work
from phisweep.staging import REPORT
from phisweep.transform.codes import random_codes
from phisweep.verification import check_release


@dataclass(frozen=True, slots=True)
class Made:
    """How a release was made: its engine, and its policy where that is one of ours, else ""."""

    engine: Engine
    policy: str


def verify(
    out: Path,
    settings: Settings | None = None,
    *,
    trusted: Sequence[PublicKey] | None = None,
    rescan: bool = True,
) -> Run:
    """
    Check a release against its report: hashes, a rescan, and a search for removed values.

    The report is checked by its chain of custody, of which `trusted` keys must have signed the last
    state where there are any. Without `rescan` the copies are not searched. Raises UsageError where
    OUT holds no report.
    """
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = begun(session, settings, "verify")
    spec = replace(session.spec, records=True)
    with random_codes(settings.key) as codes:
        checked = check_release(
            out,
            spec,
            settings.key,
            lambda spec, jobs: work(session, settings, spec, jobs, "searching copies"),
            Asked(trusted, rescan, lambda name: Naming(session.detector, codes).shown(name)),
        )
    return Run(ended(manifest, started), checked.outcomes, checked.verification)


def made(out: Path) -> Made | None:
    """
    Return how a release was made: under another policy or engine other things would be found.

    None where its record cannot be read.
    """
    try:
        manifest = load_record(out / REPORT / "run.json").manifest
    except UsageError:
        return None
    name = manifest.policy
    shipped = (default_folder() / "policies" / f"{name}.yaml").is_file()
    return Made(manifest.engine, name if shipped else "")
