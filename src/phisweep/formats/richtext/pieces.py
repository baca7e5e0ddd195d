"""
A text joined of pieces of a document, and edits of it mapped back to where each piece stands.

A name that is broken by a tag, an escape or a line end of the source is one word in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from phisweep.model import Edit
from phisweep.splicing import splice


class Piece(NamedTuple):
    """
    Some code points of a text, and the half-open span of the raw document that they stand for.

    As many as the span has: each is one of it, unchanged. Else they stand for it together, as an
    entity does. An empty span: they stand nowhere, as the line end of a tag. `role` says how what
    is put there must be written.
    """

    text: str
    start: int
    end: int
    role: str = ""

    @property
    def even(self) -> bool:
        """Say whether each code point is one of the raw span."""
        return len(self.text) == self.end - self.start


class Writing(Protocol):
    """How texts are written in a format."""

    def escape(self, text: str, role: str) -> str:
        """Return a text as it is written at a piece of that role."""

    def joint(self, new: str, piece: Piece, at: int, following: str) -> str:
        """Return what is put at raw offset `at` of a piece, fit for what stands before and behind."""


@dataclass(slots=True)
class Joined:
    """The pieces of one text, in order; their raw spans rise and do not overlap."""

    pieces: list[Piece] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """The text."""
        return "".join([piece.text for piece in self.pieces])

    def add(self, text: str, start: int, end: int, role: str = "") -> None:
        """Add a piece."""
        self.pieces.append(Piece(text, start, end, role))

    def gap(self, text: str, at: int) -> None:
        """Add white space that stands nowhere in the source, unless the text ends with some."""
        if self.pieces and not self.pieces[-1].text[-1:].isspace():
            self.pieces.append(Piece(text, at, at))

    def stripped(self) -> Joined:
        """Return it without the pieces of white space at its ends."""
        first, last = 0, len(self.pieces)
        while first < last and not self.pieces[first].text.strip():
            first += 1
        while last > first and not self.pieces[last - 1].text.strip():
            last -= 1
        return Joined(self.pieces[first:last])

    def changes(
        self, edits: Sequence[Edit], writing: Writing, raw: str
    ) -> Iterator[tuple[int, int, str]]:
        """
        Yield half-open raw spans and what stands there after edits of the text, in order.

        A replacement comes where the first covered piece with a place stands; what is covered in
        the pieces behind it goes.
        """
        by_piece: list[list[Edit]] = [[] for _ in self.pieces]
        at, first = 0, 0
        begins: list[int] = []
        for piece in self.pieces:
            begins.append(at)
            at += len(piece.text)
        for edit in edits:
            while first < len(begins) and begins[first] + len(self.pieces[first].text) < edit.start:
                first += 1
            for i, text in self._shares(edit, begins, first):
                length = len(self.pieces[i].text)
                start = min(max(edit.start - begins[i], 0), length)
                end = min(max(edit.end - begins[i], start), length)
                by_piece[i].append(Edit(start, end, text))
        for piece, shares in zip(self.pieces, by_piece, strict=True):
            if shares:
                yield from _changed(piece, shares, writing, raw)

    def _shares(self, edit: Edit, begins: Sequence[int], first: int) -> Iterator[tuple[int, str]]:
        """Yield the pieces that an edit covers, and what each of them gets."""
        covered: list[int] = []
        for i in range(first, len(self.pieces)):
            if begins[i] > edit.end or (begins[i] == edit.end and edit.end > edit.start):
                break
            piece = self.pieces[i]
            end = begins[i] + len(piece.text)
            if piece.text and (end > edit.start or (edit.start == edit.end == end)):
                covered.append(i)
        placed = [i for i in covered if self.pieces[i].end > self.pieces[i].start] or covered[:1]
        if edit.start == edit.end:
            placed = placed[:1]
        for number, i in enumerate(placed):
            yield i, edit.text if number == 0 else ""


def _changed(
    piece: Piece, edits: Sequence[Edit], writing: Writing, raw: str
) -> Iterator[tuple[int, int, str]]:
    if not piece.even:
        new = writing.escape(splice(piece.text, edits), piece.role)
        yield (
            piece.start,
            piece.end,
            writing.joint(new, piece, piece.start, raw[piece.end : piece.end + 1]),
        )
        return
    for edit in edits:
        start, end = piece.start + edit.start, piece.start + edit.end
        new = writing.escape(edit.text, piece.role)
        yield start, end, writing.joint(new, piece, start, raw[end : end + 1])
