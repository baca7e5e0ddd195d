"""What was read of JSON as blocks, and a stretch of JSON written again with changes in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.base import Block, Replaced, kind_of
from phisweep.formats.escapes import edit_number, edit_string, offsets, resolve
from phisweep.formats.stream import Opened
from phisweep.formats.tokens import Leaf
from phisweep.formats.within.view import View
from phisweep.model import Edit, Kind, Location, Text
from phisweep.splicing import splice


@dataclass(frozen=True, slots=True)
class Slot:
    """Strings that are one text, by the raw spans of their insides, and what stands in it."""

    spans: Sequence[tuple[int, int]]
    view: View = field(repr=False)

    def changes(
        self, text: str, edits: Mapping[str, Sequence[Edit]], base: int
    ) -> Iterator[tuple[int, int, Sequence[Edit]]]:
        """Yield the raw spans, from `base` on, that edits of the blocks change, with their edits."""
        made = self.view.changes(edits)
        if not made:
            return
        begin, last = 0, len(self.spans) - 1
        for number, (start, stop) in enumerate(self.spans):
            end = begin + len(resolve(text[start - base : stop - base]))
            own, rest = [], []
            for edit in made:
                if edit.start >= end and not (edit.start == end and number == last):
                    rest.append(edit)
                    continue
                own.append(Edit(edit.start - begin, min(edit.end, end) - begin, edit.text))
                if edit.end > end:
                    rest.append(Edit(end, edit.end, ""))
            if own:
                yield start - base, stop - base, own
            begin, made = end, rest


@dataclass(frozen=True, slots=True)
class JsonChunk:
    """A stretch of the text: its blocks and, by address, the raw span and kind of each."""

    opened: Opened
    mark: bytes
    text: str = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    spans: Mapping[str, tuple[int, int, str]] = field(repr=False)
    slots: Sequence[Slot] = field(default=(), repr=False)
    base: int = 0

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """
        Return the stretch with the edits in place, escaped as they need.

        A number that is none any more becomes a string. Raises DocumentError E206.
        """
        code, at = self.opened.code, 0
        parts: list[str] = []
        changed: list[tuple[int, int, str, Sequence[Edit]]] = [
            (*self.spans[address], changes)
            for address, changes in edits.items()
            if changes and address in self.spans
        ]
        for slot in self.slots:
            for start, end, changes in slot.changes(self.text, edits, self.base):
                changed.append((start, end, "string", changes))
        for start, end, role, changes in sorted(changed, key=lambda each: each[:2]):
            raw = self.text[start:end]
            if role == "number":
                new = edit_number(raw, changes, escape_all=not code.whole)
            elif role == "rest":
                new = splice(raw, changes)
            else:
                new = edit_string(raw, changes, escape_all=not code.whole)
            parts += (self.text[at:start], new)
            at = end
        parts.append(self.text[at:])
        return self.mark + code.encode("".join(parts), self.opened.source)


@dataclass(slots=True)
class Scribe:
    """
    Turns the leaves of a growing text into blocks, with lines and columns.

    Lines end at a newline only. `line` is the 1-based line of code point `at`, which stands on
    the line that begins at code point `start`.
    """

    opened: Opened
    line: int = 1
    at: int = 0
    start: int = 0
    base: int = 0
    blocks: list[Block] = field(default_factory=list)
    spans: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)

    def add(
        self,
        text: str,
        leaf: Leaf,
        prefix: str = "",
        *,
        label: str | None = None,
        kind: Kind | None = None,
        path: str = "",
        owner: str = "",
    ) -> None:
        """
        Add the block of a leaf; the span that is kept is what an edit may touch.

        `label`, `kind`, `path` and `owner` are what a standard says of it; where it says nothing of
        label and kind, they are those of the leaf.
        """
        quote = leaf.role != "number"
        start, end = leaf.start + quote, leaf.end - quote
        value = resolve(text[start:end])
        kind = kind or ("key" if leaf.role == "key" else kind_of(value))
        address = prefix + leaf.pointer
        where, (line, col) = Location(self.opened.source.shown, address), self._place(text, start)
        label = leaf.label if label is None else label
        self.blocks.append(Text(where, value, label, "", kind, line, col, path, owner))
        self.spans[address] = (start - self.base, end - self.base, leaf.role)

    def put(self, text: str, strings: Sequence[Leaf], view: View) -> None:
        """Add the blocks of strings that are one text; those of one string have their places."""
        spans = [(leaf.start + 1, leaf.end - 1) for leaf in strings]
        self.slots.append(Slot(spans, view))
        if len(spans) > 1:
            self.blocks.extend(view.blocks)
            return
        (start, end), places = spans[0], {a: v.pieces[0].start for a, v in view.veils.items()}
        raw = text[start:end]
        at = offsets(raw) if "\\" in raw else range(len(raw) + 1)
        for block in sorted(view.blocks, key=lambda b: places.get(b.location.address, 0)):
            place = places.get(block.location.address)
            if isinstance(block, Text) and place is not None:
                line, col = self._place(text, start + at[place])
                self.blocks.append(replace(block, line=line, col=col))
            else:
                self.blocks.append(block)

    def add_rest(self, text: str, start: int, end: int, address: str) -> None:
        """Add what could not be parsed, as prose."""
        where, (line, col) = Location(self.opened.source.shown, address), self._place(text, start)
        self.blocks.append(Text(where, text[start:end], line=line, col=col))
        self.spans[address] = (start - self.base, end - self.base, "rest")

    def flush(self, text: str, end: int, mark: bytes) -> JsonChunk:
        """Return the chunk up to code point `end` of the text, and begin the next one there."""
        piece = text[self.base : end]
        chunk = JsonChunk(self.opened, mark, piece, self.blocks, self.spans, self.slots, self.base)
        self.blocks, self.spans, self.slots, self.base = [], {}, [], end
        return chunk

    def _place(self, text: str, start: int) -> tuple[int, int]:
        if breaks := text.count("\n", self.at, start):
            self.line += breaks
            self.start = text.rfind("\n", self.at, start) + 1
        self.at = start
        return self.line, start - self.start + 1
