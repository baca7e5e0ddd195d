"""A document of XML, held whole and read by its elements."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.errors import DocumentError
from phisweep.formats.base import Structure
from phisweep.formats.encoding import HEAD
from phisweep.formats.richtext.held import Builder, HeldChunk, held_bytes
from phisweep.formats.richtext.pieces import Joined
from phisweep.formats.stream import Opened, TextDocument
from phisweep.formats.xmlish import cda
from phisweep.formats.xmlish.assembly import Assembly
from phisweep.formats.xmlish.vocabulary import plain, svg

FEED = 256 << 10  # bytes that are read before what they hold is handed on


class XmlDocument(TextDocument):
    """An opened document, held whole when it is first asked about."""

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened)
        self._data: bytes | None = None
        self._words = plain()

    @property
    def structure(self) -> Structure:  # type: ignore[override] # what a class says, one may know better
        """Say that records lie in a tree, but for a document that is one patient's."""
        self._load()
        return "lines" if self._words.owner else "tree"

    def chunks(self) -> Iterator[HeldChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211, E219."""
        data, held, options = self._load(), self.opened, self.opened.options
        source = held.source
        raw = held.text(data)
        codec = held.code.codec
        builder = Builder(
            raw, source, options, lambda text: held.code.encode(text, source), held.code.mark
        )
        error: DocumentError | None = None
        if raw.isspace() or not raw:
            self.warnings.append("the document is empty")
        else:
            assembly = Assembly(data, options, builder, self._words, codec)
            try:
                for _ in assembly.read(FEED):
                    yield from builder.drain()
            except DocumentError as problem:
                error = problem
                rest = assembly.char(assembly.position())
            assembly.finish()
            if error:
                joined = Joined()
                joined.add(raw[rest:], rest, len(raw), "text")
                builder.text("what could not be parsed", joined, assembly.writing)
        builder.flush(len(raw))
        yield from builder.drain()
        if error or builder.errors:
            raise error or builder.errors[0]

    def _load(self) -> bytes:
        if self._data is None:
            held = self.opened
            self._data = held_bytes(held.blocks(), held.source, "XML")
            head = self._data[:HEAD]
            if cda.is_cda(head):
                owner = cda.owner(self._data, held.source, held.options)
                self._words = cda.Cda(owner, standard=True)
            elif b"http://www.w3.org/2000/svg" in head:
                self._words = svg()
        return self._data
