"""A delimited table, read in chunks of whole records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.plain import too_long
from phisweep.formats.stream import Opened, TextDocument, and_last
from phisweep.formats.tables.cells import cells, unquoted
from phisweep.formats.tables.chunk import Dialect, Place, TableChunk, chunk, columns
from phisweep.formats.tables.dialect import begins_with_header, sniff_delimiter
from phisweep.formats.tables.lexer import Lexed, lex
from phisweep.model import Column

HEAD = 1 << 20  # bytes that are looked at for delimiter and header; more where a record is longer
SHARE_OF_CHUNK = 2  # positions and dictionaries take some ten times the bytes of a chunk
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

    def sample(self) -> Sequence[Column]:
        """Return the first sample_records records, as far as they lie in the first chunk."""
        header = int(self.dialect.named)
        for lexed in _lexed(self.opened, self.dialect.delimiter):
            records = slice(header, header + self.opened.options.sample_records)
            return columns(self.opened, self.dialect, cells(lexed), records, Place())
        return ()

    def chunks(self) -> Iterator[TableChunk]:
        """Yield the records. Raises DocumentError E201, E203 to E205, E207, E208."""
        place = Place(header=self.dialect.named, mark=self.opened.code.mark)
        faults: list[str] = []
        count = 0
        self.rows = 0
        for lexed in _lexed(self.opened, self.dialect.delimiter):
            yield chunk(self.opened, self.dialect, lexed, place)
            ragged = np.flatnonzero(lexed.counts != self.dialect.width)
            count += len(ragged)
            if len(ragged) and not faults:
                faults.append(self._ragged(lexed, int(ragged[0]), place))
            self.rows += len(lexed.first) - place.header
            line = place.line + _lines(lexed, lexed.rest)
            if lexed.open_quote:
                raise self._failed("E208", f"a quote is opened on line {line} and never closed")
            place = Place(self.rows + 1, line)
        if faults:
            more = f", and {count - 1} more are ragged" if count > 1 else ""
            raise self._failed("E207", faults[0] + more)
        if place.mark:
            yield chunk(self.opened, self.dialect, lex(b"", b",", final=True), place)

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
    document = TableDocument(opened, dialect, len(first))
    if not named:
        document.warnings.append("the first record is data, so the columns have no names")
    return document


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


def _lexed(opened: Opened, delimiter: bytes) -> Iterator[Lexed]:
    """Yield whole records, chunk by chunk. Raises DocumentError E201, E203, E204, E205."""
    held, want, line, most = b"", 0, 1, opened.options.max_line_bytes
    size = max(1, opened.options.chunk_bytes // SHARE_OF_CHUNK)
    for block, final in and_last(opened.blocks(size)):
        held += block
        if len(held) < want and not final:
            continue
        lexed = lex(held, delimiter, final=final)
        if not lexed.rest and not final:
            if len(held) > most:
                raise too_long(opened.source, line, most)
            want = 2 * len(held)
            continue
        if len(held) > most:
            _check(opened, lexed, line)
        if not lexed.open_quote:
            held = held[lexed.rest :]
            lexed = replace(lexed, data=lexed.data[: lexed.rest])
        yield lexed
        line += _lines(lexed, lexed.rest)
        want = 0


def _lines(lexed: Lexed, byte: int) -> int:
    return int(np.searchsorted(lexed.breaks, byte, side="right"))


def _check(opened: Opened, lexed: Lexed, line: int) -> None:
    begins = lexed.starts[lexed.first]
    rest = len(lexed.data) if lexed.open_quote else lexed.rest
    sizes = np.diff(np.append(begins, rest))
    most = opened.options.max_line_bytes
    for index in np.flatnonzero(sizes > most)[:1]:
        raise too_long(opened.source, line + _lines(lexed, int(begins[index])), most)
