"""A stretch of rows of a typed table: what to search in it, and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as kinds

from phisweep.formats.base import EMPTIED, Block, Replaced
from phisweep.formats.typed.changes import Changes
from phisweep.formats.typed.shape import Leaf, spread
from phisweep.formats.typed.words import Cells, cells_of, is_text, without_view
from phisweep.model import Column, Edit, Location, Media, Text
from phisweep.splicing import splice

MOST_KEYS = 256  # distinct keys of the maps of one batch that are searched as keys and labels
OPAQUE = "binary values that are no text"
_Rows = npt.NDArray[np.int64]


class Noted(Protocol):
    """What stands beside the rows, and takes the edits of its own blocks."""

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""

    def take(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Take the edits of a chunk, of which those at its own addresses are its own."""


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Rows of a table, read at once. `number` counts batches from 0.

    `where` stands before the address of each cell ("row group 3, "), `first` is the 1-based number
    of the first row, `properties` are what a writer said of these rows.
    """

    number: int
    rows: pa.RecordBatch = field(repr=False)
    first: int
    where: str = ""
    group: int = 0
    properties: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of cells: which rows of its leaf they are (None: all), and as texts."""

    leaf: Leaf
    cells: Cells = field(repr=False)
    rows: _Rows | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TypedChunk:
    """The columns whose rows stand beside each other in one batch; `keys` are those of maps."""

    batch: int
    blocks: Sequence[Block] = field(repr=False)
    slots: Mapping[str, Slot] = field(repr=False)
    media: Mapping[str, tuple[Leaf, _Rows]] = field(repr=False)
    keys: Mapping[str, tuple[Leaf, str, _Rows]] = field(repr=False)
    lengths: Mapping[int, tuple[Leaf, int]] = field(repr=False)
    changes: Changes = field(repr=False)
    properties: Sequence[Noted] = field(default=(), repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Take note of the changes; what stands in the copy follows when all is read."""
        for each in self.properties:
            each.take(edits)
        pools = {index: _Pool(leaf, length) for index, (leaf, length) in self.lengths.items()}
        for address, (leaf, key, rows) in self.keys.items():
            if edits.get(address):
                pools[leaf.index].set(rows, splice(key, edits[address]))
        for address, (leaf, rows) in self.media.items():
            if tuple(edits.get(address, ())) == EMPTIED:
                pools[leaf.index].set(rows, "")
        for address, slot in self.slots.items():
            if address in columns:
                pools[slot.leaf.index].replace(slot, columns[address])
        for pool in pools.values():
            if pool.texts:
                self.changes.put(self.batch, pool.leaf, pool.texts, pool.places)
        return b""


class _Pool:
    """The replacements of a leaf: row i gets `texts[places[i]]`, nothing where it is -1."""

    def __init__(self, leaf: Leaf, length: int) -> None:
        self.leaf = leaf
        self.texts: list[str] = []
        self.places = np.full(length, -1, dtype=np.int64)

    def set(self, rows: _Rows, text: str) -> None:
        """Let a text stand in some rows."""
        self.places[rows] = len(self.texts)
        self.texts.append(text)

    def replace(self, slot: Slot, new: Replaced) -> None:
        """Let what the columns say stand in the rows of a slot; what is null there stays null."""
        own = slot.cells.values.indices.to_numpy()
        place = np.full(len(new.values), -1, dtype=np.int64)
        for i, value in enumerate(new.values):
            if value is not None:
                place[i] = len(self.texts)
                self.texts.append(value)
        chosen = place[own if new.indices is None else new.indices]
        chosen[own == len(slot.cells.values.dictionary) - 1] = -1
        if slot.cells.opaque is not None:
            chosen[slot.cells.opaque] = -1
        rows = np.arange(len(own)) if slot.rows is None else slot.rows
        self.places[rows[chosen >= 0]] = chosen[chosen >= 0]


@dataclass(slots=True)
class Cutter:
    """
    Cuts batches into chunks: the table's own rows, then the elements of each list and map.

    It counts the elements, so that each has a number of its own through the document.
    """

    shown: str
    leaves: Sequence[Leaf] = field(repr=False)
    changes: Changes = field(repr=False)
    _counts: dict[str, int] = field(default_factory=dict)
    _indices: dict[tuple[int, str], int] = field(default_factory=dict, repr=False)

    def columns(self, batch: Batch) -> Sequence[Column]:
        """Return the columns of the table's own rows. Raises NotText."""
        arrays = (each for column in batch.rows.columns for each in spread(column))
        pairs = zip(self.leaves, arrays, strict=True)
        return [
            self._column(batch, leaf, cells_of(array), batch.first)
            for leaf, array in pairs
            if not leaf.rows
        ]

    def chunks(self, batch: Batch, properties: Sequence[Noted]) -> Iterator[TypedChunk]:
        """Yield the chunks of a batch. Raises NotText."""
        arrays = [each for column in batch.rows.columns for each in spread(column)]
        groups: dict[str, list[tuple[Leaf, pa.Array]]] = {"": []}
        for leaf, array in zip(self.leaves, arrays, strict=True):
            groups.setdefault(leaf.rows, []).append((leaf, array))
        for rows, members in groups.items():
            first = batch.first if not rows else self._counts.get(rows, 0) + 1
            texts = [block for each in properties for block in each.blocks] if not rows else []
            yield self._chunk(batch, members, first, texts, () if rows else properties)
            if rows:
                self._counts[rows] = first - 1 + len(members[0][1])

    def _chunk(
        self,
        batch: Batch,
        members: Sequence[tuple[Leaf, pa.Array]],
        first: int,
        blocks: list[Block],
        properties: Sequence[Noted],
    ) -> TypedChunk:
        keys: dict[str, tuple[Leaf, str, _Rows]] = {}
        slots: dict[str, Slot] = {}
        media: dict[str, tuple[Leaf, _Rows]] = {}
        found = _keys(members)
        for number, (key, rows) in enumerate(found, 1):
            leaf = members[0][0]
            address = f"column {leaf.address}, key {number}, from record {first}"
            blocks.append(Text(Location(self.shown, address), key, "", "", "key"))
            keys[address] = (leaf, key, rows)
        for leaf, array in members:
            if not len(array) or (found and leaf.role == "key"):
                continue
            parts: list[tuple[str, _Rows | None, pa.Array]]
            if found and leaf.role == "value":
                parts = [
                    (key, rows, without_view(array).take(pa.array(rows))) for key, rows in found
                ]
            else:
                parts = [("", None, array)]
            for key, part_rows, part in parts:
                slot = Slot(leaf, cells_of(part), part_rows)
                column = self._column(batch, leaf, slot.cells, first, key)
                blocks.append(column)
                slots[column.location.address] = slot
                if slot.cells.opaque is not None:
                    place = Location(self.shown, f"{column.location.address}, binary")
                    blocks.append(Media(place, OPAQUE, size=slot.cells.bytes))
                    own = np.flatnonzero(slot.cells.opaque)
                    media[place.address] = leaf, own if part_rows is None else part_rows[own]
        lengths = {leaf.index: (leaf, len(array)) for leaf, array in members}
        return TypedChunk(
            batch.number, blocks, slots, media, keys, lengths, self.changes, properties
        )

    def _column(self, batch: Batch, leaf: Leaf, cells: Cells, first: int, key: str = "") -> Column:
        index, place = leaf.index, f"column {leaf.address}"
        if key:
            known = len(self.leaves) + len(self._indices)
            index = self._indices.setdefault((leaf.index, key), known)
            place = f"{place}, key {index - len(self.leaves) + 1}"
        which = f"{place}, value {{record}}" if leaf.rows else f"row {{record}}, {place}"
        where = batch.where.replace("{", "{{").replace("}", "}}")
        return Column(
            Location(self.shown, f"{place}, from record {first}"),
            key or leaf.label,
            cells.values,
            index=index,
            first=first,
            cell=where + which,
        )


def _keys(members: Sequence[tuple[Leaf, pa.Array]]) -> Sequence[tuple[str, _Rows]]:
    """Return the distinct keys of maps, each with its rows; () where they are too many, or no text."""
    if not members:
        return ()
    leaf, array = members[0]
    if leaf.role != "key" or not is_text(leaf.type) or not len(array):
        return ()
    coded = cells_of(array).values
    texts: list[str] = coded.dictionary.to_pylist()[:-1]
    if len(texts) > MOST_KEYS or "" in texts or kinds.is_dictionary(leaf.type):
        return ()
    indices = coded.indices.to_numpy()
    return [(text, np.flatnonzero(indices == i)) for i, text in enumerate(texts)]
