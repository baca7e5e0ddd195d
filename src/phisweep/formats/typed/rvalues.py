"""
R's serialised objects (XDR, versions 2 and 3) as values with their attributes.

It is a reader of our own because of what others leave out without a word: attributes such as labels
and comments, levels that no row has, lists, dates and long numbers that are kept as whole numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAGIC = (b"RDX2\n", b"RDX3\n")
DEEPEST = 200
MOST_COMPACT = 1 << 28  # elements that a range may stand for
LOGICAL, INTEGER, REAL, COMPLEX, STRINGS, LIST, RAW = 10, 13, 14, 15, 16, 19, 24
NOTHING = 254
MISSING = -(2**31)  # of whole numbers and logical values
_ATTRIBUTES, _TAG = 0x200, 0x400
_SYMBOL, _PAIRS, _CHARS, _EXPRESSION, _ALTREP, _REFERENCE = 1, 2, 9, 20, 238, 255
_WIDTHS = {LOGICAL: ">i4", INTEGER: ">i4", REAL: ">f8", COMPLEX: ">c16", RAW: "u1"}
_POINTER = 22
_EMPTY = frozenset({254, 253, 242, 241})  # NULL, the global environment, the empty one, base
_LATIN, _UTF8 = 1 << 14, 1 << 15  # among the flags of a string


class Unknown(Exception):  # noqa: N818 - never leaves this floor
    """The data are no objects of R, or hold code or environments."""


class NotDecoded(Exception):  # noqa: N818 - never leaves this floor
    """A string is not valid in its encoding."""


@dataclass(slots=True)
class Value:
    """
    A vector, a list or nothing.

    `data` is a numpy array, a list of strings (None: missing), or a list of values.
    """

    kind: int
    data: Any = field(repr=False)
    attributes: dict[str, Value] = field(default_factory=dict, repr=False)

    def words(self, name: str) -> list[str]:
        """Return an attribute that is strings, [] where it is none."""
        found = self.attributes.get(name)
        if found is None or found.kind != STRINGS:
            return []
        return ["" if text is None else text for text in found.data]


@dataclass(slots=True)
class Objects:
    """Reads the objects of a file. `encoding` is that of strings that name none."""

    data: memoryview = field(repr=False)
    encoding: str = ""
    _at: int = 0
    _known: list[str] = field(default_factory=list, repr=False)

    def read(self) -> Mapping[str, Value]:
        """Return the objects by their names, that of an .rds by "". Raises Unknown, NotDecoded."""
        named = bytes(self.data[:5]) in MAGIC
        self._at = 5 if named else 0
        self._header()
        found = self._pairs(self._int(), 0) if named else {"": self._object(0)}
        if self._at != len(self.data):
            raise Unknown
        return found

    def _header(self) -> None:
        if bytes(self._take(2)) != b"X\n":
            raise Unknown
        version, _, _ = self._int(), self._int(), self._int()
        if version not in (2, 3):
            raise Unknown
        if version == 3:  # noqa: PLR2004 - it names the encoding
            native = bytes(self._take(self._int())).decode("ascii", "replace")
            self.encoding = self.encoding or native

    def _object(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise Unknown
        flags = self._int()
        kind = flags & 0xFF
        if kind in _EMPTY:
            return Value(NOTHING, [])
        if kind == _PAIRS:
            members = self._pairs(flags, depth)
            names = Value(STRINGS, list(members))
            return Value(LIST, [*members.values()], {"names": names})
        if kind in (_SYMBOL, _REFERENCE):
            return Value(STRINGS, [self._name(flags)])
        if kind == _ALTREP:
            return self._compact(depth)
        if kind == _POINTER:  # to memory that is gone; data.table keeps one
            self._known.append("")
            self._object(depth + 1)
            self._object(depth + 1)
            if flags & _ATTRIBUTES:
                self._pairs(self._int(), depth + 1)
            return Value(NOTHING, [])
        value = Value(kind if kind != _EXPRESSION else LIST, self._elements(kind, depth))
        if flags & _ATTRIBUTES:
            value.attributes = self._pairs(self._int(), depth + 1)
        return value

    def _elements(self, kind: int, depth: int) -> Any:
        if kind in _WIDTHS:
            type_ = np.dtype(_WIDTHS[kind])
            raw = self._take(self._length() * type_.itemsize)
            return np.frombuffer(raw, type_).astype(type_.newbyteorder("="))
        if kind == STRINGS:
            return [self._string() for _ in range(self._length())]
        if kind in (LIST, _EXPRESSION):
            return [self._object(depth + 1) for _ in range(self._length())]
        raise Unknown

    def _pairs(self, flags: int, depth: int) -> dict[str, Value]:
        """Return the members of a pairlist by their tags; one without has its number."""
        found: dict[str, Value] = {}
        while flags & 0xFF == _PAIRS:
            if flags & _ATTRIBUTES:
                self._object(depth + 1)
            name = self._name(self._int()) if flags & _TAG else str(len(found) + 1)
            if name in found:
                raise Unknown
            found[name] = self._object(depth + 1)
            flags = self._int()
        if flags & 0xFF not in _EMPTY:
            raise Unknown
        return found

    def _name(self, flags: int) -> str:
        kind = flags & 0xFF
        if kind == _REFERENCE:
            number = flags >> 8 or self._int()
            if not 0 < number <= len(self._known):
                raise Unknown
            return self._known[number - 1]
        if kind != _SYMBOL:
            raise Unknown
        name = self._string() or ""
        self._known.append(name)
        return name

    def _compact(self, depth: int) -> Value:
        """Return what a compact form stands for: a range, wrapped values, numbers as text."""
        info, state = self._object(depth + 1), self._object(depth + 1)
        attributes = self._object(depth + 1)
        form = info.data[0].data[0] if info.kind == LIST and info.data else ""
        value = _expanded(form, state)
        if attributes.kind == LIST:
            value.attributes = dict(zip(attributes.words("names"), attributes.data, strict=True))
        return value

    def _string(self) -> str | None:
        flags = self._int()
        if flags & 0xFF != _CHARS:
            raise Unknown
        size = self._int()
        if size == -1:
            return None
        raw = bytes(self._take(size))
        own = "latin-1" if flags & _LATIN else "utf-8"
        try:
            return raw.decode(own)
        except UnicodeDecodeError:
            if flags & _UTF8 or not self.encoding:
                raise NotDecoded from None
        try:
            return raw.decode(self.encoding)
        except (UnicodeDecodeError, LookupError):
            raise NotDecoded from None

    def _length(self) -> int:
        length = self._int()
        if length == -1:
            high, low = self._int(), self._int()
            length = (high << 32) + (low & 0xFFFFFFFF)
        if not 0 <= length <= len(self.data):
            raise Unknown
        return length

    def _int(self) -> int:
        return int(struct.unpack(">i", self._take(4))[0])

    def _take(self, size: int) -> memoryview:
        if not 0 <= size <= len(self.data) - self._at:
            raise Unknown
        self._at += size
        return self.data[self._at - size : self._at]


def _expanded(form: str, state: Value) -> Value:
    """Return the values of a compact form. Raises Unknown."""
    if form in ("compact_intseq", "compact_realseq") and state.kind == REAL:
        if state.data.shape != (3,) or not 0 <= state.data[0] <= MOST_COMPACT:
            raise Unknown
        count, first, step = state.data.tolist()
        made = first + step * np.arange(int(count), dtype=np.float64)
        whole = form == "compact_intseq"
        return Value(INTEGER, made.astype(np.int32)) if whole else Value(REAL, made)
    if state.kind == LIST and state.data and isinstance(inner := state.data[0], Value):
        if form.startswith("wrap_"):
            return inner
        if form == "deferred_string":
            return Value(STRINGS, _texts(inner))
    raise Unknown


def _texts(value: Value) -> list[str | None]:
    write: Callable[[Any], str | None]
    if value.kind == INTEGER:
        write = lambda number: None if number == MISSING else str(number)  # noqa: E731
    elif value.kind == REAL:
        write = lambda number: None if number != number else f"{number:.15g}"  # noqa: E731, PLR0124
    else:
        raise Unknown
    return [write(number) for number in value.data.tolist()]
