"""The values of this room: where something may be planted, and what was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from phisweep.model import IDENTIFIERS, Column, Text
from phisweep.places import place_of

Place = Literal[
    "own-line",
    "text-start",
    "text-within",
    "text-end",
    "text-cell",
    "text-field",
    "column-of-its-kind",
    "field-of-its-kind",
    "unexpected-column",
    "unexpected-field",
    "coded-field",
]
#: What each place is called in a report.
PLACES: dict[Place, str] = {
    "own-line": "text, a line of its own",
    "text-start": "text, at the start",
    "text-within": "text, within",
    "text-end": "text, at the end",
    "text-cell": "free-text cell",
    "text-field": "free-text field",
    "column-of-its-kind": "column of such values",
    "field-of-its-kind": "field of such values",
    "unexpected-column": "column of other things",
    "unexpected-field": "field of other things",
    "coded-field": "field kept for codes",
}
RUNNING: tuple[Place, ...] = (
    "own-line",
    "text-start",
    "text-within",
    "text-end",
    "text-cell",
    "text-field",
)
IN_KIND: tuple[Place, ...] = ("column-of-its-kind", "field-of-its-kind")
UNEXPECTED: tuple[Place, ...] = ("unexpected-column", "unexpected-field", "coded-field")
#: What stands around a value.
Carrier = Literal["label", "no label", "nothing"]
CARRIERS: dict[Carrier, str] = {
    "label": "words that name it",
    "no label": "other words",
    "nothing": "none: a whole cell or field",
}
#: Letters of which nothing can stand in text or tables, and why.
NOT_PLANTABLE = {
    "P": "Finger and voice prints are recordings; none can be written into text or tables.",
    "Q": "Photographs are pictures; none can be written into text or tables.",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """
    One place of one source where a value may be planted.

    `part` counts parts, `chunk` the chunks of the part, both from 0; `address` is the block's.
    `row` is that of a column's cell in its chunk, -1 in a text; `at` the code point before which a
    text is planted, -1 where the whole value is replaced. `like` is the value that stands there, to
    learn its format from, and `block` the text of a field; both go no further than this room.
    `lines` says that the text has lines, so that it can be given another.
    """

    source: int
    format: str
    place: Place
    part: int
    chunk: int
    address: str = field(repr=False)
    row: int = -1
    at: int = -1
    identifier: str = ""
    like: str = field(default="", repr=False)
    label: str = field(default="", repr=False)
    block: Text | None = field(default=None, repr=False)
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Canary:
    """
    One planted value: `snippet[start:end]`, where the snippet is all that was planted with it.

    Where data have too few places each round plants in a fresh copy of them; rounds count from 0.

    `free` are half-open spans of the snippet that may stay (a state, a year). `whole`: the snippet
    is the whole value of its cell or field, looked for under `scope` alone where that is not "".
    """

    number: int
    round: int
    source: int
    format: str
    place: Place
    identifier: str
    style: str
    noise: str
    carrier: Carrier
    snippet: str = field(repr=False)
    start: int
    end: int
    free: tuple[tuple[int, int], ...] = ()
    whole: bool = False
    scope: str = field(default="", repr=False)

    @property
    def letter(self) -> str:
        """The letter of its identifier."""
        return IDENTIFIERS[self.identifier]

    @property
    def telling(self) -> frozenset[int]:
        """Return the places of the snippet that must not be left: letters and digits of the value."""
        kept = {i for start, end in self.free for i in range(start, end)}
        value = range(self.start, self.end)
        return frozenset(i for i in value if i not in kept and self.snippet[i].isalnum())


@dataclass(frozen=True, slots=True)
class Planting:
    """A canary and its place."""

    slot: Slot
    canary: Canary


def scope_of(block: Text | Column) -> str:
    """Return what short whole values are looked for under: the name of a column, key or field."""
    if isinstance(block, Column):
        return block.label or f"column {block.index + 1}"
    return block.label or place_of(block.location.address).rpartition("/")[2]
