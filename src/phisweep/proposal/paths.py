"""The paths of one JSON document, or of all lines of a file of them, counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from phisweep.formats.base import Document, Part, told_fates
from phisweep.model import Text
from phisweep.places import place_of
from phisweep.proposal.attributes import Attributes
from phisweep.proposal.counting import KEYS, Memo, Reader, Reading
from phisweep.proposal.evidence import Gathered

#: Chunks that are read; one is an eighth of the two megabytes that are asked for as a chunk.
_CHUNKS = 8
_PLACES = 2_000  # of one document that are told apart
NOT_SHOWN = "(key not shown)"
_KEY = re.compile(r"[^\W\d][\w .:#@+$-]{0,63}|[$@_][\w.:-]{0,63}|\*")


class Tree:
    """The paths of one JSON document, or of all lines of a file of them."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self.reader = reader
        self.reading = reading
        self.memos: dict[str, Memo] = {}
        self.members: Counter[str] = Counter()
        self.beyond: set[str] = set()
        self.shown: dict[str, tuple[str, str]] = {}
        self.attributes = Attributes(reader, reading)

    def read(self, document: Document, part: Part) -> None:
        """Count the first two megabytes. Raises DocumentError."""
        for i, chunk in enumerate(part.chunks()):
            if i >= _CHUNKS and chunk.blocks:
                self.reading.cut = "first 2 MB"
                break
            if (told := told_fates(chunk)) is not None:
                self.attributes.read(told)
                continue
            for block in chunk.blocks:
                if isinstance(block, Text):
                    self._block(block)
        if self.reading.standard:
            return
        self.reading.rows = document.rows or 0
        self._bare()

    def _block(self, block: Text) -> None:
        if block.kind == "key":
            member = place_of(block.location.address.removesuffix(" (key)"))
            self.members[self._shown(member)[0]] += 1
            return
        address = place_of(block.location.address)
        if block.label == "" and not address.startswith("/"):
            return  # what could not be parsed; the document fails for it
        place, name = self._shown(address)
        gathered = self._gathered(place, name, block.label)
        if gathered is None:
            return
        reader, prose = self.reader, block.kind == "prose"
        memo = self.memos.setdefault(place, Memo())
        treatment = gathered.treatment
        if treatment is not None and treatment.action != "keep":
            identifier = str(treatment.params.get("identifier", "other_id"))
            gathered.verdicts[identifier, f"{identifier}/column-policy", "the policy names it"] = 1
        reader.enter(
            gathered, memo, block.text, 1, lambda: reader.detector.find(block), prose=prose
        )

    def _gathered(self, place: str, name: str, label: str) -> Gathered | None:
        places = self.reading.places
        known = places.get(place)
        if known is None:
            if len(places) >= _PLACES:
                self.beyond.add(place)
                self.reading.hidden = len(self.beyond)
                return None
            treatment = self.reader.treatment(self.reading.source.name, name) if name else None
            known = places[place] = Gathered(label, place, name, treatment)
            known.judged = 1
        return known

    def _shown(self, place: str) -> tuple[str, str]:
        """Return what a path is called outside, and in a policy; "" where a key may be data."""
        known = self.shown.get(place)
        if known is None:
            parts = place.split("/")
            told = [
                part if not part or (_KEY.fullmatch(_key(part)) and not self._unnamed(part))
                else NOT_SHOWN
                for part in parts
            ]  # fmt: skip
            known = "/".join(told), ("" if NOT_SHOWN in told else place)
            if len(self.shown) < KEYS:
                self.shown[place] = known
        return known

    def _unnamed(self, part: str) -> bool:
        return part != "*" and self.reader.unnamed(_key(part))

    def _bare(self) -> None:
        """Enter members that hold neither text, number nor members: true, false, null, [] or {}."""
        above = {
            parent for place in (*self.reading.places, *self.members) for parent in _above(place)
        }
        for place, times in self.members.items():
            if place not in self.reading.places and place not in above:
                name = "" if NOT_SHOWN in place else place
                label = place.rpartition("/")[2]
                gathered = self._gathered(place, name, label)
                if gathered is not None:
                    gathered.rows = times


def _key(part: str) -> str:
    """Return the key that a part of a pointer stands for (RFC 6901)."""
    return part.replace("~1", "/").replace("~0", "~")


def _above(place: str) -> Iterator[str]:
    """Yield the paths of the objects and arrays that a path lies in."""
    while place := place.rpartition("/")[0]:
        yield place
