"""R's data frames and vectors as Arrow tables, with what R says of them as metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from phisweep.formats.typed.rvalues import (
    COMPLEX,
    INTEGER,
    LIST,
    LOGICAL,
    MISSING,
    NOTHING,
    RAW,
    REAL,
    STRINGS,
    Unknown,
    Value,
)

_SECONDS = 1_000_000  # microseconds in one
_LEAST_LONG = -(2**63)  # the missing one of integer64
#: Attributes that say of which kind a column is; the copy's own types say it.
_TYPES = frozenset({"class", "levels", "tzone", "names", "row.names", "dim"})


def is_frame(value: Value) -> bool:
    """Say whether a value is a data frame."""
    return value.kind == LIST and "data.frame" in value.words("class")


def table_of(value: Value, name: str) -> pa.Table:
    """
    Return a data frame, or a vector as the only column of a table.

    Row names that are text are a column of their own. Raises Unknown.
    """
    if not is_frame(value):
        columns, labels = [value], [name or "value"]
        rows, own = value.words("names"), "names"
    else:
        columns, labels = value.data, value.words("names")
        rows, own = value.words("row.names"), "rownames"
    if len(labels) != len(columns):
        raise Unknown
    arrays = [array_of(column) for column in columns]
    fields = [
        pa.field(label, array.type, metadata=_metadata(column) or None)
        for label, array, column in zip(labels, arrays, columns, strict=True)
    ]
    numbered = rows == [str(number + 1) for number in range(len(rows))]
    if rows and not numbered:
        arrays.append(pa.array(rows, pa.string()))
        fields.append(pa.field(own, pa.string()))
    if len({len(array) for array in arrays}) > 1:
        raise Unknown
    told = _metadata(value) if is_frame(value) else {}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=told or None))


def unused_levels(value: Value) -> Sequence[str]:
    """Return the levels of factors that stand in no row."""
    found: list[str] = []
    for column in value.data if is_frame(value) else [value]:
        levels = column.words("levels")
        if levels and column.kind == INTEGER:
            used = set(column.data.tolist())
            found += [level for i, level in enumerate(levels, 1) if i not in used]
    return found


def words_of(value: Value, label: str = "") -> Iterator[tuple[str, str]]:
    """Yield the elements of any value as text, each with the name that it stands under."""
    if value.kind == LIST:
        names = value.words("names") or [""] * len(value.data)
        for name, member in zip(names, value.data, strict=False):
            yield from words_of(member, name or label)
    else:
        for element in _plain(value):
            if element is not None:
                yield label, str(element)
    for name, attribute in value.attributes.items():
        if name != "class":
            yield from words_of(attribute, name if name != "names" else label)


def array_of(value: Value) -> pa.Array:
    """Return a column. Raises Unknown."""
    classes = value.words("class")
    if value.kind == STRINGS:
        return pa.array(value.data, pa.string())
    if value.kind == LOGICAL:
        return pa.array(value.data != 0, pa.bool_(), mask=value.data == MISSING)
    if value.kind == INTEGER and value.words("levels"):
        return _factor(value)
    if value.kind in (INTEGER, REAL):
        return _numbers(value, classes)
    if value.kind in (LIST, COMPLEX, RAW):
        return pa.array([json.dumps(_python(each), default=str) for each in _rows(value)])
    raise Unknown


def _numbers(value: Value, classes: Sequence[str]) -> pa.Array:
    data = value.data
    if "integer64" in classes and value.kind == REAL:
        long = data.view(np.int64)
        return pa.array(long, mask=long == _LEAST_LONG)
    missing = data == MISSING if value.kind == INTEGER else ~np.isfinite(data)
    if "Date" in classes:
        days = np.where(missing, 0, np.floor(data)).astype(np.int64)
        return pa.array(days.astype("datetime64[D]"), pa.date32(), mask=missing)
    if "POSIXct" in classes:
        micro = np.round(np.where(missing, 0, data) * _SECONDS).astype(np.int64)
        zone = (value.words("tzone") or [""])[0]
        return pa.array(micro, pa.int64(), mask=missing).cast(
            pa.timestamp("us", "UTC" if zone else None)
        )
    if value.kind == INTEGER:
        return pa.array(data, pa.int32(), mask=missing)
    return pa.array(data, pa.float64(), mask=np.isnan(data))


def _factor(value: Value) -> pa.Array:
    levels = value.words("levels")
    missing = value.data == MISSING
    codes = np.where(missing, 1, value.data)
    if len(codes) and not (codes.min() > 0 and codes.max() <= len(levels)):
        raise Unknown
    indices = pa.array((codes - 1).astype(np.int32), mask=missing)
    ordered = "ordered" in value.words("class")
    return pa.DictionaryArray.from_arrays(indices, pa.array(levels, pa.string()), ordered=ordered)


def _metadata(value: Value) -> dict[bytes, bytes]:
    """Return what R and its packages say of a value: a label, coded values, comments."""
    made: dict[bytes, bytes] = {}
    for name, attribute in value.attributes.items():
        if name in _TYPES or attribute.kind == NOTHING:
            continue
        labels = attribute.words("names")
        if name == "labels" and labels:
            codes = map(str, _plain(attribute))
            told: Any = dict(zip(codes, labels, strict=False))
            made[b"value labels"] = json.dumps(told).encode()
            continue
        plain = _python(attribute)
        only = len(plain) == 1 if isinstance(plain, list) else False
        text = plain[0] if only and isinstance(plain[0], str) else json.dumps(plain, default=str)
        made[name.encode()] = text.encode()
    return made


def _rows(value: Value) -> Sequence[Value]:
    if value.kind == LIST:
        return list(value.data)
    return [Value(value.kind, value.data[i : i + 1]) for i in range(len(value.data))]


def _plain(value: Value) -> Sequence[Any]:
    """Return the elements of a vector as Python's, None where one is missing."""
    if value.kind == NOTHING:
        return []
    if value.kind == STRINGS:
        return list(value.data)
    if value.kind in (COMPLEX, RAW):
        return [str(each) for each in value.data.tolist()]
    array = array_of(value)
    return [_whole(each) for each in array.to_pylist()]


def _whole(element: Any) -> Any:
    return int(element) if isinstance(element, float) and element.is_integer() else element


def _python(value: Value) -> Any:
    """Return a value as JSON would hold it."""
    if value.kind != LIST:
        return _plain(value)
    members = [_python(member) for member in value.data]
    names: Sequence[str] = value.words("names")
    if len(names) != len(members) or len(set(names)) != len(names):
        return members
    told: Mapping[str, Any] = dict(zip(names, members, strict=True))
    return told
