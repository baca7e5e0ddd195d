"""
A walk over the dictionary of an SPSS system file, before its library reads it.

The library trusts the counts of a damaged file beyond its end, and leaves out attributes that an
author gave to the file and to variables.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

HEADER = 176  # bytes
MAGIC = (b"$FL2", b"$FL3")
_LAYOUT_AT, _LAYOUTS = 64, (2, 3)
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_LINE = 80  # bytes of a document
_MOST_MISSING = 3
_FURTHER, _WIDEST = -1, 255
#: Extensions that are attributes, of the file and of variables, by their kinds.
_ATTRIBUTES = {17: "attributes", 18: "variable attributes"}


class Broken(Exception):  # noqa: N818 - never leaves this floor
    """The dictionary is none, or reaches beyond the end."""


@dataclass(slots=True)
class Dictionary:
    """Walks over the records; `attributes` are the texts that it met, as SPSS writes them."""

    stream: BinaryIO = field(repr=False)
    size: int
    attributes: dict[str, bytes] = field(default_factory=dict, repr=False)
    _order: str = "<"
    _places: int = 0
    _open: int = 0  # places that belong to the last string
    _firsts: set[int] = field(default_factory=set)

    def walk(self) -> Mapping[str, bytes]:
        """Walk to the end of the dictionary. Raises Broken, OSError."""
        head = self._take(HEADER)
        if head[:4] not in MAGIC:
            raise Broken
        if struct.unpack_from("<i", head, _LAYOUT_AT)[0] not in _LAYOUTS:
            self._order = ">"
        while (kind := self._int()) != _END:
            self._record(kind)
        return self.attributes

    def _record(self, kind: int) -> None:
        if self._open and kind != _VARIABLE:
            raise Broken
        if kind == _VARIABLE:
            self._variable()
        elif kind == _LABELS:
            for _ in range(self._count()):
                length = self._take(9)[8]
                self._skip(-(length + 1) % 8 + length)
        elif kind == _LABELLED:
            self._labelled()
        elif kind == _DOCUMENT:
            self._skip(_LINE * self._count())
        elif kind == _EXTENSION:
            which, size, count = self._int(), self._count(), self._count()
            if which in _ATTRIBUTES:
                self.attributes[_ATTRIBUTES[which]] = self._take(size * count)
            else:
                self._skip(size * count)
        else:
            raise Broken

    def _variable(self) -> None:
        width, labelled, missing, _, _ = (self._int() for _ in range(5))
        self._skip(8)
        self._place(width)
        if labelled not in (0, 1) or abs(missing) > _MOST_MISSING:
            raise Broken
        if labelled:
            self._skip(-(-self._count() // 4) * 4)
        self._skip(8 * abs(missing))

    def _place(self, width: int) -> None:
        """Count a variable; a string takes a place for every eight bytes, all but one marked so."""
        if width == _FURTHER:
            self._open -= 1
        elif self._open or not 0 <= width <= _WIDEST:
            raise Broken
        else:
            self._firsts.add(self._places)
            self._open = max(0, -(-width // 8) - 1)
        if self._open < 0:
            raise Broken
        self._places += 1

    def _labelled(self) -> None:
        """Pass the numbers, from 1, of the variables that value labels are for."""
        for _ in range(self._count()):
            if self._int() - 1 not in self._firsts:
                raise Broken

    def _int(self) -> int:
        return int(struct.unpack(f"{self._order}i", self._take(4))[0])

    def _count(self) -> int:
        count = self._int()
        if not 0 <= count <= self.size:
            raise Broken
        return count

    def _take(self, size: int) -> bytes:
        if size > self.size - self.stream.tell():
            raise Broken
        return self.stream.read(size)

    def _skip(self, size: int) -> None:
        if size > self.size - self.stream.tell():
            raise Broken
        self.stream.seek(size, 1)
