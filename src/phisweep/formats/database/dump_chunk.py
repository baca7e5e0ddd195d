"""A stretch of a dump: what to search in it, and its text with the changes in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from phisweep.formats.base import Block, Replaced
from phisweep.formats.database.batch import Batch, Table
from phisweep.formats.database.dump_reader import Stretch
from phisweep.formats.database.dump_rows import Rows, copy_literal
from phisweep.formats.database.encoded import Indices
from phisweep.formats.database.lexer import Dialect, tokens
from phisweep.formats.database.literals import literal
from phisweep.formats.database.words import Piece, pieces, written
from phisweep.formats.stream import Opened
from phisweep.model import Edit, Location, Text
from phisweep.splicing import splice

_CELL = "record {record}, line {line}, column {column}"
_LINE_FEED = ord("\n")
Span = tuple[int, int, str]


@dataclass(slots=True)
class DumpChunk:
    """Statements as texts; rows as columns, and the names of their INSERT once."""

    opened: Opened
    dialect: Dialect
    mark: bytes
    stretch: Stretch = field(repr=False)
    first: int = 1
    blocks: list[Block] = field(default_factory=list, repr=False)
    batch: Batch | None = field(default=None, repr=False)
    _pieces: dict[str, Piece] = field(default_factory=dict, repr=False)
    _names: dict[str, Piece] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        text, where = self.stretch.text, self.opened.source.shown
        breaks = _breaks(text)
        for piece in self.stretch.pieces:
            line, col = self._at(breaks, piece.start)
            address = f"line {line}, column {col}"
            place = piece.role if piece.role in ("comment", "name", "user") else "literal"
            self._pieces[address] = piece
            self.blocks.append(
                Text(
                    Location(where, address),
                    piece.value,
                    piece.label,
                    kind=piece.kind,
                    line=line,
                    col=col,
                    place=place,
                )
            )
        if self.stretch.rows is not None:
            self._add_rows(self.stretch.rows, breaks)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """
        Return the stretch with the changes in place, as literals of its dialect.

        A number that is none any more becomes a string. Raises DocumentError E206.
        """
        text = self.stretch.text
        spans = [
            self._span(piece, 0, made)
            for address, piece in self._pieces.items()
            if (made := edits.get(address))
        ]
        if self.stretch.rows is not None and self.batch is not None:
            rows = self.stretch.rows
            for address, piece in self._names.items():
                if made := edits.get(address):
                    spans += [self._span(piece, at, made) for at in rows.heads]
            for index, row, value in self.batch.changes(edits, columns):
                start, end, _ = rows.cells[row][index]
                if start >= 0:
                    new = (
                        copy_literal(value)
                        if rows.copy
                        else literal(text[start:end], value, self.dialect)
                    )
                    spans.append((start, end, new))
        parts: list[str] = []
        at = 0
        for start, end, new in sorted(spans):
            parts += (text[at:start], new)
            at = end
        parts.append(text[at:])
        return self.mark + self.opened.code.encode("".join(parts), self.opened.source)

    def close(self) -> None:
        """Release the documents in cells."""
        if self.batch is not None:
            self.batch.close()

    def _span(self, piece: Piece, at: int, edits: Sequence[Edit]) -> Span:
        start, end = piece.start + at, piece.end + at
        new = splice(piece.value, edits)
        return start, end, written(piece, self.stretch.text[start:end], new, self.dialect)

    def _add_rows(self, rows: Rows, breaks: Indices) -> None:
        source = self.opened.source
        if rows.heads:
            for piece in pieces(rows.head, tokens(rows.head, self.dialect), self.dialect):
                line, _ = self._at(breaks, rows.heads[0])
                address = f"line {line}, name {piece.start + 1} of INSERT"
                self._names[address] = piece
                self.blocks.append(
                    Text(Location(source.shown, address), piece.value, kind="key", place="name")
                )
        labels = [rows.label(index) for index in range(rows.width)]
        table = Table(source, self.opened.options, labels, _CELL, "binary values in a column")
        lines = np.searchsorted(breaks, rows.at, side="left") + self.stretch.line
        self.batch = Batch(table, self.first, lines)
        ends = np.concatenate(([-1], breaks))
        for index, cells in enumerate(zip(*rows.cells, strict=True)):
            starts = np.array(
                [max(start, at) for (start, _, _), at in zip(cells, rows.at, strict=True)]
            )
            own = np.searchsorted(breaks, starts, side="left")
            cols = starts - ends[own] + np.where(own == 0, self.stretch.col - 1, 0)
            quotes = np.array([_quote(self.stretch.text, start) for start, _, _ in cells])
            self.batch.add(index, [value for _, _, value in cells], cols + quotes)
        self.blocks += self.batch.blocks

    def _at(self, breaks: Indices, start: int) -> tuple[int, int]:
        """Return the 1-based line and column of a code point of the stretch."""
        before = int(np.searchsorted(breaks, start, side="left"))
        if not before:
            return self.stretch.line, self.stretch.col + start
        return self.stretch.line + before, start - int(breaks[before - 1])


def _quote(text: str, start: int) -> int:
    """Return how many code points of prefix and quote stand before a value."""
    if start < 0:
        return 0
    return 1 if text[start] in "'\"" else 2 if text[start : start + 2] in ("N'", "n'") else 0


def _breaks(text: str) -> Indices:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.flatnonzero(raw == _LINE_FEED).astype(np.int64)
