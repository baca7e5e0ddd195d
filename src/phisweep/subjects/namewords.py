"""
Which words are names of anybody in the data: whether a cell is worth being asked about a subject.

Kept as keyed digests, with nicknames; most cells hold none of these words, and cost no more.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from phisweep.detect.known import Digester, Digests, lookup
from phisweep.detect.nameforms import Nicknames
from phisweep.detect.namewords import plain
from phisweep.keys import Key

#: Parts of a record that are names.
PARTS = frozenset({"given", "middle", "surname", "full-name", "maiden", "relative"})
_SUFFIX = ".namewords"
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d{4}")
_INITIALS = re.compile(r"\b[A-Z]\.? ?[A-Z]\b")


class NameWords:
    """Gathers the words of names in one worker."""

    def __init__(self, key: Key, short: Nicknames) -> None:
        self._digest = Digester(key)
        self._short = short
        self._words: set[str] = set()

    def add(self, name: str) -> None:
        """Take in the words of a name, and what else somebody of that name is called."""
        for word in map(plain, _WORD.findall(name)):
            if word not in self._words:
                self._words.add(word)
                self._words |= self._short.of(word)

    def save(self, spool: Path) -> None:
        """Write the digests to a file of the run's folder, mode 0600."""
        if self._words:
            digests = Digests.of([self._digest(f"@{word}") for word in self._words], ())
            digests.save(spool / f"{os.getpid()}-{time.time_ns()}{_SUFFIX}")
            self._words = set()


def join(spool: Path, folder: Path) -> None:
    """Join what workers have left in the spool. Raises ComponentError."""
    Digests.join(sorted(spool.glob(f"*{_SUFFIX}")), folder)


def may_name(folder: Path, key: Key) -> Callable[[str], bool]:
    """
    Return what says of a text whether it may name a subject, by a word, initials or a number.

    Raises ComponentError where the file cannot be read.
    """
    digest, known = Digester(key), Digests.read(folder).whole

    @lru_cache(maxsize=100_000)
    def is_name(word: str) -> bool:
        return lookup(known, digest(f"@{plain(word)}")) is not None

    def may(text: str) -> bool:
        if _NUMBER.search(text) or _INITIALS.search(text):
            return True
        return any(map(is_name, _WORD.findall(text)))

    return may
