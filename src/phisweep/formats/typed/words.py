"""
The values of an Arrow array as texts, and texts as values of a type again.

Dates and times are ISO: `2019-03-04`, `2019-03-04 10:05:00`, with a `Z` and in UTC where the type has
a time zone; midnight without one is its date alone. A whole float has no decimals: 123456789.0 was
123456789 before something else was missing. NaN is nothing, like null.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

LARGEST_WHOLE = 2**53  # a larger float stands for several whole numbers
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f")


class NotText(Exception):  # noqa: N818 - never leaves this floor
    """A column of text holds bytes that are none."""


@dataclass(frozen=True, slots=True)
class Cells:
    """
    A leaf as texts: row i holds `values.dictionary[values.indices[i]]`, "" where it is null.

    `bytes` is the size of what is no text (pictures, hashes), and `opaque` says in which rows that
    stands, None where there is no such row.
    """

    values: pa.DictionaryArray = field(repr=False)
    opaque: npt.NDArray[np.bool_] | None = field(default=None, repr=False)
    bytes: int = 0


def cells_of(array: pa.Array) -> Cells:
    """Return a leaf as texts; each distinct value is written once. Raises NotText."""
    coded = _coded(array)
    values, none = coded.dictionary, len(coded.dictionary)
    indices = coded.indices.fill_null(none).to_numpy(zero_copy_only=False).astype(np.int64)
    texts, opaque, sizes = _texts(values)
    entries = pa.concat_arrays([texts.fill_null(""), pa.array([""], pa.string())])
    column = pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), entries)
    if opaque is None:
        return Cells(column)
    counts = np.bincount(indices, minlength=none + 1)[:none]
    return Cells(column, np.append(opaque, [False])[indices], int((counts * sizes).sum()))


def words(values: pa.Array) -> pa.Array:
    """Return each value as text, null where it is null or NaN. Raises NotText."""
    for holds, write in _WRITERS:
        if holds(values.type):
            return write(values)
    return values.cast(pa.string())


def back(texts: pa.Array, type_: pa.DataType) -> pa.Array | None:
    """Return texts as values of a type; None where one of them would read otherwise there."""
    try:
        made = _parsed(texts, type_)
        if made is None or (is_text(type_) or is_bytes(type_)):
            return made
        return made if words(made).equals(texts) else None
    except (pa.ArrowException, ValueError, NotText, OverflowError, TypeError):
        return None


def is_text(type_: pa.DataType) -> bool:
    """Say whether a type holds strings."""
    return bool(
        kinds.is_string(type_) or kinds.is_large_string(type_) or kinds.is_string_view(type_)
    )


def is_bytes(type_: pa.DataType) -> bool:
    """Say whether a type holds byte strings, of any length or of one."""
    return bool(
        kinds.is_binary(type_)
        or kinds.is_large_binary(type_)
        or kinds.is_binary_view(type_)
        or kinds.is_fixed_size_binary(type_)
    )


def is_uuid(type_: pa.DataType) -> bool:
    """Say whether a type is Arrow's UUID."""
    return isinstance(type_, pa.UuidType)


def used(array: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return a dictionary array without the entries that no row uses, in their order."""
    indices = array.indices
    kept = np.unique(indices.drop_null().to_numpy(zero_copy_only=False)).astype(np.int64)
    place = np.zeros(len(array.dictionary) + 1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    codes = place[indices.fill_null(0).to_numpy(zero_copy_only=False)]
    mask = indices.is_null().to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=mask), array.dictionary.take(pa.array(kept))
    )


def without_view(array: pa.Array) -> pa.Array:
    """Return strings and bytes of the type that every kernel takes."""
    if kinds.is_string_view(array.type):
        return array.cast(pa.string())
    return array.cast(pa.binary()) if kinds.is_binary_view(array.type) else array


def _coded(array: pa.Array) -> pa.DictionaryArray:
    if kinds.is_dictionary(array.type):
        values = without_view(array.dictionary)
        return used(pa.DictionaryArray.from_arrays(array.indices, values))
    if is_uuid(array.type):
        inner = array.storage.dictionary_encode()
        entries = pa.ExtensionArray.from_storage(array.type, inner.dictionary)
        return pa.DictionaryArray.from_arrays(inner.indices, entries)
    return without_view(array).dictionary_encode()


def _texts(
    values: pa.Array,
) -> tuple[pa.Array, npt.NDArray[np.bool_] | None, npt.NDArray[np.int64]]:
    """Return distinct values as texts, which of them are none, and the sizes of those."""
    nothing = np.zeros(len(values), dtype=np.int64)
    if not is_bytes(values.type):
        return words(values), None, nothing
    try:
        return words(values), None, nothing
    except NotText:
        read = [_decoded(value) for value in values.to_pylist()]
    opaque = np.array([text is None for text in read]) & ~values.is_null().to_numpy(
        zero_copy_only=False
    )
    sizes = np.array([len(value or b"") for value in values.to_pylist()], dtype=np.int64)
    return pa.array(read, pa.string()), opaque, np.where(opaque, sizes, 0)


def _decoded(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS & set(text) else text


def _as_text(values: pa.Array) -> pa.Array:
    """Return byte strings that are all text. Raises NotText."""
    texts = _checked(values.cast(pa.binary()).cast(pa.string(), safe=False))
    controls = pc.match_substring_regex(texts, r"[\x00-\x08\x0b\x0e-\x1f]")
    if pc.any(controls, min_count=0).as_py():
        raise NotText
    return texts


def _checked(texts: pa.Array) -> pa.Array:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        raise NotText from None
    return texts


def _floats(values: pa.Array) -> pa.Array:
    numbers = values.to_numpy(zero_copy_only=False).astype(np.float64)
    with np.errstate(invalid="ignore"):
        whole = (np.floor(numbers) == numbers) & (np.abs(numbers) < LARGEST_WHOLE)
    digits = pa.array(np.where(whole, numbers, 0).astype(np.int64)).cast(pa.string())
    texts = pc.if_else(pa.array(whole), digits, values.cast(pa.string()))
    nothing = pa.array(np.isnan(numbers))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), texts)


def _timestamps(values: pa.Array) -> pa.Array:
    unit, zone = values.type.unit, values.type.tz
    texts = _without_zeros(values.cast(pa.timestamp(unit)).cast(pa.string()))
    if zone is None:
        return pc.replace_substring_regex(texts, r" 00:00:00$", "")
    return pc.binary_join_element_wise(texts, "Z", "")


def _without_zeros(texts: pa.Array) -> pa.Array:
    return pa.array([_trimmed(text) for text in texts.to_pylist()], pa.string())


def _trimmed(text: str | None) -> str | None:
    return text.rstrip("0").removesuffix(".") if text is not None and "." in text else text


def _parsed(texts: pa.Array, type_: pa.DataType) -> pa.Array | None:
    if kinds.is_fixed_size_binary(type_) or kinds.is_interval(type_) or kinds.is_null(type_):
        return None
    for holds, read in _READERS:
        if holds(type_):
            return read(texts, type_)
    return texts.cast(type_)


def _uuids(texts: pa.Array, type_: pa.DataType) -> pa.Array:
    made = _each(texts, lambda text: uuid.UUID(text).bytes)
    return pa.ExtensionArray.from_storage(type_, pa.array(made, type_.storage_type))


def _each(texts: pa.Array, read: Callable[[str], object]) -> Sequence[object]:
    return [None if text is None else read(text) for text in texts.to_pylist()]


def _by_python(values: pa.Array) -> pa.Array:
    texts = [None if value is None else str(value) for value in values.to_pylist()]
    return pa.array(texts, pa.string())


_WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
    (is_uuid, _by_python),
    (is_text, lambda values: _checked(values.cast(pa.string()))),
    (is_bytes, _as_text),
    (kinds.is_float16, lambda values: _floats(values.cast(pa.float32()))),
    (kinds.is_floating, _floats),
    (kinds.is_timestamp, _timestamps),
    (kinds.is_time, lambda values: _without_zeros(values.cast(pa.string()))),
    (kinds.is_interval, _by_python),
)
_READERS: tuple[
    tuple[Callable[[pa.DataType], bool], Callable[[pa.Array, pa.DataType], pa.Array]], ...
] = (
    (is_uuid, _uuids),
    (kinds.is_time, lambda texts, type_: pa.array(_each(texts, dt.time.fromisoformat), type_)),
    (kinds.is_duration, lambda texts, type_: texts.cast(pa.int64()).cast(type_)),
    (kinds.is_float16, lambda texts, type_: texts.cast(pa.float32()).cast(type_)),
    (is_bytes, lambda texts, type_: texts.cast(pa.binary()).cast(type_)),
)
