"""
Arrays of Arrow's and of numpy's, the one made of the other.

pyarrow's own ways there, `to_numpy`, `array` and `scalar`, import pandas, to see whether what they
are given is pandas' own. That takes longer than a small table does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def numbers(values: pa.Array) -> npt.NDArray[Any]:
    """Return whole numbers, which are not to be written to."""
    if values.null_count:
        found: npt.NDArray[Any] = values.to_numpy(zero_copy_only=False)
        return found
    return np.from_dlpack(values)


def flags(values: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    """Return truth values, none of which is null."""
    found: npt.NDArray[np.bool_] = np.from_dlpack(values.cast("uint8")).astype(np.bool_)
    return found


def of_numbers(values: npt.NDArray[np.int32] | npt.NDArray[np.int64]) -> pa.Array:
    """Return whole numbers as an Arrow array over the same memory."""
    whole = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(whole.dtype)
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])


def of_bytes(values: Sequence[bytes]) -> pa.LargeBinaryArray:
    """Return byte strings as an Arrow array."""
    offsets = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum([len(value) for value in values], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(values), buffers)


def of_texts(values: Sequence[str]) -> pa.StringArray:
    """Return texts as an Arrow array."""
    return of_bytes([value.encode() for value in values]).cast(pa.string())


def alike(values: pa.StringArray, pattern: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """
    Return values of which each stands for all that are alike, and which of them each value is like.

    Distinct values that match the pattern with the same `part` are alike; every other is so alone.
    """
    parts = pc.struct_field(pc.extract_regex(values, pattern), "part").dictionary_encode().indices
    which = numbers(parts.cast(pa.int64()).fill_null(of_numbers(np.array([-1]))[0])).copy()
    alone = np.flatnonzero(which < 0)
    known, first = np.unique(which[which >= 0], return_index=True)
    first = np.flatnonzero(which >= 0)[first]
    which[alone] = len(known) + np.arange(len(alone))
    asked = values.take(of_numbers(np.concatenate((first, alone))))
    return which, asked.to_pylist()
