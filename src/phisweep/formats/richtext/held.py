"""A document that is held whole as a text, cut into chunks, and written by splicing."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, Replaced, failed, kind_of
from phisweep.formats.embedded import Embedded
from phisweep.formats.richtext.pieces import Joined, Writing
from phisweep.formats.stream import read
from phisweep.model import Edit, Kind, Location, Media, Source, Text

LARGEST = 256 << 20  # bytes of one document that is held whole
#: Pieces and blocks take some ten times the bytes of their text.
SHARE_OF_CHUNK = 8
_BREAK = re.compile("\n")

Changes = Iterator[tuple[int, int, str]]
EditsOf = Mapping[str, Sequence[Edit]]


class Held(Protocol):
    """Something in the document that can be written anew."""

    def changes(self, edits: EditsOf, raw: str) -> Changes:
        """Yield half-open spans of the raw document, and what is to stand there."""


class HeldValue(Held, Protocol):
    """Something that is written in a way of its own, at an address of its own."""

    @property
    def address(self) -> str:
        """Where it stands."""


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text of pieces."""

    address: str
    joined: Joined = field(repr=False)
    writing: Writing

    def changes(self, edits: EditsOf, raw: str) -> Changes:
        """Yield what its edits change."""
        if made := edits.get(self.address):
            yield from self.joined.changes(made, self.writing, raw)


@dataclass(frozen=True, slots=True)
class HeldMedia:
    """What is not assessed: `empty` are half-open spans and what stands there instead."""

    address: str
    empty: Sequence[tuple[int, int, str]] = field(repr=False)

    def changes(self, edits: EditsOf, raw: str) -> Changes:  # noqa: ARG002 - the contract's
        """Yield what is empty, where it is to be emptied."""
        if edits.get(self.address):
            yield from self.empty


@dataclass(frozen=True, slots=True)
class HeldInner:
    """A document within; `wrap` says how its bytes are written at its half-open span."""

    inner: Embedded = field(repr=False)
    start: int
    end: int
    wrap: Callable[[bytes], str] = field(repr=False)

    def changes(self, edits: EditsOf, raw: str) -> Changes:  # noqa: ARG002 - the contract's
        """Yield the document with its edits in place, where something in it changed."""
        new = self.inner.write(edits)
        if new is not None:
            yield self.start, self.end, self.wrap(new)


@dataclass(frozen=True, slots=True)
class HeldChunk:
    """A stretch of the raw document, from code point `start`, and what stands in it."""

    raw: str = field(repr=False)
    start: int
    end: int
    mark: bytes
    encode: Callable[[str], bytes] = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    places: Sequence[Held] = field(repr=False)
    around: Callable[[EditsOf, str], str] | None = field(default=None, repr=False)

    def write(
        self,
        edits: EditsOf,
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the stretch with the edits in place. Raises DocumentError E206."""
        changes = sorted(
            change for place in self.places for change in place.changes(edits, self.raw)
        )
        parts: list[str] = []
        at = self.start
        for start, end, new in changes:
            parts += (self.raw[at:start], new)
            at = end
        text = "".join([*parts, self.raw[at : self.end]])
        if self.around is not None:
            text = self.around(edits, text)
        return self.mark + self.encode(text)


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a text beside its code points; as in `Text`."""

    label: str = field(default="", repr=False)
    kind: Kind | None = None
    path: str = ""
    owner: str = field(default="", repr=False)
    place: str = ""


PLAIN = Said()


@dataclass(slots=True)
class Builder:
    """
    Gathers the blocks of a raw document into chunks.

    `flush` may be asked wherever no text is open that began before; `ready` are the chunks so far.
    `around` has a last look at what a chunk writes.
    """

    raw: str = field(repr=False)
    source: Source
    options: ReadOptions
    encode: Callable[[str], bytes] = field(repr=False)
    mark: bytes = b""
    lined: bool = True
    around: Callable[[EditsOf, str], str] | None = field(default=None, repr=False)
    ready: list[HeldChunk] = field(default_factory=list, repr=False)
    errors: list[DocumentError] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list, repr=False)
    _places: list[Held] = field(default_factory=list, repr=False)
    _base: int = 0
    _lines: array[int] | None = field(default=None, repr=False)

    def text(self, address: str, joined: Joined, writing: Writing, said: Said = PLAIN) -> None:
        """Add a text, unless it is blank; its line is told where it stands in one piece of one."""
        joined = joined.stripped()
        text = joined.text
        if not text or text.isspace():
            return
        line, col = self._place(joined, text)
        self._blocks.append(
            Text(
                Location(self.source.shown, address),
                text,
                said.label,
                kind=said.kind or kind_of(text),
                line=line,
                col=col,
                path=said.path,
                owner=said.owner,
                place=said.place,
            )
        )
        self._places.append(HeldText(address, joined, writing))

    def place(self, held: HeldValue, text: str, said: Said) -> None:
        """Add a text that is written in a way of its own."""
        place = Location(self.source.shown, held.address)
        kind = said.kind or kind_of(text)
        self._blocks.append(Text(place, text, said.label, kind=kind, place=said.place))
        self._places.append(held)

    def media(
        self,
        address: str,
        what: str,
        empty: Sequence[tuple[int, int, str]],
        *,
        letters: str = "Q",
        size: int = 0,
    ) -> None:
        """Add what is not assessed."""
        self._blocks.append(Media(Location(self.source.shown, address), what, letters, size))
        self._places.append(HeldMedia(address, empty))

    def inner(self, inner: Embedded, start: int, end: int, wrap: Callable[[bytes], str]) -> None:
        """Add an opened document within; its blocks have their addresses already."""
        self._blocks += inner.blocks
        self._places.append(HeldInner(inner, start, end, wrap))

    def name(self, address: str, name: str) -> None:
        """Add the name of an element or attribute, which `around` writes."""
        place = Location(self.source.shown, address)
        self._blocks.append(Text(place, name, kind="key"))

    def large(self, at: int) -> bool:
        """Say whether the chunk is large enough to end before code point `at`."""
        return at - self._base > max(1, self.options.chunk_bytes // SHARE_OF_CHUNK)

    def flush(self, at: int) -> None:
        """End the chunk before code point `at`."""
        self.ready.append(
            HeldChunk(
                self.raw,
                self._base,
                at,
                self.mark,
                self.encode,
                self._blocks,
                self._places,
                self.around,
            )
        )
        self._blocks, self._places, self._base, self.mark = [], [], at, b""

    def drain(self) -> Iterator[HeldChunk]:
        """Yield the chunks that are ready."""
        ready, self.ready = self.ready, []
        yield from ready

    def _place(self, joined: Joined, text: str) -> tuple[int | None, int | None]:
        first = joined.pieces[0]
        if not self.lined or len(joined.pieces) > 1 or not first.even or "\n" in text:
            return None, None
        if self._lines is None:
            self._lines = array("Q", (match.start() for match in _BREAK.finditer(self.raw)))
        line = bisect_left(self._lines, first.start)
        return line + 1, first.start - (self._lines[line - 1] + 1 if line else 0) + 1


def held_bytes(blocks: Iterator[bytes], source: Source, what: str) -> bytes:
    """Return blocks joined. Raises DocumentError E211 where they are too large to be held whole."""
    parts, size = [], 0
    for block in blocks:
        size += len(block)
        if size > LARGEST:
            raise failed(
                "E211",
                source,
                f"{what} of more than {LARGEST >> 20} MiB is too large to be held whole",
                "Split it.",
            )
        parts.append(block)
    return b"".join(parts)


def raw_bytes(stream: BinaryIO, source: Source, options: ReadOptions, what: str) -> bytes:
    """Return a stream's bytes, whole. Raises DocumentError E201, E211."""

    def blocks() -> Iterator[bytes]:
        at = 0
        while block := read(stream, at, options.chunk_bytes, source):
            yield block
            at += len(block)

    return held_bytes(blocks(), source, what)
