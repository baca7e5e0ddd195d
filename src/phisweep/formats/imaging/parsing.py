"""Bytes -> elements: every level, by the rules of PS3.5, with what is wrong told by its byte."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from phisweep.formats.imaging.dictionary import vr_of, written
from phisweep.formats.imaging.elements import LONG, PRIVATE, SHORT, VRS, DataSet, Element

_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_LARGE = 1 << 16  # bytes of a value that stays in the source
_LARGEST_TEXT = 8 << 20  # bytes of a value in which words are looked for
_PIECE = 1 << 16  # bytes that are held
_NAMES = {vr.encode(): vr for vr in VRS}
_SHORT_NAMES = {vr.encode(): vr for vr in SHORT}
_NOT_PLAIN = frozenset(("SQ", "UN"))
_APART = frozenset((0, 0xFFFE))  # groups that are no elements of a data set: padding, and items
_GROUP_META = 2


class Flaw(Exception):  # noqa: N818 - it becomes an error where the source is known
    """What is wrong with the bytes of a data set, in words, and its code."""

    def __init__(self, what: str, code: str = "E235") -> None:
        super().__init__(what)
        self.what = what
        self.code = code


@dataclass(slots=True)
class Parser:
    """
    Reads the elements of a stream of `size` bytes; sequences may lie `depth` deep.

    It stands at byte `at`. What it looks at is held in pieces of some size, so that most elements
    cost no call of the stream.
    """

    stream: BinaryIO = field(repr=False)
    size: int
    depth: int
    little: bool = True
    at: int = 0
    warnings: set[str] = field(default_factory=set)
    _tag: struct.Struct = field(init=False, repr=False)
    _short: struct.Struct = field(init=False, repr=False)
    _long: struct.Struct = field(init=False, repr=False)
    _head: struct.Struct = field(init=False, repr=False)
    _bare: struct.Struct = field(init=False, repr=False)
    _held: bytes = field(init=False, default=b"", repr=False)
    _first: int = field(init=False, default=0)  # the byte at which `_held` begins

    def __post_init__(self) -> None:
        order = "<" if self.little else ">"
        self._tag = struct.Struct(f"{order}HH")
        self._short, self._long = struct.Struct(f"{order}H"), struct.Struct(f"{order}L")
        self._head, self._bare = struct.Struct(f"{order}HH2sH"), struct.Struct(f"{order}HHL")

    def _read(self, length: int) -> bytes:
        """Return the next bytes, fewer where the stream ends, and stand behind them."""
        data = self._peek(length)
        self.at += len(data)
        return data

    def _peek(self, length: int) -> bytes:
        """Return the next bytes, fewer where the stream ends."""
        start = self.at - self._first
        if start < 0 or start + length > len(self._held):
            self.stream.seek(self.at)
            self._held, self._first, start = self.stream.read(max(length, _PIECE)), self.at, 0
        return self._held[start : start + length]

    def meta(self) -> DataSet:
        """Return the elements of group 0002, and stand behind them; they are explicit and little."""
        found = DataSet(implicit=False)
        self._peek(8)
        while True:
            self._plain(found, self.size, _GROUP_META)
            head = self._peek(8)
            if len(head) < 8 or self._tag.unpack_from(head)[0] != _GROUP_META:  # noqa: PLR2004
                return found
            self.at += 8
            found.elements.append(self._element(found, head, self.size, 0))

    def whole(self, *, implicit: bool) -> DataSet:
        """Return the data set that the rest of the stream is. Raises Flaw."""
        found = DataSet(self._looks_implicit(implicit=implicit, end=self.size))
        self._fill(found, self.size, 0)
        return found

    def _fill(self, into: DataSet, end: int, depth: int) -> None:
        """Read elements up to `end`, or to the delimiter of an item that is `undefined`."""
        elements, unpack = into.elements, self._tag.unpack_from
        while self.at < end:
            (self._untyped if into.implicit else self._plain)(into, end)
            if self.at >= end:
                break
            head = self._read(8)
            if len(head) < 8:  # noqa: PLR2004 - bytes of the shortest header
                if depth == 0 and not into.undefined and not head.strip(b"\0"):
                    self.warnings.add("bytes without meaning at its end: left out of the copy")
                    return
                raise Flaw(f"it ends within an element at byte {self.at - len(head)}")
            group, number = unpack(head)
            if group == 0xFFFE:  # noqa: PLR2004 - items and delimiters
                if into.undefined and number == 0xE00D:  # noqa: PLR2004 - the end of an item
                    return
                raise Flaw(f"a delimiter where none may stand, at byte {self.at - 8}")
            if group == 0 and depth == 0 and self._padding(head, end):
                return
            elements.append(self._element(into, head, end, depth))
        if into.undefined:
            raise Flaw("it ends within an item of a sequence")

    def _plain(self, into: DataSet, end: int, only: int = 0) -> None:
        """
        Read the elements from here on that have a short header and an even length, as most have.

        What is anything else is left to stand where it is; so is what is not of the `only` group.
        """
        held, first, unpack = self._held, self._first, self._head.unpack_from
        add, types = into.elements.append, _SHORT_NAMES
        at, stop = self.at - first, min(len(held), end - first) - 8
        while 0 <= at <= stop:
            group, number, name, length = unpack(held, at)
            vr = types.get(name)
            behind = at + 8 + length
            if vr is None or group in _APART or length & 1 or behind > stop + 8:
                break
            if only and group != only:
                break
            tag = group << 16 | number
            add(Element(tag, vr, held[at + 8 : behind], first + at + 8, length, head=8))
            at = behind
        self.at = first + at

    def _untyped(self, into: DataSet, end: int) -> None:
        """Read the elements from here on that tell no type, and of which the dictionary knows one."""
        held, first, unpack = self._held, self._first, self._bare.unpack_from
        add = into.elements.append
        at, stop = self.at - first, min(len(held), end - first) - 8
        while 0 <= at <= stop:
            group, number, length = unpack(held, at)
            tag = group << 16 | number
            behind = at + 8 + length
            if group in _APART or length & 1 or behind > stop + 8:
                break
            vr = self._implied(tag)
            if vr in _NOT_PLAIN or length > _LARGE:
                break
            add(Element(tag, vr, held[at + 8 : behind], first + at + 8, length, head=8))
            at = behind
        self.at = first + at

    def _padding(self, head: bytes, end: int) -> bool:
        """Say whether nothing but zeros comes to the end of the file."""
        at = self.at
        if head.strip(b"\0") or end - at > _LARGEST_TEXT or self._read(end - at).strip(b"\0"):
            self.at = at
            return False
        self.warnings.add("bytes without meaning at its end: left out of the copy")
        return True

    def _element(self, of: DataSet, head: bytes, end: int, depth: int) -> Element:
        """Read one element, whose first eight bytes were read."""
        group, number = self._tag.unpack_from(head)
        tag = group << 16 | number
        vr, length = self._type(of, tag, head)
        start = self.at
        if length == _UNDEFINED:
            return self._undefined(of, tag, vr, end, depth)
        if length > end - start:
            raise Flaw(f"{_named(tag)} goes on beyond the end: it is cut off, or a length is wrong")
        element = Element(tag, vr, None, start, length)
        if vr == "SQ" or (vr == "UN" and not tag & PRIVATE and vr_of(tag) == "SQ"):
            implicit = of.implicit or vr == "UN"
            element.items = self._items(of, start + length, implicit=implicit, depth=depth + 1)
        elif length <= _LARGE or (length <= _LARGEST_TEXT and vr in ("LT", "ST", "UT", "UC", "UR")):
            element.value = self._read(length)
            if len(element.value) < length:
                raise Flaw(f"{_named(tag)} is cut off")
        else:
            self.at = start + length
        if length % 2:
            self.warnings.add("values of odd length: padded in the copy")
        return element

    def _type(self, of: DataSet, tag: int, head: bytes) -> tuple[str, int]:
        """Return the type and length of an element; what follows is its value."""
        if of.implicit:
            return self._implied(tag), self._long.unpack_from(head, 4)[0]
        vr = _NAMES.get(head[4:6])
        if vr is None:
            raise Flaw(f"{_named(tag)} is of no type that the standard knows")
        if vr not in LONG:
            return vr, self._short.unpack_from(head, 6)[0]
        rest = self._read(4)
        if len(rest) < 4:  # noqa: PLR2004 - bytes of a length
            raise Flaw(f"{_named(tag)} is cut off")
        return vr, self._long.unpack(rest)[0]

    @staticmethod
    def _implied(tag: int) -> str:
        """Return the type of an element that says none."""
        if tag & PRIVATE:
            return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"  # noqa: PLR2004 - creators
        return vr_of(tag) or "UN"

    def _undefined(self, of: DataSet, tag: int, vr: str, end: int, depth: int) -> Element:
        """Read an element whose length is not told: a sequence, or the fragments of pixels."""
        start = self.at
        if vr in ("SQ", "UN"):
            implicit = of.implicit or vr == "UN"
            items = self._items(of, end, implicit=implicit, depth=depth + 1, undefined=True)
            return Element(tag, vr, None, start, self.at - start, items, undefined=True)
        if vr not in ("OB", "OW"):
            raise Flaw(f"{_named(tag)} does not say how long it is")
        self._fragments(tag, end)
        length = self.at - 8 - start
        return Element(tag, vr, None, start, length, undefined=True)

    def _items(
        self, of: DataSet, end: int, *, implicit: bool, depth: int, undefined: bool = False
    ) -> list[DataSet]:
        """Read the items of a sequence, up to `end` or to the delimiter."""
        if depth > self.depth:
            raise Flaw(f"sequences lie more than {self.depth} deep in each other", "E209")
        items: list[DataSet] = []
        while undefined or self.at < end:
            tag, length = self._marker(end)
            if tag == _SEQUENCE_END and undefined:
                return items
            if tag != _ITEM:
                raise Flaw(f"no item of a sequence at byte {self.at - 8}")
            stop = end if length == _UNDEFINED else self.at + length
            if stop > end:
                raise Flaw("an item goes on beyond its sequence")
            item = DataSet(
                self._looks_implicit(implicit=implicit, end=stop),
                undefined=length == _UNDEFINED,
                parent=of,
                start=self.at - 8,
            )
            self._fill(item, stop, depth)
            items.append(item)
        return items

    def _marker(self, end: int) -> tuple[int, int]:
        head = self._read(8)
        if len(head) < 8 or self.at > end:  # noqa: PLR2004 - bytes of a marker
            raise Flaw("it ends within a sequence")
        group, number = self._tag.unpack_from(head)
        return group << 16 | number, self._long.unpack_from(head, 4)[0]

    def _fragments(self, tag: int, end: int) -> None:
        """Pass over fragments to behind their delimiter."""
        while True:
            found, length = self._marker(end)
            if found == _SEQUENCE_END:
                return
            if found != _ITEM or length > end - self.at:
                raise Flaw(f"{_named(tag)} is cut off, or a fragment's length is wrong")
            self.at += length

    def _looks_implicit(self, *, implicit: bool, end: int) -> bool:
        """Say whether the first element here tells no type, whatever the transfer syntax says."""
        at = self.at
        head = self._peek(8) if end - at >= 8 else b""  # noqa: PLR2004 - bytes of a header
        if len(head) < 8 or head[:2] in (b"\xfe\xff", b"\xff\xfe"):  # noqa: PLR2004 - as above
            return implicit
        explicit = head[4:6] in _NAMES
        if implicit and explicit:  # the two letters may be a length: AE is 17729
            length = self._long.unpack_from(head, 4)[0]
            return bool(length <= end - at - 8)
        return implicit or not explicit


def _named(tag: int) -> str:
    """
    Return how an element is told of.

    The number of a private one may be anything; one that the standard does not know may be letters
    of what is no DICOM at all.
    """
    if tag & PRIVATE:
        return "a private element"
    return written(tag) if vr_of(tag) else "what should be an element"
