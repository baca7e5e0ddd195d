"""A delimited table, read in chunks of whole records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.plain import too_long
from phisweep.formats.stream import Opened, TextDocument, and_last
from phisweep.formats.tables.cells import unquoted
from phisweep.formats.tables.chunk import Dialect, Place, Rows, TableChunk, chunk, columns
from phisweep.formats.tables.dialect import begins_with_header, sniff_delimiter
from phisweep.formats.tables.lexer import Lexed, lex
from phisweep.formats.tables.stretch import Stretch, stretches
from phisweep.model import Column

HEAD = 1 << 20  # bytes that are looked at for delimiter and header; more where a record is longer
HEADER_EVIDENCE = 100  # records that are compared with the first


class TableDocument(TextDocument):
    """
    An opened table. `rows` counts data records; a blank line is none.

    A record with more or fewer fields than the first is read as far as it goes, the rest of it as
    texts; a record whose quote never closes is read as a text. When all is read the document
    fails for it.
    """

    structure = "rows"

    def __init__(self, opened: Opened, dialect: Dialect, columns: int) -> None:
        super().__init__(opened)
        self.dialect = dialect
        self.columns = columns
        self.begin = Place(header=dialect.named, mark=opened.code.mark)
        if not dialect.named and dialect.first:
            self.warnings.append("the first record is data, so the columns have no names")

    def sample(self) -> Sequence[Column]:
        """Return the first sample_records records, as far as they lie in the first chunk."""
        header = int(self.dialect.named)
        for stretch in stretches(self.opened, self.dialect.delimiter):
            records = slice(header, header + self.opened.options.sample_records)
            return columns(self.opened, self.dialect, Rows(stretch, records), Place())
        return ()

    def chunks(self) -> Iterator[TableChunk]:
        """Yield the records. Raises DocumentError E201, E203 to E205, E207, E208."""
        place = self.begin
        faults: list[str] = []
        count = 0
        self.rows = 0
        for stretch in self.stretches():
            made = chunk(self.opened, self.dialect, stretch, place)
            yield made
            self.rows += made.rows.count
            line = place.line + stretch.lines
            if made.rows.parsed is None:
                lexed = stretch.lexed
                ragged = np.flatnonzero(lexed.counts != self.dialect.width)
                count += len(ragged)
                if len(ragged) and not faults:
                    faults.append(self._ragged(lexed, int(ragged[0]), place))
                if lexed.open_quote:
                    raise self._failed("E208", f"a quote is opened on line {line} and never closed")
            place = Place(self.begin.record + self.rows, line)
        if faults:
            more = f", and {count - 1} more are ragged" if count > 1 else ""
            raise self._failed("E207", faults[0] + more)
        if place.mark:
            yield chunk(self.opened, self.dialect, Stretch(b"", b","), place)

    def stretches(self) -> Iterator[Stretch]:
        """Yield the records as they are read, chunk by chunk."""
        return stretches(self.opened, self.dialect.delimiter)

    def _ragged(self, lexed: Lexed, index: int, place: Place) -> str:
        begin = int(lexed.starts[lexed.first[index]])
        record, line = place.record + index - place.header, place.line + _lines(lexed, begin)
        other = "header" if self.dialect.named else "first"
        has, should = int(lexed.counts[index]), self.dialect.width
        return f"record {record} (line {line}) has {has} fields, the {other} has {should}"

    def _failed(self, code: str, what: str) -> DocumentError:
        return failed(code, self.opened.source, what, "Mend the record.")


def open_table(opened: Opened, preferred: bytes) -> TableDocument:
    """Look at the head of a table; `preferred` is its suffix's delimiter. Raises DocumentError."""
    delimiter, lexed = _head(opened, preferred)
    first: tuple[str, ...] = ()
    others: list[tuple[str, ...]] = []
    if lexed is not None and len(lexed.first):
        records = range(min(len(lexed.first), HEADER_EVIDENCE + 1))
        first, *others = [_values(opened, lexed, i) for i in records]
    named = begins_with_header(first, others)
    dialect = Dialect(delimiter, first, named=named and bool(first))
    return TableDocument(opened, dialect, len(first))


def _head(opened: Opened, preferred: bytes) -> tuple[bytes, Lexed | None]:
    """Return the delimiter and at least one record, if there is one. Raises E205."""
    head, want, most = b"", 0, opened.options.max_line_bytes
    for block, final in and_last(opened.blocks(min(HEAD, opened.options.chunk_bytes))):
        head += block
        if len(head) < want and not final:
            continue
        delimiter = sniff_delimiter(head, preferred, final=final)
        lexed = lex(head, delimiter, final=final)
        if len(lexed.first) or final:
            return delimiter, lexed
        if len(head) > most:
            raise too_long(opened.source, 1, most)
        want = 2 * len(head)
    return preferred, None


def _values(opened: Opened, lexed: Lexed, index: int) -> tuple[str, ...]:
    begin, count = int(lexed.first[index]), int(lexed.counts[index])
    spans = zip(lexed.starts[begin : begin + count], lexed.ends[begin : begin + count], strict=True)
    return tuple(unquoted(opened.text(lexed.data[start:end])) for start, end in spans)


def _lines(lexed: Lexed, byte: int) -> int:
    return int(np.searchsorted(lexed.breaks, byte, side="right"))
