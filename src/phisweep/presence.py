"""
What stands in the data that a surrogate may not be: names of our lists, and every number.

The first pass gathers it, in files of the run's folder that hold places in our lists and keyed
digests, no word of the data; the second pass asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from phisweep.formats.base import Block
from phisweep.keys import Key, fold
from phisweep.model import Column, Text
from phisweep.spool import new_file, write_new
from phisweep.transform.surrogates.pools import Pools

_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"\S*\d\S*")
_LONGEST = 64  # code points of a value with a number in it
_WORDS, _NUMBERS = ".present", ".numbers"
_JOINED_WORDS, _JOINED_NUMBERS = "words", "numbers"


def without(pools: Pools, folder: Path | None, key: Key) -> Pools:
    """Return the pools less what was gathered to occur in the data. Raises ComponentError."""
    if folder is None:
        return pools
    from phisweep.detect.digests import Digester, Digests, lookup  # noqa: PLC0415 - numpy takes 0.1 s

    words = sorted(pools.words())
    places = map(int, (folder / _JOINED_WORDS).read_text(encoding="ascii").split())
    digest, numbers = Digester(key), Digests.read(folder / _JOINED_NUMBERS).whole
    return replace(
        pools,
        present=frozenset(words[place] for place in places),
        occurs=lambda text: lookup(numbers, digest(_message(text))) is not None,
    )


def join(spool: Path, folder: Path) -> None:
    """Join what workers have left in the spool. Raises ComponentError."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - as in `without`

    folder.mkdir(mode=0o700)
    seen = {
        place
        for path in spool.glob(f"*{_WORDS}")
        for place in path.read_text(encoding="ascii").split()
    }
    write_new(folder / _JOINED_WORDS, [" ".join(sorted(seen)).encode("ascii")])
    Digests.join(sorted(spool.glob(f"*{_NUMBERS}")), folder / _JOINED_NUMBERS)


class Gatherer:
    """Gathers what occurs in the documents of one worker."""

    def __init__(self, pools: Pools, key: Key, spool: Path) -> None:
        from phisweep.detect.known import Gathered  # noqa: PLC0415 - as in `without`

        self._places = {word: i for i, word in enumerate(sorted(pools.words()))}
        self._spool = spool
        self._words: set[int] = set()
        self._saved: set[int] = set()
        self._numbers = Gathered(key, spool, _NUMBERS)

    def take(self, texts: Iterable[str]) -> None:
        """Take in texts and the distinct values of columns."""
        for text in texts:
            for word in _WORD.findall(text):
                place = self._places.get(fold(word))
                if place is not None:
                    self._words.add(place)
            if len(text) <= _LONGEST and any(map(str.isdigit, text)):
                self._numbers.add(_message(text))
            for chunk in _NUMBERED.findall(text):
                self._numbers.add(_message(chunk[:_LONGEST]))

    def save(self) -> None:
        """Write what was seen since the last time to the run's folder."""
        if new := self._words - self._saved:
            told = " ".join(map(str, sorted(new)))
            write_new(new_file(self._spool, _WORDS), [told.encode("ascii")])
            self._saved |= new
        self._numbers.finish()


def _message(text: str) -> str:
    return f"#{fold(text)}"


def texts_of(blocks: Sequence[Block]) -> Iterable[str]:
    """Yield the texts and the distinct values of blocks."""
    for block in blocks:
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Column):
            yield from block.values.dictionary.to_pylist()
