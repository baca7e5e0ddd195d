"""
Whole records of a table: their values at once, and where their fields stand when somebody asks.

Arrow's own parser gives the values as dictionaries, faster than the lexer finds the fields, and
reads quotes as Python's csv module does; but it does not say where a field stands, and has no
records of unlike lengths. So the fields are looked for where something is found or written, and
where the parser cannot be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import overload

import numpy as np
import pyarrow as pa

from phisweep.formats.plain import too_long
from phisweep.formats.stream import Opened, and_last
from phisweep.formats.tables.borders import records_in, whole_records
from phisweep.formats.tables.cells import Cells, cells
from phisweep.formats.tables.lexer import Lexed, Positions, lex
from phisweep.values import dataclass

SHARE_OF_CHUNK = (
    2  # of what tables take at once: dictionaries hold a value once, however often it stands
)
_LF = ord("\n")
_MARK = b"\xef\xbb\xbf"  # which the parser would take for none of the data


@dataclass(frozen=True)
class Stretch:
    """
    Whole records, UTF-8, that begin with a record; `read` is how they were lexed.

    None: they were not, for `whole_records` is sure of them.
    """

    data: bytes = field(repr=False)
    delimiter: bytes
    read: Lexed | None = field(default=None, repr=False)

    @cached_property
    def lexed(self) -> Lexed:
        """Where the fields stand."""
        return self.read or lex(self.data, self.delimiter, final=True)

    @cached_property
    def cells(self) -> Cells:
        """The fields as values."""
        return cells(self.lexed)

    @property
    def whole(self) -> bool:
        """Say whether quotes stand only where they may: Arrow's parser and the lexer agree."""
        return self.read is None or (self.read.clean and not self.read.open_quote)

    @cached_property
    def lines(self) -> int:
        """How many lines end in the records."""
        if self.read is None:  # numpy counts four times as fast as bytes do
            return int(np.count_nonzero(np.frombuffer(self.data, dtype=np.uint8) == _LF))
        return int(np.searchsorted(self.read.breaks, self.read.rest, side="right"))

    def count(self) -> int:
        """Return how many records there are, the names of the columns too."""
        return records_in(self.data) if self.read is None else len(self.read.first)

    def values(self, width: int, *, header: bool) -> Sequence[pa.DictionaryArray] | None:
        """Return the columns of the records behind the header, None where the parser cannot."""
        if not self.whole or not width:
            return None
        data = self.data
        if header:
            first = self.lexed.first
            data = data[int(self.lexed.starts[first[1]]) :] if len(first) > 1 else b""
        return _parsed(data, self.delimiter, width) if data else None


class Lazy(Sequence[int]):
    """Numbers that are made when the first of them is asked for."""

    def __init__(self, size: int, make: Callable[[], Positions]) -> None:
        self._size = size
        self._make = make

    @cached_property
    def _numbers(self) -> Positions:
        return self._make()

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        """Return one of them, or some."""
        if isinstance(index, slice):
            return [int(number) for number in self._numbers[index]]
        return int(self._numbers[index])

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> Positions:  # noqa: FBT001 - numpy's protocol
        """Return all of them."""
        return np.array(self._numbers, dtype=dtype, copy=copy)


def stretches(opened: Opened, delimiter: bytes) -> Iterator[Stretch]:
    """Yield whole records, chunk by chunk. Raises DocumentError E201, E203, E204, E205."""
    held, want, line, most = b"", 0, 1, opened.options.max_line_bytes
    size = max(1, SHARE_OF_CHUNK * opened.options.chunk_bytes)
    for block, final in and_last(opened.blocks(size)):
        held += block
        if len(held) < want and not final:
            continue
        end = whole_records(held, delimiter, final=final) if len(held) <= most else 0
        if end:
            stretch, held = Stretch(held[:end], delimiter), held[end:]
        else:
            lexed = lex(held, delimiter, final=final)
            if not lexed.rest and not final:
                if len(held) > most:
                    raise too_long(opened.source, line, most)
                want = 2 * len(held)
                continue
            if len(held) > most:
                _check(opened, lexed, line)
            end = len(held) if lexed.open_quote else lexed.rest
            stretch = Stretch(held[:end], delimiter, replace(lexed, data=held[:end]))
            held = held[end:]
        yield stretch
        line += stretch.lines
        want = 0


def _parsed(data: bytes, delimiter: bytes, width: int) -> Sequence[pa.DictionaryArray] | None:
    """Return the columns of records that all have so many fields, None where one has not."""
    from pyarrow import csv  # noqa: PLC0415 - the reader of the first table needs it

    if data.startswith(_MARK):
        return None
    names = [str(number) for number in range(width)]
    strings = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=names
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter.decode(), newlines_in_values=b'"' in data
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, strings), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:  # a record of another length; the message may hold it
        return None
    if not table.num_rows or any(column.num_chunks != 1 for column in table.columns):
        return None
    return [column.chunk(0) for column in table.columns]


def _check(opened: Opened, lexed: Lexed, line: int) -> None:
    begins = lexed.starts[lexed.first]
    rest = len(lexed.data) if lexed.open_quote else lexed.rest
    sizes = np.diff(np.append(begins, rest))
    most = opened.options.max_line_bytes
    for index in np.flatnonzero(sizes > most)[:1]:
        before = int(np.searchsorted(lexed.breaks, int(begins[index]), side="right"))
        raise too_long(opened.source, line + before, most)
