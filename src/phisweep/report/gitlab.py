"""GitLab Code Quality: a list of issues, each with a fingerprint that no other has."""

from __future__ import annotations

import hashlib
import json

from phisweep.model import Severity
from phisweep.report.base import renderer
from phisweep.report.places import results_of
from phisweep.report.record import RunRecord
from phisweep.report.sarif import fingerprint

_SEVERITIES: dict[Severity, str] = {
    "critical": "blocker", "high": "critical", "medium": "major", "low": "minor",
}  # fmt: skip


@renderer("gitlab")
def render(record: RunRecord) -> str:
    """Return the issues: what was found, and every file that was not read whole."""
    issues = [
        _issue(
            result.message,
            check=result.rule,
            name=fingerprint(result),
            severity=_SEVERITIES[result.severity],
            path=result.path,
            line=result.line,
        )
        for result in results_of(record)
    ]
    issues += [
        _issue(
            entry.error,
            check="phisweep/incomplete",
            name=hashlib.sha256(f"incomplete\x1f{entry.path}".encode()).hexdigest(),
            severity="blocker",
            path=entry.path,
            line=None,
        )
        for entry in record.not_whole
    ]
    return json.dumps(issues, indent=2) + "\n"


def _issue(
    description: str, *, check: str, name: str, severity: str, path: str, line: int | None
) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": name,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line or 1}},
    }
