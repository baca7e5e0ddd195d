"""The statements of a schema as blocks, and the statements with what changed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from phisweep.formats.base import Block, Replaced, Structure
from phisweep.formats.database.lexer import Dialect, tokens
from phisweep.formats.database.words import Piece, bare, pieces, renamed, rewritten, without
from phisweep.model import Column, Edit, Location, Source, Text
from phisweep.splicing import splice

_PLACES = {"comment": "comment", "name": "name", "user": "user"}


@dataclass(slots=True)
class Schema:
    """
    Statements and further names, searched as one chunk of a part of its own.

    When the chunk was written `statement` gives each as it stands in the copy, and `name` what a
    name has become: the same name the same everywhere.
    """

    source: Source
    dialect: Dialect
    statements: Sequence[str] = field(repr=False)
    names: Iterable[str] = field(default=(), repr=False)
    name: ClassVar[str] = ""
    structure: ClassVar[Structure] = "text"
    blocks: list[Block] = field(default_factory=list, repr=False)
    renamed: dict[str, str] = field(default_factory=dict, repr=False)
    done: Callable[[], None] | None = field(default=None, repr=False)
    _pieces: dict[str, tuple[int, Piece]] = field(default_factory=dict, repr=False)
    _edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        names: dict[str, None] = dict.fromkeys(self.names)
        for number, sql in enumerate(self.statements, 1):
            words = tokens(sql, self.dialect)
            for piece in without(pieces(sql, words, self.dialect), bare(sql, words)):
                if piece.role == "name":
                    names.setdefault(piece.value)
                    continue
                address = f"statement {number}, character {piece.start + 1}"
                self._pieces[address] = (number, piece)
                place = f"schema, {_PLACES.get(piece.role, 'literal')}"
                where = Location(self.source.shown, address)
                self.blocks.append(
                    Text(where, piece.value, piece.label, kind=piece.kind, place=place)
                )
        for number, name in enumerate(names, 1):
            where = Location(self.source.shown, f"name {number} of the schema")
            self.blocks.append(Text(where, name, kind="key", place="schema, name"))

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[Schema]:
        """Yield the schema itself."""
        yield self

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Take in what changes; return nothing: a database is written when all is read."""
        self._edits = edits
        taken = {b.text.lower() for b in self.blocks if isinstance(b, Text) and b.kind == "key"}
        for block in self.blocks:
            made = edits.get(block.location.address)
            if made and isinstance(block, Text) and block.kind == "key":
                new = _free(splice(block.text, made), taken)
                self.renamed.setdefault(block.text.lower(), new)
        if self.done is not None:
            self.done()
        return b""

    def new_name(self, name: str) -> str:
        """Return what a name is called in the copy."""
        return self.renamed.get(name.lower(), name)

    def statement(self, number: int) -> str:
        """Return the statement of a 1-based number as it stands in the copy."""
        changed = [
            (piece, self._edits[address])
            for address, (of, piece) in self._pieces.items()
            if of == number and self._edits.get(address)
        ]
        sql = rewritten(self.statements[number - 1], changed, self.dialect)
        if self.renamed:
            sql = renamed(sql, tokens(sql, self.dialect), self.renamed, self.dialect)
        return sql

    def changed(self, number: int) -> bool:
        """Say whether a statement is another in the copy."""
        return self.statement(number) != self.statements[number - 1]


def _free(name: str, taken: set[str]) -> str:
    """Return a name that nothing else has."""
    new, count = name or "_", 1
    while new.lower() in taken:
        count += 1
        new = f"{name} ({count})"
    taken.add(new.lower())
    return new
