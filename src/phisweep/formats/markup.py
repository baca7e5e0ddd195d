"""
XML: what stands in it as spans of its bytes, and written again by splicing.

Read by expat, which fetches nothing: no external entity, no schema, no network. A document that
declares entities of its own is refused, so that nothing expands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, failed
from phisweep.model import Edit, Source
from phisweep.splicing import splice

Role = Literal["text", "cdata", "attribute", "comment", "instruction", "doctype", "mark"]
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#(\d+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ATTRIBUTE = re.compile(rb"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DOCTYPE = b"<!DOCTYPE"
_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Span:
    """
    One text, attribute or comment: half-open bytes of the document, without quotes and marks.

    `path` holds the local names of the elements around it, `steps` the same with the number of each
    among its like ("/a[1]/b[2]"), `name` the attribute's own local name. `line` counts from 1.
    """

    role: Role
    start: int
    end: int
    path: tuple[str, ...]
    steps: str
    name: str = ""
    line: int = 0

    @property
    def address(self) -> str:
        """Where it stands: `/a[1]/b[2]`, `/a[1]/@code`; texts around elements are told apart."""
        return (
            f"{self.steps}/@{self.name}" if self.name and self.role == "attribute" else self.steps
        )


@dataclass(slots=True)
class Element:
    """An open element: its local name, its path with numbers, and how many of each it holds."""

    name: str
    steps: str
    counts: Counter[str] = field(default_factory=Counter)
    texts: int = 0


class Reader:
    """
    Reads a document by expat and tells what stands in it, in its order.

    `told` gets each text, attribute, comment and instruction as half-open bytes, `begun` and `ended`
    each element, which is the last of `stack` in both. A reader of its own overrides them.
    """

    namespaces = False  # whether the declarations of namespaces are told as attributes

    def __init__(self, data: bytes, source: Source, options: ReadOptions) -> None:
        self.data, self.source, self.options = data, source, options
        self.stack: list[Element] = [Element("", "")]
        self._open: tuple[int, int] | None = None
        self._cdata = False
        self._doctype: int | None = None
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = lambda *_: 0

    def told(self, role: Role, start: int, end: int, line: int, name: str = "") -> None:
        """Take in a text, attribute, comment or instruction of the last open element."""

    def begun(self, attributes: Sequence[tuple[str, int, int]], line: int) -> None:
        """Take in that an element began; its attributes by name as written, and half-open bytes."""
        for name, start, end in attributes:
            self.told("attribute", start, end, line, local(name))

    def ended(self) -> None:
        """Take in that the last open element ends."""

    def read(self, size: int = 0) -> Iterator[None]:
        """
        Read, and yield each time so many bytes are read; 0: all of them.

        Raises DocumentError E209 (too deep), E210 (malformed), E219 (declares entities).
        """
        size = size or max(1, len(self.data))
        try:
            for at in range(0, max(1, len(self.data)), size):
                self.parser.Parse(self.data[at : at + size], at + size >= len(self.data))
                yield
        except expat.ExpatError as error:
            what = f"not well-formed XML: line {error.lineno}, column {error.offset + 1}"
            raise failed("E210", self.source, what, "Repair the document.") from None
        except (UnicodeDecodeError, AssertionError, ValueError) as error:
            if isinstance(error, DocumentError):
                raise
            raise failed("E210", self.source, "not well-formed XML") from None

    def position(self) -> int:
        """Return up to which byte it was told what stands there, where reading failed."""
        if self._doctype is not None:
            return self._doctype
        if self._open is not None:
            return self._open[0]
        return max(0, min(self.parser.CurrentByteIndex, len(self.data)))

    def _flush(self) -> None:
        """End the text that runs up to here."""
        if self._open is not None:
            (start, line), self._open = self._open, None
            self.told("text", start, self.parser.CurrentByteIndex, line)

    def _start(self, name: str, attributes: Sequence[str]) -> None:
        self._flush()
        if len(self.stack) > self.options.max_depth:
            raise failed("E209", self.source, f"nested deeper than {self.options.max_depth}")
        own = local(name)
        above = self.stack[-1]
        above.counts[own] += 1
        self.stack.append(Element(own, f"{above.steps}/{own}[{above.counts[own]}]"))
        at, line = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber
        at += 1 + len(name.encode())
        found = []
        for _ in range(len(attributes) // 2):
            match = _ATTRIBUTE.search(self.data, at)
            assert match is not None  # noqa: S101 - expat has read the same bytes
            if self.namespaces or not match[1].startswith(b"xmlns"):
                found.append((match[1].decode(), *match.span(2 if match[2] is not None else 3)))
            at = match.end()
        self.begun(found, line)

    def _end(self, _: str) -> None:
        self._flush()
        self.ended()
        self.stack.pop()

    def _characters(self, _: str) -> None:
        if self._open is None and not self._cdata:
            self._open = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber

    def _start_cdata(self) -> None:
        self._flush()
        self._cdata = True
        self._open = self.parser.CurrentByteIndex + len("<![CDATA["), self.parser.CurrentLineNumber

    def _end_cdata(self) -> None:
        assert self._open is not None  # noqa: S101 - _start_cdata set it
        (start, line), self._open, self._cdata = self._open, None, False
        self.told("cdata", start, self.data.index(b"]]>", start), line)

    def _comment(self, _: str) -> None:
        if self._doctype is not None:
            return
        self._flush()
        start = self.parser.CurrentByteIndex + len("<!--")
        self.told("comment", start, self.data.index(b"-->", start), self.parser.CurrentLineNumber)

    def _instruction(self, target: str, _: str) -> None:
        if self._doctype is not None:
            return
        self._flush()
        start = self.parser.CurrentByteIndex + len("<?") + len(target.encode())
        end = self.data.index(b"?>", start)
        self.told("instruction", start, end, self.parser.CurrentLineNumber)

    def _start_doctype(self, *_: object) -> None:
        self._flush()
        here = self.parser.CurrentByteIndex + len(_DOCTYPE)
        self._doctype = self.data.rindex(_DOCTYPE, 0, here) + len(_DOCTYPE)

    def _end_doctype(self) -> None:
        assert self._doctype is not None  # noqa: S101 - _start_doctype set it
        start, self._doctype = self._doctype, None
        line = self.data.count(b"\n", 0, start) + 1
        self.told("doctype", start, self.parser.CurrentByteIndex, line)

    def _entity(self, *_: object) -> None:
        raise failed("E219", self.source, "it declares entities of its own, which are not expanded")


class _Spans(Reader):
    def __init__(
        self, data: bytes, source: Source, options: ReadOptions, marks: frozenset[str]
    ) -> None:
        super().__init__(data, source, options)
        self.marks = marks
        self.spans: list[Span] = []

    def told(self, role: Role, start: int, end: int, line: int, name: str = "") -> None:
        """Note a span; texts of one element are numbered."""
        top = self.stack[-1]
        steps = top.steps
        if role != "attribute":
            top.texts += 1
            kind = {"text": "text()", "cdata": "text()", "comment": "comment()"}.get(role, role)
            steps = f"{steps}/{kind}[{top.texts}]"
        self.spans.append(Span(role, start, end, self._path(), steps, name, line))

    def begun(self, attributes: Sequence[tuple[str, int, int]], line: int) -> None:
        """Note the beginning of an element that is asked for, and the attributes."""
        top = self.stack[-1]
        if top.name in self.marks:
            at = self.parser.CurrentByteIndex
            self.spans.append(Span("mark", at, at, self._path(), top.steps, "", line))
        super().begun(attributes, line)

    def _path(self) -> tuple[str, ...]:
        return tuple(element.name for element in self.stack[1:])


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def spans(
    data: bytes, source: Source, options: ReadOptions, marks: frozenset[str] = frozenset()
) -> list[Span]:
    """
    Return what stands in a document, UTF-8 without byte order mark, in its order; namespaces left out.

    Of elements of the names in `marks` there is an empty span where each begins, of the role "mark".
    Raises DocumentError E209 (too deep), E210 (malformed), E219 (declares entities).
    """
    reader = _Spans(data, source, options, marks)
    for _ in reader.read():
        pass
    return reader.spans


def resolve(raw: str, role: Role) -> str:
    """Return the text that raw XML stands for."""
    if role in ("text", "attribute") and "&" in raw:
        return _ENTITY.sub(_character, raw)
    return raw


def edited(raw: str, role: Role, edits: Sequence[Edit]) -> str:
    """Return the raw XML with edits of its resolved text in place, escaped as their place needs."""
    place: Sequence[int] = range(len(raw) + 1)
    if role in ("text", "attribute") and "&" in raw:
        place = [*_offsets(raw)]
    changes = [Edit(place[e.start], place[e.end], escaped(e.text, role)) for e in edits]
    return splice(raw, changes)


def escaped(text: str, role: Role) -> str:
    """Return a text as it is written in that place; what XML cannot hold becomes U+FFFD."""
    text = _INVALID.sub("\ufffd", text)
    if role in ("text", "attribute"):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace('"', "&quot;").replace("'", "&apos;") if role == "attribute" else text
    if role == "cdata":
        return text.replace("]]>", "]] >")
    return text.replace("--", "- -").replace("?>", "? >")


def spliced(data: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return the bytes with half-open spans replaced, given in any order, not overlapping."""
    parts: list[bytes] = []
    at = 0
    for start, end, new in sorted(changes):
        parts += (data[at:start], new)
        at = end
    return b"".join([*parts, data[at:]])


def _offsets(raw: str) -> Iterator[int]:
    """Yield where in `raw` each code point of its text begins, and the end."""
    at = 0
    for match in _ENTITY.finditer(raw):
        yield from range(at, match.start() + 1)
        at = match.end()
    yield from range(at, len(raw) + 1)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"  # noqa: PLR2004 - Unicode's end and its halves
