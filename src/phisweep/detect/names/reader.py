"""
Words as the gate and the network see them: their pieces, their ends, their shape, their kind.

Most words of a text have been read before: what is seen of one is kept as bytes, and a text's
words are these bytes, joined.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from phisweep.detect.names.kinds import Kinds
from phisweep.detect.names.pieces import LONGEST, Pieces
from phisweep.detect.names.words import SHAPES, Words, shape

ENDS = 4_000  # of hashed first and last three letters of words
PIECES = 3  # of a word that the gate reads: the first of them
_COLUMNS = PIECES + 5
_TOLD = 3  # digits of a number that may be an age
_REMEMBERED = 65_536

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Page:
    """A text's words: what the gate reads of each, its pieces, and how many they are."""

    inputs: Numbers = field(repr=False)  # pieces, second, third, heads, tails, shapes, gaps, kinds
    sizes: Numbers = field(repr=False)
    pieces: Sequence[bytes] = field(repr=False)

    def rows(self) -> Numbers:
        """Return pieces, shapes, gaps and kinds as the network reads them: (4, pieces)."""
        out = np.zeros((4, int(self.sizes.sum())), np.int64)
        *_, shapes, gaps, kinds = self.inputs
        first = np.cumsum(self.sizes) - self.sizes
        out[0] = np.frombuffer(b"".join(self.pieces), np.int32)
        out[1] = np.repeat(shapes + len(SHAPES), self.sizes)  # the second half: pieces that go on
        out[1, first] = shapes
        out[2, first] = gaps
        out[3] = np.repeat(kinds, self.sizes)
        return out


class Reader:
    """Reads words."""

    def __init__(self, kinds: Kinds, pieces: Pieces) -> None:
        self._kinds = kinds
        self._pieces = pieces
        self._known: dict[str, tuple[bytes, bytes]] = {}

    def page(self, text: str, seen: Words) -> Page:
        """Return what is seen of a text's words, at least one."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        known = self._known
        read: list[tuple[bytes, bytes]] = []
        for start, end in seen.spans:
            word = text[start : min(end, start + LONGEST + 1)]
            read.append(known.get(word) or self._read(word))
        numbers, pieces = zip(*read, strict=True)
        table = np.frombuffer(b"".join(numbers), np.int32).reshape(-1, _COLUMNS).T
        inputs = np.empty((_COLUMNS, len(read)), np.int64)
        inputs[:-2], inputs[-2], inputs[-1] = table[:-2], seen.gaps, table[-2]
        return Page(inputs, table[-1].astype(np.int64), pieces)

    def _read(self, word: str) -> tuple[bytes, bytes]:
        """Return a word's numbers (first pieces, hashed ends, shape, kind, count) and its pieces."""
        folded = word.lower()
        pieces = self._pieces.of(word)
        if len(folded) > _TOLD and folded.isdigit():
            folded = "0" * min(len(folded), 9)  # which number it is says nothing to the gate
        numbers = (
            *(*self._pieces.of(folded), *(0,) * PIECES)[:PIECES],
            zlib.crc32(b"<" + folded[:3].encode("utf-8", "replace")) % ENDS,
            zlib.crc32(b">" + folded[-3:].encode("utf-8", "replace")) % ENDS,
            shape(word),
            self._kinds.of(word),
            len(pieces),
        )
        read = np.array(numbers, np.int32).tobytes(), np.array(pieces, np.int32).tobytes()
        self._known[word] = read
        return read
