"""A packed file: the parts of the document inside, and the copy of it, packed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import cast

from phisweep.errors import DocumentError
from phisweep.formats import signs
from phisweep.formats.base import (
    Block,
    Chunk,
    Document,
    Fidelity,
    Part,
    ReadOptions,
    Replaced,
    Structure,
    failed,
)
from phisweep.formats.choose import choose_format
from phisweep.formats.container import packing
from phisweep.formats.container.inside import nested
from phisweep.formats.container.names import kind_of_name
from phisweep.formats.container.store import as_source
from phisweep.formats.stream import raw_stream
from phisweep.model import Column, Edit, Location, Source, Text


class PackedDocument:
    """An opened packed file; most of what it says is said by the document inside."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self._stack = ExitStack()
        self._broken: DocumentError | None = None
        self._head = packing.Header()
        self.warnings: list[str] = []
        self.also_unread: tuple[str, ...] = ()
        self.copy_path = ""
        self.rows: int | None = None
        self.columns: int | None = None
        try:
            self._open(options)
        except BaseException:
            self._stack.close()
            raise

    def _open(self, options: ReadOptions) -> None:
        options = nested(options, 0, 0)
        if options.nesting > options.max_nesting:
            what = f"more than {options.max_nesting} documents in each other"
            raise failed("E218", self.source, what, "Unpack it yourself, if you trust it.")
        with closing(raw_stream(self.source)) as stream:
            self._how = signs.packing(stream.read(64))
        if not self._how:
            raise failed("E260", self.source, "it is not packed as its name says")
        name = _inner_name(self.source.name, self._how)
        inner = self._stack.enter_context(as_source(self._blocks(options), self.source, name))
        self.unpacked = inner.size
        self._source, self._options = inner, options
        self.name = name.rpartition("/")[2]
        self.format = choose_format(inner, options)
        self._inner: Document = self._stack.enter_context(closing(self.format.open(inner, options)))
        self.encoding = self._inner.encoding
        self._packer = packing.packer(self._how)
        self._copied_as = self.format.copied_as

    def _blocks(self, options: ReadOptions) -> Iterator[bytes]:
        """Yield what can be unpacked; what is wrong behind it is told when that was read."""
        some = False
        try:
            for block in packing.unpacked(self.source, options, self._head):
                some = some or bool(block)
                yield block
        except DocumentError as error:
            if error.code == "E218" or not some:
                raise
            self._broken = error

    @property
    def held(self) -> str:
        """Why no copy of the document inside may be written."""
        return self._inner.held

    @property
    def fidelity(self) -> Fidelity:
        """Say "always" where the document inside is rebuilt, or the header holds what nobody reads."""
        return "always" if self._head.extra or self._inner.fidelity == "always" else "copy"

    def parts(self) -> Iterator[PackedPart]:
        """Yield the parts of the document inside. Raises DocumentError."""
        words = [*self._words()]
        try:
            for number, part in enumerate(self._inner.parts(), 1):
                yield PackedPart(self, part, words, number)
                words = []
        finally:
            inner = self._inner
            self.encoding, self.rows, self.columns = inner.encoding, inner.rows, inner.columns
            self.warnings = [*inner.warnings]
            self.also_unread = (*self.format.unread, *inner.also_unread)
        if self._broken is not None:
            raise self._broken

    def finish(self) -> Iterator[bytes]:
        """Yield the end. Raises DocumentError E261."""
        if self._copied_as:
            what = "a copy of what is packed in it would be of another format"
            raise failed("E261", self.source, what, "Unpack it, and give the file itself.")
        for block in self._inner.finish():
            yield self.pack(block)
        yield self._packer.flush()

    def pack(self, data: bytes) -> bytes:
        """Return what is ready of the copy."""
        return self._packer.compress(data)

    def again(self, number: int) -> Iterator[Chunk]:
        """Yield the chunks of a part, by its number from 1, in a reading of their own."""
        with closing(self.format.open(self._source, self._options)) as document:
            for at, part in enumerate(document.parts(), 1):
                if at == number:
                    yield from part.chunks()
                    return

    def position(self) -> int:
        """Return how many bytes of the source were read so far, by the share of what came out."""
        done = self._inner.position() / max(1, self.unpacked)
        return int(min(1.0, done) * self.source.size)

    def close(self) -> None:
        """Release the source."""
        self._stack.close()

    def _words(self) -> Iterator[Text]:
        """Yield what the header tells: the name and the comment of what is packed."""
        told = [("name", name) for name in self._head.names]
        told += [("comment", comment) for comment in self._head.comments]
        for number, (what, data) in enumerate(told, 1):
            where = Location(self.source.shown, f"header, {what} {number}")
            text = data.decode("latin-1")
            kind = kind_of_name(text) if what == "name" else "metadata"
            yield Text(where, text, kind=kind, place="header")


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part of the document inside."""

    document: PackedDocument = field(repr=False)
    inner: Part = field(repr=False)
    words: Sequence[Text] = field(repr=False)
    number: int

    @property
    def name(self) -> str:
        """What the document inside is called, and its part."""
        own = self.document.name
        return f"{own}!{self.inner.name}" if self.inner.name else own

    @property
    def structure(self) -> Structure:
        """How its records lie."""
        return self.inner.structure

    def sample(self) -> Sequence[Column]:
        """Return the first records of a table."""
        return self.inner.sample()

    def chunks(self) -> Iterator[Chunk]:
        """Yield what the header tells, then the chunks of the part. Raises DocumentError."""
        if self.words:
            yield HeaderChunk(self.words)
        for chunk in self.inner.chunks():
            yield PackedChunk(self.document, chunk)

    def again(self) -> Iterator[Chunk]:
        """Yield the chunks from another reading, to look for keys before the first is done."""
        if (again := getattr(self.inner, "again", None)) is not None:
            return cast("Iterator[Chunk]", again())
        return self.document.again(self.number)


@dataclass(frozen=True, slots=True)
class HeaderChunk:
    """What stands in the header; nothing of it comes into a changed copy."""

    blocks: Sequence[Block] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing."""
        return b""


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """A chunk of the document inside, packed."""

    document: PackedDocument = field(repr=False)
    inner: Chunk = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""
        return self.inner.blocks

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Return what is ready of the copy. Raises what the inner chunk raises."""
        return self.document.pack(self.inner.write(edits, columns))


def _inner_name(name: str, how: str) -> str:
    """Return the name without the suffix of how it is packed."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and dot and suffix.lower() in (how, "bgz", "gzip") else name + ".unpacked"
