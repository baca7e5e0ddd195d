"""A release checked against its report."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from phisweep.model import Engine, Run
from phisweep.report.record import load_record
from phisweep.ruleset.load import default_folder
from phisweep.runs.settings import Settings, begun, ended, session_of
from phisweep.runs.working import work
from phisweep.staging import REPORT
from phisweep.verification import check_release


def verify(out: Path, settings: Settings | None = None) -> Run:
    """
    Check a release against its report: hashes, a rescan, and a search for removed values.

    Raises UsageError where OUT holds no report.
    """
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = begun(session, settings, "verify")
    spec = replace(session.spec, records=True)
    checked = check_release(
        out,
        spec,
        settings.key,
        lambda spec, jobs: work(session, settings, spec, jobs, "searching copies"),
    )
    return Run(ended(manifest, started), checked.outcomes, checked.verification)


def policy_of(out: Path) -> str:
    """Return the name of the shipped policy that a release was made under, or ""."""
    name = load_record(out / REPORT / "run.json").manifest.policy
    return name if (default_folder() / "policies" / f"{name}.yaml").is_file() else ""


def engine_of(out: Path) -> Engine:
    """Return the engine that a release was made by: another one would find other things."""
    return load_record(out / REPORT / "run.json").manifest.engine
