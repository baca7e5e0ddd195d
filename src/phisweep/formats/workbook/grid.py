"""The cells of a batch of rows as columns of distinct values, and the texts that belong to none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from phisweep.formats.tables.dialect import begins_with_header
from phisweep.formats.workbook.batch import Batch, Cells, letters_of
from phisweep.model import Column, Location

Whole = npt.NDArray[np.int64]
_EVIDENCE = 100  # rows that a header is compared with
_ABOVE = 30  # rows that may stand above a header
_ONE = 1
CELL = "{letters}{record}"
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Header:
    """The row of a sheet that names its columns, 0 where none does; rows above it are no table's."""

    row: int = 0
    names: Mapping[int, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Single:
    """A cell that is a text of its own, by row and 0-based column."""

    row: int
    column: int
    text: str = field(repr=False)
    start: int
    end: int
    label: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The cell, `C7`."""
        return f"{letters_of(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a batch: row `first + i` holds `texts[codes[i]]`; bytes of cells, -1 where is none."""

    index: int
    texts: Sequence[str] = field(repr=False)
    codes: npt.NDArray[np.int32] = field(repr=False)
    starts: Whole = field(repr=False)
    ends: Whole = field(repr=False)


def header_of(batch: Batch, known: int = 0) -> Header:
    """
    Return the header among the first rows; `known` is where a table says that it has one, 0.

    It is the first row that fills at least half as many cells as the fullest, if no cell of it is
    a number, date or UUID above a column of such.
    """
    rows: dict[int, dict[int, str]] = {}
    for column, cells in batch.columns.items():
        for row, text in zip(cells.rows, cells.texts, strict=True):
            if row - batch.first > _ABOVE + _EVIDENCE:
                break
            rows.setdefault(row, {})[column] = text
    numbers = sorted(rows)[: _ABOVE + _EVIDENCE]
    if not numbers:
        return Header()
    widest = max(len(rows[row]) for row in numbers)
    wanted = max(2, (widest + 1) // 2) if widest > _ONE else _ONE
    at = next((i for i, row in enumerate(numbers[:_ABOVE]) if len(rows[row]) >= wanted), 0)
    if known in rows:
        at = numbers.index(known)
    first = rows[numbers[at]]
    width = range(max(map(max, rows.values())) + 1)
    others = [[rows[row].get(j, "") for j in width] for row in numbers[at + 1 : at + 1 + _EVIDENCE]]
    if not others and not known:  # a row alone names nothing
        return Header()
    named = begins_with_header([first.get(j, "") for j in width], others)
    return Header(numbers[at], first) if named or known else Header(0)


def singles_of(batch: Batch, header: Header, heads: frozenset[tuple[int, int]]) -> list[Single]:
    """Take out of a batch, and return, what is no table's: headers, rows above them, forms' values."""
    labels = {
        (row, column + 1): text.strip().rstrip(":").strip()
        for column, cells in batch.columns.items()
        for row, text in zip(cells.rows, cells.texts, strict=True)
        if text.endswith((":", ": ")) and len(text) <= _LONGEST_LABEL
    }
    apart = header.row >= batch.first or labels or heads
    found: list[Single] = []
    for column, cells in [*batch.columns.items()] if apart else ():
        out = [
            i
            for i, row in enumerate(cells.rows)
            if row <= header.row or (row, column) in labels or (row, column) in heads
        ]
        if not out:
            continue
        for i in out:
            row = cells.rows[i]
            label = labels.get((row, column), "")
            found.append(Single(row, column, cells.texts[i], cells.starts[i], cells.ends[i], label))
        batch.columns[column] = cells.chosen(set(range(len(cells.rows))).difference(out))
    return sorted(found, key=lambda single: (single.row, single.column))


def columns_of(batch: Batch, first: int) -> Iterator[GridColumn]:
    """Yield the columns of a batch that still have cells; their rows begin with `first`."""
    count = batch.last - first + 1
    for index in sorted(batch.columns):
        cells = batch.columns[index]
        if cells.rows:
            yield _column(index, cells, first, count)


def _column(index: int, cells: Cells, first: int, count: int) -> GridColumn:
    places: dict[str, int] = {}
    given = np.array([places.setdefault(text, len(places)) for text in cells.texts], dtype=np.int32)
    rows = np.array(cells.rows, dtype=np.int64) - first
    if len(rows) < count:
        codes = np.full(count, places.setdefault("", len(places)), dtype=np.int32)
    else:
        codes = np.empty(count, dtype=np.int32)
    starts = np.full(count, -1, dtype=np.int64)
    ends = starts.copy()
    codes[rows], starts[rows], ends[rows] = given, cells.starts, cells.ends
    return GridColumn(index, list(places), codes, starts, ends)


def block(
    column: GridColumn, shown: str, label: str, first: int, rows: slice = slice(None)
) -> Column:
    """Return a column as it is searched."""
    where = Location(shown, f"column {column.index + 1}, from record {first}")
    values = pa.DictionaryArray.from_arrays(_numbers(column.codes[rows]), _strings(column.texts))
    return Column(where, label, values, index=column.index, first=first, cell=CELL)


# pa.array would import pandas, to see whether what it is given is pandas' own.
def _numbers(values: npt.NDArray[np.int32]) -> pa.Array:
    whole = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.int32(), len(whole), [None, pa.py_buffer(whole)])


def _strings(values: Sequence[str]) -> pa.StringArray:
    raw = [value.encode() for value in values]
    offsets = np.zeros(len(raw) + 1, dtype=np.int32)
    np.cumsum([len(value) for value in raw], out=offsets[1:])
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(b"".join(raw)))
