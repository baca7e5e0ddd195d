"""
Which words need the network: a small net of convolutions over words' pieces.

Most of a chart is ordinary clinical words. The gate reads each word with seven on both sides and
asks for the network wherever a name or place is not all but excluded.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from phisweep.detect.names.kinds import Kinds
from phisweep.detect.names.network import session
from phisweep.detect.names.pieces import LONGEST, Pieces
from phisweep.detect.names.words import Words, shape

ENDS = 4_000  # of hashed first and last three letters of words
PIECES = 3  # of a word that the gate reads: the first of them
INPUTS = ("pieces", "second", "third", "heads", "tails", "shapes", "gaps", "kinds")
REACH = 7  # words that one word's answer depends on, on each side
_CHUNK = 8_192  # words that are read at once
_TOLD = 3  # digits of a number that may be an age
_REMEMBERED = 131_072

Numbers = tuple[int, ...]


class Reader:
    """Reads words as the gate sees them."""

    def __init__(self, kinds: Kinds, pieces: Pieces) -> None:
        self._kinds = kinds
        self._pieces = pieces
        self._numbers = lru_cache(maxsize=_REMEMBERED)(self._read)

    def rows(self, text: str, seen: Words) -> npt.NDArray[np.int64]:
        """Return the gate's inputs as an array (inputs, words), in the order of INPUTS."""
        read = [text[a : min(b, a + LONGEST + 1)] for a, b in seen.spans]
        out = np.empty((len(INPUTS), len(read)), np.int64)
        table = np.array([self._numbers(word) for word in read], np.int64).reshape(-1, 7).T
        out[:6], out[6], out[7] = table[:6], seen.gaps, table[6]
        return out

    def _read(self, word: str) -> Numbers:
        """Return a word's first pieces, the buckets of its head and tail, its shape and kind."""
        folded = word.lower()
        if len(folded) > _TOLD and folded.isdigit():
            folded = "0" * min(len(folded), 9)  # which number it is says nothing
        return (
            *(*self._pieces.of(folded), *(0,) * PIECES)[:PIECES],
            zlib.crc32(b"<" + folded[:3].encode("utf-8", "replace")) % ENDS,
            zlib.crc32(b">" + folded[-3:].encode("utf-8", "replace")) % ENDS,
            shape(word),
            self._kinds.of(word),
        )


class Gate:
    """Says which words of a text need the network."""

    def __init__(self, path: str, least: float, reader: Reader) -> None:
        self._session: Any = session(path)
        self._least = least
        self._reader = reader

    def asked(self, text: str, seen: Words) -> Sequence[int]:
        """Return the indices of the words that need the network, sorted."""
        if not seen.spans:
            return []
        table = self._reader.rows(text, seen)
        n = table.shape[1]
        out: list[npt.NDArray[np.int64]] = []
        for start in range(0, n, _CHUNK):
            first = max(0, start - REACH)
            piece = table[:, None, first : start + _CHUNK + REACH]
            logits = self._session.run(None, dict(zip(INPUTS, piece, strict=True)))[0][0]
            logits = logits[start - first : start - first + _CHUNK]
            out.append(np.flatnonzero(logits >= self._least) + start)
        return [int(i) for i in np.concatenate(out)]
