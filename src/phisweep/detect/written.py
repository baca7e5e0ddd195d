"""
What operators wrote that reads like an identifier, known again so that it is not taken for one.

A surrogate looks like a name, a shifted date like a date: without this no search of the copies
could tell them from what was missed. Only keyed digests are kept, as for removed values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from phisweep.detect.digests import Digester, Digests, lookup
from phisweep.detect.known import Gathered
from phisweep.keys import Key, fold
from phisweep.model import Finding

#: Identifiers that are made of words: a search may find one word of a surrogate, or two together.
_WORDY = frozenset({"name", "location", "email"})
_WORD = re.compile(r"[^\W_]+")
_NEAR, _WORDS_NEAR = 48, 6  # code points and words beside a finding that are looked at
_SUFFIX = ".written"


class WrittenCollector:
    """Gathers digests of what was written into the copies, in files of a folder (`*.written`)."""

    def __init__(self, key: Key, folder: Path | None = None) -> None:
        self._gathered = Gathered(key, folder, _SUFFIX)

    def add(self, file: str, text: str, identifier: str) -> None:
        """Add what an operator wrote in place of an identifier into the copy of that name."""
        self._gathered.add(_whole(file, text))
        if identifier in _WORDY:
            for word in _WORD.findall(text):
                self._gathered.add(_part(word))

    def finish(self) -> Digests:
        """Return what is held, or write it to the folder's next file."""
        return self._gathered.finish()


class Written:
    """Says of a finding whether it is what an operator of this run wrote."""

    def __init__(self, key: Key, digests: Digests) -> None:
        self._digest = Digester(key)
        self._digests = digests

    def is_ours(self, finding: Finding, text: str) -> bool:
        """
        Say whether the covered part of a text is, or lies in, something that was written there.

        Of names and places every single word may be one that was written: a surrogate's words occur
        nowhere in the data, so nobody's true name is taken for one.
        """
        covered = text[finding.start : finding.end]
        file = finding.location.source
        if self._has(_whole(file, covered)):
            return True
        if any(self._has(_whole(file, around)) for around in _around(text, finding)):
            return True
        words = _WORD.findall(covered)
        return (
            finding.identifier in _WORDY
            and any(word.isalpha() and len(word) > 1 for word in words)
            and all(self._has(_part(word)) for word in words)
        )

    def _has(self, message: str) -> bool:
        return lookup(self._digests.whole, self._digest(message)) is not None


def _around(text: str, finding: Finding) -> Iterator[str]:
    """Yield the runs of whole words that begin and end a little before and after a finding."""
    low, high = max(0, finding.start - _NEAR), finding.end + _NEAR
    words = [m.span() for m in _WORD.finditer(text, low, high)]
    starts = [s for s, _ in words if s <= finding.start][-_WORDS_NEAR:]
    ends = [e for _, e in words if e >= finding.end][:_WORDS_NEAR]
    for start in starts or [finding.start]:
        for end in ends or [finding.end]:
            if (start, end) != (finding.start, finding.end):
                yield text[start:end]


def files(spool: Path) -> list[Path]:
    """Return the files that collectors have left in a folder."""
    return sorted(spool.glob(f"*{_SUFFIX}"))


def _whole(file: str, text: str) -> str:
    return f"{file}\x1f{fold(text)}"


def _part(word: str) -> str:
    return f"\x1e{fold(word)}"
