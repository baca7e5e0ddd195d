"""Workbooks of about a size, and what their bare readers take."""

from __future__ import annotations

from pathlib import Path

import python_calamine
import xlsxwriter

_ROWS_PER_MEGABYTE = 23_000  # of these columns, compressed


def make(path: Path, megabytes: int) -> None:
    """Write one sheet of visits."""
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as book:
        sheet = book.add_worksheet("Visits")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["visit", "mrn", "seen", "code", "score", "note"])
        for row in range(1, min(megabytes * _ROWS_PER_MEGABYTE, 1_048_575)):
            sheet.write_string(row, 0, f"V{row:07}")
            sheet.write_number(row, 1, 10_000_000 + row * 7)
            sheet.write_number(row, 2, 40_000 + row % 3000, day)
            sheet.write_string(row, 3, f"I{row % 90:02}.{row % 9}")
            sheet.write_number(row, 4, row % 1000 / 8)
            sheet.write_string(row, 5, f"stable, no change of plan {row % 500}")


def bare(path: Path) -> None:
    """Read every cell."""
    book = python_calamine.load_workbook(str(path))
    for name in book.sheet_names:
        for _ in book.get_sheet_by_name(name).iter_rows():
            pass


CASES = [("xlsx", make, bare)]
