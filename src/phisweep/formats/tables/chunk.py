"""A chunk of a table: what to search in it, and its bytes with the changes in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from phisweep.formats.base import Block, Replaced, failed
from phisweep.formats.stream import Opened
from phisweep.formats.tables.cells import Cells, Changes, cells, quoted, splice_bytes
from phisweep.formats.tables.lexer import Bytes, Lexed, Positions
from phisweep.model import Column, Edit, Kind, Location, Text
from phisweep.splicing import splice


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    The delimiter, one ASCII byte, and the cells of the first record.

    `named`: they are names and not data; else all labels are empty.
    """

    delimiter: bytes
    first: tuple[str, ...] = field(repr=False)
    named: bool = True

    @property
    def width(self) -> int:
        """How many fields a record has to have."""
        return len(self.first)

    def label(self, index: int) -> str:
        """Return the name of a 0-based column."""
        return self.first[index] if self.named else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk stands: the number of its first data record and the line it begins on."""

    record: int = 1
    line: int = 1
    header: bool = False  # the chunk begins with the names of the columns
    mark: bytes = b""  # byte order mark before the chunk


@dataclass(frozen=True, slots=True)
class Span:
    """A Text's half-open bytes in the chunk, its value, and whether it stands in quotes."""

    start: int
    end: int
    value: str = field(repr=False)
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class TableChunk:
    """
    Whole records: columns of cells, and as texts the names and what belongs to no column.

    `records` are the chunk's data records, the header taken out.
    """

    opened: Opened
    mark: bytes
    dialect: Dialect = field(repr=False)
    cells: Cells = field(repr=False)
    records: slice
    blocks: Sequence[Block] = field(repr=False)
    spans: Mapping[str, Span] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """
        Return the records with the changes in place, every other byte as it was.

        A changed cell keeps its quotes, and gets them where the new value needs them. Raises
        DocumentError E206 for a value that the document's code cannot hold.
        """
        pool: list[str] = []
        parts = [
            self._column(block, columns[block.location.address], pool)
            for block in self.blocks
            if isinstance(block, Column) and block.location.address in columns
        ]
        for address, span in self.spans.items():
            if edits.get(address):
                new = splice(span.value, edits[address])
                parts.append((np.array([span.start]), np.array([span.end]), np.array([len(pool)])))
                pool.append(self._styled(new, in_quotes=span.quoted))
        data, code, source = self.cells.lexed.data, self.opened.code, self.opened.source
        if pool:
            starts, ends, which = (np.concatenate(part) for part in zip(*parts, strict=True))
            try:
                raw = [value.encode() for value in pool]
            except UnicodeEncodeError:
                raise failed("E206", source, "a replacement is no Unicode text") from None
            data = splice_bytes(data, Changes(starts, ends, which, raw))
        return self.mark + code.back(data, source)

    def _column(
        self, column: Column, new: Replaced, pool: list[str]
    ) -> tuple[Bytes, Bytes, Positions]:
        """Return starts, ends and pool indices of the column's changed cells; fills the pool."""
        place = np.full(len(new.values), -1, dtype=np.int64)
        for i, value in enumerate(new.values):
            if value is not None:
                place[i] = len(pool)
                pool += (self._styled(value, in_quotes=False), quoted(value))
        lexed, index = self.cells.lexed, column.index
        own = column.values.indices.to_numpy()
        chosen = place[own if new.indices is None else new.indices]
        chosen[lexed.counts[self.records] <= index] = -1  # no such cell in a short record
        rows = np.flatnonzero(chosen >= 0)
        fields = lexed.first[self.records][rows] + index
        which = chosen[rows] + self.cells.quoted[fields]
        return lexed.starts[fields], lexed.ends[fields], which

    def _styled(self, value: str, *, in_quotes: bool) -> str:
        special = (self.dialect.delimiter.decode(), '"', "\r", "\n")
        alone = self.dialect.width == 1 and not value  # would be a blank line, which is no record
        need = alone or any(sign in value for sign in special)
        return quoted(value) if in_quotes or need else value


def chunk(opened: Opened, dialect: Dialect, lexed: Lexed, place: Place) -> TableChunk:
    """Return the chunk of lexed records. Raises DocumentError E203."""
    if not lexed.data.isascii():
        opened.text(lexed.data)
    found = cells(lexed)
    records = slice(int(place.header), len(lexed.first))
    blocks: list[Block] = []
    spans: dict[str, Span] = {}
    for text, span in _texts(opened, dialect, found, place):
        blocks.append(text)
        spans[text.location.address] = span
    blocks += columns(opened, dialect, found, records, place)
    return TableChunk(opened, place.mark, dialect, found, records, blocks, spans)


def columns(
    opened: Opened, dialect: Dialect, found: Cells, records: slice, place: Place
) -> list[Column]:
    """Return the columns of these records, of which the first is the place's."""
    lexed = found.lexed
    first = lexed.first[records]
    if not len(first):
        return []
    begins = lexed.starts[first]
    lines = found.lines(begins)
    last = found.lines(lexed.starts[first + lexed.counts[records] - 1])
    one_line = begins if np.array_equal(lines, last) else None
    made = []
    for j in range(dialect.width):
        fields = found.fields(j, records)
        made.append(
            Column(
                Location(opened.source.shown, f"column {j + 1}, from record {place.record}"),
                dialect.label(j),
                found.column(fields),
                index=j,
                first=place.record,
                lines=cast("Sequence[int]", lines + place.line),
                cols=cast("Sequence[int]", found.cols(fields, one_line)),
            )
        )
    return made


def _texts(
    opened: Opened, dialect: Dialect, found: Cells, place: Place
) -> Iterator[tuple[Text, Span]]:
    """Yield the names of the columns, cells beyond the last column, and an unclosed record."""
    lexed, name, width = found.lexed, opened.source.shown, dialect.width

    def text(number: int, address: str, kind: Kind) -> tuple[Text, Span]:
        at = np.array([number])
        line = place.line + int(found.lines(lexed.starts[at])[0])
        span = Span(
            int(lexed.starts[number]),
            int(lexed.ends[number]),
            found.text(number),
            bool(found.quoted[number]),
        )
        col = int(found.cols(at, None)[0])
        where = Location(name, address)
        return Text(where, span.value, kind=kind, line=line, col=col), span

    if place.header:
        for j in range(width):
            yield text(int(lexed.first[0]) + j, f"header, column {j + 1}", "key")
    for i in np.flatnonzero(lexed.counts > width):
        begin = int(lexed.first[i])
        line = place.line + int(found.lines(lexed.starts[begin : begin + 1])[0])
        record = place.record + int(i) - place.header
        for j in range(width, int(lexed.counts[i])):
            yield text(begin + j, f"record {record}, line {line}, column {j + 1}", "value")
    if lexed.open_quote:
        line = place.line + int(np.searchsorted(lexed.breaks, lexed.rest, side="right"))
        address = f"record {place.record + len(lexed.first) - place.header}, line {line}"
        value = opened.text(lexed.data[lexed.rest :])
        yield (
            Text(Location(name, address), value, line=line, col=1),
            Span(lexed.rest, len(lexed.data), value),
        )
