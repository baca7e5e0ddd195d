"""One segment of X12 as blocks: each element with its place and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import kind_of
from phisweep.formats.edi.names import TEXTS, label_of
from phisweep.formats.edi.separators import Separators
from phisweep.formats.spots import Scribe, Stretch, kind_in
from phisweep.model import Location, Text

_HOUSE = "2"  # NM102 of what is no person
_CODE = re.compile(r"[A-Z0-9]{1,3}")
#: Segments whose first element says what the others are: the path holds it in brackets.
QUALIFIED = frozenset(
    ("NM1", "N1", "REF", "DTP", "DTM", "PER", "AMT", "QTY", "NTE", "ENT", "TRN", "ACT", "LIN")
)
#: The element that says what kind of value an element is.
_TOLD_BY = {
    ("NM1", 9): 8,
    ("N1", 4): 3,
    ("DTP", 3): 2,
    ("PER", 4): 3,
    ("PER", 6): 5,
    ("PER", 8): 7,
    ("ISA", 6): 5,
    ("ISA", 8): 7,
    ("ENT", 4): 3,
    ("RDM", 3): 1,
}
#: Descriptions of services in free text.
_DESCRIBED = frozenset(
    (("SV1", 1, ".7"), ("SV2", 2, ".7"), ("SV3", 1, ".7"), ("SVC", 1, ".7"), ("SV5", 1, ".7"))
)


@dataclass(frozen=True, slots=True)
class Segment:
    """
    Half-open code points of a segment without its terminator, split at its separators.

    `address` is that of the segment ("transaction 1, segment 8, NM1"), `entity` the code of whom its
    loop speaks, `owner` the key of the subject whose it is. `line` and `col` count from 1.
    """

    name: str
    start: int
    elements: Sequence[tuple[int, int]]
    raw: Sequence[str] = field(repr=False)
    separators: Separators
    address: str
    line: int
    col: int
    entity: str
    owner: str = field(repr=False)
    source: str

    def read(self, text: str, scribe: Scribe) -> None:
        """Add the blocks of all its elements."""
        prose = TEXTS.get(self.name)
        key = (self.name,) if prose else ()
        if not scribe.goes_on(key):
            scribe.flush()
        of = self._qualifier()
        for number, (start, end) in enumerate(self.elements):
            if number == 0 or start == end or text[start:end].isspace():
                continue
            if number == prose:
                stretch = Stretch(start, end, text[start:end])
                if scribe.goes_on(key):
                    scribe.more(stretch)
                else:
                    block = self._block((of, number, "", ""), start, "")
                    scribe.begin(key, block, stretch, self.separators.written)
                continue
            for nth, component, first, last in self._parts(text, number, start, end):
                value = text[first:last]
                block = self._block((of, number, nth, component), first, value)
                scribe.add(block, Stretch(first, last, value), self.separators.written)

    def _qualifier(self) -> str:
        """Return what the segment says of itself, in brackets: [IL], [PR.org]; "" for nothing."""
        said = self._first(1) if self.name in QUALIFIED else ""
        if self.name == "NM1" and self._first(2) == _HOUSE:
            return f"[{said}.org]"
        return f"[{said}]" if said else ""

    def _parts(
        self, text: str, number: int, start: int, end: int
    ) -> Iterator[tuple[str, str, int, int]]:
        """Yield what stands behind the number of each value of an element, and its code points."""
        if self.name == "ISA":  # its elements name the separators, or are of fixed width
            if number not in (11, 16):
                yield "", "", start, end
            return
        split = self.separators
        for repetition, (a, b) in enumerate(cut(text, start, end, split.repetition), 1):
            nth = f"[{repetition}]" if repetition > 1 else ""
            parts = list(cut(text, a, b, split.component))
            for component, (first, last) in enumerate(parts, 1):
                if first < last and not text[first:last].isspace():
                    yield nth, f".{component}" if len(parts) > 1 else "", first, last

    def _block(self, at: tuple[str, int, str, str], start: int, value: str) -> Text:
        """Return the block of a value; `at` holds [qualifier], number, [repetition], .component."""
        of, number, nth, component = at
        by = _TOLD_BY.get((self.name, number))
        told = self._first(by) if by else ""
        kind = f"[{told}]" if told else ""
        asked = of[1:-1] if self.name == "REF" else told
        described = (self.name, number, component) in _DESCRIBED
        return Text(
            Location(self.source, f"{self.address}-{number:02}{nth}{component}"),
            value,
            label_of(self.name, number, asked, self.entity, house=of.endswith(".org]")),
            kind=kind_in(value) if described else kind_of(value),
            line=self.line,
            col=self.col + start - self.start,
            path=f"x12:{self.name}{of}-{number:02}{kind}{component}",
            owner=self.owner,
            place=f"{self.name}{of}-{number:02}{component}",
        )

    def _first(self, number: int) -> str:
        """Return the code in an element, "" where there is none."""
        value = self.raw[number].strip() if 0 < number < len(self.raw) else ""
        return value if _CODE.fullmatch(value) else ""


def cut(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open code points between separators."""
    if separator:
        while (at := text.find(separator, start, end)) >= 0:
            yield start, at
            start = at + 1
    yield start, end
