"""Which characters of a page are covered, what stands in their place, and the words that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from phisweep.formats.paged.glyphs import Box, Char
from phisweep.formats.paged.reading import Line, Reading, is_level
from phisweep.model import Edit


class Label(NamedTuple):
    """What stands in place of something that is covered, and where."""

    text: str
    box: Box


@dataclass(slots=True)
class Cover:
    """
    Collects what is covered, by the indices of characters.

    `whole` says that a character is covered whose place nobody knows: then all of the page is.
    """

    chars: Sequence[Char] = field(repr=False)
    lines: Sequence[Line] = field(repr=False)
    whole_words: bool = False
    whole: bool = False
    _gone: set[int] = field(default_factory=set, repr=False)
    _instead: dict[int, str] = field(default_factory=dict, repr=False)

    def unreadable(self) -> None:
        """Cover what nobody can read."""
        self._gone |= {i for i, char in enumerate(self.chars) if char.code == 0}

    def edits(self, reading: Reading, edits: Iterable[Edit]) -> None:
        """Cover what edits of a reading of the page touch."""
        for edit in edits:
            touched = [i for i in reading.chars[edit.start : edit.end] if i >= 0]
            if not touched:
                continue
            covered = set(touched)
            # A hyphen that the reading leaves out stands between two of them.
            covered |= {
                i
                for i in range(min(touched), max(touched))
                if self.chars[i].hyphen and {i - 1, i + 1} & covered
            }
            if self.whole_words:
                covered = set(self._words_of(covered))
            if not covered <= self._gone:
                self._instead.setdefault(min(covered - self._gone), edit.text)
            self._gone |= covered
        self.whole = self.whole or any(self._lost(i) for i in self._gone)

    def _words_of(self, covered: Iterable[int]) -> Iterator[int]:
        for i in covered:
            yield i
            for step in (-1, 1):
                k = i + step
                while 0 <= k < len(self.chars) and not _blank(self.chars[k]):
                    yield k
                    k += step

    def _lost(self, i: int) -> bool:
        char = self.chars[i]
        return char.box.empty and not char.made and not _blank(char)

    def boxes(self) -> list[Label]:
        """Return what to cover, line by line, with what is to stand there."""
        found: list[Label] = []
        for line in self.lines:
            held: Box | None = None
            text = ""
            for i in line.indices:
                if i in self._gone:
                    if self._instead.get(i):
                        if held is not None:
                            found.append(Label(text, held))
                            held = None
                        text = self._instead[i]
                    box = self.chars[i].box
                    if not box.empty:
                        held = box if held is None else held.with_(box)
                elif not _blank(self.chars[i]) and held is not None:
                    found.append(Label(text, held))
                    held, text = None, ""
            if held is not None:
                found.append(Label(text, held))
        return found

    def words(self, page: Box) -> Iterator[tuple[str, Box, Box]]:
        """
        Yield the words that are left on the page, and what stands in place of others.

        Each with its rectangle, and that of its first character.
        """
        for line in self.lines:
            held, box, first = "", None, Box(0, 0, 0, 0)
            level = _level(self.chars, line)
            for i in line.indices:
                char = self.chars[i]
                gone = i in self._gone
                if held and (gone or _blank(char)) and box is not None:
                    yield held, level(box), first
                if gone or _blank(char):
                    held, box = "", None
                    if self._instead.get(i) and not char.box.empty:
                        yield self._instead[i], level(self._reach(i, line)), char.box
                elif _inside(char.box, page):
                    first = first if held else char.box
                    held += "-" if char.hyphen else chr(char.code)
                    box = char.box if box is None else box.with_(char.box)
            if held and box is not None:
                yield held, level(box), first

    def _reach(self, first: int, line: Line) -> Box:
        """Return the rectangle that a replacement has: what is covered from there on its line."""
        box = self.chars[first].box
        for i in line.indices:
            if i > first:
                if i not in self._gone or i in self._instead:
                    break
                if not self.chars[i].box.empty:
                    box = box.with_(self.chars[i].box)
        return box


def _level(chars: Sequence[Char], line: Line) -> Callable[[Box], Box]:
    """Return what gives a word the height of its line, where that is one of level words."""
    bottom, top = line.box.bottom, line.box.top
    if not is_level(chars, line):
        return lambda box: box
    return lambda box: Box(box.left, bottom, box.right, top)


def _blank(char: Char) -> bool:
    return char.code in (10, 13) or (char.code != 0 and chr(char.code).isspace())


def _inside(box: Box, page: Box) -> bool:
    """Say whether the middle of a box lies on the page."""
    across, up = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return not box.empty and page.left <= across <= page.right and page.bottom <= up <= page.top


def covered(
    chars: Sequence[Char],
    lines: Sequence[Line],
    readings: Mapping[str, Reading],
    edits: Mapping[str, Sequence[Edit]],
    *,
    whole_words: bool,
) -> Cover:
    """Return what is covered of a page, of which `readings` are by address."""
    cover = Cover(chars, lines, whole_words)
    cover.unreadable()
    for address, reading in readings.items():
        cover.edits(reading, edits.get(address, ()))
    return cover
