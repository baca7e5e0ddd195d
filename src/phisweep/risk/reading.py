"""The tables of a source: their columns by name, and their rows column by column, chunk by chunk."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pyarrow as pa

from phisweep.detect.fields import normal_name
from phisweep.errors import UsageError
from phisweep.formats.base import Chunk, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Finding, Location, Source, Text
from phisweep.places import column_place, part_source

PARTS = 1_000  # of one source that are looked at
_LISTED = 20
_PLACE = re.compile(r"column (\d{1,5})(?: \(.*\))?")


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of a source: the whole of it, or its part of that number, from 1.

    `names` are those of the columns by their place, from 0; `shown` is what may be told of them.
    """

    source: Source
    number: int
    names: Mapping[int, str] = field(repr=False)
    shown: Mapping[int, str] = field(default_factory=dict)

    def called(self, at: int) -> str:
        """Return the name of a column, `column 3` where it has none of its own."""
        name = self.names[at]
        alone = name and list(self.names.values()).count(name) == 1
        return name if alone else f"column {at + 1}"

    def at(self, name: str) -> int:
        """
        Return the place of a column: by its name, or as `column 3`.

        Case and separators do not count where one name alone fits. Raises UsageError E162.
        """
        same = [at for at, own in self.names.items() if own == name]
        like = [at for at, own in self.names.items() if normal_name(own) == normal_name(name)]
        if same or (len(like) == 1 and normal_name(name)):
            return (same or like)[0]
        numbered = _PLACE.fullmatch(name)
        if numbered and int(numbered[1]) - 1 in self.names:
            return int(numbered[1]) - 1
        told = [one for one in self.shown.values() if not _PLACE.fullmatch(one)]
        near = difflib.get_close_matches(name, told, 3, cutoff=0.5)
        known = ", ".join(told[:_LISTED]) + (" ..." if len(told) > _LISTED else "")
        todo = f"Did you mean {' or '.join(near)}?" if near else f"It has: {known or 'no names'}."
        raise UsageError("E162", "no column is called that", where=self.source.shown, todo=todo)


def tables(
    source: Source, options: ReadOptions, find: Callable[[Text], Sequence[Finding]], part: str = ""
) -> tuple[Table, ...]:
    """
    Return the tables of a source that have rows, or the one of that name.

    `find` says what stands in the names of parts and columns, which are not told then. Raises
    DocumentError.
    """
    made = []
    with closing(choose_format(source, options).open(source, options)) as document:
        for number, one in enumerate(islice(document.parts(), PARTS), 1):
            if one.structure != "rows" or part not in {"", one.name}:
                continue
            columns = one.sample()
            if columns:
                shown = part_source(source, one, number, find).shown
                names = {column.index: column.label.strip() for column in columns}
                told = {column.index: _told(column, find) for column in columns}
                made.append(Table(replace(source, shown=shown), number, names, told))
    return tuple(made)


def _told(column: Column, find: Callable[[Text], Sequence[Finding]]) -> str:
    """Return a column's name where nothing is found in it, else `column 3`."""
    block = Text(Location("", "key"), column.label, kind="key")
    place = column_place(column, hidden=bool(find(block)))
    return column.label.strip() if place.endswith(")") else place


def rows(
    table: Table,
    wanted: Sequence[int],
    options: ReadOptions,
    tell: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[int, list[pa.DictionaryArray]]]:
    """
    Yield the number of the first row of a chunk, from 1, and the values of the wanted columns.

    Where a chunk has no cell of a column, its values are empty ones. `tell` hears how many bytes
    of the source were read. Raises DocumentError.
    """
    own = table.names.keys()
    with closing(choose_format(table.source, options).open(table.source, options)) as document:
        for part in islice(document.parts(), table.number - 1, table.number):
            for chunk in part.chunks():
                found = {column.index: column for column in _columns(chunk) if column.index in own}
                if not found:
                    continue
                first = next(iter(found.values()))
                length = max(len(column.values) for column in found.values())
                tell(document.position())
                yield first.first, [_values(found.get(index), length) for index in wanted]


def _columns(chunk: Chunk) -> Iterator[Column]:
    return (block for block in chunk.blocks if isinstance(block, Column))


def _values(column: Column | None, length: int) -> pa.DictionaryArray:
    """Return the values of a column, with empty ones behind them where it has fewer."""
    if column is not None and len(column.values) == length:
        return column.values
    entries = [""] if column is None else [*column.values.dictionary.to_pylist(), ""]
    indices = np.full(length, len(entries) - 1, np.int32)
    if column is not None:
        indices[: len(column.values)] = column.values.indices.to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(entries, pa.string()))
