"""A table for a spreadsheet: one row a file, one column a letter."""

from __future__ import annotations

import csv
import io

from phisweep.legible import legible
from phisweep.model import LETTERS
from phisweep.report.base import renderer
from phisweep.report.record import RunRecord

#: What makes a spreadsheet take a cell for a formula, full-width forms included (OWASP).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
HEADER = (
    "path", "status", "format", "rows", "columns", "bytes", "sha256", "findings", *LETTERS,
    "output", "output_sha256", "note",
)  # fmt: skip


def neutral(text: str) -> str:
    """Return the text with an apostrophe before what a spreadsheet would calculate."""
    return "'" + text if text.startswith(_FORMULA) else text


@renderer("csv")
def render(record: RunRecord) -> str:
    """Return RFC 4180 with LF, and a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for file in record.files:
        by_letter = dict.fromkeys(LETTERS, 0)
        for found in file.found:
            by_letter[record.places[found.place].letter] += found.findings
        row = (
            file.path, file.status, file.format, file.rows, file.columns, file.bytes, file.sha256,
            file.findings, *by_letter.values(), file.output, file.output_sha256,
            file.error or file.reason,
        )  # fmt: skip
        writer.writerow([neutral(legible(x)) if isinstance(x, str) else x for x in row])
    return out.getvalue()
