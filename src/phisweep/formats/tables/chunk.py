"""A chunk of a table: what to search in it, and its bytes with the changes in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property, partial
from itertools import chain

import numpy as np
import pyarrow as pa

from phisweep.arrays import numbers
from phisweep.formats.base import Block, Replaced, failed
from phisweep.formats.stream import Opened
from phisweep.formats.tables.cells import Cells, Changes, quoted, splice_bytes
from phisweep.formats.tables.lexer import Bytes, Positions
from phisweep.formats.tables.stretch import Lazy, Stretch
from phisweep.model import Column, Edit, Kind, Location, Text
from phisweep.splicing import splice
from phisweep.values import dataclass


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


class Rows:
    """
    Some records of a stretch: how many, and where their fields stand when somebody asks.

    `parsed` are their values where Arrow's parser gave them, and all records are of one length.
    """

    def __init__(
        self,
        stretch: Stretch,
        records: slice,
        parsed: Sequence[pa.DictionaryArray] | None = None,
    ) -> None:
        self.stretch = stretch
        self.records = records
        self.parsed = parsed

    @cached_property
    def count(self) -> int:
        """How many records there are."""
        return len(self.first) if self.parsed is None else len(self.parsed[0])

    @cached_property
    def first(self) -> Positions:
        """Which field each record begins with."""
        return self.stretch.lexed.first[self.records]

    @cached_property
    def lines(self) -> Positions:
        """How many lines end before each record."""
        return self.stretch.cells.lines(self.stretch.lexed.starts[self.first])

    @cached_property
    def _one_line(self) -> Bytes | None:
        """Where the line of each record begins, None where a record has several."""
        lexed = self.stretch.lexed
        ends = lexed.starts[self.first + lexed.counts[self.records] - 1]
        alone = np.array_equal(self.lines, self.stretch.cells.lines(ends))
        return lexed.starts[self.first] if alone else None

    def values(self, index: int) -> pa.DictionaryArray:
        """Return the values of a column."""
        if self.parsed is not None:
            return self.parsed[index]
        return self.stretch.cells.column(self.stretch.cells.fields(index, self.records))

    def cols(self, index: int) -> Positions:
        """Return the 1-based code-point column of each value on its own line."""
        found = self.stretch.cells
        return found.cols(found.fields(index, self.records), self._one_line)


@dataclass(frozen=True, slots=True)
class TableChunk:
    """Whole records: columns of cells, and as texts the names and what belongs to no column."""

    opened: Opened
    mark: bytes
    dialect: Dialect = field(repr=False)
    rows: Rows = field(repr=False)
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
        data, code, source = self.rows.stretch.data, self.opened.code, self.opened.source
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
        stretch, index = self.rows.stretch, column.index
        place = np.full(len(new.values), -1, dtype=np.int64)
        some = bool(stretch.cells.quoted.any())
        filled = [value for value in new.values if value is not None]
        step = 2 if some else 1  # each value, and as it stands in quotes
        there = np.array([value is not None for value in new.values], dtype=bool)
        place[there] = len(pool) + step * np.arange(len(filled))
        styled = self._all_styled(filled)
        pool += (
            chain.from_iterable(zip(styled, map(quoted, filled), strict=True)) if some else styled
        )
        lexed, records = stretch.lexed, self.rows.records
        own = numbers(column.values.indices)
        chosen = place[own if new.indices is None else new.indices]
        chosen[lexed.counts[records] <= index] = -1  # no such cell in a short record
        rows = np.flatnonzero(chosen >= 0)
        fields = lexed.first[records][rows] + index
        which = chosen[rows] + stretch.cells.quoted[fields]
        return lexed.starts[fields], lexed.ends[fields], which

    def _all_styled(self, values: list[str]) -> list[str]:
        """Return values as they stand in cells without quotes; most are those of no special sign."""
        text = "".join(values)
        special = self.dialect.width == 1 or any(s in text for s in self._special)
        return [self._styled(value, in_quotes=False) for value in values] if special else values

    @property
    def _special(self) -> Sequence[str]:
        """The signs for which a value needs quotes."""
        return self.dialect.delimiter.decode(), '"', "\r", "\n"

    def _styled(self, value: str, *, in_quotes: bool) -> str:
        alone = self.dialect.width == 1 and not value  # would be a blank line, which is no record
        need = alone or any(sign in value for sign in self._special)
        return quoted(value) if in_quotes or need else value


def chunk(opened: Opened, dialect: Dialect, stretch: Stretch, place: Place) -> TableChunk:
    """Return the chunk of whole records. Raises DocumentError E203."""
    if not stretch.data.isascii():
        opened.text(stretch.data)
    parsed = stretch.values(dialect.width, header=place.header)
    rows = Rows(stretch, slice(int(place.header), None), parsed)
    blocks: list[Block] = []
    spans: dict[str, Span] = {}
    if parsed is None or place.header:
        for text, span in _texts(opened, dialect, stretch.cells, place):
            blocks.append(text)
            spans[text.location.address] = span
    blocks += columns(opened, dialect, rows, place)
    return TableChunk(opened, place.mark, dialect, rows, blocks, spans)


def columns(opened: Opened, dialect: Dialect, rows: Rows, place: Place) -> list[Column]:
    """Return the columns of these records, of which the first is the place's."""
    if not rows.count:
        return []
    lines = Lazy(rows.count, lambda: rows.lines + place.line)
    return [
        Column(
            Location(opened.source.shown, f"column {j + 1}, from record {place.record}"),
            dialect.label(j),
            rows.values(j),
            index=j,
            first=place.record,
            lines=lines,
            cols=Lazy(rows.count, partial(rows.cols, j)),
        )
        for j in range(dialect.width)
    ]


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
