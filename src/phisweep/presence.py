"""
What stands in the data that a surrogate may not be: names of our lists, and every number.

The first pass gathers it, in files of the run's folder that hold places in our lists and keyed
digests, no word of the data; the second pass asks.
"""

from __future__ import annotations

import os
import re
import time
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from phisweep.keys import Key, fold
from phisweep.model import Column, Text
from phisweep.transform.surrogates.pools import Pools

_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"\S*\d\S*")
_LONGEST = 64  # code points of a value with a number in it
_BUFFER = 200_000
_WORDS, _NUMBERS = ".present", ".numbers"
_JOINED_WORDS, _JOINED_NUMBERS = "words", "numbers"


def without(pools: Pools, folder: Path | None, key: Key) -> Pools:
    """Return the pools less what was gathered to occur in the data. Raises ComponentError."""
    if folder is None:
        return pools
    from phisweep.detect.known import Digester, Digests, lookup  # noqa: PLC0415 - numpy takes 0.1 s

    words = sorted(pools.words())
    places = map(int, (folder / _JOINED_WORDS).read_text(encoding="ascii").split())
    digest, numbers = Digester(key), Digests.read(folder / _JOINED_NUMBERS).whole
    return replace(
        pools,
        present=frozenset(words[place] for place in places),
        occurs=lambda text: lookup(numbers, digest(f"#{fold(text)}")) is not None,
    )


def join(spool: Path, folder: Path) -> None:
    """Join what workers have left in the spool. Raises ComponentError."""
    from phisweep.detect.known import Digests  # noqa: PLC0415 - as in `without`

    folder.mkdir(mode=0o700)
    seen = {
        place
        for path in spool.glob(f"*{_WORDS}")
        for place in path.read_text(encoding="ascii").split()
    }
    descriptor = os.open(folder / _JOINED_WORDS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(" ".join(sorted(seen)))
    Digests.join(sorted(spool.glob(f"*{_NUMBERS}")), folder / _JOINED_NUMBERS)


class Gatherer:
    """Gathers what occurs in the documents of one worker."""

    def __init__(self, pools: Pools, key: Key, spool: Path) -> None:
        from phisweep.detect.known import Digester  # noqa: PLC0415 - as in `without`

        self._places = {word: i for i, word in enumerate(sorted(pools.words()))}
        self._digest = Digester(key)
        self._spool = spool
        self._words: set[int] = set()
        self._seen: set[str] = set()
        self._numbers = array("Q")

    def take(self, texts: Iterable[str]) -> None:
        """Take in texts and the distinct values of columns."""
        for text in texts:
            for word in _WORD.findall(text):
                place = self._places.get(fold(word))
                if place is not None:
                    self._words.add(place)
            if len(text) <= _LONGEST and any(map(str.isdigit, text)):
                self._number(text)
            for chunk in _NUMBERED.findall(text):
                self._number(chunk[:_LONGEST])
        if len(self._numbers) > _BUFFER:
            self._save_numbers()

    def save(self) -> None:
        """Write what was seen to the run's folder."""
        if self._words:
            with self._file(_WORDS).open("w", encoding="ascii") as file:
                file.write(" ".join(map(str, sorted(self._words))))
        self._save_numbers()

    def _number(self, text: str) -> None:
        folded = fold(text)
        if len(self._seen) > _BUFFER:
            self._seen.clear()
        if folded not in self._seen:
            self._seen.add(folded)
            self._numbers.append(self._digest(f"#{folded}"))

    def _save_numbers(self) -> None:
        from phisweep.detect.known import Digests  # noqa: PLC0415 - as in `without`

        if self._numbers:
            Digests.of(self._numbers, ()).save(self._file(_NUMBERS))
            self._numbers = array("Q")

    def _file(self, suffix: str) -> Path:
        path = self._spool / f"{os.getpid()}-{time.time_ns()}{suffix}"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return path


def texts_of(blocks: Sequence[Text | Column]) -> Iterable[str]:
    """Yield the texts and the distinct values of blocks."""
    for block in blocks:
        if isinstance(block, Text):
            yield block.text
        else:
            yield from block.values.dictionary.to_pylist()
