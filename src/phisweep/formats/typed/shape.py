"""
Nested arrays as their leaves, and leaves as nested arrays again.

A leaf is what is neither a struct nor a list nor a map. A struct's leaves stand row by row beside
the other columns; what lies in a list or map has rows of its own, one for each element. Leaves are
numbered in the order of the schema, from 0, as Parquet numbers its columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as kinds

from phisweep.formats.typed.words import is_uuid


class NotRead(Exception):  # noqa: N818 - never leaves this floor
    """A type that is not taken apart; the message names the kind of type and nothing else."""


@dataclass(frozen=True, slots=True)
class Node:
    """
    A field of a schema: `address` counts from 1, "3", its second member "3.2".

    `name` is its own name, `given` says that a writer gave it and not the format ("item", "value").
    """

    address: str
    name: str = field(repr=False)
    given: bool
    metadata: Mapping[bytes, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leaf:
    """
    A leaf of a schema. `rows` is the address of the list whose elements it has, "" of the table.

    `role` says what it is of a map: "key", "value", else "".
    """

    index: int
    address: str
    label: str = field(repr=False)
    type: pa.DataType = field(repr=False)
    rows: str = ""
    role: str = ""


#: Months or days by their numbers, which no rule would take for dates.
PERIOD = b"pandas.period"
_EXTENSION = b"ARROW:extension:name"
_ITEMS = frozenset({"item", "element", "array", "list", "key", "value", "entries", "key_value"})


def nodes(schema: pa.Schema) -> Iterator[Node]:
    """Yield every field of a schema, each before its members. Raises NotRead."""
    for number, each in enumerate(schema, 1):
        yield from _nodes(each, str(number), given=True)


def leaves(schema: pa.Schema) -> list[Leaf]:
    """Return the leaves of a schema. Raises NotRead."""
    found = (
        leaf
        for number, each in enumerate(schema, 1)
        for leaf in _leaves(each.type, Leaf(0, str(number), each.name, each.type))
    )
    return [replace(leaf, index=index) for index, leaf in enumerate(found)]


def spread(array: pa.Array) -> Iterator[pa.Array]:
    """Yield the leaves of an array, in order, without what stands under a null."""
    array = plain(array)
    if kinds.is_struct(array.type):
        for member in array.flatten():
            yield from spread(member)
    elif is_list(array.type):
        yield from spread(_as_list(array).flatten())
    else:
        yield array


def gathered(like: pa.Array, made: Iterator[pa.Array], type_: pa.DataType) -> pa.Array:
    """Return an array of `type_`, in the shape of `like`, of the leaves that are next in `made`."""
    like = plain(like)
    if kinds.is_struct(like.type):
        fields = [type_.field(i) for i in range(type_.num_fields)]
        members = [
            gathered(member, made, each.type)
            for member, each in zip(like.flatten(), fields, strict=True)
        ]
        if not members:
            return like
        return pa.StructArray.from_arrays(members, fields=fields, mask=like.is_null())
    if not is_list(like.type):
        return next(made)
    held = _as_list(like)
    element = _element(type_)
    values = gathered(held.flatten(), made, element.type)
    sizes = held.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return _listed(type_, values, sizes, held.is_null())


def final_field(
    each: pa.Field,
    types: Iterator[pa.DataType],
    names: Mapping[str, str],
    metadata: Mapping[str, Mapping[bytes, bytes]],
    address: str,
) -> pa.Field:
    """Return a field with the next leaf types, and by their addresses new names and metadata."""

    def inner(member: pa.Field, number: int) -> pa.Field:
        return final_field(member, types, names, metadata, f"{address}.{number}")

    type_ = plain_type(each.type)
    if kinds.is_struct(type_):
        made = pa.struct([inner(type_.field(i), i + 1) for i in range(type_.num_fields)])
    elif kinds.is_map(type_):
        key = inner(type_.key_field, 1)
        made = pa.map_(key, inner(type_.item_field, 2), keys_sorted=type_.keys_sorted)
    elif is_list(type_):
        made = _list_of(type_, inner(type_.value_field, 1))
    else:
        made = next(types)
    name = names.get(address, each.name)
    own = metadata.get(address, each.metadata)
    return pa.field(name, made, nullable=each.nullable, metadata=dict(own) if own else None)


def is_list(type_: pa.DataType) -> bool:
    """Say whether values of a type have elements: lists of all kinds, and maps."""
    return bool(
        kinds.is_list(type_)
        or kinds.is_large_list(type_)
        or kinds.is_fixed_size_list(type_)
        or kinds.is_list_view(type_)
        or kinds.is_large_list_view(type_)
        or kinds.is_map(type_)
    )


def plain(array: pa.Array) -> pa.Array:
    """Return an array as what it is stored as: without extension, runs, coded lists."""
    if isinstance(array.type, pa.BaseExtensionType) and not is_uuid(array.type):
        return plain(array.storage)
    if kinds.is_run_end_encoded(array.type):
        return plain(pa.compute.run_end_decode(array))
    if kinds.is_dictionary(array.type) and not _is_leaf(array.type.value_type):
        return plain(array.dictionary_decode())
    return array


def plain_type(type_: pa.DataType) -> pa.DataType:
    """Return the type that `plain` gives. Raises NotRead."""
    if kinds.is_union(type_):
        raise NotRead("union")
    if getattr(type_, "extension_name", "") == PERIOD.decode():
        raise NotRead("period of pandas")
    if isinstance(type_, pa.BaseExtensionType) and not is_uuid(type_):
        return plain_type(type_.storage_type)
    if kinds.is_run_end_encoded(type_):
        return plain_type(type_.value_type)
    if kinds.is_dictionary(type_) and not _is_leaf(type_.value_type):
        return plain_type(type_.value_type)
    return type_


def _is_leaf(type_: pa.DataType) -> bool:
    return not (kinds.is_nested(type_) or isinstance(type_, pa.BaseExtensionType))


def _members(type_: pa.DataType) -> Sequence[pa.Field]:
    type_ = plain_type(type_)
    if kinds.is_struct(type_):
        return [type_.field(i) for i in range(type_.num_fields)]
    if kinds.is_map(type_):
        return [type_.key_field, type_.item_field]
    return [type_.value_field] if is_list(type_) else []


def _nodes(each: pa.Field, address: str, *, given: bool) -> Iterator[Node]:
    if (each.metadata or {}).get(_EXTENSION) == PERIOD:
        raise NotRead("period of pandas")
    yield Node(address, each.name, given, each.metadata or {})
    named = kinds.is_struct(plain_type(each.type))
    for number, member in enumerate(_members(each.type), 1):
        own = named or member.name not in _ITEMS
        yield from _nodes(member, f"{address}.{number}", given=own)


def _leaves(type_: pa.DataType, above: Leaf) -> Iterator[Leaf]:
    """Yield the leaves of a type that stands where `above` says."""
    type_ = plain_type(type_)
    members = _members(type_)
    if not members and not kinds.is_nested(type_):
        yield replace(above, type=type_)
    rows = above.address if is_list(type_) else above.rows
    for number, member in enumerate(members, 1):
        label = member.name if kinds.is_struct(type_) else above.label
        role = ("key", "value")[number - 1] if kinds.is_map(type_) else ""
        address = f"{above.address}.{number}"
        yield from _leaves(member.type, Leaf(0, address, label, type_, rows, role))


def _as_list(array: pa.Array) -> pa.Array:
    """Return lists and maps as what gives its elements and their numbers."""
    type_ = array.type
    if kinds.is_map(type_):
        return array.cast(pa.list_(_element(type_)))
    if kinds.is_fixed_size_list(type_):
        return array.cast(pa.large_list(type_.value_field))
    return array


def _element(type_: pa.DataType) -> pa.Field:
    if kinds.is_map(type_):
        member = pa.struct([type_.key_field, type_.item_field])
        return pa.field("entries", member, nullable=False)
    return type_.value_field


def _listed(
    type_: pa.DataType, values: pa.Array, sizes: npt.NDArray[np.integer], mask: pa.Array
) -> pa.Array:
    """Return lists of `type_`, the next `sizes[i]` values in list i, null where masked."""
    large = kinds.is_large_list(type_) or kinds.is_large_list_view(type_)
    width = np.int64 if large else np.int32
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(width)
    offsets = pa.array(begins)
    if kinds.is_map(type_):
        keys, items = values.field(0), values.field(1)
        return pa.MapArray.from_arrays(offsets, keys, items, type=type_, mask=mask)
    if kinds.is_list_view(type_) or kinds.is_large_list_view(type_):
        make = pa.LargeListViewArray if large else pa.ListViewArray
        own = pa.array(begins[:-1]), pa.array(sizes.astype(width))
        return make.from_arrays(*own, values, type=type_, mask=mask)
    if large:
        return pa.LargeListArray.from_arrays(offsets, values, type=type_, mask=mask)
    short = pa.list_(_element(type_))
    return pa.ListArray.from_arrays(offsets, values, type=short, mask=mask).cast(type_)


def _list_of(type_: pa.DataType, value: pa.Field) -> pa.DataType:
    if kinds.is_fixed_size_list(type_):
        return pa.list_(value, type_.list_size)
    for holds, make in (
        (kinds.is_large_list, pa.large_list),
        (kinds.is_list_view, pa.list_view),
        (kinds.is_large_list_view, pa.large_list_view),
    ):
        if holds(type_):
            return make(value)
    return pa.list_(value)
