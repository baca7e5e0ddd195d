"""
The parts of a message as spans of its bytes (RFC 5322, RFC 2046).

Every byte is in a header, a body, or beside the parts of a multipart; a line among the headers that
is none is kept as a header without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.message.parameters import Parameter, parameters
from phisweep.model import Source

_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_NAME = re.compile(rb"[!-9;-~]+(?=[ \t]*:)")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Header:
    """
    A header: its name in lower case, and the half-open bytes of its value, without the last line end.

    `at` is the byte that its name begins at.
    """

    at: int
    name: str
    label: str
    start: int
    end: int


@dataclass(slots=True)
class Entity:
    """
    A message or a part of one: headers, then a body; `number` counts from 0 in the order of the bytes.

    A multipart has `parts`, and `beside`: what stands before, between and behind them. `delimiters`
    are the spans of its boundary in the lines that part it; `closed` says whether the last came.
    """

    number: int
    start: int
    body: int
    end: int
    headers: Sequence[Header] = field(repr=False)
    kind: str = "text/plain"
    parameters: Sequence[Parameter] = field(default=(), repr=False)
    encoding: str = ""
    filename: str = field(default="", repr=False)
    attached: bool = False
    parts: list[Entity] = field(default_factory=list)
    beside: list[Span] = field(default_factory=list)
    delimiters: list[Span] = field(default_factory=list)
    closed: bool = True

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, "" where it has none of that name."""
        return next((each.value for each in self.parameters if each.name == name), "")

    def walk(self) -> Iterator[Entity]:
        """Yield itself and the parts in it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


class Splitter:
    """Splits one message. Raises DocumentError E209 (parts nested too deep), E218 (too many)."""

    def __init__(self, data: bytes, source: Source, options: ReadOptions) -> None:
        self._data = data
        self._source = source
        self._options = options
        self._count = 0

    def message(self, start: int = 0, end: int | None = None) -> Entity:
        """Return the message between two bytes."""
        return self._entity(start, len(self._data) if end is None else end, 0)

    def _entity(self, start: int, end: int, depth: int) -> Entity:
        if depth > self._options.max_nesting:
            what = f"parts are nested deeper than {self._options.max_nesting}"
            raise failed("E209", self._source, what)
        if self._count > self._options.max_members:
            raise failed("E218", self._source, f"more than {self._options.max_members} parts")
        headers, body = self._headers(start, end)
        entity = Entity(self._count, start, body, end, headers)
        self._count += 1
        self._describe(entity)
        boundary = entity.parameter("boundary")
        if entity.kind.startswith("multipart/") and boundary:
            self._split(entity, boundary.encode("utf-8", "replace"), depth)
        return entity

    def _headers(self, start: int, end: int) -> tuple[list[Header], int]:
        found: list[Header] = []
        at = start
        while at < end:
            match = _LINE.match(self._data, at, end)
            line_end = match.end() if match else end
            line = self._data[at:line_end]
            stripped = len(line.rstrip(b"\r\n"))
            if not stripped:
                return found, line_end
            if line[:1] in b" \t" and found:
                last = found[-1]
                found[-1] = Header(last.at, last.name, last.label, last.start, at + stripped)
            else:
                found.append(self._header(line, at, stripped))
            at = line_end
        return found, end

    @staticmethod
    def _header(line: bytes, at: int, stripped: int) -> Header:
        name = _NAME.match(line)
        if not name:
            return Header(at, "", "", at, at + stripped)
        colon = line.index(b":", name.end()) + 1
        value = colon + len(line[colon:stripped]) - len(line[colon:stripped].lstrip(b" \t"))
        label = name[0].decode("ascii")
        return Header(at, label.lower(), label, at + value, at + stripped)

    def _describe(self, entity: Entity) -> None:
        for header in entity.headers:
            value = self._data[header.start : header.end]
            if header.name == "content-type":
                kind, entity.parameters = parameters(value, header.start)
                entity.kind = kind or entity.kind
                entity.filename = entity.filename or entity.parameter("name")
            elif header.name == "content-disposition":
                kind, told = parameters(value, header.start)
                entity.attached = kind == "attachment"
                own = next((each.value for each in told if each.name == "filename"), "")
                entity.filename = own or entity.filename
            elif header.name == "content-transfer-encoding":
                entity.encoding = value.decode("latin-1").partition("(")[0].strip().lower()

    def _split(self, entity: Entity, boundary: bytes, depth: int) -> None:
        line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        at, opened = entity.body, False
        entity.closed = False
        for match in line.finditer(self._data, entity.body, entity.end):
            if match.start() < at:
                continue
            end = self._before(match.start(), at)
            if opened:
                entity.parts.append(self._entity(at, end, depth + 1))
            elif end > at:
                entity.beside.append((at, end))
            entity.delimiters.append((match.start() + 2, match.start() + 2 + len(boundary)))
            at, opened = match.end(), True
            if match[1]:
                entity.closed, opened = True, False
                break
        if opened:
            entity.parts.append(self._entity(at, entity.end, depth + 1))
        elif at < entity.end:
            entity.beside.append((at, entity.end))

    def _before(self, end: int, start: int) -> int:
        """Return where what stands before a delimiter ends: its line end belongs to the delimiter."""
        if end > start and self._data[end - 1 : end] == b"\n":
            end -= 1
            if end > start and self._data[end - 1 : end] == b"\r":
                end -= 1
        return end
