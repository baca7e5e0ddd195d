"""
Values that were removed once, looked for wherever they could stand again.

Only keyed digests are kept: 59 bits of keyed BLAKE2b (RFC 7693) of the folded value, with 5 bits
that name its identifier, and as much of its first token, so that a text is searched by one
dictionary look-up a token and a digest only where a known value could begin.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from phisweep.detect.digests import HALF, Digester, Digests, begins, lookup
from phisweep.keys import Key, fold
from phisweep.marks import MARK
from phisweep.model import IDENTIFIERS, Finding, Location, Text
from phisweep.spool import new_file

if TYPE_CHECKING:
    import pyarrow as pa

_TOKEN = re.compile(r"[^\W_]+")
_ASCII_TOKEN = re.compile(r"[0-9a-z]+")
LONGEST = 8  # tokens; a longer value is known by its first eight
DIGITS = 5  # an identifier with fewer may stand anywhere by chance
SOME_DIGITS, SOME_LETTERS = 3, 2  # with one of fewer digits, and letters, it is the same
_LETTERS = 5  # a single word with fewer may stand anywhere by chance
_BUFFER = 100_000
_UNTOLD = 1 << 18  # values of a document that cannot be looked for, and are counted once each
_IDENTIFIERS = tuple(IDENTIFIERS)
_NUMBERS = {identifier: number for number, identifier in enumerate(_IDENTIFIERS)}


def tokens_of(value: str) -> list[str]:
    """Return the folded runs of letters and digits of a value, eight at most."""
    if value.isascii():
        if value.isalnum():
            return [value.lower()]
        return _ASCII_TOKEN.findall(value.lower())[:LONGEST]
    return [folded for m in _TOKEN.finditer(value) if (folded := fold(m[0]))][:LONGEST]


def tells(tokens: Sequence[str], words: Collection[str]) -> bool:
    """
    Say whether a value's trace can be told from chance.

    So it is with five digits, with letters and three digits, with two words of eight letters
    together, and with one word of five letters that is not an ordinary word.
    """
    joined = "".join(tokens)
    if joined.isdigit():
        return len(joined) >= DIGITS
    digits = 0 if joined.isalpha() else sum(map(str.isdigit, joined))
    letters = len(joined) - digits
    if digits >= DIGITS or (digits >= SOME_DIGITS and letters >= SOME_LETTERS):
        return True
    if digits:
        return False
    if len(tokens) == 1:
        return letters >= _LETTERS and joined not in words
    return letters >= 8 and not all(token in words for token in tokens)  # noqa: PLR2004


class Collector:
    """
    Gathers the digests of removed values, distinct where they stand close together.

    They are written to files of a folder (`*.removed`) whenever there are many, so that memory
    stays bounded; without a folder they are held.
    """

    def __init__(self, key: Key, words: Collection[str], folder: Path | None = None) -> None:
        self._digest = Digester(key)
        self._words = words
        self._folder = folder
        self._whole = array("Q")
        self._first = array("Q")
        self._seen: set[str] = set()
        #: Digests of values that cannot be looked for, each once; of very many the first ones.
        self.untold: set[int] = set()

    def add(self, value: str, identifier: str) -> None:
        """Add one removed value, once, as the identifier that it was removed as."""
        tokens = tokens_of(value)
        joined = tokens[0] if len(tokens) == 1 else "".join(tokens)
        if joined in self._seen:
            return
        if len(self._seen) >= _BUFFER:
            self._seen.clear()
        self._seen.add(joined)
        if not tells(tokens, self._words):
            self._leave(joined)
            return
        whole = self._digest(joined)
        self._whole.append(whole | _NUMBERS[identifier])
        self._first.append(whole >> HALF)  # 987-65-4320 may come back as 987654320
        if len(tokens) > 1:
            self._first.append(self._digest(tokens[0]) >> HALF)
        self._written()

    def add_all(self, values: pa.StringArray, identifier: str) -> None:
        """Add many removed values, as `add` does."""
        from phisweep.detect.tokenized import tokenized  # noqa: PLC0415 - Arrow, 0.1 s

        wholes: list[str] = []
        firsts: set[str] = set()
        seen, read = self._seen, tokenized(values)
        for at, (joined, width, told) in enumerate(
            zip(read.joined, read.first, read.told, strict=True)
        ):
            if told < 0:
                self.add(values[at].as_py(), identifier)
                continue
            if joined in seen:
                continue
            if len(seen) >= _BUFFER:
                seen.clear()
            seen.add(joined)
            if not told:
                self._leave(joined)  # counted over the pieces of a document, too
                continue
            wholes.append(joined)
            if width < len(joined):
                firsts.add(joined[:width])
        whole = self._digest.many(wholes)
        self._whole.frombytes((whole | np.uint64(_NUMBERS[identifier])).tobytes())
        for digests in (whole, self._digest.many(firsts)):
            self._first.frombytes((digests >> np.uint64(HALF)).tobytes())
        self._written()

    @property
    def unsearchable(self) -> int:
        """How many distinct values cannot be looked for."""
        return len(self.untold)

    def _leave(self, joined: str) -> None:
        """Count a value that cannot be looked for."""
        if len(self.untold) < _UNTOLD:
            self.untold.add(self._digest(joined))

    def _written(self) -> None:
        """Write what is held, where it is much."""
        if len(self._whole) >= _BUFFER and self._folder is not None:
            self.finish()

    def finish(self) -> Digests:
        """Return what is held, or write it to the folder's next file."""
        digests = Digests.of(self._whole, self._first)
        if self._folder is not None and len(digests):
            digests.spool(new_file(self._folder, ".removed"))
            self._whole, self._first = array("Q"), array("Q")
        return digests


class Gathered:
    """
    Keyed digests of messages, each once where they stand close together.

    They are written to files of a folder (`*suffix`) whenever there are many, so that memory stays
    bounded; without a folder they are held.
    """

    def __init__(self, key: Key, folder: Path | None, suffix: str) -> None:
        self._digest = Digester(key)
        self._folder = folder
        self._suffix = suffix
        self._held = array("Q")
        self._seen: set[str] = set()

    def add(self, message: str) -> bool:
        """Add a message; return whether it is new, as far back as is remembered."""
        if message in self._seen:
            return False
        if len(self._seen) >= _BUFFER:
            self._seen.clear()
        self._seen.add(message)
        self._held.append(self._digest(message))
        if len(self._held) >= _BUFFER and self._folder is not None:
            self.finish()
        return True

    def finish(self) -> Digests:
        """Return what is held, or write it to the folder's next file."""
        digests = Digests.of(self._held, ())
        if self._folder is not None and len(digests):
            digests.spool(new_file(self._folder, self._suffix))
            self._held = array("Q")
        return digests


class KnownValues:
    """A finder of removed values."""

    def __init__(self, key: Key, digests: Digests) -> None:
        self._digest = Digester(key)
        self._digests = digests
        self._starts: dict[str, bool] = {}

    def find(self, block: Text) -> list[Finding]:
        """
        Return a finding of rule `name/known-value` and so on wherever a removed value stands.

        Inside a mark, whose letters are drawn or encrypted, one stands by chance.
        """
        if not len(self._digests):
            return []
        spans = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(block.text)]
        found: list[Finding] = []
        i = 0
        while i < len(spans):
            known = self._longest(spans, i) if self._begins(spans[i][2]) else None
            if known is None:
                i += 1
                continue
            end, number = known
            span = spans[i][0], spans[end - 1][1]
            found.append(_finding(block.location, span, _IDENTIFIERS[number]))
            i = end
        marks = [m.span() for m in MARK.finditer(block.text)] if found else []
        return [f for f in found if not any(s <= f.start and f.end <= e for s, e in marks)]

    def _begins(self, token: str) -> bool:
        known = self._starts.get(token)
        if known is None:
            if len(self._starts) >= _BUFFER:
                self._starts.clear()
            known = begins(self._digests.first, self._digest(fold(token)))
            self._starts[token] = known
        return known

    def _longest(self, spans: Sequence[tuple[int, int, str]], first: int) -> tuple[int, int] | None:
        """Return the end and identifier of the longest known value that begins at a token."""
        joined = ""
        best = None
        for i in range(first, min(first + LONGEST, len(spans))):
            if i > first and spans[i][0] - spans[i - 1][1] > 3:  # noqa: PLR2004
                break
            joined += fold(spans[i][2])
            number = lookup(self._digests.whole, self._digest(joined))
            if number is not None:
                best = i + 1, number
        word = spans[first][2]
        if best is not None and best[0] == first + 1 and word.isalpha() and word.islower():
            return None  # a single lower-case word is a word
        return best


def _finding(location: Location, span: tuple[int, int], identifier: str) -> Finding:
    why = "this value was removed elsewhere in the run"
    return Finding(location, *span, identifier, f"{identifier}/known-value", 1.0, "high", (why,))
