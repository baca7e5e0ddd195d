"""Elements -> bytes, with the edits in place and the effective action of each carried out."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import failed
from phisweep.formats.imaging import values
from phisweep.formats.imaging.charset import UTF_8
from phisweep.formats.imaging.dictionary import keyword_of
from phisweep.formats.imaging.elements import (
    DECLARED,
    LONG,
    SPECIFIC_CHARACTER_SET,
    TEXTS,
    DataSet,
    Element,
)
from phisweep.formats.imaging.fates import ENCAPSULATED
from phisweep.formats.imaging.plan import Plan, Planned
from phisweep.model import Edit
from phisweep.splicing import splice

_UNDEFINED = 0xFFFFFFFF
_TAG = re.compile(r"\[[A-Z_]+\]")
_YEAR = re.compile(r"\d{4}")
_LENGTH_OF_DOCUMENT = 0x00420015
_GROUP = 64  # code points of a name in one script
_MARKERS = {"item": (0xFFFE, 0xE000), "item end": (0xFFFE, 0xE00D), "end": (0xFFFE, 0xE0DD)}


class _NeedsUtf8(Exception):  # noqa: N818 - the copy is begun again
    """A text does not fit into the character set of its data set."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of the source that are copied as they stand."""

    start: int
    length: int


Piece = bytes | Stretch


@dataclass(slots=True)
class Writer:
    """Writes one data set. Raises DocumentError E244 where a value does not fit its type."""

    plan: Plan
    edits: Mapping[str, Sequence[Edit]] = field(repr=False)
    utf_8: bool = False
    _pack: dict[str, struct.Struct] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        order = self.plan.dicom.order
        self._pack = {code: struct.Struct(f"{order}{code}") for code in ("HH", "H", "L", "HHL")}

    def pieces(self, data: DataSet) -> list[Piece]:
        """Return the data set, in UTF-8 where its own characters cannot hold what is new."""
        try:
            return self.dataset(data)
        except _NeedsUtf8:
            for inner, _ in data.walk():
                self.plan.charset(inner)  # what it was
            self.utf_8 = True
            return self.dataset(_declaring(data))

    def value(self, data: DataSet, element: Element) -> bytes | None:
        """Return the value of an element in the copy, None where it is left out."""
        planned = self.plan.planned.get(id(element))
        if planned is None or planned.action == "K" or element.tag == SPECIFIC_CHARACTER_SET:
            return self._same(data, element)
        if planned.action == "X":
            return None
        if planned.inner is not None:
            changed = planned.inner.write(self.edits)
            return self._same(data, element) if changed is None else changed
        if planned.vr in TEXTS:
            return self._text(data, element, planned)
        if planned.action in ("Z", "D"):
            return b"" if planned.action == "Z" else bytes(element.length)
        return self._same(data, element)

    def header(self, tag: int, vr: str, length: int, *, implicit: bool) -> bytes:
        """Return what stands before a value."""
        head = self._pack["HH"].pack(tag >> 16, tag & 0xFFFF)
        if implicit:
            return head + self._pack["L"].pack(length)
        if vr in LONG:
            return head + vr.encode() + b"\0\0" + self._pack["L"].pack(length)
        if length > 0xFFFF:  # noqa: PLR2004 - the most that two bytes tell
            raise failed("E244", self.plan.source, f"{keyword_of(tag)} is too long for its type")
        return head + vr.encode() + self._pack["H"].pack(length)

    def _same(self, data: DataSet, element: Element) -> bytes:
        """Return a value as it is, or the same text in UTF-8; large ones are not asked for."""
        assert element.value is not None  # noqa: S101 - `element` copies those
        if self.utf_8 and element.vr in DECLARED:
            text = self.plan.charset(data).decode(element.value)[0]
            return text.encode()
        return element.value

    def dataset(self, data: DataSet) -> list[Piece]:
        """Return the elements of a data set, or of an item."""
        out: list[Piece] = []
        planned, start, end = self.plan.planned, 0, 0
        for element in data.elements:
            if element.head and id(element) not in planned and self._verbatim(element):
                first = element.start - element.head
                if first != end:
                    self._flush(out, start, end)
                    start = first
                end = element.start + element.length
                continue
            self._flush(out, start, end)
            start = end = 0
            out += self.element(data, element)
        self._flush(out, start, end)
        return out

    def _flush(self, out: list[Piece], start: int, end: int) -> None:
        """Add elements of the source that stand one behind the other and stay as they are."""
        if end > start:
            out.append(self.plan.dicom.bytes(start, end - start))

    def _verbatim(self, element: Element) -> bool:
        """Say whether an element of which nothing becomes is in the copy byte for byte the same."""
        return element.tag != _LENGTH_OF_DOCUMENT and not (self.utf_8 and element.vr in DECLARED)

    def element(self, data: DataSet, element: Element) -> list[Piece]:
        """Return an element with what stands before its value; nothing where it is left out."""
        planned = self.plan.planned.get(id(element))
        if element.tag & 0xFFFF == 0 or (planned is not None and planned.action == "X"):
            return []
        if element.items is not None:
            return self._sequence(data, element, planned)
        value = self._changed(data, element, planned)
        if value is None:
            return self._large(data, element)
        value += _padding(element.vr, value)
        return [self.header(element.tag, element.vr, len(value), implicit=data.implicit), value]

    def _changed(self, data: DataSet, element: Element, planned: Planned | None) -> bytes | None:
        """Return the value of an element that stays, None where a large one stays as it is."""
        if element.tag == _LENGTH_OF_DOCUMENT:
            return self._document_length(data, element)
        if element.value is not None:
            return self.value(data, element) or b""
        if planned is not None and planned.inner is not None:
            return planned.inner.write(self.edits)
        return None if planned is None or planned.action not in ("Z", "D") else b""

    def _large(self, data: DataSet, element: Element) -> list[Piece]:
        """Copy a value that stays in the source."""
        whole = Stretch(element.start, element.length)
        if element.undefined:
            head = self.header(element.tag, element.vr, _UNDEFINED, implicit=data.implicit)
            return [head, whole, self.marker("end")]
        odd = element.length % 2
        head = self.header(element.tag, element.vr, element.length + odd, implicit=data.implicit)
        return [head, whole, b"\0" * odd]

    def _sequence(self, data: DataSet, element: Element, planned: Planned | None) -> list[Piece]:
        items = () if planned is not None and planned.action == "Z" else element.items or ()
        out: list[Piece] = []
        for item in items:
            inside = self.dataset(item)
            if item.undefined:
                out += [self.marker("item", _UNDEFINED), *inside, self.marker("item end")]
            else:
                out += [self.marker("item", _size(inside)), *inside]
        if element.undefined:
            head = self.header(element.tag, element.vr, _UNDEFINED, implicit=data.implicit)
            return [head, *out, self.marker("end")]
        return [self.header(element.tag, element.vr, _size(out), implicit=data.implicit), *out]

    def marker(self, which: str, length: int = 0) -> bytes:
        """Return what stands before or behind an item, or behind a sequence."""
        return self._pack["HHL"].pack(*_MARKERS[which], length)

    def _text(self, data: DataSet, element: Element, planned: Planned) -> bytes | None:
        vr, pieces = planned.vr, planned.pieces
        if not pieces:
            return element.value
        new = [
            piece if number % 2 else self._piece(element, planned, number)
            for number, piece in enumerate(pieces)
        ]
        if new == list(pieces):
            return self._same(data, element)
        text = "".join(_shorter(new)) if vr == "PN" else "".join(new)
        if not text.strip("\\^= "):
            text = ""
        if vr not in DECLARED:
            return text.encode("latin-1", "replace")
        raw = text.encode() if self.utf_8 else self.plan.charset(data).encode(text)
        if raw is None:
            raise _NeedsUtf8
        return raw

    def _piece(self, element: Element, planned: Planned, number: int) -> str:
        """Return what stands in the place of one piece."""
        vr, action, piece = planned.vr, planned.action, planned.pieces[number]
        made = self.edits.get(planned.addresses.get(number, ""), ())
        shown = planned.shown.get(number, "")
        delimiters = "" if vr in ("LT", "ST", "UT", "UR") else "\\" + "^=" * (vr == "PN")
        made = [Edit(e.start, e.end, values.cleaned(e.text, delimiters)) for e in made]
        if not made:
            if action not in ("Z", "D") or values.settled(vr, piece):
                return piece
            if vr in ("DA", "DT") and _YEAR.fullmatch(shown):
                return values.replaced(vr, piece, shown, ()) or ""
            return self._instead(vr, action)
        new = None
        if action not in ("Z", "D") or values.whole(shown, made):
            new = values.replaced(vr, piece, shown, made)
        if new is not None and action == "Z" and _TAG.fullmatch(new.strip()):
            return ""
        if new is None and action == "U":
            what = f"what replaces {keyword_of(element.tag)} is no UID"
            todo = "Let the policy treat it by the operator uid."
            raise failed("E244", self.plan.source, what, todo)
        if new is None and action in (None, "C") and vr in DECLARED:
            return values.shortened(vr, piece, splice(shown, made))
        return new if new is not None else self._instead(vr, action)

    @staticmethod
    def _instead(vr: str, action: str | None) -> str:
        return values.dummy(vr) if action == "D" else ""

    def _document_length(self, data: DataSet, element: Element) -> bytes:
        """Return the length of the encapsulated document as the copy has it."""
        document = data.get(ENCAPSULATED)
        planned = self.plan.planned.get(id(document)) if document is not None else None
        if planned is None or planned.inner is None:
            return element.value or b""
        changed = planned.inner.write(self.edits)
        if changed is None:
            return element.value or b""
        return self._pack["L"].pack(len(changed))


def _shorter(pieces: Sequence[str]) -> list[str]:
    """Return the pieces of names with the last components left out where a name is too long."""
    new = list(pieces)
    start = 0
    for end in [*(i for i, p in enumerate(new) if i % 2 and p in "\\="), len(new)]:
        while len("".join(new[start:end]).rstrip("^")) > _GROUP:
            last = max(i for i in range(start, end) if i % 2 == 0 and new[i])
            new[last] = ""
        start = end + 1
    return new


def _declaring(data: DataSet) -> DataSet:
    """Return a data set that declares UTF-8, on every level where one is declared."""
    element = data.get(SPECIFIC_CHARACTER_SET)
    if element is None:
        data.put(Element(SPECIFIC_CHARACTER_SET, "CS", UTF_8.encode()))
    for _, found in data.walk():
        if found.tag == SPECIFIC_CHARACTER_SET:
            found.value, found.head = UTF_8.encode(), 0
    return data


def _padding(vr: str, value: bytes) -> bytes:
    if len(value) % 2 == 0:
        return b""
    return b" " if vr in TEXTS and vr != "UI" else b"\0"


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(p) if isinstance(p, bytes) else p.length for p in pieces)
