"""
Which words are names of anybody in the data: whether a cell is worth being asked about a subject.

Kept as keyed digests, with nicknames; most cells hold none of these words, and cost no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from phisweep.detect.digests import Digester, Digests, lookup
from phisweep.detect.known import Gathered
from phisweep.detect.nameforms import Nicknames
from phisweep.detect.namewords import plain
from phisweep.keys import Key

#: Parts of a record that are names.
PARTS = frozenset({"given", "middle", "surname", "full-name", "maiden", "relative"})
_SUFFIX = ".namewords"
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d{4}")
#: A word of a file's name: also one hump of SmithLabs.
_PART = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
_REMEMBERED = 20_000  # names
_GAP = 2  # code points between two names
_INITIALS = re.compile(r"\b[A-Z]\.? ?[A-Z]\b")


class NameWords:
    """Gathers the words of names in one worker, in files of the run's folder."""

    def __init__(self, key: Key, short: Nicknames, spool: Path) -> None:
        self._gathered = Gathered(key, spool, _SUFFIX)
        self._others = lru_cache(maxsize=100_000)(short.of)
        self._seen: set[str] = set()

    def add(self, name: str) -> None:
        """Take in the words of a name, and what else somebody of that name is called."""
        if name in self._seen:
            return
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen.add(name)
        for word in map(plain, _WORD.findall(name)):
            self._gathered.add(_message(word))
            for other in self._others(word):
                self._gathered.add(_message(other))

    def save(self) -> None:
        """Write what is held to the run's folder."""
        self._gathered.finish()


def join(spool: Path, folder: Path) -> None:
    """Join what workers have left in the spool. Raises ComponentError."""
    Digests.join(sorted(spool.glob(f"*{_SUFFIX}")), folder)


class KnownNames:
    """
    Says which words are names of somebody in the data.

    `ordinary` holds words that say nothing by themselves. Raises ComponentError where the file
    cannot be read.
    """

    def __init__(self, folder: Path, key: Key, ordinary: Collection[str]) -> None:
        self._digest = Digester(key)
        self._known = Digests.read(folder).whole
        self._ordinary = ordinary
        self.is_name = lru_cache(maxsize=100_000)(self._is_name)

    def may_name(self, text: str) -> bool:
        """Say whether a text may name a subject, by a word, initials or a number."""
        if _NUMBER.search(text) or _INITIALS.search(text):
            return True
        return any(map(self.is_name, _WORD.findall(text)))

    def spans(self, name: str) -> list[tuple[int, int]]:
        """
        Return the spans of names in the name of a file, which glues words by underscores.

        A word that is ordinary too is one where it stands beside another name.
        """
        words = [m for m in _PART.finditer(name) if self.is_name(m[0])]
        sure = [m.span() for m in words if plain(m[0]) not in self._ordinary]
        return [
            m.span()
            for m in words
            if m.span() in sure
            or any(0 < m.start() - e <= _GAP or 0 < s - m.end() <= _GAP for s, e in sure)
        ]

    def _is_name(self, word: str) -> bool:
        return lookup(self._known, self._digest(_message(plain(word)))) is not None


def _message(word: str) -> str:
    return f"@{word}"
