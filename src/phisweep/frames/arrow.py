"""
Columns of Arrow as the texts that the same columns of a pandas frame are, and what became of them.

How some values are written depends on a whole column, of which a batch knows nothing: dates stand
alone where no value has a time of day, and numbers without decimals where all are whole and some
are missing. `Kind` says it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.formats.base import Replaced
from phisweep.frames.encoding import Cells, readable

_TIMES = {
    "day": "%Y-%m-%d",
    "second": "%Y-%m-%d %H:%M:%S",
    "milli": "%Y-%m-%d %H:%M:%S.%f",
    "micro": "%Y-%m-%d %H:%M:%S.%f",
}
_MILLI = 3  # digits of a second that are left out of six
_ISO = len("2024-03-04")


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a column are written: as they are, or by what is known of all of them."""

    type: Literal["text", "number", "time", "date", "other"] = "other"
    whole: bool = False
    precision: Literal["day", "second", "milli", "micro"] = "day"


@dataclass(frozen=True, slots=True)
class After:
    """The texts of a batch's column after the run, None where nothing was; `changed` rows."""

    texts: npt.NDArray[np.object_] = field(repr=False)
    changed: npt.NDArray[np.bool_] = field(repr=False)


def cells_of(column: pa.Array, kind: Kind) -> Cells:
    """Return a column as texts, each distinct value written once."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    if kind.type == "time" and column.type.tz is not None:
        column = pc.local_timestamp(column)
    encoded = column.dictionary_encode()
    missing = encoded.indices.is_null().to_numpy(zero_copy_only=False)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    texts = _texts(encoded.dictionary, kind)
    if missing.any():
        codes = np.where(missing, len(texts), codes)
        texts = [*texts, ""]
    return Cells(texts, codes, missing)


def _texts(values: pa.Array, kind: Kind) -> list[str]:
    if kind.type == "text":
        return [readable(text) for text in values.to_pylist()]
    if kind.type == "time":
        form = _TIMES[kind.precision]
        cut = -_MILLI if kind.precision == "milli" else None
        return [moment.strftime(form)[:cut] for moment in _moments(values)]
    if pa.types.is_floating(values.type):
        if kind.whole:
            return [str(int(value)) for value in values.to_pylist()]
        return [*pd.Series(values.to_numpy(zero_copy_only=False)).astype(str)]
    return [readable(str(value)) for value in values.to_pylist()]


def _moments(values: pa.Array) -> list[dt.datetime]:
    moments: list[dt.datetime] = values.cast(pa.timestamp("us")).to_pylist()
    return moments


def after(cells: Cells, replaced: Replaced | None) -> After:
    """Return what stands in a column's rows now."""
    was = np.array([*cells.texts, ""], dtype=object)[cells.codes]
    now = was.copy()
    if replaced is not None:
        indices = cells.codes if replaced.indices is None else replaced.indices
        new = np.array([*replaced.values, None], dtype=object)[indices]  # noqa: PD011 - no frame
        told = new != None  # noqa: E711 - of each element
        now[told] = new[told]
    changed = (now != was) & ~cells.missing
    now[cells.missing] = None
    return After(now, changed.astype(bool))


def moved(column: pa.Array, cells: Cells, new: After) -> pa.Array:
    """
    Return dates as dates: by as many days later as their texts are; null where a text is no date.

    A time of day is kept, as the clock of its place shows it.
    """
    rows = np.flatnonzero(new.changed).tolist()
    values = column.to_pylist()
    for row in rows:
        before, now = _day(cells.texts[cells.codes[row]]), _day(new.texts[row])
        values[row] = values[row] + (now - before) if before and now else None
    return pa.array(values, column.type)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:_ISO]) if text[4:5] == "-" else None
    except ValueError:
        return None
