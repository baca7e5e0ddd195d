"""
Texts that will be asked for, so that many short ones are searched at once.

A search of a note of a kilobyte brings megabytes of automata and expressions into the processor's
caches, and the next one brings them there again. What is found is the same either way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from phisweep.model import Finding, Text

_AT_ONCE = 1 << 17  # code points


class Ahead:
    """What was said to come, and what was found in it already."""

    def __init__(self) -> None:
        self._coming: Sequence[Text] = ()
        self._places: dict[Text, int] = {}
        self._done = 0
        self._found: dict[Text, list[Finding]] = {}

    def expect(self, blocks: Sequence[Text]) -> None:
        """Remember what will be asked for, about in this order; it replaces what was not."""
        self._coming = blocks
        self._places = {block: i for i, block in enumerate(blocks)}
        self._done = 0
        self._found = {}

    def forget(self) -> None:
        """Forget what was found, not what is to come."""
        self._found = {}

    def take(self, block: Text) -> list[Finding] | None:
        """Return, once, what was found in a text."""
        return self._found.pop(block, None)

    def with_next(self, block: Text) -> list[Text]:
        """Return a text with those that come behind it, of its kind, as are searched at once."""
        at = self._places.get(block, -1)
        batch = [block]
        if at < self._done:
            return batch
        size = len(block.text)
        self._done = at + 1
        for each in self._coming[at + 1 :]:
            size += len(each.text)
            if size > _AT_ONCE or each.kind != block.kind:
                break
            batch.append(each)
            self._done += 1
        return batch

    def keep(self, blocks: Iterable[Text], found: Iterable[list[Finding]]) -> None:
        """Keep what was found in texts that will be asked for."""
        self._found.update(zip(blocks, found, strict=True))


class Joined:
    """Some texts as one, an end of line between them, and the way back."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.text = "\n".join(texts) if len(texts) > 1 else texts[0]
        self._starts = [0, *accumulate(len(text) + 1 for text in texts)]

    def apart(self, places: Sequence[int] | None) -> Iterator[tuple[int, Sequence[int] | None]]:
        """Yield the texts in which there are places, by number, and the places there; None is all."""
        if places is None:
            for number in range(len(self.texts)):
                yield number, None
        elif len(self.texts) == 1:
            yield 0, places
        else:
            yield from self._split(sorted(places))

    def _split(self, places: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        number, first, end = 0, 0, 0
        here: list[int] = []
        for at in places:
            if at < 0:
                continue
            if at >= end:
                if here:
                    yield number, here
                number = bisect_right(self._starts, at) - 1
                if number >= len(self.texts):
                    return
                first, end = self._starts[number], self._starts[number + 1]
                here = []
            here.append(at - first)
        if here:
            yield number, here
