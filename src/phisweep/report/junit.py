"""JUnit XML: one test case a file; a finding is a failure, an unread file an error."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as quoted

from phisweep.figures import plural
from phisweep.legible import legible
from phisweep.report.base import renderer
from phisweep.report.parts import FileRecord
from phisweep.report.places import Result, results_of
from phisweep.report.record import RunRecord


@renderer("junit")
def render(record: RunRecord) -> str:
    """Return the suite. Characters that XML 1.0 does not have are escaped as text."""
    by_path: dict[str, list[Result]] = {}
    for result in results_of(record):
        by_path.setdefault(result.path, []).append(result)
    read = [file for file in record.files if file.status in {"clean", "changed"}]
    counts = {
        "tests": len(record.files),
        "failures": sum(1 for file in read if file.findings),
        "errors": record.totals.incomplete,
        "skipped": record.totals.skipped,
        "time": record.manifest.seconds,
    }
    given = " ".join(f'{name}="{value}"' for name, value in counts.items())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuite name="phisweep" {given}>']
    for file in record.files:
        lines += _case(file, by_path.get(file.path, ()))
    return "\n".join([*lines, "</testsuite>"]) + "\n"


def _case(file: FileRecord, results: Sequence[Result]) -> list[str]:
    name = f'  <testcase classname="phisweep" name={_attribute(legible(file.path))}'
    found = "\n".join(quoted(result.message, quote=False) for result in results)
    if file.status == "incomplete":
        inner = (
            f"    <error message={_attribute(legible(file.error or file.reason))}>{found}</error>"
        )
    elif file.status == "skipped":
        inner = f"    <skipped message={_attribute(legible(file.reason))}/>"
    elif results:
        message = _attribute(plural(file.findings, "finding"))
        inner = f"    <failure message={message}>{found}</failure>"
    else:
        return [name + "/>"]
    return [name + ">", inner, "  </testcase>"]


def _attribute(text: str) -> str:
    """Return a quoted attribute; `xml.sax.saxutils`, which has one, imports an HTTP client."""
    return f'"{quoted(text)}"'
