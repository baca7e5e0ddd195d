"""
Lexed records -> columns of distinct values, and back into the bytes.

No Python object is made for a cell: Arrow views the bytes of a chunk as an array of fields and of
what stands between them, takes a column of it and encodes it by its dictionary; what depends on
the value is done once for each distinct one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.arrays import numbers, of_bytes, of_numbers, of_texts
from phisweep.formats.tables.lexer import Bytes, Flags, Lexed, Positions
from phisweep.values import dataclass

_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"(.*)', re.DOTALL)
_QUOTE = ord('"')
_CONTINUES, _CONTINUED = 0xC0, 0x80  # UTF-8: a byte 10xxxxxx goes on with a character


@dataclass(frozen=True)
class Cells:
    """
    The fields of lexed records: `quoted` ones, and the bytes of their values.

    `begins` are the first bytes of the values, without quotes where the records are clean, and
    the end of the data. `doubled`: quotes stand inside the values of clean records, all doubled.
    """

    lexed: Lexed
    quoted: Flags = field(repr=False)
    begins: Bytes = field(repr=False)
    doubled: bool
    _offsets: Bytes = field(repr=False)

    def column(self, fields: Positions) -> pa.DictionaryArray:
        """Return the values of these fields; "" for the one past the last."""
        encoded = self._all.take(of_numbers(2 * fields)).dictionary_encode()
        if not self.lexed.clean:
            return _resolved(encoded)
        if self.doubled:
            plain = pc.replace_substring(encoded.dictionary, '""', '"')
            return pa.DictionaryArray.from_arrays(encoded.indices, plain)
        return encoded

    def fields(self, index: int, records: slice) -> Positions:
        """Return which field is the column's in each record; one past the last where none is."""
        first, counts = self.lexed.first[records], self.lexed.counts[records]
        return np.where(counts > index, first + index, len(self.begins) - 1)

    @cached_property
    def _all(self) -> pa.StringArray:
        """The fields, and between them what stands there."""
        size = len(self._offsets) - 1
        buffers = pa.py_buffer(self._offsets), pa.py_buffer(self.lexed.data)
        return pa.StringArray.from_buffers(size, *buffers)

    @cached_property
    def _continued(self) -> Positions | None:
        return _continued(self.lexed.data)

    def text(self, number: int) -> str:
        """Return the value of one field."""
        start, end = int(self.lexed.starts[number]), int(self.lexed.ends[number])
        return unquoted(self.lexed.data[start:end].decode())

    def lines(self, positions: Bytes | Positions) -> Positions:
        """Return how many line ends stand before each byte."""
        before: Positions = np.searchsorted(self.lexed.breaks, positions, side="right")
        return before

    def cols(self, fields: Positions, lines: Bytes | None) -> Positions:
        """
        Return the 1-based code-point column of each field's value on its own line.

        `lines` are the bytes at which the lines begin, None where they are to be looked up.
        """
        at = self.begins[fields].astype(np.int64)
        line = lines
        if line is None:
            line = np.concatenate(([0], self.lexed.breaks))[self.lines(at)]
        if self._continued is None:
            return at - line + 1
        before, since = (np.searchsorted(self._continued, each) for each in (at, line))
        return at - line + 1 - (before - since)


def cells(lexed: Lexed) -> Cells:
    """Return the cells of the records, which are valid UTF-8."""
    data, starts, ends = lexed.data, lexed.starts, lexed.ends
    raw = np.frombuffer(data, dtype=np.uint8)
    quoted = np.zeros(len(starts), dtype=bool)
    some = b'"' in data
    if some:
        filled = ends > starts
        quoted[filled] = raw[starts[filled]] == _QUOTE
    begins, stops = (starts + quoted, ends - quoted) if some and lexed.clean else (starts, ends)
    doubled = some and lexed.clean and b'""' in data
    offsets = np.full(2 * len(starts) + 2, len(data), dtype=np.int32)
    offsets[:-2:2] = begins
    offsets[1:-2:2] = stops
    return Cells(lexed, quoted, offsets[::2], doubled, offsets)


def unquoted(raw: str) -> str:
    """Return the value of a field, as Python's csv module reads it."""
    match = _QUOTED.fullmatch(raw)
    return match[1].replace('""', '"') + match[2] if match else raw


def quoted(value: str) -> str:
    """Return the value in quotes, its own doubled."""
    return '"' + value.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class Changes:
    """Replacements: half-open byte spans, not overlapping, and which of `pool` comes there."""

    starts: Bytes = field(repr=False)
    ends: Bytes = field(repr=False)
    which: Positions = field(repr=False)
    pool: Sequence[bytes] = field(repr=False)


def splice_bytes(data: bytes, changes: Changes) -> bytes:
    """Return the data with the changes in place, joined by Arrow and not one by one."""
    order = np.argsort(changes.starts, kind="stable")
    if not len(order):
        return data
    starts, ends = changes.starts[order], changes.ends[order]
    offsets = np.zeros(2 * len(order) + 1, dtype=np.int64)
    offsets[1::2], offsets[2::2] = starts, ends
    spans = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 2 * len(order), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )
    kept = spans.take(of_numbers(np.arange(0, 2 * len(order), 2)))
    new = of_bytes(changes.pool).take(of_numbers(changes.which[order]))
    nothing = of_bytes([b""])[0]
    joined = pc.binary_join_element_wise(kept, new, nothing)
    _, where, values = joined.buffers()
    size = np.frombuffer(where, dtype=np.int64)[joined.offset + len(joined)]
    head: bytes = values.slice(0, int(size)).to_pybytes()
    return head + data[int(ends[-1]) :]


def _resolved(raw: pa.DictionaryArray) -> pa.DictionaryArray:
    """Resolve quotes per distinct raw field; fields that read the same become one entry."""
    entries: dict[str, int] = {}
    place = [entries.setdefault(unquoted(v), len(entries)) for v in raw.dictionary.to_pylist()]
    indices = np.array(place, dtype=np.int32)[numbers(raw.indices)]
    plain = of_texts(list(entries))
    return pa.DictionaryArray.from_arrays(of_numbers(indices), plain)


def _continued(data: bytes) -> Positions | None:
    """Return the bytes that only go on with a character; None for ASCII."""
    if data.isascii():
        return None
    raw = np.frombuffer(data, dtype=np.uint8)
    return np.flatnonzero((raw & _CONTINUES) == _CONTINUED)
