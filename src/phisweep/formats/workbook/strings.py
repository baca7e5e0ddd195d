"""
The strings that the cells of a workbook share.

They are held whole, with the bytes that each stands in: a string that no unchanged cell uses is
emptied in a copy, so that the others keep their numbers.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from xml.parsers import expat

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, Replaced, Structure, kind_of
from phisweep.formats.workbook.elements import DOCTYPE, HEAD, malformed, missing, streaming
from phisweep.model import Column, Edit, Location, Source, Text

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OF_STRINGS = frozenset({"count", "uniqueCount", "space", "sb", "eb", "fontId", "type", "alignment"})  # fmt: skip
_PER_CHUNK = 5_000


def decoded(text: str) -> str:
    """Return a string with what is written as `_x000D_` in place."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 or not code else chr(code)  # noqa: PLR2004 - halves


class SharedStrings:
    """The strings by number; phonetic readings stand behind their string, after a space."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.starts, self.ends = array("q"), array("q")
        self.uses = array("l")
        self.comments: list[tuple[int, str]] = []

    def read(self, data: bytes, source: Source, options: ReadOptions) -> None:
        """Take in the part. Raises DocumentError E209, E210, E219, E228."""
        if DOCTYPE in data[:HEAD]:
            raise missing(source)
        _Reader(self, source, options).read(data)
        self.uses = array("l", bytes(array("l").itemsize * len(self.texts)))

    def used(self, number: str, source: Source) -> str:
        """Return the string of that number, and count its use. Raises DocumentError E228."""
        try:
            index = int(number)
            text = self.texts[index]
        except (ValueError, IndexError):
            raise missing(source) from None
        if index < 0:
            raise missing(source)
        self.uses[index] += 1
        return text


class _Reader:
    def __init__(self, strings: SharedStrings, source: Source, options: ReadOptions) -> None:
        self.strings, self.source, self.options = strings, source, options
        self.stack: list[str] = []
        self.parts: list[str] = []
        self.parser = streaming(source, self.start, self.end, self.characters, self.comment)

    def read(self, data: bytes) -> None:
        try:
            self.parser.Parse(data, True)
        except DocumentError:
            raise
        except expat.ExpatError:
            raise malformed(self.source) from None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        local, depth = name.rpartition(":")[2], len(self.stack)
        fits = (local == "sst") if depth == 0 else (local in ("si", "extLst")) if depth == 1 else True  # fmt: skip
        if not fits or depth > self.options.max_depth:
            raise missing(self.source)
        self.stack.append(local)
        if depth == 1:
            self.parts = []
            self.begun = self.parser.CurrentByteIndex
        if attributes and "rPr" not in self.stack:
            for key, value in attributes.items():
                known = key.rpartition(":")[2] in _OF_STRINGS or key.startswith(("xmlns", "mc:"))
                if not known:
                    self.parts.append(f" {value}")

    def end(self, _: str) -> None:
        self.stack.pop()
        if len(self.stack) == 1:
            strings = self.strings
            strings.starts.append(self.begun)
            strings.ends.append(self.parser.CurrentByteIndex)
            strings.texts.append(decoded("".join(self.parts)))

    def characters(self, data: str) -> None:
        if self.stack[-1] != "t":
            if not data.strip():
                return
            data = f" {data}"
        elif "rPh" in self.stack:
            data = f" {data}"
        self.parts.append(data)

    def comment(self, data: str) -> None:
        if data.strip():
            if len(self.stack) != 1:
                self.parts.append(f" {data}")
            else:
                self.strings.comments.append((self.parser.CurrentByteIndex, data))


@dataclass(slots=True)
class StringsChunk:
    """Some strings that no cell uses; `changed` takes those that are to go."""

    blocks: Sequence[Block] = field(repr=False)
    numbers: Mapping[str, int]
    changed: set[int]

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - no columns here
        """Note which are to go; the copy is written at the end."""
        self.changed.update(self.numbers[address] for address in edits if edits[address])
        return b""


@dataclass(slots=True)
class StringsPart:
    """The strings that no cell of the workbook uses; asked when all of its sheets were read."""

    source: Source
    strings: SharedStrings
    changed: set[int]
    name: str = "shared strings"
    structure: ClassVar[Structure] = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[StringsChunk]:
        """Yield the strings, and what stands between them."""
        strings, blocks, numbers = self.strings, list[Block](), dict[str, int]()
        entries = [(i, t) for i, t in enumerate(strings.texts) if t.strip() and not strings.uses[i]]
        entries += [(-1 - i, text) for i, (_, text) in enumerate(strings.comments)]
        for number, text in entries:
            address = f"string {number + 1}" if number >= 0 else f"comment {-number}"
            where = Location(self.source.shown, address)
            blocks.append(Text(where, text, kind=kind_of(text), place="string without a cell"))
            numbers[address] = number
            if len(blocks) >= _PER_CHUNK:
                yield StringsChunk(blocks, numbers, self.changed)
                blocks, numbers = [], {}
        yield StringsChunk(blocks, numbers, self.changed)
