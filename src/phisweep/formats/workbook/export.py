"""Cells of sheets as a workbook of XLSX, by XlsxWriter: values and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from io import BytesIO
from types import ModuleType
from typing import Any

from phisweep.formats.base import failed
from phisweep.formats.workbook.formulas import free_name
from phisweep.model import Source

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMS = {
    dt.date: "yyyy-mm-dd",
    dt.datetime: "yyyy-mm-dd hh:mm:ss",
    dt.time: "hh:mm:ss",
    dt.timedelta: "[h]:mm:ss",
}
_FIRST_YEAR = 1900
_LONGEST_NAME, _BAD_IN_NAME = 31, "[]:*?/\\"


def write(  # noqa: PLR0917 - what a workbook is made of
    file: BytesIO,
    writer: ModuleType,
    source: Source,
    sheets: Mapping[str, Mapping[tuple[int, int], object]],
    names: Mapping[str, str],
    states: Iterable[Any],
) -> None:
    """
    Write sheets of cells by row from 1 and 0-based column, under their new `names`.

    `states` say which sheets are hidden. Raises DocumentError E230 where a cell has no room.
    """
    book = writer.Workbook(file, _OPTIONS)
    # The same each time, and what rules/fields/xlsx.yaml knows to be nobody's.
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - its own zone
    forms = {kind: book.add_format({"num_format": code}) for kind, code in _FORMS.items()}
    hidden = _hidden(states, len(sheets))
    taken: dict[str, object] = {}
    first: Any = None
    for name, cells in sheets.items():
        shown = free_name(names.get(name, name), taken, _LONGEST_NAME, _BAD_IN_NAME)
        taken[shown.lower()] = None
        sheet = book.add_worksheet(shown)
        if state := hidden.get(name):
            (sheet.very_hidden if state == "VeryHidden" else sheet.hide)()
        elif first is None:
            first = sheet
            sheet.activate()
            sheet.set_first_sheet()
        for (row, column), value in sorted(cells.items()):
            if _put(sheet, row - 1, column, value, forms):
                what = "a cell of an .xlsx copy is too long, or beyond its last row or column"
                raise failed("E230", source, what)
    book.close()


def _hidden(states: Iterable[Any], count: int) -> dict[str, str]:
    """Return how the hidden sheets are hidden; one of all sheets has to be seen."""
    told = {state.name: str(state.visible).rpartition(".")[2] for state in states}
    hidden = {name: state for name, state in told.items() if state != "Visible"}
    if len(hidden) == count:
        hidden.pop(next(iter(hidden)), None)
    return hidden


def _put(sheet: Any, row: int, column: int, value: object, forms: Mapping[type, Any]) -> int:
    """Write a cell as what it is; return what is not 0 where there is no room for it."""
    wrong: int
    if isinstance(value, bool):
        wrong = sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        wrong = sheet.write_string(row, column, value)
    elif isinstance(value, (int, float)):
        wrong = sheet.write_number(row, column, value)
    elif isinstance(value, dt.date) and value.year < _FIRST_YEAR:
        wrong = sheet.write_string(row, column, value.isoformat())
    else:
        wrong = sheet.write_datetime(row, column, value, forms[type(value)])
    return wrong
