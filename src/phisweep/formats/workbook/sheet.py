"""A sheet of a workbook: its cells as columns, headers and forms as texts, and what stands around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar

import numpy as np

from phisweep.formats.base import Block, Replaced, Structure, kind_of
from phisweep.formats.workbook.batch import Batch, Odd, letters_of
from phisweep.formats.workbook.book import DERIVED, PRINTER, Book, Sheet
from phisweep.formats.workbook.changes import SheetChanges
from phisweep.formats.workbook.derived import dropped_ids, without_ids
from phisweep.formats.workbook.elements import blocks as utf8
from phisweep.formats.workbook.elements import missing
from phisweep.formats.workbook.formulas import pieces
from phisweep.formats.workbook.grid import (
    CELL,
    GridColumn,
    Header,
    Single,
    block,
    columns_of,
    header_of,
    singles_of,
)
from phisweep.formats.workbook.rows import RowReader
from phisweep.formats.workbook.shows import Shows
from phisweep.formats.workbook.texts import Change, PartTexts
from phisweep.model import Column, Edit, Kind, Location, Text
from phisweep.splicing import splice


@dataclass(slots=True)
class SheetChunk:
    """Rows of a sheet; what is to change in them is noted, and written at the document's end."""

    blocks: Sequence[Block] = field(repr=False)
    changes: SheetChanges
    columns: Mapping[str, GridColumn] = field(default_factory=dict, repr=False)
    singles: Mapping[str, Single] = field(default_factory=dict, repr=False)
    formulas: Mapping[str, Sequence[int]] = field(default_factory=dict)
    odd: Mapping[str, Odd] = field(default_factory=dict, repr=False)
    frame: PartTexts | None = field(default=None, repr=False)
    moved: Callable[[Iterable[Change]], list[Change]] = field(default=list, repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Note the changes of the rows."""
        for address, new in columns.items():
            self._column(self.columns[address], new)
        made = {address: own for address, own in edits.items() if own}
        for address, own in made.items():
            if single := self.singles.get(address):
                self._single(single, splice(single.text, own))
            self.changes.unformed.update(self.formulas.get(address, ()))
            if odd := self.odd.get(address):
                self.changes.odd.append(odd)
        if self.frame is not None:
            self.changes.frame += self.moved(self.frame.changes(made))
        return b""

    def _column(self, column: GridColumn, new: Replaced) -> None:
        place = np.full(len(new.values) + 1, -1, dtype=np.int64)
        pool = [value for value in new.values if value is not None]
        filled = [i for i, value in enumerate(new.values) if value is not None]
        place[filled] = np.arange(len(filled))
        chosen = place[column.codes if new.indices is None else new.indices]
        rows = np.flatnonzero((chosen >= 0) & (column.starts >= 0))
        self.changes.cells(column.starts[rows], column.ends[rows], chosen[rows], pool)

    def _single(self, single: Single, new: str) -> None:
        if (single.row, single.column) in self.changes.header_at:
            self.changes.headers[single.row, single.column] = new
            return
        at = np.array([single.start], dtype=np.int64)
        end = np.array([single.end], dtype=np.int64)
        self.changes.cells(at, end, np.zeros(1, dtype=np.int64), [new])


@dataclass(slots=True)
class SheetPart:
    """One sheet; `counted` is told how many rows and columns of data it has."""

    book: Book
    sheet: Sheet
    changes: SheetChanges
    rows: int = 0
    width: int = 0
    structure: ClassVar[Structure] = "rows"
    _reader: RowReader | None = field(default=None, repr=False)
    _first: Batch | None = field(default=None, repr=False)
    _rest: Iterator[Batch] = field(default=iter(()), repr=False)
    _header: Header = field(default_factory=Header, repr=False)

    @property
    def name(self) -> str:
        """What the sheet is called, else its part."""
        return self.sheet.name or self.sheet.member

    def sample(self) -> Sequence[Column]:
        """Return the first sample_records rows, as far as they lie in the first batch."""
        reader, batch = self._begin()
        if batch is None:
            return ()
        most, header = self.book.options.sample_records, self._header
        first = max(header.row + 1, batch.first)
        copied = Batch(batch.first, batch.last)
        for index, cells in batch.columns.items():
            kept = [i for i, row in enumerate(cells.rows) if first <= row < first + most]
            if kept:
                copied.columns[index] = cells.chosen(kept)
        shown = reader.source.shown
        found = columns_of(copied, first)
        return [block(c, shown, header.names.get(c.index, ""), first, slice(most)) for c in found]

    def chunks(self) -> Iterator[SheetChunk]:
        """Yield the rows, and then what stands around them. Raises DocumentError."""
        reader, first = self._begin()
        rest, self._reader = self._rest, None
        for batch in chain([first] if first is not None else [], rest):
            yield self._chunk(batch)
        yield self._around(reader)

    def _begin(self) -> tuple[RowReader, Batch | None]:
        """Read the first batch, and find the header; what was read and not taken is taken again."""
        if self._reader is not None:
            return self._reader, self._first
        book = self.book
        info = book.zip.info(self.sheet.member)
        if info is None:
            raise missing(book.source)
        self._reader = RowReader(
            book.source, book.options, Shows(book.source, book.strings, book.forms, book.from_1904)
        )
        self._rest = self._reader.batches(utf8(book.zip.blocks(info)))
        self._first = next(self._rest, None)
        tables = book.tables.get(self.sheet.member, ())
        known = min((table.row for table in tables), default=0)
        self._header = header_of(self._first, known) if self._first is not None else Header()
        return self._reader, self._first

    def _heads(self) -> frozenset[tuple[int, int]]:
        """Return the cells that head tables."""
        return frozenset(
            (table.row, table.column + i)
            for table in self.book.tables.get(self.sheet.member, ())
            for i in range(len(table.names))
        )

    def _chunk(self, batch: Batch) -> SheetChunk:
        shown, header, heads = self.book.source.shown, self._header, self._heads()
        singles: dict[str, Single] = {}
        texts: list[Block] = []
        for single in singles_of(batch, header, heads):
            at = single.row, single.column
            if at in heads:
                self.changes.header_at[at] = single.start, single.end
                self.changes.header_texts[at] = single.text
            singles[single.address] = single
            texts.append(self._text(single, is_name=single.row == header.row or at in heads))
        odd = {f"row {batch.first}, other {i + 1}": each for i, each in enumerate(batch.odd)}
        texts += [self._other(address, each.text) for address, each in odd.items()]
        formulas = self._formulas(batch, texts)
        first = max(batch.first, header.row + 1) if batch.first else 1
        made = [*columns_of(batch, first)] if batch.columns else []
        columns = [block(c, shown, header.names.get(c.index, ""), first) for c in made]
        if made:
            self.rows += batch.last - first + 1
            self.width = max(self.width, made[-1].index + 1)
        by_address = {b.location.address: c for b, c in zip(columns, made, strict=True)}
        blocks: list[Block] = [*texts, *columns]
        return SheetChunk(blocks, self.changes, by_address, singles, formulas, odd)

    def _formulas(self, batch: Batch, texts: list[Block]) -> dict[str, list[int]]:
        """Add a text for each distinct piece of the batch's formulas; return the cells of each."""
        self.changes.formulas(batch.formulas)
        known, cells, named = self.book.known_names(), dict[str, list[int]](), dict[str, str]()
        counts = Counter[str]()
        for each in batch.formulas:
            for piece in pieces(each.text, known):
                address = named.get(piece.text)
                if address is None:
                    cell = CELL.format(letters=letters_of(each.column), record=each.row)
                    counts[cell] += 1
                    address = named[piece.text] = f"{cell}, formula, piece {counts[cell]}"
                    texts.append(self._other(address, piece.text, "formula"))
                cells.setdefault(address, []).append(each.start)
        return cells

    def _text(self, single: Single, *, is_name: bool) -> Text:
        where = Location(self.book.source.shown, single.address)
        kind: Kind = "key" if is_name and not single.label else kind_of(single.text)
        place = "header" if is_name else f"column {single.column + 1}"
        return Text(where, single.text, single.label, kind=kind, place=place)

    def _other(self, address: str, text: str, place: str = "between the rows") -> Text:
        where = Location(self.book.source.shown, address)
        return Text(where, text, kind=kind_of(text), place=place)

    def _around(self, reader: RowReader) -> SheetChunk:
        """Return what stands around the rows, in which nothing of the rows is left."""
        book, member = self.book, self.sheet.member
        frame, changes = reader.frame, self.changes
        texts = PartTexts(frame, book.source, book.options, member, book.known_names())
        at, by = reader.rows_at, max(0, reader.rows_end - reader.rows_at)

        def moved(found: Iterable[Change]) -> list[Change]:
            return [(s + by * (s >= at), e + by * (s >= at), data) for s, e, data in found]

        changes.frame += moved(dropped_ids(texts, book.ids(member, PRINTER)))
        changes.derived += moved(without_ids(frame, book, book.ids(member, DERIVED)))
        changes.names += [
            (text, move) for text, (move,) in ((t, moved([c])) for t, c in texts.names())
        ]
        return SheetChunk(texts.blocks, changes, frame=texts, moved=moved)
