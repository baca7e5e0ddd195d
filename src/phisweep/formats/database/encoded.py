"""Lists of values as dictionary-encoded Arrow arrays, without what `pa.array` would import."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Indices = npt.NDArray[np.int64]


def distinct(values: Sequence[str | bytes | None]) -> tuple[list[str | bytes], Indices]:
    """Return the distinct values, None as "", and which of them stands in each row."""
    entries: dict[str | bytes, int] = {}
    place = [entries.setdefault("" if v is None else v, len(entries)) for v in values]
    return list(entries), np.array(place, dtype=np.int64)


def dictionary_array(entries: Sequence[str], indices: Indices) -> pa.DictionaryArray:
    """Return the Arrow array of rows; lone surrogates become U+FFFD."""
    raw = [entry.encode("utf-8", "replace") for entry in entries]
    offsets = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum([len(entry) for entry in raw], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(raw))]
    strings = pa.Array.from_buffers(pa.large_string(), len(raw), buffers)
    whole = np.ascontiguousarray(indices, dtype=np.int32)
    numbers = pa.Array.from_buffers(pa.int32(), len(whole), [None, pa.py_buffer(whole)])
    return pa.DictionaryArray.from_arrays(numbers, strings.cast(pa.string()))
