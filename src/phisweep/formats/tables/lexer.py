"""
Delimited records as spans of bytes: where each field begins and ends.

The fast way looks at special bytes only, all at once: a byte stands inside quotes where an odd
number of quotes stands before it. That holds as long as every quoted field opens right after a
separator and closes right before one. Where a quote stands elsewhere the careful way reads field
by field as Python's csv module does (`strict=False`): a quote inside an unquoted field is a
character, and so is what follows a closing quote.
"""

from __future__ import annotations

import re
from dataclasses import field

import numpy as np
import numpy.typing as npt

from phisweep.values import dataclass

Bytes = npt.NDArray[np.int32]  # places in a chunk, which is far below 2 GiB
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BYTE_LF, _BYTE_CR = ord("\n"), ord("\r")
_DELIMITER, _LF, _CR, _QUOTE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Lexed:
    """
    Whole records at the beginning of `data`, UTF-8.

    `starts` and `ends` are the half-open bytes of every field, quotes included; `first` and
    `counts` say for each record that is not blank with which field it begins and how many it has.
    `breaks` are the bytes at which a new line begins, those inside quotes too. `rest` is the byte
    at which the records end. `clean`: quotes stand only around fields and doubled inside them.
    `open_quote`: at `rest` a record begins whose quote nobody closes.
    """

    data: bytes = field(repr=False)
    starts: Bytes = field(repr=False)
    ends: Bytes = field(repr=False)
    first: Positions = field(repr=False)
    counts: Positions = field(repr=False)
    breaks: Bytes = field(repr=False)
    rest: int
    clean: bool = True
    open_quote: bool = False


def lex(data: bytes, delimiter: bytes, *, final: bool) -> Lexed:
    """
    Return the whole records of the data, which begins with a record.

    Where not `final`, the record that the data ends in is left for the next call; its length is
    then `len(data) - rest`. `delimiter` is one ASCII byte.
    """
    return _fast(data, delimiter, final=final) or _careful(data, delimiter, final=final)


def _fast(data: bytes, delimiter: bytes, *, final: bool) -> Lexed | None:
    """Return None where a quote stands in a place that only the careful way understands."""
    table = bytearray(256)
    table[delimiter[0]] = _DELIMITER
    table[ord("\n")], table[ord("\r")], table[ord('"')] = _LF, _CR, _QUOTE
    kinds = np.frombuffer(data.translate(bytes(table)), dtype=np.uint8)
    at = np.flatnonzero(kinds != 0).astype(np.int32)
    kind = kinds[at]
    odd_at = len(data)
    breaks = _breaks(at, kind, len(data), final=final)
    if b'"' in data:
        quote = kind == _QUOTE
        inside = np.logical_xor.accumulate(quote)
        odd = _misplaced(at, quote, inside, len(data))
        odd_at = int(at[odd[0]]) if len(odd) else odd_at
        if final and len(inside) and inside[-1]:
            return None
        real = ~quote & ~inside
        at, kind = at[real], kind[real]
    lexed = _records(data, at, kind, breaks, final=final)
    if odd_at < lexed.rest or (odd_at < len(data) and lexed.rest == 0):
        return None
    return lexed


def _misplaced(at: Bytes, quote: Flags, inside: Flags, size: int) -> Positions:
    """Return the indices of quotes that neither follow nor precede what they should."""
    beside = np.diff(at) == 1
    after = np.concatenate(([len(at) > 0 and at[0] == 0], beside))
    # What follows the last byte is not known yet.
    before = np.concatenate((beside, [len(at) > 0 and at[-1] == size - 1]))
    return np.flatnonzero(quote & np.where(inside, ~after, ~before))


def _breaks(at: Bytes, kind: npt.NDArray[np.uint8], size: int, *, final: bool) -> Bytes:
    r"""Return the bytes after each `\n`, `\r\n` and lone `\r`."""
    ends = (kind == _LF) | (kind == _CR)
    half = (kind[:-1] == _CR) & (kind[1:] == _LF) & (np.diff(at) == 1)
    ends[:-1] &= ~half
    if not final and len(at) and kind[-1] == _CR and at[-1] == size - 1:
        ends[-1] = False
    after: Bytes = at[ends] + 1
    return after


def _records(
    data: bytes,
    at: Bytes,
    kind: npt.NDArray[np.uint8],
    breaks: Bytes,
    *,
    final: bool,
) -> Lexed:
    """Cut into fields and records at the separators `at`, which stand outside of quotes."""
    half = (kind[:-1] == _CR) & (kind[1:] == _LF) & (np.diff(at) == 1)
    keep = np.concatenate((~half, [True] if len(at) else [])).astype(bool)
    ends = at.copy()
    ends[1:] -= half  # a field before a CRLF ends before the CR
    line = kind != _DELIMITER
    if not final and len(at) and kind[-1] == _CR and at[-1] == len(data) - 1:
        keep[-1] = False  # the LF may still come
    at, ends, line = at[keep], ends[keep], line[keep]
    if final and len(data) and not (len(at) and line[-1] and at[-1] == len(data) - 1):
        at, ends = np.append(at, np.int32(len(data))), np.append(ends, np.int32(len(data)))
        line = np.append(line, True)
    last = np.flatnonzero(line)
    known = int(last[-1]) + 1 if len(last) else 0
    at, ends = at[:known], ends[:known]
    starts = np.zeros_like(at)
    starts[1:] = at[:-1] + 1
    rest = min(int(at[-1]) + 1, len(data)) if known else 0
    return _lexed(data, (starts, ends, last), breaks, rest)


def _careful(data: bytes, delimiter: bytes, *, final: bool) -> Lexed:
    scan = re.compile(_field(delimiter) + _end(delimiter, final=final))
    starts: list[int] = []
    ends: list[int] = []
    lines: list[bool] = []
    at, line = 0, True
    while at < len(data) or not line:  # after a delimiter an empty field may end the data
        match = scan.match(data, at)
        if match is None:
            break
        starts.append(at)
        ends.append(match.start(1))
        at, line = match.end(), match[1] != delimiter
        lines.append(line)
    last = np.flatnonzero(np.array(lines, dtype=bool))
    known = int(last[-1]) + 1 if len(last) else 0
    rest = starts[known] if known < len(starts) else at
    raw = np.frombuffer(data, dtype=np.uint8)
    marks = np.flatnonzero((raw == _BYTE_LF) | (raw == _BYTE_CR)).astype(np.int32)
    kind = np.where(raw[marks] == _BYTE_LF, _LF, _CR).astype(np.uint8)
    return _lexed(
        data,
        (np.array(starts[:known], dtype=np.int32), np.array(ends[:known], dtype=np.int32), last),
        _breaks(marks, kind, len(data), final=final),
        rest,
        clean=False,
        open_quote=final and rest < len(data),
    )


def _field(delimiter: bytes) -> bytes:
    """Return the pattern of a field; a quote that nobody closes does not match."""
    other = rb"[^" + re.escape(delimiter) + rb"\r\n]*+"
    return rb'(?:"(?:[^"]++|"")*+"' + other + rb'|(?!")' + other + rb")"


def _end(delimiter: bytes, *, final: bool) -> bytes:
    """Return the pattern of what ends a field: where more may come, a last CR may be half."""
    last = rb"\r|\Z" if final else rb"\r(?!\Z)"
    return rb"(" + re.escape(delimiter) + rb"|\r\n|\n|" + last + rb")"


def _lexed(
    data: bytes,
    fields: tuple[Bytes, Bytes, Positions],
    breaks: Bytes,
    rest: int,
    *,
    clean: bool = True,
    open_quote: bool = False,
) -> Lexed:
    """Return the records of fields, given as starts, ends and the indices that end a record."""
    starts, ends, last = fields
    first = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
    counts = last - first + 1
    some = (counts > 1) | (ends[first] > starts[first])
    return Lexed(data, starts, ends, first[some], counts[some], breaks, rest, clean, open_quote)
