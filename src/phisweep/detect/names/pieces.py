"""
Words -> pieces of words, the units that the model knows.

The greedy longest match of BERT's uncased vocabulary (Schuster and Nakajima 2012; Devlin et al.
2019): small letters, no accents, `##` before a piece that goes on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

LONGEST = 40  # letters; what is longer is no word
_REMEMBERED = 65_536  # words


class Pieces:
    """The vocabulary, and how words fall into it."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: i for i, piece in enumerate(vocabulary)}
        self.unknown = self._ids["[UNK]"]
        self.start = self._ids["[CLS]"]
        self.end = self._ids["[SEP]"]
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """Read a vocabulary, a piece a line."""
        return cls(path.read_text(encoding="utf-8").splitlines())

    def of(self, word: str) -> tuple[int, ...]:
        """Return the ids of a word's pieces, at least one."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._split(word)
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST:
            return (self.unknown,)
        spread = unicodedata.normalize("NFD", word.lower())
        plain = "".join(c for c in spread if unicodedata.category(c) != "Mn")
        out: list[int] = []
        at = 0
        while at < len(plain):
            end = len(plain)
            while end > at:
                piece = plain[at:end] if at == 0 else "##" + plain[at:end]
                if piece in self._ids:
                    break
                end -= 1
            if end == at:
                return (self.unknown,)
            out.append(self._ids[piece])
            at = end
        return tuple(out) or (self.unknown,)
