"""The summary of a step in CI: the verdict and the table by letter, and no place or name."""

from __future__ import annotations

from phisweep.figures import number
from phisweep.report.cells import table, text
from phisweep.report.record import RunRecord


def summary_of(record: RunRecord) -> str:
    """Return a few lines of Markdown."""
    rows = (
        (f"({letter.letter})", text(letter.law), number(letter.count), letter.state)
        for letter in record.letters
    )
    lines = [f"### phisweep: {text(record.verdict.words)}", ""]
    lines += table(("", "The regulation's words", "Found", "State"), rows)
    lines += [f"{number(record.totals.files)} files, rules {record.manifest.ruleset_version}.", ""]
    return "\n".join(lines) + "\n"
