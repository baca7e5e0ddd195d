"""
Rows of a table as blocks to search, and back to the cells that changed.

A cell that is a document of its own (JSON, XML, a PDF in a blob) is searched in its own parts, and
stands in its column as empty. Blobs that are text are searched as such; all others of a column are
one Media.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from phisweep.formats.base import Block, ReadOptions, Replaced
from phisweep.formats.database.encoded import Indices, dictionary_array, distinct
from phisweep.formats.database.inner import as_text, is_document, opened_cell
from phisweep.formats.embedded import Embedded
from phisweep.model import Column, Edit, Location, Media, Source, Text

Value = str | bytes | None
ROW = "row {record}, column {column}"


@dataclass(frozen=True, slots=True)
class Table:
    """What all batches of a table share: names of its columns, and how a cell's place is written."""

    source: Source
    options: ReadOptions
    labels: Sequence[str] = field(repr=False)
    cell: str = ROW
    binary: str = "binary values in a column"


class Change(NamedTuple):
    """What comes into a cell: bytes where a blob stood there."""

    column: int
    row: int
    value: str | bytes


class Batch:
    """Rows of a table; `first` is the number of its first one, `lines` where they start."""

    def __init__(self, table: Table, first: int, lines: Indices | None = None) -> None:
        self.table = table
        self.first = first
        self.lines = lines
        self.blocks: list[Block] = []
        self._binary: dict[str, Indices] = {}
        self._inner: list[tuple[int, int, Embedded, bool]] = []
        self._media: dict[str, tuple[int, list[int]]] = {}

    def add(self, index: int, values: Sequence[Value], cols: Indices | None = None) -> None:
        """Add a column: what stands in its cells, None where nothing does."""
        self.add_distinct(index, *distinct(values), cols)

    def add_distinct(
        self,
        index: int,
        entries: Sequence[str | bytes],
        indices: Indices,
        cols: Indices | None = None,
    ) -> None:
        """Add a column whose row i holds `entries[indices[i]]`."""
        texts = [e if isinstance(e, str) else as_text(e) for e in entries]
        special = {
            i
            for i, (entry, text) in enumerate(zip(entries, texts, strict=True))
            if text is None or is_document(text)
        }
        plain = ["" if text is None else text for text in texts]
        if special:
            indices = self._specials(index, entries, indices, special)
            left = np.bincount(indices, minlength=len(plain))
            plain = [text if left[i] else "" for i, text in enumerate(plain)] + [""]
        address = f"column {index + 1}, from record {self.first}"
        if any(isinstance(entry, bytes) for entry in entries):
            flags = [isinstance(entry, bytes) for entry in entries] + [False]
            self._binary[address] = np.array(flags)[indices].astype(np.int64)
        self.blocks.append(
            Column(
                Location(self.table.source.shown, address),
                self.table.labels[index],
                dictionary_array(plain, indices),
                index=index,
                first=self.first,
                lines=self.lines,  # type: ignore[arg-type]  # an array is a sequence of ints
                cols=cols,  # type: ignore[arg-type]
                cell=self.table.cell,
            )
        )

    def changes(
        self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]
    ) -> Iterator[Change]:
        """Yield the cells that changed, in no order."""
        for block in self.blocks:
            if isinstance(block, Column) and (new := columns.get(block.location.address)):
                yield from self._replaced(block, new)
        for index, row, inner, binary in self._inner:
            data = inner.write(edits)
            if data is not None:
                yield Change(index, row, data if binary else data.decode("utf-8", "replace"))
        for address, (index, rows) in self._media.items():
            if edits.get(address):
                yield from (Change(index, row, b"") for row in rows)

    def close(self) -> None:
        """Release the documents in cells."""
        for _, _, inner, _ in self._inner:
            inner.close()

    def _replaced(self, block: Column, new: Replaced) -> Iterator[Change]:
        own = block.values.indices.to_numpy() if new.indices is None else new.indices
        changed = np.array([value is not None for value in new.values], dtype=bool)
        binary = self._binary.get(block.location.address)
        for row in np.flatnonzero(changed[own]).tolist():
            value = new.values[own[row]] or ""
            if binary is not None and binary[row]:
                yield Change(block.index, row, value.encode("utf-8", "replace"))
            else:
                yield Change(block.index, row, value)

    def _specials(
        self, index: int, entries: Sequence[str | bytes], indices: Indices, special: set[int]
    ) -> Indices:
        """Open the documents in the cells; return the rows with what was opened left empty."""
        indices = indices.copy()
        unread: list[int] = []
        for row, i in enumerate(indices.tolist()):
            if i not in special:
                continue
            entry = entries[i]
            address = f"record {self.first + row}: column {index + 1}"
            inner = opened_cell(entry, self.table.source, self.table.options, address)
            if inner is not None:
                self._inner.append((index, row, inner, isinstance(entry, bytes)))
                self.blocks += [self._labelled(block, index) for block in inner.blocks]
            elif isinstance(entry, bytes) and as_text(entry) is None:
                unread.append(row)
            else:
                continue
            indices[row] = len(entries)
        if unread:
            address = f"column {index + 1}, from record {self.first} (binary)"
            size = sum(len(entries[i]) for i in special)
            where = Location(self.table.source.shown, address)
            self.blocks.append(Media(where, self.table.binary, size=size))
            self._media[address] = (index, unread)
        return indices

    def _labelled(self, block: Block, index: int) -> Block:
        if isinstance(block, Text) and not block.label and block.kind != "key":
            return replace(block, label=self.table.labels[index])
        return block
