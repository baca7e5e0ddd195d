"""The parts of a workbook that are no sheets: its XML, its names, its pictures and objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, Replaced, Structure
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.markup import Span
from phisweep.formats.workbook.book import Book
from phisweep.formats.workbook.changes import Changes
from phisweep.formats.workbook.elements import LARGEST, elements
from phisweep.formats.workbook.empties import empty
from phisweep.formats.workbook.strings import decoded
from phisweep.formats.workbook.texts import PartTexts
from phisweep.model import Column, Edit, Location, Media, Text
from phisweep.splicing import splice

_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg"})
_WORDS = {
    "vbaProject": "macros",
    "vbaProjectSignature": "macros' signature",
    "printerSettings": "printer settings",
    "oleObject": "an embedded object",
    "signature": "a signature",
    "origin": "a signature",
}


@dataclass(slots=True)
class XmlChunk:
    """A part's texts; what is to change in it is noted, and written at the document's end."""

    texts: PartTexts = field(repr=False)
    changes: Changes

    @property
    def blocks(self) -> Sequence[Block]:
        """The texts of the part."""
        return self.texts.blocks

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - no columns here
        """Note the changes of the part."""
        made = {address: own for address, own in edits.items() if own}
        if made:
            self.changes.parts[self.texts.member] = [*self.texts.changes(made)]
        return b""


@dataclass(slots=True)
class XmlPart:
    """An XML part, held whole."""

    book: Book
    changes: Changes
    name: str = field(repr=False)
    structure: ClassVar[Structure] = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[XmlChunk]:
        """Yield the part. Raises DocumentError."""
        yield XmlChunk(texts_of(self.book, self.name, self.changes), self.changes)


def texts_of(book: Book, member: str, changes: Changes) -> PartTexts:
    """Return the texts of a part, without those that are searched where they come from."""
    data = book.data(member)
    names = frozenset(book.sheet_names)
    external: set[str] = set()
    if member.endswith(".rels"):
        external = {
            element.attributes.get("Target", "")
            for element in elements(data, book.source, book.options)
            if element.attributes.get("TargetMode", "").lower() == "external"
        }
    heads = {
        decoded(changes.sheets[sheet.member].header_texts.get((table.row, table.column + i), ""))
        for sheet in book.sheets
        if sheet.member in changes.sheets
        for table in book.tables.get(sheet.member, ())
        if table.member == member
        for i in range(len(table.names))
    }

    def own(span: Span, text: str) -> bool:
        last = span.path[-1] if span.path else ""
        if span.name == "Target" and last == "Relationship":
            return text not in external
        if member == book.main and span.name == "name":
            return last == "definedName" or (last == "sheet" and text in names)
        if last == "lpstr" or span.name == "sheet":
            return text in names
        return span.name == "name" and last == "tableColumn" and decoded(text) in heads

    return PartTexts(data, book.source, book.options, member, book.known_names(), own)


@dataclass(slots=True)
class NamesChunk:
    """What sheets, ranges and parts are called."""

    blocks: Sequence[Block] = field(repr=False)
    names: Mapping[str, tuple[str, str]] = field(repr=False)
    changes: Changes

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - no columns here
        """Note the new names."""
        new = {"sheet": self.changes.sheet_names, "range": self.changes.defined, "part": self.changes.members}  # fmt: skip
        for address, own in edits.items():
            if own:
                kind, name = self.names[address]
                new[kind][name] = splice(name, own)
        return b""


@dataclass(slots=True)
class NamesPart:
    """What the sheets, ranges and parts are called: no place that a finding in them may show."""

    book: Book
    changes: Changes
    name: str = "names"
    structure: ClassVar[Structure] = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[NamesChunk]:
        """Yield the names."""
        book, blocks, names = self.book, list[Block](), dict[str, tuple[str, str]]()
        given = (("sheet", book.sheet_names), ("range", book.defined), ("part", book.zip.names()))
        for kind, entries in given:
            for number, name in enumerate(dict.fromkeys(entries), 1):
                address = f"name of {kind} {number}"
                where = Location(book.source.shown, address)
                blocks.append(Text(where, name, kind="filename", place=f"name of {kind}"))
                names[address] = kind, name
        yield NamesChunk(blocks, names, self.changes)


@dataclass(slots=True)
class BinaryChunk:
    """A part that is no XML: nothing is left of it, unless it is a document that is read."""

    blocks: Sequence[Block] = field(repr=False)
    book: Book
    changes: Changes
    member: str = field(repr=False)
    inner: Embedded | None = field(default=None, repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - no columns here
        """Note what stands in its place."""
        if self.inner is not None:
            data = self.inner.write(edits)
            if data is not None:
                self.changes.emptied[self.member] = data
            self.inner.close()
        elif edits:
            info = self.book.zip.info(self.member)
            head = next(self.book.zip.blocks(info), b"") if info is not None else b""
            self.changes.emptied[self.member] = empty(self.member, head)
        return b""


@dataclass(slots=True)
class BinaryPart:
    """A part that is no XML: a picture, an object, macros, an embedded document."""

    book: Book
    changes: Changes
    name: str = field(repr=False)
    kinds: Mapping[str, str] = field(repr=False)
    structure: ClassVar[Structure] = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[BinaryChunk]:
        """Yield the part. Raises DocumentError."""
        book, info = self.book, self.book.zip.info(self.name)
        size = info.file_size if info is not None else 0
        suffix = self.name.rpartition(".")[2].lower()
        if "/embeddings/" in f"/{self.name.lower()}" and suffix != "bin":
            inner = self._inner()
            if inner is not None:
                yield BinaryChunk(inner.blocks, book, self.changes, self.name, inner)
                return
        for _ in book.zip.blocks(info) if info is not None else ():
            pass  # the checksum of what is not read is tested, too
        kind = self.kinds.get(self.name, "")
        what, letters = _WORDS.get(kind, "a binary part"), "R"
        if suffix in _PICTURES:
            what, letters = f"picture, {suffix}", "Q"
        media = Media(Location(book.source.shown, "all of it"), what, letters, size)
        yield BinaryChunk([media], book, self.changes, self.name)

    def _inner(self) -> Embedded | None:
        """Return the document that a part is, None where it is none that can be read."""
        book, info = self.book, self.book.zip.info(self.name)
        if info is None or info.file_size > LARGEST:
            return None
        data = book.zip.read(info)
        try:
            return embed(data, book.source, book.options, "document", name=self.name)
        except DocumentError:
            return None
