"""The elements of a data set as they stand in a file: tags, types, values or where those are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PIXELS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
SPECIFIC_CHARACTER_SET = 0x00080005
SOP_CLASS, SOP_INSTANCE, PATIENT_ID = 0x00080016, 0x00080018, 0x00100020
STUDY, SERIES = 0x0020000D, 0x0020000E
META_CLASS, META_INSTANCE = 0x00020002, 0x00020003
BURNED_IN = 0x00280301
PRIVATE = 0x00010000  # the bit of a tag of a private group
#: Types whose length takes four bytes behind two that are reserved (PS3.5 table 7.1-1).
LONG = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
SHORT = frozenset(
    ("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL")
) | {"SS", "ST", "TM", "UI", "UL", "US"}
VRS = LONG | SHORT
#: Types of which a value is characters.
TEXTS = frozenset(
    ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI")
) | {"UR", "UT"}
#: Those in which a backslash is one.
UNDIVIDED = frozenset(("LT", "ST", "UR", "UT"))
#: Those in the characters that the data set declares; all others are ASCII.
DECLARED = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))


@dataclass(slots=True)
class Element:
    """
    One element.

    `vr` is what the source says, or the dictionary where it says nothing. `value` None: it has
    `items`, or it is large and stays in the source, `length` bytes from byte `start` on. `undefined`:
    its end is marked by a delimiter, which is not counted. `head` bytes before `start` are its header,
    and a copy may hold header and value as they stand; 0 where it may not.
    """

    tag: int
    vr: str
    value: bytes | None = field(default=None, repr=False)
    start: int = 0
    length: int = 0
    items: list[DataSet] | None = field(default=None, repr=False)
    undefined: bool = False
    head: int = 0

    @property
    def private(self) -> bool:
        """Whether its group is odd."""
        return bool(self.tag >> 16 & 1)


@dataclass(slots=True)
class DataSet:
    """
    A data set, or an item of a sequence.

    `implicit`: its types are those of the dictionary; `undefined`: a delimiter ends it. `parent` is
    the data set that its sequence stands in, `start` the byte at which an item begins.
    """

    implicit: bool
    undefined: bool = False
    elements: list[Element] = field(default_factory=list, repr=False)
    parent: DataSet | None = field(default=None, repr=False)
    start: int = 0

    def get(self, tag: int) -> Element | None:
        """Return the last element of that tag, None where there is none."""
        return next((e for e in reversed(self.elements) if e.tag == tag), None)

    def raw(self, tag: int) -> bytes:
        """Return the bytes of an element without its padding, b"" where there is none."""
        element = self.get(tag)
        return (element.value or b"").strip(b" \0") if element is not None else b""

    def told(self, tag: int) -> str:
        """Return an element of ASCII, "" where there is none."""
        return self.raw(tag).decode("latin-1")

    def put(self, element: Element) -> None:
        """Put an element in its place, for all others of its tag."""
        self.without(element.tag)
        at = next((i for i, e in enumerate(self.elements) if e.tag > element.tag), None)
        self.elements.insert(len(self.elements) if at is None else at, element)

    def without(self, tag: int) -> None:
        """Take an element out."""
        if self.get(tag) is not None:
            self.elements = [e for e in self.elements if e.tag != tag]

    def walk(self) -> Iterator[tuple[DataSet, Element]]:
        """Yield every element of every level, each with its data set."""
        for element in self.elements:
            yield self, element
            for item in element.items or ():
                yield from item.walk()
