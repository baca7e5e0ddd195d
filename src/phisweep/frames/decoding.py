"""
The copy of a frame's CSV back into a frame: what is as it was keeps its values and its dtype.

A changed column holds text; one of text or of categories stays one. Dates that were moved stay
dates: the days of the move are added to the value itself, so that its time of day, its zone and its
unit are kept, and what has no moved date is NaT.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from phisweep.frames.encoding import DISGUISE, Cells, Codes, Table, indexed

_BLOCK = 64 << 20  # bytes that Arrow reads at once
_ISO = len("2024-03-04")
_DATES = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class _Column:
    """A column before and after: row i holds `texts[codes[i]]` now; `changed` are its rows."""

    series: pd.Series = field(repr=False)
    before: Cells = field(repr=False)
    texts: npt.NDArray[np.object_] = field(repr=False)
    codes: Codes = field(repr=False)
    changed: npt.NDArray[np.bool_] = field(repr=False)

    @property
    def by_row(self) -> npt.NDArray[np.object_]:
        """The texts by row, None where nothing was."""
        values = self.texts[self.codes]
        values[self.before.missing] = None
        return values


def decoded(table: Table, copy: Path, shifted: Collection[int]) -> pd.DataFrame:
    """
    Return the frame with what the copy changed; `shifted` are the columns whose dates moved.

    Levels of the index are counted on after the columns. Attributes (`attrs`) and categories that
    no row has stay behind, for nobody looked at them.
    """
    frame = table.frame.copy()
    frame.attrs = {}
    if not table.cells:
        return frame
    names, columns = _read(table, copy)
    width = frame.shape[1]
    new = [_restored(c, moved=i in shifted) for i, c in enumerate(columns)]
    for i, series in enumerate(new[:width]):
        if series is not None:
            frame.isetitem(i, series)  # type: ignore[arg-type]  # it takes a Series as well
    if indexed(frame):
        frame.index = _index(frame.index, new[width:], names[width:])
    frame.columns = _labels(frame.columns, names[:width])
    return frame


def _read(table: Table, copy: Path) -> tuple[list[str | None], list[_Column]]:
    """Return the names that changed (None where one did not), and the columns."""
    width = len(table.cells)
    kind = pa.dictionary(pa.int32(), pa.string())
    keys = [str(i) for i in range(width)]
    read = pa_csv.read_csv(
        copy,
        pa_csv.ReadOptions(column_names=keys, block_size=_BLOCK),
        pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(keys, kind), strings_can_be_null=False, null_values=[]
        ),
    ).unify_dictionaries()
    names: list[str | None] = []
    columns = []
    for i, before in enumerate(table.cells):
        whole = read.column(i)
        texts = np.array([*whole.chunk(0).dictionary.to_pylist(), ""], dtype=object)[:-1]
        codes = np.concatenate([chunk.indices.to_numpy() for chunk in whole.chunks])
        name = str(texts[codes[0]])
        names.append(None if name == table.header[i] else name.removeprefix(DISGUISE))
        columns.append(_column(table, i, before, texts, codes[1:].astype(np.int64)))
    return names, columns


def _column(
    table: Table, index: int, before: Cells, texts: npt.NDArray[np.object_], codes: Codes
) -> _Column:
    ids = {text: i for i, text in enumerate(texts)}
    was = np.array([ids.get(text, -1) for text in before.texts], dtype=np.int64)
    changed = was[before.codes] != codes if len(codes) else np.zeros(0, dtype=bool)
    width = table.frame.shape[1]
    if index < width:
        series = table.frame.iloc[:, index]
    else:
        series = pd.Series(table.frame.index.get_level_values(index - width))
    return _Column(series, before, texts, codes, changed)


def _restored(column: _Column, *, moved: bool) -> pd.Series | None:
    """Return the column as it is now, None where it is as it was."""
    series, dtype = column.series, column.series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        if column.changed.any():
            return pd.Series(pd.Categorical(column.by_row), index=series.index)
        used = np.unique(series.cat.codes[~column.before.missing])
        return series.cat.remove_unused_categories() if len(used) < len(dtype.categories) else None
    if not column.changed.any():
        return None
    if moved and pd.api.types.is_datetime64_any_dtype(dtype):
        return _moved(column)
    if pd.api.types.is_object_dtype(dtype):
        return pd.Series(_objects(column, moved=moved), index=series.index, dtype=object)
    text = isinstance(dtype, pd.StringDtype) or pd.api.types.infer_dtype(series) == "string"
    values = column.by_row.tolist()
    return pd.Series(values, index=series.index, dtype=dtype if text else None)


def _objects(column: _Column, *, moved: bool) -> npt.NDArray[np.object_]:
    """Return Python objects, those that changed as text; dates that moved as dates."""
    values = column.series.to_numpy(dtype=object, copy=True)
    rows = np.flatnonzero(column.changed)
    values[rows] = column.texts[column.codes[rows]]
    if moved and pd.api.types.infer_dtype(column.series, skipna=True) in _DATES:
        days, known = _days(column)
        for row in rows[known[rows]].tolist():
            values[row] = column.series.iloc[row] + dt.timedelta(days=int(days[row]))
        values[rows[~known[rows]]] = None
    return values


def _moved(column: _Column) -> pd.Series:
    """Return the dates, moved by whole days of their own clock; NaT where there is none now."""
    dtype, index = column.series.dtype, column.series.index
    wall = column.series.reset_index(drop=True)
    if isinstance(dtype, pd.ArrowDtype):
        wall = pd.Series(pd.DatetimeIndex(wall))
    zone, unit = wall.dt.tz, wall.dt.unit
    if zone is not None:
        wall = wall.dt.tz_localize(None)
    days, known = _days(column)
    there = wall.to_numpy() + days.astype("timedelta64[D]").astype(f"timedelta64[{unit}]")
    there[column.changed & ~known] = np.datetime64("NaT")
    new = pd.Series(there)
    if zone is not None:
        first = np.ones(len(new), dtype=bool)  # of an hour that comes twice
        new = new.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        new[~column.changed] = column.series.reset_index(drop=True)[~column.changed]
    return pd.Series(new.astype(dtype).array, index=index)


def _days(column: _Column) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return by how many days each row moved, and for which rows that is known."""
    after, before = _dates(column.texts), _dates(column.before.texts)
    moved = after[column.codes] - before[column.before.codes]
    known = ~np.isnat(moved)
    days = np.where(known & column.changed, moved, np.timedelta64(0, "D"))
    return days.astype("timedelta64[D]").astype(np.int64), known


def _dates(texts: Collection[str]) -> npt.NDArray[np.datetime64]:
    """Return the date that each text begins with, NaT where it does not."""
    return np.array([_date(text) for text in texts], dtype="datetime64[D]")


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:_ISO]) if text[4:5] == "-" else None
    except ValueError:
        return None


def _index(index: pd.Index, new: list[pd.Series | None], names: list[str | None]) -> pd.Index:
    """Return the index with what changed in it, and without values that no row has."""
    index = _used(index)
    if any(series is not None for series in new):
        levels = [
            index.get_level_values(i) if series is None else pd.Index(series)
            for i, series in enumerate(new)
        ]
        if isinstance(index, pd.MultiIndex):
            index = pd.MultiIndex.from_arrays(levels, names=index.names)
        else:
            index = levels[0].rename(index.name)
    if any(name is not None for name in names):
        told = [old if name is None else name for old, name in zip(index.names, names, strict=True)]
        index = index.set_names(told)
    return index


def _labels(columns: pd.Index, names: list[str | None]) -> pd.Index:
    """Return the names of columns; of several levels a changed one stands in the first."""
    if all(name is None for name in names):
        return _used(columns)
    told: list[Hashable] = [
        old if name is None else _spread(name, columns.nlevels)
        for old, name in zip(columns, names, strict=True)
    ]
    if isinstance(columns, pd.MultiIndex):
        return pd.MultiIndex.from_tuples(told, names=columns.names)  # type: ignore[arg-type]
    return pd.Index(told, name=columns.name)


def _used(index: pd.Index) -> pd.Index:
    """Return the index without values that it only remembers."""
    if isinstance(index, pd.MultiIndex):
        return index.remove_unused_levels()
    if isinstance(index, pd.CategoricalIndex):
        return index.remove_unused_categories()
    return index


def _spread(name: str, levels: int) -> Hashable:
    return name if levels == 1 else (name, *[""] * (levels - 1))
