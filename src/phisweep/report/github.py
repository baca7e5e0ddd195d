"""GitHub Actions' workflow commands: annotations, ten of a level at most, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from phisweep.figures import plural
from phisweep.model import SEVERITIES, Severity
from phisweep.report.base import renderer
from phisweep.report.places import Result, results_of
from phisweep.report.record import RunRecord

#: GitHub shows ten annotations of a level in a step, and drops the others in silence.
MOST = 10
_LEVELS: dict[Severity, str] = {
    "critical": "error", "high": "error", "medium": "warning", "low": "notice",
}  # fmt: skip


@renderer("github")
def render(record: RunRecord) -> str:
    """Return one command a line: files not read whole first, then the gravest results."""
    lines: list[tuple[str, str]] = [
        ("error", _command("error", {"file": entry.path, "title": "not read whole"}, entry.error))
        for entry in record.not_whole
    ]
    ordered = sorted(results_of(record), key=lambda result: -SEVERITIES.index(result.severity))
    lines += [(_LEVELS[result.severity], _annotation(result)) for result in ordered]
    shown: Counter[str] = Counter()
    out: list[str] = []
    for level, line in lines:
        shown[level] += 1
        if shown[level] <= MOST:
            out.append(line)
    left = len(lines) - len(out)
    more = f" {plural(left, 'annotation')} not shown." if left else ""
    out.append(_data(f"phisweep: {record.verdict.words}.{more}"))
    return "\n".join(out) + "\n"


def _annotation(result: Result) -> str:
    place: dict[str, str | int | None] = {
        "file": result.path,
        "line": result.line,
        "col": result.col,
        "title": f"({result.letter}) {result.identifier}",
    }
    return _command(_LEVELS[result.severity], place, result.message)


def _command(level: str, place: Mapping[str, str | int | None], message: str) -> str:
    given = ",".join(f"{k}={_property(str(v))}" for k, v in place.items() if v is not None)
    return f"::{level} {given}::{_data(message)}"


def _data(text: str) -> str:
    """Escape as the runner's toolkit does: no text starts a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
