"""
What stands inside of a string: markup, base64, colours, the id in a reference.

A `View` finds blocks in a string and says what becomes of the string where they change; around
them every character stays. What a reader sees as one text may stand in pieces, with tags between
them: "Ann<b>a</b>" is searched as "Anna".
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.base import Block, ReadOptions, kind_of
from phisweep.formats.embedded import Embedded
from phisweep.model import Edit, Location, Source, Text

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Half-open code points of a string, and what is read there; "" reads as it is written."""

    start: int
    end: int
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Veil:
    """
    The text of a block, in pieces of the string that it stands in.

    A piece of a text of its own is replaced whole or not at all (an entity); one of no length is
    read and not there (the line end of a paragraph).
    """

    text: str = field(repr=False)
    pieces: Sequence[Piece] = field(repr=False)
    ends: Sequence[int] = field(repr=False)  # in the text, of each piece
    escape: Callable[[str], str] = str

    @classmethod
    def of(cls, string: str, pieces: Sequence[Piece], escape: Callable[[str], str] = str) -> Veil:
        """Return the veil of pieces in their order."""
        parts: list[str] = []
        ends: list[int] = []
        at = 0
        for piece in pieces:
            part = piece.text or string[piece.start : piece.end]
            at += len(part)
            parts.append(part)
            ends.append(at)
        return cls("".join(parts), pieces, ends, escape)

    def edits(self, changes: Sequence[Edit]) -> list[Edit]:
        """Return the edits of the string that carry out those of the text, in order."""
        out: list[Edit] = []
        done = 0
        for change in changes:
            new = self.escape(change.text)
            for start, end in self._spans(change.start, change.end):
                begin = max(start, done)
                if begin < end or (new and begin == end):
                    out.append(Edit(begin, end, new))
                    new, done = "", end
        return out

    def _spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where in the string the code points `start:end` of the text stand."""
        spans: list[tuple[int, int]] = []
        at = bisect_right(self.ends, start)
        while at < len(self.pieces):
            piece = self.pieces[at]
            begin = self.ends[at - 1] if at else 0
            if begin >= end:
                break
            if piece.text:
                span = piece.start, piece.end
            else:
                span = (
                    piece.start + max(0, start - begin),
                    piece.start + min(end, self.ends[at]) - begin,
                )
            if span[0] < span[1]:
                spans.append(span)
            at += 1
        return spans


@dataclass(frozen=True, slots=True)
class Packed:
    """A document in the half-open code points of a string, and how it is written there."""

    start: int
    end: int
    document: Embedded = field(repr=False)
    write: Callable[[bytes], str] = field(repr=False)


@dataclass(slots=True)
class View:
    """The blocks of one string, by the ways in which they stand in it."""

    string: str = field(repr=False)
    blocks: list[Block] = field(default_factory=list, repr=False)
    veils: dict[str, Veil] = field(default_factory=dict, repr=False)
    packed: list[Packed] = field(default_factory=list, repr=False)

    def changes(self, edits: Mapping[str, Sequence[Edit]]) -> list[Edit]:
        """Return the edits of the string, sorted, for those of its blocks."""
        out = [
            made
            for address, veil in self.veils.items()
            if edits.get(address)
            for made in veil.edits(edits[address])
        ]
        for each in self.packed:
            data = each.document.write(edits)
            if data is not None:
                out.append(Edit(each.start, each.end, each.write(data)))
        return sorted(out, key=lambda edit: (edit.start, edit.end))

    def add(self, block: Text, pieces: Sequence[Piece], escape: Callable[[str], str] = str) -> None:
        """Add the block of a text in pieces, if any; of `block` all but text and kind holds."""
        veil = Veil.of(self.string, pieces, escape)
        if not veil.text.strip():
            return
        kind = kind_of(veil.text) if block.kind in ("value", "prose") else block.kind
        self.blocks.append(replace(block, text=veil.text, kind=kind))
        self.veils[block.location.address] = veil

    def put(
        self, start: int, end: int, document: Embedded, write: Callable[[bytes], str] | None = None
    ) -> None:
        """Add a document of its own that fills a span."""
        self.blocks.extend(document.blocks)
        self.packed.append(Packed(start, end, document, write or in_base64))


@dataclass(frozen=True, slots=True)
class Holder:
    """Where what is inside of a string stands: for addresses and the documents in it."""

    source: Source
    options: ReadOptions
    address: str
    label: str = field(default="", repr=False)
    path: str = ""
    owner: str = field(default="", repr=False)

    def text(self, step: str = "", label: str = "") -> Text:
        """Return a block without its text, at a step below."""
        address = f"{self.address}/{step}" if step else self.address
        where = Location(self.source.shown, address)
        return Text(where, "", label or self.label, kind="value", path=self.path, owner=self.owner)


def in_base64(data: bytes) -> str:
    """Return bytes as base64 in one line."""
    return base64.b64encode(data).decode("ascii")


def colourless(string: str) -> Sequence[Piece]:
    """Return the pieces of a terminal's text: all but its control sequences."""
    pieces: list[Piece] = []
    at = 0
    if "\x1b" in string:
        for match in ANSI.finditer(string):
            if at < match.start():
                pieces.append(Piece(at, match.start()))
            at = match.end()
    pieces.append(Piece(at, len(string)))
    return pieces


def carved(pieces: Sequence[Piece], out: Sequence[tuple[int, int]]) -> Sequence[Piece]:
    """Return the pieces without those half-open spans, which are sorted."""
    if not out:
        return pieces
    left: list[Piece] = []
    for piece in pieces:
        at = piece.start
        for start, end in out:
            if at < end and start < piece.end:
                if at < start:
                    left.append(Piece(at, start, piece.text))
                at = min(end, piece.end)
        if at < piece.end or piece.start == piece.end:
            left.append(replace(piece, start=at))
    return left
