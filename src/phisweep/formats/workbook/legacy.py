"""Workbooks that calamine reads: each sheet held whole, and written as one of XLSX by XlsxWriter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from phisweep.errors import DocumentError
from phisweep.formats.base import (  # fmt: skip
    Block,
    Fidelity,
    Part,
    ReadOptions,
    Replaced,
    Structure,
    failed,
    kind_of,
)
from phisweep.formats.extras import needed
from phisweep.formats.stream import raw_stream
from phisweep.formats.workbook.batch import Batch, Cells, split
from phisweep.formats.workbook.export import write
from phisweep.formats.workbook.grid import (  # fmt: skip
    GridColumn,
    Header,
    Single,
    block,
    columns_of,
    header_of,
    singles_of,
)
from phisweep.formats.workbook.values import plain
from phisweep.model import Column, Edit, Kind, Location, Source, Text
from phisweep.splicing import splice

_BATCH = 50_000  # cells
_LARGEST = 1 << 30  # bytes of a workbook, which is held whole
_OURS = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)  # not the library's
_MIDNIGHT = dt.time()


@dataclass(slots=True)
class LegacyDocument:
    """An opened workbook; `rows` counts the rows below the headers of all sheets."""

    source: Source
    options: ReadOptions
    workbook: Any = field(repr=False)
    writer: ModuleType = field(repr=False)
    encoding: str = ""
    rows: int | None = None
    columns: int | None = None
    warnings: list[str] = field(default_factory=list)
    held: str = ""
    also_unread: tuple[str, ...] = ()
    copy_path: str = ""
    fidelity: Fidelity = "always"
    #: What stands in the copy: by sheet, its cells by row from 1 and 0-based column.
    copy: dict[str, dict[tuple[int, int], object]] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    def parts(self) -> Iterator[Part]:
        """Yield the names of the sheets, and the sheets. Raises DocumentError."""
        self.rows, self.columns, self.copy, self.names = 0, 0, {}, {}
        sheets = list(self.workbook.sheet_names)
        yield _Names(self, sheets)
        for number, name in enumerate(sheets):
            part = LegacySheet(self, name, number)
            yield part
            self.rows += part.rows
            self.columns = max(self.columns, part.width)

    def finish(self) -> Iterator[bytes]:
        """Yield the copy. Raises DocumentError E230 where it cannot be one."""
        file = BytesIO()
        write(file, self.writer, self.source, self.copy, self.names, self.workbook.sheets_metadata)
        yield file.getvalue()

    def position(self) -> int:
        """Return the size: it was read whole when it was opened."""
        return self.source.size

    def close(self) -> None:
        """Release the workbook."""
        self.workbook.close()


@dataclass(slots=True)
class _NamesChunk:
    document: LegacyDocument
    blocks: Sequence[Block] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - no columns here
        for address, name in self.names.items():
            self.document.names[name] = splice(name, edits.get(address, ()))
        return b""


@dataclass(slots=True)
class _Names:
    document: LegacyDocument
    sheets: Sequence[str] = field(repr=False)
    name: str = "names"
    structure: ClassVar[Structure] = "text"

    def sample(self) -> Sequence[Column]:
        return ()

    def chunks(self) -> Iterator[_NamesChunk]:
        names = {f"name of sheet {i + 1}": name for i, name in enumerate(self.sheets)}
        shown = self.document.source.shown
        blocks = [
            Text(Location(shown, address), name, kind="filename", place="name of sheet")
            for address, name in names.items()
        ]
        yield _NamesChunk(self.document, blocks, names)


@dataclass(slots=True)
class LegacyChunk:
    """Rows of a sheet; their cells go into the copy as they are written."""

    blocks: Sequence[Block] = field(repr=False)
    cells: dict[tuple[int, int], object] = field(repr=False)
    columns: Mapping[str, tuple[GridColumn, int]] = field(repr=False)
    singles: Mapping[str, Single] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Change the cells of the copy."""
        for address, own in edits.items():
            if own:
                single = self.singles[address]
                self.cells[single.row, single.column] = splice(single.text, own)
        for address, new in columns.items():
            column, first = self.columns[address]
            chosen = column.codes if new.indices is None else new.indices
            for row in np.flatnonzero(column.starts >= 0).tolist():
                value = new.values[int(chosen[row])]
                if value is not None:
                    self.cells[first + row, column.index] = value
        return b""


@dataclass(slots=True)
class LegacySheet:
    """One sheet, held whole."""

    document: LegacyDocument
    name: str = field(repr=False)
    number: int
    rows: int = 0
    width: int = 0
    structure: ClassVar[Structure] = "rows"
    _values: list[Batch] | None = field(default=None, repr=False)
    _header: Header = field(default_factory=Header, repr=False)

    def sample(self) -> Sequence[Column]:
        """Return the first sample_records rows, as far as they lie in the first batch."""
        batches = self._batches()
        if not batches:
            return ()
        batch, most = batches[0], self.document.options.sample_records
        first = max(batch.first, self._header.row + 1)
        kept = Batch(first, batch.last)
        for index, cells in batch.columns.items():
            at = [i for i, row in enumerate(cells.rows) if first <= row < first + most]
            if at:
                kept.columns[index] = cells.chosen(at)
        shown, names = self.document.source.shown, self._header.names
        found = columns_of(kept, first)
        return [block(c, shown, names.get(c.index, ""), first, slice(most)) for c in found]

    def chunks(self) -> Iterator[LegacyChunk]:
        """Yield the rows. Raises DocumentError E229."""
        batches, cells = self._batches(), self.document.copy.setdefault(self.name, {})
        shown, header, self._values = self.document.source.shown, self._header, None
        for batch in batches:
            singles = {s.address: s for s in singles_of(batch, header, frozenset())}
            texts: list[Block] = [self._text(each, header) for each in singles.values()]
            first = max(batch.first, header.row + 1)
            made = [*columns_of(batch, first)]
            columns = [block(c, shown, header.names.get(c.index, ""), first) for c in made]
            if made:
                self.rows += batch.last - first + 1
                self.width = max(self.width, made[-1].index + 1)
            found = {b.location.address: (c, first) for b, c in zip(columns, made, strict=True)}
            yield LegacyChunk([*texts, *columns], cells, found, singles)

    def _text(self, single: Single, header: Header) -> Text:
        named = single.row == header.row and not single.label
        kind: Kind = "key" if named else kind_of(single.text)
        place = "header" if named else f"column {single.column + 1}"
        where = Location(self.document.source.shown, single.address)
        return Text(where, single.text, single.label, kind=kind, place=place)

    def _batches(self) -> list[Batch]:
        if self._values is None:
            self._values = [piece for batch in self._read() for piece in split(batch)]
            self._header = header_of(self._values[0]) if self._values else Header()
        return self._values

    def _read(self) -> Iterator[Batch]:
        """Yield the cells in batches; each also comes into the copy as it is."""
        copy = self.document.copy.setdefault(self.name, {})
        batch, count = Batch(), 0
        for row, values in self._rows():
            for column, value in enumerate(values):
                if value is None or value == "":
                    continue
                copy[row, column] = value
                cells = batch.columns.setdefault(column, Cells())
                cells.rows.append(row)
                cells.texts.append(shown_as(value))
                cells.starts.append(row)
                cells.ends.append(row)
                count += 1
            if count >= _BATCH:
                yield batch
                batch, count = Batch(), 0
        if count:
            yield batch

    def _rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        document = self.document
        try:
            sheet = document.workbook.get_sheet_by_index(self.number)
            blank = [""] * (sheet.start[1] if sheet.start else 0)
            for row, values in enumerate(sheet.iter_rows(), 1):
                yield row, [*blank, *values]
        except _OURS:
            raise
        except BaseException:  # noqa: BLE001 - its panics are no Exceptions, and may hold values
            if self._is_chart():
                return
            raise unreadable(document.source) from None

    def _is_chart(self) -> bool:
        """Say whether it is a sheet that is one chart: no cells that could be read."""
        kind = self.document.workbook.sheets_metadata[self.number].typ
        return str(kind).endswith("ChartSheet")


def shown_as(value: object) -> str:
    """Return a value as the text that a cell shows."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        only = value.time() == _MIDNIGHT
        return value.date().isoformat() if only else value.isoformat(" ", "seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, float):
        return plain(repr(value))
    return str(value)


def unreadable(source: Source) -> DocumentError:
    """Return the error for a workbook that calamine cannot read."""
    return failed("E229", source, "it is no workbook of this kind, or it is damaged", "Open it in a spreadsheet program, and save it as .xlsx.")  # fmt: skip


def open_legacy(source: Source, options: ReadOptions) -> LegacyDocument:
    """Open a workbook. Raises DocumentError E201, E211, E220, E227, E229."""
    library, writer = needed("python_calamine", "excel", source), needed("xlsxwriter", "excel", source)  # fmt: skip
    if source.size > _LARGEST:
        raise failed("E211", source, f"a workbook of more than {_LARGEST >> 20} MiB is too large to be held whole")  # fmt: skip
    with closing(raw_stream(source)) as stream:
        data = stream.read()
    try:
        workbook = library.load_workbook(BytesIO(data))
    except library.PasswordError:
        from phisweep.formats.excel import locked  # noqa: PLC0415 - it registers what imports this

        raise locked(source) from None
    except _OURS:
        raise
    except BaseException:  # noqa: BLE001 - its panics are no Exceptions, and may hold values
        raise unreadable(source) from None
    return LegacyDocument(source, options, workbook, writer)
