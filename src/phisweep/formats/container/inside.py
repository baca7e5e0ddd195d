"""
One document in a container: its parts as parts of the container, and its bytes in the copy.

What no format reads, and what may not be copied, is Media: it is left out of a copy. What cannot be
read whole is noted, so that the other members are read before the container fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import cast

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    Block,
    Chunk,
    Document,
    Format,
    Part,
    ReadOptions,
    Replaced,
    Structure,
    failed,
)
from phisweep.formats.choose import choose_format
from phisweep.formats.container.store import Store
from phisweep.model import Column, Edit, Location, Media, Source

UNKNOWN = "a member of no known kind"
_LETTERS = re.compile(r"\(([A-R])\)")


@dataclass(frozen=True, slots=True)
class InnerChunk:
    """A chunk of an inner document; what it writes goes to the store, and not to the container."""

    inner: Chunk = field(repr=False)
    inside: Inside = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search, by the addresses of the inner document."""
        return self.inner.blocks

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Return nothing. Raises DocumentError E206 and what else the inner chunk raises."""
        self.inside.take(self.inner, edits, columns)
        return b""


@dataclass(frozen=True, slots=True)
class MediaChunk:
    """What cannot be assessed."""

    blocks: Sequence[Block]

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: the member is left out."""
        return b""


@dataclass(frozen=True, slots=True)
class InnerPart:
    """A part of an inner document, named after its member: `book.xlsx!Sheet1`."""

    name: str = field(repr=False)
    structure: Structure
    inside: Inside = field(repr=False)
    number: int
    inner: Part | None = field(default=None, repr=False)

    def sample(self) -> Sequence[Column]:
        """Return the first records of a table, () where they cannot be read."""
        if self.inner is None or self.inside.error is not None:
            return ()
        try:
            return self.inner.sample()
        except DocumentError as error:
            self.inside.error = error
            return ()

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks; where it cannot be read on, it ends, and the member has the error."""
        if self.inner is None:
            yield MediaChunk([self.inside.media()])
            return
        try:
            for chunk in self.inner.chunks():
                yield InnerChunk(chunk, self.inside)
        except DocumentError as error:
            self.inside.error = self.inside.error or error

    def again(self) -> Iterator[Chunk]:
        """Yield the chunks from another reading, to look for keys before the first is done."""
        if (again := getattr(self.inner, "again", None)) is not None:
            return cast("Iterator[Chunk]", again())
        return self.inside.again(self.number)


@dataclass(slots=True)
class Inside:
    """
    An inner document while it is read.

    `source` holds its bytes, `name` is what it is called among the members. `error` says why it was
    not read whole, `left_out` why it has no place in a copy.
    """

    source: Source
    options: ReadOptions
    name: str = field(repr=False)
    store: Store = field(repr=False)
    choose: Callable[[Source, ReadOptions], Format] = choose_format
    error: DocumentError | None = None
    format: Format | None = None
    left_out: str = ""
    suffix: str = ""
    _document: Document | None = field(default=None, repr=False)
    _changed: bool = False
    _start: int = 0
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def parts(self) -> Iterator[InnerPart]:
        """Yield the parts. Raises no DocumentError, but for what is wrong with a nested container."""
        self._start = self.store.size
        if not self._open():
            if self.left_out:
                yield self._media_part()
            return
        assert self._document is not None  # noqa: S101 - `_open` said so
        number = 0
        try:
            for number, part in enumerate(self._document.parts(), 1):
                name = f"{self.name}!{part.name}" if part.name else self.name
                yield InnerPart(name, part.structure, self, number, part)
                if self.error is not None:
                    return
        except DocumentError as error:
            self.error = self.error or error
            return
        if self._document.held:
            self.left_out = self._document.held
            yield self._media_part()

    def take(
        self,
        chunk: Chunk,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],
    ) -> None:
        """Write a chunk to the store."""
        assert self._document is not None  # noqa: S101 - its chunk is written
        self._changed = self._changed or bool(edits or columns)
        if not self._document.held:
            self.store.write(chunk.write(edits, columns))

    def result(self) -> tuple[int, int] | None:
        """
        Return where the new bytes lie in the store, None where the member keeps its own.

        Asked once, when the parts are read and written. Raises DocumentError.
        """
        document = self._document
        if document is None or self.error is not None or self.left_out:
            self.store.truncate(self._start)
            return None
        if not self._changed and document.fidelity != "always":
            self.store.truncate(self._start)
            return None
        for block in document.finish():
            self.store.write(block)
        self.suffix = self.format.copied_as if self.format else ""
        return self._start, self.store.size

    def again(self, number: int) -> Iterator[Chunk]:
        """Yield the chunks of a part, by its number from 1, in a reading of their own."""
        assert self.format is not None  # noqa: S101 - it has parts
        with closing(self.format.open(self.source, self.options)) as document:
            for at, part in enumerate(document.parts(), 1):
                if at == number:
                    yield from part.chunks()
                    return

    def media(self) -> Media:
        """Return the block that stands for what is left out."""
        letters = "".join(dict.fromkeys(_LETTERS.findall(self.left_out))) or "Q"
        what = self.left_out.partition(":")[0] if _LETTERS.search(self.left_out) else self.left_out
        return Media(Location(self.source.shown, "content"), what, letters, self.source.size)

    @property
    def warnings(self) -> Sequence[str]:
        """What the inner document warns of."""
        return self._document.warnings if self._document is not None else ()

    @property
    def also_unread(self) -> Sequence[str]:
        """What is not looked at in it beside what its format says."""
        return self._document.also_unread if self._document is not None else ()

    @property
    def unpacked(self) -> int:
        """How many bytes came out of it, where it is a container itself."""
        return int(getattr(self._document, "unpacked", 0))

    @property
    def members(self) -> int:
        """How many members it has, where it is a container itself."""
        return int(getattr(self._document, "members", 0))

    def close(self) -> None:
        """Release the inner document."""
        self._stack.close()

    def _open(self) -> bool:
        if self.options.nesting > self.options.max_nesting:
            what = f"more than {self.options.max_nesting} documents in each other"
            self.error = failed("E218", self.source, what, "Unpack it yourself, if you trust it.")
            return False
        try:
            self.format = self.choose(self.source, self.options)
            self._document = self.format.open(self.source, self.options)
        except DocumentError as error:
            if error.code == "E202":
                self.left_out = UNKNOWN
            else:
                self.error = error
            return False
        self._stack.enter_context(closing(self._document))
        return True

    def _media_part(self) -> InnerPart:
        return InnerPart(self.name, "text", self, 0)


def nested(options: ReadOptions, unpacked: int, members: int) -> ReadOptions:
    """Return the options of an inner document: what is left of those limits that hold for all."""
    return replace(
        options,
        nesting=options.nesting + 1,
        max_unpacked=max(0, options.max_unpacked - unpacked),
        max_members=max(0, options.max_members - members),
    )
