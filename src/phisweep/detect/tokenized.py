"""
The tokens of many values read at once, byte by byte, as `known.tokens_of` and `known.tells` do.

Only of ASCII: what is beyond is asked value by value, and so are letters alone, which may be words.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.arrays import flags, of_numbers
from phisweep.detect.known import DIGITS, LONGEST, SOME_DIGITS, SOME_LETTERS
from phisweep.values import dataclass

_LETTER, _DIGIT = 1, 2
_KINDS = np.zeros(256, np.uint8)  # of bytes of what is in lower case
_KINDS[ord("a") : ord("z") + 1] = _LETTER
_KINDS[ord("0") : ord("9") + 1] = _DIGIT


@dataclass(frozen=True, slots=True)
class Tokenized:
    """
    What is known of each value: its tokens joined, the length of the first, and whether it tells.

    `told` is 1 or 0, and -1 where it has to be asked; `joined` is right where it is not -1.
    """

    joined: list[str] = field(repr=False)
    first: list[int]
    told: list[int]


def tokenized(values: pa.StringArray) -> Tokenized:
    """Return the tokens of values, none of them null."""
    borders, text = _bytes(pc.ascii_lower(values))
    kinds = _KINDS[text]
    edge = np.zeros(len(text) + 1, bool)
    edge[borders] = True
    last = kinds > 0  # byte of a token
    last[:-1] &= (kinds[1:] == 0) | edge[1:-1]
    word, digit, token = (_before(each) for each in (kinds > 0, kinds == _DIGIT, last))
    widths, digits, tokens = (np.diff(each[borders]) for each in (word, digit, token))
    first = np.zeros(len(values), np.int64)
    some = np.flatnonzero(tokens)
    ends = np.flatnonzero(last)[token[borders[some]]]
    first[some] = word[ends + 1] - word[borders[some]]
    sure = (digits >= DIGITS) | ((digits >= SOME_DIGITS) & (widths - digits >= SOME_LETTERS))
    told = np.where(sure, 1, np.where(digits > 0, 0, -1))
    told[~flags(pc.string_is_ascii(values)) | (tokens > LONGEST)] = -1
    return Tokenized(_texts(word[borders], text[kinds > 0]), first.tolist(), told.tolist())


def _bytes(values: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return where the values begin, and the last one ends, in their bytes, and these."""
    _, where, data = values.buffers()
    borders = np.frombuffer(where, np.int32)[values.offset : values.offset + len(values) + 1]
    raw = np.frombuffer(data or b"", np.uint8)[int(borders[0]) : int(borders[-1])]
    return borders - borders[0], raw


def _before(told: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Return how many are true before each place, and the one behind the last."""
    counts = np.zeros(len(told) + 1, np.int32)
    np.cumsum(told, out=counts[1:])
    return counts


def _texts(borders: npt.NDArray[np.int32], text: npt.NDArray[np.uint8]) -> list[str]:
    """Return the texts of ASCII between borders."""
    buffers = [None, of_numbers(borders).buffers()[1], pa.py_buffer(text)]
    texts: list[str] = pa.Array.from_buffers(pa.string(), len(borders) - 1, buffers).to_pylist()
    return texts
