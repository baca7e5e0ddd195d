"""
A data frame as the CSV that it would be: each column as distinct texts, and which stands where.

A cell is the text that `DataFrame.to_csv` writes, an empty one where it is missing. Of a column of
floats that are all whole, some of them missing, the decimals are left out: 41776.0 was 41776 before
something else was missing, and is to be found by that number.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.formats.tables.cells import quoted
from phisweep.formats.tables.dialect import begins_with_header

Codes = npt.NDArray[np.int64]
#: What stands before a label that would be taken for data, and its whole header with it.
DISGUISE = "column "
_EVIDENCE = 100  # rows that a label is compared with
_UNREADABLE = "\ufffd"
_SPECIAL = re.compile(r'[",\r\n]').search


@dataclass(frozen=True, slots=True)
class Cells:
    """A column as texts: row i holds `texts[codes[i]]`. `missing` says which rows hold nothing."""

    texts: Sequence[str] = field(repr=False)
    codes: Codes = field(repr=False)
    missing: npt.NDArray[np.bool_] = field(repr=False)

    def first(self, count: int) -> list[str]:
        """Return the texts of the first rows."""
        return [self.texts[code] for code in islice(self.codes.tolist(), count)]


@dataclass(frozen=True, slots=True)
class Table:
    """
    A frame's columns, then the levels of its index, as texts.

    An index that only counts the rows has no levels here. `labels` are what columns and levels
    are called, `header` the same as they are written into the CSV.
    """

    frame: pd.DataFrame = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    header: tuple[str, ...] = field(repr=False)
    cells: tuple[Cells, ...] = field(repr=False)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Table:
        """Return the texts of a frame."""
        labels = [label_of(label) for label in frame.columns]
        columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
        if indexed(frame):
            labels += [label_of(name) for name in frame.index.names]
            levels = range(frame.index.nlevels)
            columns += [pd.Series(frame.index.get_level_values(i)) for i in levels]
        cells = tuple(map(cells_of, columns))
        header = tuple(map(heading, labels, cells))
        return cls(frame, tuple(labels), header, cells)

    def csv(self) -> bytes:
        """Return the table as CSV in UTF-8; a field stands in quotes where it has to."""
        head = ",".join(self._field(label) for label in self.header) + "\n"
        comma, end, nothing = (pa.scalar(sign, pa.large_string()) for sign in (",", "\n", ""))
        columns = [
            pa.array([self._field(text) for text in cells.texts], pa.large_string()).take(
                pa.array(cells.codes)
            )
            for cells in self.cells
        ]
        rows = pc.binary_join_element_wise(*columns, comma)
        # Each record and its end, and nothing between them: the values of the array are the body.
        whole = pc.binary_join_element_wise(rows, nothing, end)
        _, offsets, values = whole.buffers()
        size = int(np.frombuffer(offsets, dtype=np.int64)[len(whole)]) if len(whole) else 0
        body = values.slice(0, size).to_pybytes() if size else b""
        return head.encode() + body

    def _field(self, text: str) -> str:
        # A record of one empty field would be a blank line, which is none.
        need = _SPECIAL(text) or (not text and len(self.header) == 1)
        return quoted(text) if need else text


def indexed(frame: pd.DataFrame) -> bool:
    """Say whether the index may hold more than the number of each row."""
    return not isinstance(frame.index, pd.RangeIndex) or frame.index.name is not None


def label_of(label: Hashable) -> str:
    """Return what a column is called: of several levels, `visit_dob` for ("visit", "dob")."""
    if isinstance(label, tuple):
        return "_".join(filter(None, map(label_of, label)))
    if isinstance(label, pd.Timestamp) and label == label.normalize():
        return str(label.date())
    return "" if label is None else readable(str(label))


def cells_of(series: pd.Series) -> Cells:
    """Return a column as texts; each distinct value is written once."""
    missing = series.isna().to_numpy(dtype=bool)
    if isinstance(series.dtype, pd.CategoricalDtype):
        inner = cells_of(pd.Series(series.cat.categories))
        texts, codes = inner.texts, np.append(inner.codes, -1)[series.cat.codes.to_numpy()]
    else:
        texts, codes = _distinct(series, missing)
    if missing.any():
        texts = [*texts, ""]
        codes = np.where(missing, len(texts) - 1, codes)
    return Cells(texts, codes, missing)


def _distinct(series: pd.Series, missing: npt.NDArray[np.bool_]) -> tuple[list[str], Codes]:
    """Return the distinct texts of what is not missing, and which each row has (-1: missing)."""
    nested = isinstance(series.dtype, pd.ArrowDtype) and series.dtype.kind == "O"
    if pd.api.types.is_object_dtype(series.dtype) or nested:
        objects = series.to_numpy(dtype=object)
        if not _is_text(series):
            # What is equal may be written in several ways: 1, 1.0 and True.
            written = [None if none else str(v) for v, none in zip(objects, missing, strict=True)]
            objects = np.array(written, dtype=object)
        found, distinct = pd.factorize(objects)
        return [readable(text) for text in distinct], found.astype(np.int64)
    found, values = pd.factorize(series)
    uniques = pd.Series(values)
    if pd.api.types.is_float_dtype(uniques.dtype) and missing.any() and _whole(uniques):
        texts = [str(int(value)) for value in uniques]
    else:
        texts = [readable(text) for text in uniques.astype(str)]
    return texts, found.astype(np.int64)


def _is_text(series: pd.Series) -> bool:
    return pd.api.types.infer_dtype(series, skipna=True) in {"string", "empty"}


def _whole(values: pd.Series) -> bool:
    numbers = values.to_numpy(dtype=float)
    return bool(np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all())


def readable(text: str) -> str:
    """Return the text without what no text file holds: NUL, and halves of surrogate pairs."""
    if "\0" in text:
        text = text.replace("\0", _UNREADABLE)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def heading(label: str, cells: Cells) -> str:
    """Return how a label is written: 2019 over years would be taken for a row of data."""
    rows = [(text,) for text in cells.first(_EVIDENCE)]
    return label if begins_with_header((label,), rows) else DISGUISE + label
