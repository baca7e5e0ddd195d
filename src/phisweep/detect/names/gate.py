"""
Which words need the network: a small net of convolutions over hashed words.

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
from phisweep.detect.names.pieces import LONGEST
from phisweep.detect.names.words import Words, shape

BUCKETS, ENDS = 20_000, 4_000  # of hashed words; of their first and last three letters
INPUTS = ("words", "heads", "tails", "shapes", "gaps", "kinds")
REACH = 7  # words that one word's answer depends on, on each side
_CHUNK = 8_192  # words that are read at once
_TOLD = 3  # digits of a number that may be an age
_REMEMBERED = 131_072

Numbers = tuple[int, int, int, int]


@lru_cache(maxsize=_REMEMBERED)
def numbers(word: str) -> Numbers:
    """Return a word's buckets: of itself, its head, its tail; and its shape."""
    folded = word.lower()
    if len(folded) > _TOLD and folded.isdigit():
        folded = "0" * min(len(folded), 9)  # which number it is says nothing
    code = folded.encode("utf-8", "replace")
    return (
        zlib.crc32(code) % BUCKETS,
        zlib.crc32(b"<" + folded[:3].encode("utf-8", "replace")) % ENDS,
        zlib.crc32(b">" + folded[-3:].encode("utf-8", "replace")) % ENDS,
        shape(word),
    )


def rows(text: str, seen: Words, kinds: Kinds) -> npt.NDArray[np.int64]:
    """Return the gate's inputs as an array (6, words), in the order of INPUTS."""
    read = [text[a : min(b, a + LONGEST + 1)] for a, b in seen.spans]
    table = np.array([numbers(word) for word in read], np.int64).reshape(-1, 4).T
    more = np.array([seen.gaps, [kinds.of(word) for word in read]], np.int64)
    return np.concatenate([table, more])


class Gate:
    """Says which words of a text need the network."""

    def __init__(self, path: str, least: float, kinds: Kinds) -> None:
        self._session: Any = session(path)
        self._least = least
        self._kinds = kinds

    def asked(self, text: str, seen: Words) -> Sequence[int]:
        """Return the indices of the words that need the network, sorted."""
        if not seen.spans:
            return []
        table = rows(text, seen, self._kinds)
        n = table.shape[1]
        out: list[npt.NDArray[np.int64]] = []
        for start in range(0, n, _CHUNK):
            first = max(0, start - REACH)
            piece = table[:, None, first : start + _CHUNK + REACH]
            logits = self._session.run(None, dict(zip(INPUTS, piece, strict=True)))[0][0]
            logits = logits[start - first : start - first + _CHUNK]
            out.append(np.flatnonzero(logits >= self._least) + start)
        return [int(i) for i in np.concatenate(out)]
