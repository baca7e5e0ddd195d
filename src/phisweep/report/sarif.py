"""SARIF 2.1.0 (OASIS) for code scanning: no snippet, no context, one result per place and rule."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

from phisweep.model import SEVERITIES, Severity
from phisweep.report.base import renderer
from phisweep.report.places import Result, results_of
from phisweep.report.record import RunRecord

#: GitHub refuses a run of over 25,000 results and shows 5,000.
MOST = 4500
HELP = "https://www.ecfr.gov/current/title-45/section-164.514"
_LEVELS: dict[Severity, str] = {
    "critical": "error", "high": "error", "medium": "warning", "low": "note",
}  # fmt: skip
#: GitHub's bands: over 9.0 critical, 7.0 high, 4.0 medium, else low.
_SECURITY: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}


@renderer("sarif")
def render(record: RunRecord) -> str:
    """Return one SARIF run; the gravest MOST results where there are more, with a note of it."""
    results = list(results_of(record))
    kept = sorted(results, key=lambda result: -SEVERITIES.index(result.severity))[:MOST]
    rules = {fired.rule: index for index, fired in enumerate(record.rules)}
    notes = [
        {"level": "error", "message": {"text": f"{entry.path}: {entry.error}"}}
        for entry in record.not_whole
    ]
    if len(kept) < len(results):
        text = f"{len(results) - len(kept)} results of lower severity are left out."
        notes.append({"level": "warning", "message": {"text": text}})
    run = {
        "tool": {"driver": _driver(record)},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not record.incomplete,
                "startTimeUtc": record.manifest.started,
                "toolExecutionNotifications": notes,
            }
        ],
        "results": [_result(result, rules[result.rule]) for result in kept],
        "properties": {"verdict": record.verdict.words, "incomplete": record.incomplete},
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2) + "\n"


def _driver(record: RunRecord) -> dict[str, object]:
    titles = {entry.identifier: entry.title for entry in record.identifiers}
    return {
        "name": "phisweep",
        "version": record.manifest.version,
        "rules": [
            {
                "id": fired.rule,
                "shortDescription": {"text": f"({fired.letter}) {titles[fired.identifier]}"},
                "helpUri": HELP,
                "defaultConfiguration": {"level": _LEVELS[fired.severity]},
                "properties": {
                    "security-severity": _SECURITY[fired.severity],
                    "tags": ["phi", f"164.514(b)(2)(i)({fired.letter})"],
                },
            }
            for fired in record.rules
        ],
    }


def _result(result: Result, index: int) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(result.path)}}
    if result.line is not None:
        column = {} if result.col is None else {"startColumn": result.col}
        physical["region"] = {"startLine": result.line} | column
    return {
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": _LEVELS[result.severity],
        "message": {"text": result.message},
        "occurrenceCount": result.count,
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": result.place}],
            }
        ],
        "partialFingerprints": {"phisweepPlace/1": fingerprint(result)},
    }


def fingerprint(result: Result) -> str:
    """Return a digest of file, place, rule and severity: the result's name from run to run."""
    parts = (result.path, result.place, result.rule, result.severity)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
