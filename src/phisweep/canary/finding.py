"""Canaries found again in blocks of text, wherever they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

import ahocorasick_rs

from phisweep.canary.model import Canary, scope_of
from phisweep.formats.base import Block, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Source, Text


class Finder:
    """Finds the canaries of one source: within a text, or as the whole of a cell or field."""

    def __init__(self, canaries: Sequence[Canary]) -> None:
        self._within = [canary for canary in canaries if not canary.whole]
        self._whole: dict[str, list[Canary]] = defaultdict(list)
        for canary in canaries:
            if canary.whole:
                self._whole[canary.snippet].append(canary)
        patterns = [canary.snippet for canary in self._within]
        self._automaton = ahocorasick_rs.AhoCorasick(patterns) if patterns else None

    def find(self, block: Text | Column, text: str) -> Iterator[tuple[Canary, int]]:
        """Yield the canaries in a text of a block, each with the code point that it begins at."""
        core = text.strip()
        for canary in self._whole.get(core, ()):
            if not canary.scope or canary.scope == scope_of(block):
                yield canary, text.index(core)
        if self._automaton is not None and text:
            for index, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
                yield self._within[index], start

    def numbers(self, blocks: Iterable[Block]) -> set[int]:
        """Return the numbers of the canaries that stand in blocks."""
        return set(self.counts(blocks))

    def counts(self, blocks: Iterable[Block]) -> Counter[int]:
        """Return how often each canary stands in blocks; a value of a column counts once."""
        seen: Counter[int] = Counter()
        for block in blocks:
            if isinstance(block, Text):
                seen.update(canary.number for canary, _ in self.find(block, block.text))
            elif isinstance(block, Column):
                for value in block.values.dictionary.to_pylist():
                    if value:
                        seen.update(canary.number for canary, _ in self.find(block, value))
        return seen


def standing(source: Source, finder: Finder, options: ReadOptions) -> Counter[int]:
    """
    Return how often each canary stands in a document, read by its own format.

    Raises DocumentError, OSError.
    """
    seen: Counter[int] = Counter()
    with closing(choose_format(source, options).open(source, options)) as document:
        for part in document.parts():
            part.sample()
            for chunk in part.chunks():
                seen += finder.counts(chunk.blocks)
    return seen
