"""Blocks made of stretches of one raw text, and the changes that their edits make to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.base import Block, kind_of
from phisweep.model import Edit, Kind, Text

_SENTENCE = 3  # words


@dataclass(slots=True)  # one for each value: not frozen, which takes twice as long
class Stretch:
    """
    Half-open code points of a raw text, and the text that they stand for.

    `starts[i]` and `ends[i]` are where in the raw text code point i of `text` begins and ends; None
    where raw text and text are the same.
    """

    start: int
    end: int
    text: str = field(repr=False)
    starts: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """Return where half-open code points of the text stand in the raw text."""
        if self.starts is None or self.ends is None:
            return self.start + start, self.start + end
        begin = self.starts[start] if start < len(self.text) else self.end
        return begin, self.ends[end - 1] if end > start else begin


@dataclass(slots=True)  # as above
class Spot:
    """One block: its stretches, joined by line feeds, and how what replaces is written there."""

    stretches: Sequence[Stretch]
    written: Callable[[str], str]

    @property
    def text(self) -> str:
        """The block's text."""
        return "\n".join(stretch.text for stretch in self.stretches)

    def changes(self, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str]]:
        """
        Yield raw half-open code points and what replaces them.

        What an edit puts in place of text on several lines stands on the first of them.
        """
        for edit in edits:
            new, at = self.written(edit.text), 0
            told = False
            for stretch in self.stretches:
                start = max(edit.start - at, 0)
                end = min(edit.end - at, len(stretch.text))
                within = edit.start == edit.end and 0 <= edit.start - at <= len(stretch.text)
                if start < end or (within and not told):
                    yield (*stretch.raw(start, end), "" if told else new)
                    told = True
                at += len(stretch.text) + 1


def spliced(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with half-open spans replaced, given in any order, not overlapping."""
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(changes):
        parts += (text[at:start], new)
        at = end
    return "".join([*parts, text[at:]])


def edited(
    spots: Mapping[str, Spot], edits: Mapping[str, Sequence[Edit]]
) -> list[tuple[int, int, str]]:
    """Return the changes that edits, by addresses of spots, make to their raw text."""
    return [
        change
        for address, made in edits.items()
        if made and address in spots
        for change in spots[address].changes(made)
    ]


def kind_in(text: str) -> Kind:
    """Return the kind of a text that stands where running text may: prose from three words on."""
    return "prose" if len(text.split()) >= _SENTENCE else kind_of(text)


@dataclass(slots=True)
class Scribe:
    """
    Collects the blocks of a chunk.

    A text that is broken over several segments or lines is one block: `begin` begins it with a key
    that its lines share, `more` adds a line, and what is of another key ends it.
    """

    blocks: list[Block] = field(default_factory=list, repr=False)
    spots: dict[str, Spot] = field(default_factory=dict, repr=False)
    _key: tuple[str, ...] = field(default=(), repr=False)
    _block: Text | None = field(default=None, repr=False)
    _stretches: list[Stretch] = field(default_factory=list, repr=False)
    _written: Callable[[str], str] = str

    def add(self, block: Text, stretch: Stretch, written: Callable[[str], str]) -> None:
        """Add the block of one value, whose text is that of the stretch."""
        self.blocks.append(block)
        self.spots[block.location.address] = Spot((stretch,), written)

    def begin(
        self, key: tuple[str, ...], block: Text, stretch: Stretch, written: Callable[[str], str]
    ) -> None:
        """Begin a text that further lines may go on with."""
        self.flush()
        self._key, self._block, self._stretches, self._written = key, block, [stretch], written

    def goes_on(self, key: tuple[str, ...]) -> bool:
        """Say whether a text with this key was begun and not ended."""
        return self._block is not None and self._key == key

    @property
    def begun(self) -> bool:
        """Say whether a text was begun and not ended."""
        return self._block is not None

    def more(self, stretch: Stretch) -> None:
        """Add a line to the text that was begun."""
        self._stretches.append(stretch)

    def flush(self) -> None:
        """End the text that was begun. One of several lines has no line and column of its own."""
        block, stretches = self._block, self._stretches
        self._block, self._stretches, self._key = None, [], ()
        if block is None:
            return
        if len(stretches) == 1:
            text = stretches[0].text
            self.add(replace(block, text=text, kind=kind_in(text)), stretches[0], self._written)
            return
        spot = Spot(tuple(stretches), self._written)
        self.spots[block.location.address] = spot
        self.blocks.append(replace(block, text=spot.text, kind="prose", line=None, col=None))
