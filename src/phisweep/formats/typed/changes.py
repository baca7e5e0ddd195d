"""
What is to stand in the leaves of a table, held until all of it is read and the types are known.

The first batch cannot be written before the last one is read: whether a column of dates may stay
one is known when no replacement was anything else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as kinds

from phisweep.formats.typed.shape import Leaf
from phisweep.formats.typed.words import (
    back,
    cells_of,
    is_bytes,
    is_text,
    is_uuid,
    used,
    without_view,
)

HELD = 32 << 20  # bytes that are held in memory; more lie in a file without a name
_Places = npt.NDArray[np.int64]


@dataclass(slots=True)
class Changes:
    """
    Replacements by batch and leaf: texts, null where a value stays.

    `unfit` are the leaves of which one replacement at least is no value of their type.
    """

    unfit: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    _places: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    _file: IO[bytes] | None = None

    def put(self, batch: int, leaf: Leaf, texts: Sequence[str], places: _Places) -> None:
        """Hold a leaf's replacements: row i gets `texts[places[i]]`, nothing new where it is -1."""
        entries = pa.array(texts, pa.string())
        if leaf.index not in self.unfit and back(entries, value_type(leaf.type)) is None:
            self.unfit.add(leaf.index)
        self.changed.add(leaf.index)
        codes = pa.array(places, pa.int32(), mask=places < 0)
        values = pa.DictionaryArray.from_arrays(codes, entries)
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - `close` does
        at = self._file.seek(0, 2)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        record = pa.record_batch([values], names=["leaf"])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, record.schema, options=options) as writer:
            writer.write_batch(record)
        size = self._file.write(sink.getvalue())
        self._places.setdefault(batch, []).append((leaf.index, at, size))

    def of(self, batch: int) -> Mapping[int, pa.DictionaryArray]:
        """Return the replacements of a batch, by the number of the leaf."""
        found: dict[int, pa.DictionaryArray] = {}
        for leaf, at, size in self._places.get(batch, ()):
            assert self._file is not None  # noqa: S101 - `put` made the place
            self._file.seek(at)
            with pa.ipc.open_stream(self._file.read(size)) as reader:
                found[leaf] = reader.read_next_batch().column(0)
        return found

    def close(self) -> None:
        """Forget all of it."""
        if self._file is not None:
            self._file.close()

    def final(self, leaf: Leaf) -> pa.DataType:
        """Return the type that a leaf has in the copy."""
        type_ = leaf.type
        if leaf.index not in self.changed:
            return type_
        value = value_type(type_)
        if leaf.index in self.unfit:
            value = pa.binary() if is_bytes(value) and not is_uuid(value) else pa.string()
        if kinds.is_dictionary(type_):  # replacements may be more than its numbers reach
            wide = type_.index_type if type_.index_type.bit_width > 32 else pa.int32()  # noqa: PLR2004
            return pa.dictionary(wide, value, type_.ordered)
        return value


def value_type(type_: pa.DataType) -> pa.DataType:
    """Return the type of a leaf's values, of a dictionary that of its entries."""
    return type_.value_type if kinds.is_dictionary(type_) else type_


def merged(
    array: pa.Array, new: pa.DictionaryArray | None, type_: pa.DataType, entries: pa.Array | None
) -> pa.Array:
    """
    Return a leaf of the copy, of a given type, with its replacements in place.

    A dictionary holds the entries that a row uses and no others; or `entries`, where those of
    several batches have to be the same.
    """
    if not kinds.is_dictionary(type_):
        return array if new is None else _dense(array, new, type_)
    if new is None:
        made = used(pa.DictionaryArray.from_arrays(array.indices, without_view(array.dictionary)))
    else:
        dense = _dense(array, new, type_.value_type)
        kept = pa.concat_arrays([_retyped(used(array).dictionary, dense.type), dense]).unique()
        made = used(_coded(dense, kept))
    if entries is not None:
        made = _coded(made.dictionary_decode(), entries)
    indices, own = made.indices.cast(type_.index_type), made.dictionary.cast(type_.value_type)
    return pa.DictionaryArray.from_arrays(indices, own, ordered=type_.ordered)


def _dense(array: pa.Array, new: pa.DictionaryArray, type_: pa.DataType) -> pa.Array:
    values = array.dictionary_decode() if kinds.is_dictionary(array.type) else array
    old = _retyped(values, type_)
    texts = new.dictionary
    fresh = texts if is_text(type_) else back(texts, type_)
    if fresh is None:  # `Changes.final` asked
        raise TypeError
    if is_text(type_) or is_bytes(type_):
        fresh = without_view(fresh.cast(old.type))
    codes = new.indices.to_numpy(zero_copy_only=False) if not new.null_count else None
    rows = np.arange(len(values), dtype=np.int64)
    fill = new.indices.fill_null(-1).to_numpy(zero_copy_only=False) if codes is None else codes
    chosen = np.where(fill >= 0, fill.astype(np.int64) + len(values), rows)
    made = pa.concat_arrays([old, fresh]).take(pa.array(chosen))
    return made if made.type == type_ else made.cast(type_)


def _retyped(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return values as they are, or as text where their type could not hold what replaces them."""
    if values.type == type_:
        return without_view(values)
    if is_bytes(values.type) and is_bytes(type_):
        return values.cast(type_)
    if is_text(values.type) and is_text(type_):
        return values.cast(type_)
    cells = cells_of(values).values
    nothing = pa.array([text == "" for text in cells.dictionary.to_pylist()], pa.bool_()).take(
        cells.indices
    )
    texts = cells.dictionary_decode()
    return pa.compute.if_else(nothing, pa.scalar(None, pa.string()), texts).cast(type_)


def _coded(values: pa.Array, entries: pa.Array) -> pa.DictionaryArray:
    plain = without_view(entries)
    codes = pa.compute.index_in(values, value_set=plain, skip_nulls=True)
    return pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), plain)
