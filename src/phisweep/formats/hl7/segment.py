"""One segment as blocks: each value of each field with its place and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import kind_of
from phisweep.formats.hl7 import lexer
from phisweep.formats.hl7.attachments import Attachment, looks_packed, open_packed, packing
from phisweep.formats.hl7.chunk import Notes
from phisweep.formats.hl7.escapes import Separators, resolved
from phisweep.formats.hl7.fields import Field, field_of
from phisweep.formats.hl7.lexer import Leaf, Line
from phisweep.formats.hl7.types import PRIMITIVE, TEXTS, VALUES, guessed, told_by
from phisweep.formats.stream import Opened
from phisweep.model import Location, Text

_OBX, _VALUE, _TYPE, _OBSERVATION, _COMMENT = "OBX", 5, 2, 3, 3
_LABEL = 200  # code points of an observation's name that are context


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A line that is a segment, and what is known of it.

    `name` is as it stands in addresses, never more than the standard's own; `address` is that of the
    segment ("message 2, OBX[3]"), `owner` the key of its patient.
    """

    opened: Opened
    line: Line
    name: str
    address: str
    separators: Separators
    owner: str = field(repr=False)

    def read(self, text: str, notes: Notes) -> None:
        """Add the blocks of all its fields."""
        every = list(lexer.fields(text, self.line, self.name, self.separators.field))
        of = self._value(text, every) if self.name == _OBX else None
        key = self._key(of)
        if not notes.goes_on(key):
            notes.flush()
        for number, start, end in every:
            known = field_of(self.name, number)
            if of is not None and number == _VALUE:
                known = Field(of.type, of.label)
            for repetition, first, last in lexer.repetitions(text, start, end, self.separators):
                if key and number == (_VALUE if of else _COMMENT):
                    if first < last:
                        leaf = Leaf(first, last, repetition)
                        self._line(text, notes, (number, known), leaf, key)
                    continue
                for leaf in lexer.values(text, first, last, repetition, self.separators):
                    self._leaf(text, notes, (number, known), leaf)

    def _key(self, of: _Value | None) -> tuple[str, ...]:
        """Return what the lines of one text have in common, () where there is none here."""
        if self.name == "NTE":
            return ("NTE",)
        return (_OBX, of.type, of.observation) if of and of.type in TEXTS else ()

    def _value(self, text: str, every: Sequence[tuple[int, int, int]]) -> _Value:
        """Return what OBX says of its value in OBX-5."""
        raw = {number: text[start:end] for number, start, end in every}
        said = raw.get(_TYPE, "").strip()
        observation = raw.get(_OBSERVATION, "")
        return _Value(said if said in VALUES else "", observation, self._told(observation))

    def _told(self, observation: str) -> str:
        """Return the name of an observation, or its code where it has none."""
        parts = observation.split(self.separators.component or "\n")
        name = next((part for part in (*parts[1:2], *parts[:1]) if part.strip()), "")
        return resolved(name, 0, len(name), self.separators).text[:_LABEL]

    def _line(
        self, text: str, notes: Notes, of: tuple[int, Field], leaf: Leaf, key: tuple[str, ...]
    ) -> None:
        """Add a line of running text to those before it, or begin with it."""
        stretch = resolved(text, leaf.start, leaf.end, self.separators)
        if looks_packed(stretch.text):
            self._leaf(text, notes, of, leaf)
        elif notes.goes_on(key):
            notes.more(stretch)
        else:
            notes.begin(key, self._block(of, leaf, ""), stretch, self.separators.written)

    def _leaf(self, text: str, notes: Notes, of: tuple[int, Field], leaf: Leaf) -> None:
        """Add a value, or the document that it is."""
        stretch = resolved(text, leaf.start, leaf.end, self.separators)
        block = self._block(of, leaf, stretch.text)
        how = packing(leaf.told, leaf.component)
        if not how and looks_packed(stretch.text):
            how = "base64"
        if not how:
            notes.add(block, stretch, self.separators.written)
            return
        inner = open_packed(
            stretch.text,
            how,
            leaf.told,
            source=self.opened.source,
            options=self.opened.options,
            address=block.location.address,
            owner=self.owner,
        )
        notes.blocks += inner.blocks
        notes.attachments.append(Attachment(leaf.start, leaf.end, how == "hex", inner))

    def _block(self, of: tuple[int, Field], leaf: Leaf, value: str) -> Text:
        """Return the block of a value."""
        number, known = of
        if not known.type and leaf.components > 1:
            known = Field(*guessed(leaf.told))
        below = ""
        composite = known.type not in PRIMITIVE
        if composite or leaf.components > 1 or leaf.subs > 1:
            below = f".{leaf.component}"
        if leaf.subs > 1:
            below += f".{leaf.sub}"
        nth = f"[{leaf.repetition}]" if leaf.repetition > 1 else ""
        told = told_by(known.type, leaf.component, leaf.told)
        valued = self.name == _OBX and number == _VALUE and known.type
        qualifier = (f"({known.type})" if valued else "") + (f"[{told}]" if told else "")
        col = self.line.col + leaf.start - self.line.start
        return Text(
            Location(self.opened.source.shown, f"{self.address}-{number}{nth}{below}"),
            value,
            known.label(leaf.component, several=leaf.components > 1),
            kind=kind_of(value),
            line=self.line.number,
            col=col,
            path=f"hl7v2:{self.name}-{number}{qualifier}{below}",
            owner=self.owner,
            place=f"{self.name}-{number}{below}",
        )


@dataclass(frozen=True, slots=True)
class _Value:
    """What OBX says of its value: a type of the standard, which observation, what that is called."""

    type: str
    observation: str = field(repr=False)
    label: str = field(repr=False)
