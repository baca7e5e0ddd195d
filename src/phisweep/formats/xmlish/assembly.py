"""From the events of a reader to the texts of a document."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from phisweep.formats.base import ReadOptions
from phisweep.formats.markup import Reader, Role, local, resolve
from phisweep.formats.richtext.flow import Flow
from phisweep.formats.richtext.held import Builder, Said
from phisweep.formats.richtext.inside import DATA_URL, add_base64, add_data_url, add_text, is_hidden
from phisweep.formats.richtext.pieces import Joined
from phisweep.formats.xmlish import vocabulary as words
from phisweep.formats.xmlish.leaves import Leaf, Leaves
from phisweep.formats.xmlish.names import Names
from phisweep.formats.xmlish.vocabulary import Named, Vocabulary
from phisweep.formats.xmlish.writing import XmlWriting, add_pieces


class Assembly(Reader):
    """Reads XML into a builder of chunks, whose raw text is that of `data`, in UTF-8."""

    namespaces = True

    def __init__(
        self,
        data: bytes,
        options: ReadOptions,
        builder: Builder,
        vocabulary: Vocabulary,
        codec: str,
    ) -> None:
        super().__init__(data, builder.source, options)
        self.builder, self.words = builder, vocabulary
        self.writing = XmlWriting(codec)
        self.names = None if vocabulary.standard else Names(builder)
        builder.around = self.names.rename if self.names else None
        self.leaves = Leaves(self._add)
        self.way: list[Named] = []
        self.flow: Flow | None = None
        self.flow_depth = self.others = 0
        self.ascii = data.isascii()
        self.at_byte = self.at_char = 0

    def char(self, byte: int) -> int:
        """Return the code point of the raw text at which a byte of the data stands."""
        if self.ascii:
            return byte
        if byte >= self.at_byte:
            self.at_char += len(self.data[self.at_byte : byte].decode())
        else:
            self.at_char -= len(self.data[byte : self.at_byte].decode())
        self.at_byte = byte
        return self.at_char

    def told(self, role: Role, start: int, end: int, line: int, name: str = "") -> None:  # noqa: ARG002
        """Take in a text, comment or instruction."""
        first, last = self.char(start), self.char(end)
        if role in ("text", "cdata"):
            self._text(role, first, last)
            return
        self.others += 1
        joined = Joined()
        add_pieces(joined.add, self.builder.raw, first, last, role)
        kind = "comment()" if role == "comment" else f"{role}()"
        said = Said(path="xml:doctype" if role == "doctype" else "", owner=self.words.owner)
        address = f"{self.stack[-1].steps}/{kind}[{self.others}]"
        self.builder.text(address, joined, self.writing, said)

    def begun(self, attributes: Sequence[tuple[str, int, int]], line: int) -> None:  # noqa: ARG002
        """Take in an element and its attributes."""
        here = self.stack[-1]
        at = self.char(self.parser.CurrentByteIndex)
        spans = [(_called(n), self.char(a), self.char(b)) for n, a, b in attributes]
        told = {n: resolve(self.builder.raw[a:b], "attribute") for n, a, b in spans}
        self.way.append(Named(here.name, told, self.words.step(here.name, told)))
        if self.flow is not None:
            self._begin_in_flow(self.flow, here.name, at)
        elif not self.leaves.busy and self.words.begins_narrative(self.way):
            self._begin_flow(here.steps)
        else:
            self.leaves.begin(here.name, at)
        if self.names is not None:
            self.names.tell(here.name, here.steps)
        seen: set[str] = set()
        for name, start, end in spans:
            number = "" if name not in seen else f"[{len(seen) + 1}]"
            seen.add(name)
            self._attribute(name, f"{here.steps}/@{name}{number}", told[name], (start, end))

    def ended(self) -> None:
        """Take in that the last element ends."""
        here, at = self.stack[-1], self.char(self.parser.CurrentByteIndex)
        if self.flow is not None:
            self._end_in_flow(self.flow, here.name)
        else:
            leaf = self.leaves.end(here.name, at, here.steps, self._said)
            if leaf is not None and not self._inner(leaf):
                self.leaves.give(leaf)
        self.way.pop()
        if self.flow is None and not self.leaves.busy and self.builder.large(at):
            self.leaves.settle()
            self.builder.flush(at)

    def finish(self) -> None:
        """Add what still waits, where the document ends or breaks off."""
        if self.flow is not None:
            self.flow.end_run()
            self.flow = None
        self.leaves.break_off(f"{self.stack[-1].steps}/text()", self._said)

    def _said(self) -> Said:
        return self.words.text(self.way) if self.way else Said()

    def _text(self, role: str, start: int, end: int) -> None:
        raw = self.builder.raw
        if self.flow is not None:
            add_pieces(self.flow.add, raw, start, end, role, fold=True)
        else:
            joined = Joined()
            add_pieces(joined.add, raw, start, end, role)
            self.leaves.text(joined, self.stack[-1].steps, self._said)

    def _add(self, leaf: Leaf) -> None:
        self.builder.text(leaf.address, leaf.joined, self.writing, leaf.said)

    def _attribute(self, name: str, address: str, value: str, span: tuple[int, int]) -> None:
        if self.names is not None and not name.startswith("xmlns"):
            self.names.tell(name, address, attribute=True)
        start, end = span
        raw, owner = self.builder.raw, self.words.owner
        if is_hidden(raw[start:end]) and add_base64(
            self.builder, address, start, end, media_type=self._media_type(), owner=owner
        ):
            return
        at = start
        joined = Joined()
        for number, match in enumerate(DATA_URL.finditer(raw, start, end), 1):
            add_pieces(joined.add, raw, at, match.start(), "attribute")
            add_data_url(self.builder, f"{address}, data {number}", match, str, owner)
            at = match.end()
        skipped = self.words.skipped(self.way, name, value) if at == start else 0
        add_pieces(joined.add, raw, at + skipped, end, "attribute")
        self.builder.text(address, joined, self.writing, self.words.attribute(self.way, name))

    def _inner(self, leaf: Leaf) -> bool:
        """Add the document that an element holds as text; False where it holds none."""
        pieces = leaf.joined.stripped().pieces
        if not pieces or any(a.end != b.start for a, b in itertools.pairwise(pieces)):
            return False
        start, end, text = pieces[0].start, pieces[-1].end, leaf.joined.text.strip()
        owner = self.words.owner
        told: Mapping[str, str] = self.way[-1].attributes
        if told.get("representation") == "B64" or is_hidden(text):
            kind = self._media_type()
            return add_base64(self.builder, leaf.address, start, end, media_type=kind, owner=owner)
        if len({piece.role for piece in pieces}) > 1 or not _is_markup(text):
            return False
        role = pieces[0].role
        return add_text(
            self.builder,
            leaf.address,
            text,
            (start, end),
            lambda new: self.writing.escape(new.decode(), role),
            media_type="text/xml" if text.startswith("<?xml") else "text/html",
            owner=owner,
        )

    def _media_type(self) -> str:
        return self.way[-1].attributes.get("mediaType", "")

    def _begin_flow(self, steps: str) -> None:
        way = list(self.way)
        said = self.words.prose
        self.flow = Flow(self.builder, self.writing, lambda label, _: said(way, label))
        self.flow.begin(steps)
        self.flow_depth = len(self.way)

    def _begin_in_flow(self, flow: Flow, name: str, at: int) -> None:
        told = self.way[-1].attributes
        if name in words.BLOCKS:
            flow.begin(self.stack[-1].steps)
            if name in words.TABLES:
                flow.table()
            if name in words.CELLS:
                span = told.get("colspan", "1")
                flow.cell(head=name in words.HEADS, span=int(span) if span.isdecimal() else 1)
        elif name in words.BREAKS:
            flow.gap("\n", at)
        elif told.keys() & {"x", "y"}:  # a word of a picture, at a place of its own
            flow.gap(" ", at)

    def _end_in_flow(self, flow: Flow, name: str) -> None:
        if len(self.way) == self.flow_depth:
            flow.end()
            self.flow = None
        elif name in words.BLOCKS:
            if name == "tr":
                flow.end_row()
            flow.end()


def _called(name: str) -> str:
    return name if name.startswith("xmlns") else local(name)


def _is_markup(text: str) -> bool:
    return text.startswith("<") and text.endswith(">") and "</" in text
