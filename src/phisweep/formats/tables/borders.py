r"""
Where records end, found without reading their fields.

A line end is that of a record where an even number of quotes stands before it. That holds as long as
quotes stand where the lexer's fast way wants them; where one stands elsewhere, or lines end in a `\r`
alone, the lexer has to be asked.
"""

from __future__ import annotations

import numpy as np

from phisweep.formats.tables.lexer import Flags, Positions

_LF, _CR, _QUOTE = ord("\n"), ord("\r"), ord('"')


def whole_records(data: bytes, delimiter: bytes, *, final: bool) -> int:
    r"""
    Return how many bytes from the beginning are whole records, as the lexer would read them.

    0 where it has to be asked: quotes stand in odd places, a `\r` stands alone, no record ends.
    `final`: the data end with them.
    """
    end = len(data) if final else data.rfind(b"\n") + 1
    if b'"' in data:
        raw = np.frombuffer(data, dtype=np.uint8)
        quotes = np.flatnonzero(raw == _QUOTE)
        while end and np.searchsorted(quotes, end) % 2:
            end = 0 if final else data.rfind(b"\n", 0, end - 1) + 1
        if not _in_place(raw, quotes[: np.searchsorted(quotes, end)], delimiter):
            return 0
    if b"\r" in data and data.count(b"\r", 0, end) != data.count(b"\r\n", 0, end):
        return 0
    return end


def _in_place(raw: np.ndarray, quotes: Positions, delimiter: bytes) -> bool:
    """Say whether quotes, each second one of which closes, stand right beside what they may."""
    beside: Flags = np.zeros(256, dtype=bool)
    beside[[delimiter[0], _LF, _CR, _QUOTE]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before, after = opening[opening > 0] - 1, closing[closing < len(raw) - 1] + 1
    return bool(beside[raw[before]].all() and beside[raw[after]].all())


def records_in(data: bytes) -> int:
    r"""Return how many records stand in whole ones of which `whole_records` is sure: blank lines are none."""
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(raw == _LF)
    if b'"' in data:
        quotes = np.flatnonzero(raw == _QUOTE)
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    sizes = np.diff(ends, prepend=-1) - 1  # of the lines, of which a `\r` may be all
    if b"\r" in data:
        sizes = sizes - ((sizes > 0) & (raw[ends - 1] == _CR))
    last = len(data) - (int(ends[-1]) + 1 if len(ends) else 0)
    return int(np.count_nonzero(sizes)) + bool(last)
