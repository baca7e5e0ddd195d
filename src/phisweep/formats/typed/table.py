"""A typed table as a document: read batch by batch to be searched, and again to be written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, Structure, failed
from phisweep.formats.typed.changes import Changes, merged
from phisweep.formats.typed.chunk import Batch, Cutter, Noted, TypedChunk
from phisweep.formats.typed.drain import Drain
from phisweep.formats.typed.guard import guarded, reading
from phisweep.formats.typed.properties import Names, Properties, names_of
from phisweep.formats.typed.shape import (
    Leaf,
    final_field,
    gathered,
    leaves,
    nodes,
    spread,
)
from phisweep.formats.typed.words import is_uuid, without_view, words
from phisweep.model import Column, Edit, Source

MOST_SAID = 20  # columns of which it is said by their numbers that their type changed


@dataclass(frozen=True, slots=True)
class Plan:
    """What a writer is told: the copy's schema, and which fields of the first level changed."""

    schema: pa.Schema = field(repr=False)
    renamed: Mapping[str, str] = field(repr=False)
    changed: frozenset[int]
    footer: Mapping[bytes, bytes] | None = field(default=None, repr=False)


class Writer(Protocol):
    """Writes the copy into a sink."""

    def write(self, batch: Batch, rows: pa.RecordBatch, properties: Mapping[bytes, bytes]) -> None:
        """Write the rows that stand in a batch's place."""

    def close(self) -> None:
        """Write what comes last."""


class Reader(Protocol):
    """A typed table that can be read twice. What Arrow raises is left to the document."""

    schema: pa.Schema
    #: What a writer said of the whole file, beside its schema.
    footer: Mapping[bytes, bytes]
    #: Why the source is not read whole, raised when all of the table is read.
    fault: DocumentError | None

    def batches(self) -> Iterator[Batch]:
        """Yield the batches from the first one on. Raises DocumentError."""

    def blocks(self) -> Sequence[Block]:
        """Return what else stands in the file and is searched, but is in no copy."""

    def writer(self, sink: io.RawIOBase, plan: Plan) -> Writer:
        """Return what writes a copy of this kind."""

    def unchanged(self) -> bool:
        """Say whether the source is still what it was when it was opened."""

    def position(self) -> int:
        """Return how many bytes were read so far."""

    def close(self) -> None:
        """Release the source."""


@dataclass(slots=True)
class TypedTable:
    """A part that is a typed table. `name` is "" where it is all of its document."""

    source: Source
    options: ReadOptions
    reader: Reader
    name: str = field(default="", repr=False)
    structure: Structure = "rows"
    rows: int = 0
    changes: Changes = field(default_factory=Changes)
    warnings: list[str] = field(default_factory=list)
    _names: Names = field(init=False)
    _leaves: Sequence[Leaf] = field(init=False, repr=False)
    _fields: dict[str, Properties] = field(init=False, repr=False)
    _schema: Properties = field(init=False)
    _footer: Properties = field(init=False)
    _own: dict[int, Properties] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        schema, shown = self.reader.schema, self.source.shown
        with reading(self.source):
            self._names = names_of(schema, shown)
            self._leaves = leaves(schema)
            pairs = tuple((schema.metadata or {}).items())
            self._schema = Properties(shown, "metadata ", self._names, pairs)
            footer = tuple(self.reader.footer.items())
            self._footer = Properties(shown, "file metadata ", self._names, footer)
            self._fields = {
                node.address: Properties(
                    shown,
                    f"column {node.address}, metadata ",
                    self._names,
                    [*node.metadata.items()],
                )
                for node in nodes(schema)
                if node.metadata
            }

    def sample(self) -> Sequence[Column]:
        """Return the first records, as far as they lie in the first batch."""
        cutter = Cutter(self.source.shown, self._leaves, self.changes)
        with reading(self.source):
            for batch in self._batches():
                rows = batch.rows.slice(0, self.options.sample_records)
                return cutter.columns(Batch(0, rows, 1))
        return ()

    def chunks(self) -> Iterator[TypedChunk]:
        """Yield the chunks. Raises DocumentError E203, E218, E221 to E223."""
        cutter = Cutter(self.source.shown, self._leaves, self.changes)
        properties = self.beside()
        size, most = 0, self.most()
        self.rows = 0
        for batch in self._batches():
            size += batch.rows.nbytes
            if size > most:
                raise failed("E218", self.source, f"it unpacks to more than {most} bytes")
            if batch.properties:
                own = Properties(
                    self.source.shown,
                    f"batch {batch.number + 1}, metadata ",
                    self._names,
                    [*batch.properties.items()],
                )
                self._own[batch.number] = own
                properties.append(own)
            yield from guarded(self.source, cutter.chunks, batch, properties)
            properties = []
            self.rows += len(batch.rows)
        if properties:
            empty = pa.RecordBatch.from_pylist([], schema=self.reader.schema)
            yield from guarded(self.source, cutter.chunks, Batch(0, empty, 1), properties)
        if self.reader.fault is not None:
            raise self.reader.fault

    @property
    def nested(self) -> bool:
        """Say whether a column has lists or maps, whose elements have rows of their own."""
        return any(leaf.rows for leaf in self._leaves)

    def beside(self) -> list[Noted]:
        """Return what stands beside the rows, and is searched with the first of them."""
        other = Others(self.reader.blocks())
        return [self._names, self._schema, self._footer, other, *self._fields.values()]

    def most(self) -> int:
        """Return how many bytes the rows may unpack to."""
        return max(self.options.max_unpacked, self.source.size * self.options.max_ratio)

    def copy(self) -> Iterator[bytes]:
        """Yield the copy. Raises DocumentError E201, E221."""
        if not self.reader.unchanged():
            raise failed("E201", self.source, "it changed while it was read")
        schema, sink = self._final(), Drain()
        entries = self._entries()
        top = {leaf.address.partition(".")[0] for leaf in self._leaves if self._touched(leaf)}
        changed = frozenset(int(each) - 1 for each in top)
        plan = Plan(schema, self._names.renamed, changed, self._footer.kept() or None)
        with reading(self.source):
            writer = self.reader.writer(sink, plan)
        count = 0
        for batch in self._batches():
            own = self._own.get(batch.number)
            with reading(self.source):
                rows = self._written(batch, schema, entries)
                writer.write(batch, rows, own.kept() if own else {})
            count += len(rows)
            yield sink.drained()
        if count != self.rows or not self.reader.unchanged():
            raise failed("E201", self.source, "it changed while it was read")
        with reading(self.source):
            writer.close()
        yield sink.drained()

    def close(self) -> None:
        """Release the source, and what was held."""
        self.changes.close()
        self.reader.close()

    def _batches(self) -> Iterator[Batch]:
        """Yield the batches; what is damaged in them would else be read out of bounds."""
        for batch in guarded(self.source, self.reader.batches):
            with reading(self.source):
                batch.rows.validate(full=True)
            yield batch

    def _touched(self, leaf: Leaf) -> bool:
        return leaf.index in self.changes.changed

    def _final(self) -> pa.Schema:
        """Return the schema of the copy, and say which columns changed their type."""
        types = [self.changes.final(leaf) for leaf in self._leaves]
        unfit = [leaf for leaf in self._leaves if leaf.index in self.changes.unfit]
        if unfit:
            told = ", ".join(leaf.address for leaf in unfit[:MOST_SAID])
            more = f" and {len(unfit) - MOST_SAID} more" if len(unfit) > MOST_SAID else ""
            self.warnings.append(
                f"text in the copy, as their types cannot hold what replaces values: columns {told}{more}"
            )
        own = {address: each.kept() for address, each in self._fields.items()}
        left = iter(types)
        fields = [
            final_field(each, left, self._names.now, own, str(number))
            for number, each in enumerate(self.reader.schema, 1)
        ]
        return pa.schema(
            [_extended(new, old) for new, old in zip(fields, self.reader.schema, strict=True)],
            metadata=self._schema.kept() or None,
        )

    def _leaves_of(
        self, batch: Batch, entries: Mapping[int, pa.Array]
    ) -> Iterator[tuple[Leaf, pa.Array]]:
        replaced = self.changes.of(batch.number)
        arrays = (each for column in batch.rows.columns for each in spread(column))
        for leaf, array in zip(self._leaves, arrays, strict=True):
            type_ = self.changes.final(leaf)
            new = replaced.get(leaf.index)
            if new is None and leaf.index in self.changes.changed:
                new = pa.DictionaryArray.from_arrays(
                    pa.nulls(len(array), pa.int32()), pa.array([], pa.string())
                )
            yield leaf, merged(array, new, type_, entries.get(leaf.index))

    def _written(
        self, batch: Batch, schema: pa.Schema, entries: Mapping[int, pa.Array]
    ) -> pa.RecordBatch:
        made = (array for _, array in self._leaves_of(batch, entries))
        columns = []
        for column, each in zip(batch.rows.columns, schema, strict=True):
            if extended(each.type):
                inner = gathered(column, made, each.type.storage_type)
                columns.append(pa.ExtensionArray.from_storage(each.type, inner))
            else:
                columns.append(gathered(column, made, each.type))
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _entries(self) -> Mapping[int, pa.Array]:
        """
        Return, for each leaf that is a dictionary, its entries in all batches of the copy.

        They stand in the order of the source's, and what replaces them behind.
        """
        wanted = {leaf.index for leaf in self._leaves if kinds.is_dictionary(leaf.type)}
        found: dict[int, pa.Array] = {}
        order: dict[int, pa.Array] = {}
        for batch in self._batches() if wanted else ():
            with reading(self.source):
                arrays = [each for column in batch.rows.columns for each in spread(column)]
                for leaf, array in self._leaves_of(batch, {}):
                    if leaf.index in wanted:
                        _add(found, leaf.index, array.dictionary)
                        _add(order, leaf.index, words(arrays[leaf.index].dictionary))
        return {index: _sorted(found[index], order[index]) for index in found}


def _add(known: dict[int, pa.Array], index: int, values: pa.Array) -> None:
    values = without_view(values)
    known[index] = pa.concat_arrays([known.get(index, values.slice(0, 0)), values]).unique()


def _sorted(values: pa.Array, order: pa.Array) -> pa.Array:
    """Return values in the order in which their texts stand in `order`, others behind."""
    places = pc.index_in(words(values), value_set=order)
    return values.take(pc.array_sort_indices(places, null_placement="at_end"))


@dataclass(frozen=True, slots=True)
class Others:
    """Blocks that are in no copy, whose edits change nothing."""

    blocks: Sequence[Block] = field(repr=False)

    def take(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Do nothing."""


def extended(type_: pa.DataType) -> bool:
    """Say whether a type is an extension that is stored as another."""
    return isinstance(type_, pa.BaseExtensionType) and not is_uuid(type_)


def _extended(new: pa.Field, old: pa.Field) -> pa.Field:
    """Return a field as the extension that it was, where it is stored as it was."""
    same = extended(old.type) and old.type.storage_type == new.type
    return new.with_type(old.type) if same else new
