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

Role = Literal["text", "cdata", "attribute", "comment", "instruction", "doctype"]
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#(\d+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ATTRIBUTE = re.compile(rb"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DECLARED = re.compile(rb"""(<\?xml[^>]*?encoding\s*=\s*["'])[A-Za-z0-9._-]+(["'])""")
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
class _Element:
    name: str
    steps: str
    counts: Counter[str] = field(default_factory=Counter)
    texts: int = 0


class _Reader:
    def __init__(self, data: bytes, source: Source, options: ReadOptions) -> None:
        self.data, self.source, self.options = data, source, options
        self.spans: list[Span] = []
        self.stack: list[_Element] = [_Element("", "")]
        self.begun: tuple[int, int] | None = None
        self.cdata = False
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.CommentHandler = self.comment
        parser.ProcessingInstructionHandler = self.instruction
        parser.StartCdataSectionHandler = self.start_cdata
        parser.EndCdataSectionHandler = self.end_cdata
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.entity
        parser.ExternalEntityRefHandler = lambda *_: 0

    def flush(self) -> None:
        """End the text that runs up to here."""
        if self.begun is not None:
            (start, line), self.begun = self.begun, None
            self.add("text", start, self.parser.CurrentByteIndex, line)

    def add(self, role: Role, start: int, end: int, line: int, name: str = "") -> None:
        """Note a span; texts of one element are numbered."""
        top = self.stack[-1]
        steps = top.steps
        if role != "attribute":
            top.texts += 1
            kind = {"text": "text()", "cdata": "text()", "comment": "comment()"}.get(role, role)
            steps = f"{steps}/{kind}[{top.texts}]"
        path = tuple(element.name for element in self.stack[1:])
        self.spans.append(Span(role, start, end, path, steps, name, line))

    def start(self, name: str, attributes: Sequence[str]) -> None:
        self.flush()
        if len(self.stack) > self.options.max_depth:
            raise failed("E209", self.source, f"nested deeper than {self.options.max_depth}")
        local = name.rpartition(":")[2]
        above = self.stack[-1]
        above.counts[local] += 1
        self.stack.append(_Element(local, f"{above.steps}/{local}[{above.counts[local]}]"))
        if not attributes:
            return
        at, line = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber
        at += 1 + len(name.encode())
        for _ in range(len(attributes) // 2):
            match = _ATTRIBUTE.search(self.data, at)
            assert match is not None  # noqa: S101 - expat has read the same bytes
            group = 2 if match[2] is not None else 3
            label = match[1].decode().rpartition(":")[2] if match[1] != b"xmlns" else "xmlns"
            if not match[1].startswith(b"xmlns"):
                self.add("attribute", *match.span(group), line, label)
            at = match.end()

    def end(self, _: str) -> None:
        self.flush()
        self.stack.pop()

    def characters(self, _: str) -> None:
        if self.begun is None and not self.cdata:
            self.begun = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber

    def start_cdata(self) -> None:
        self.flush()
        self.cdata = True
        self.begun = self.parser.CurrentByteIndex + len("<![CDATA["), self.parser.CurrentLineNumber

    def end_cdata(self) -> None:
        assert self.begun is not None  # noqa: S101 - start_cdata set it
        (start, line), self.begun, self.cdata = self.begun, None, False
        self.add("cdata", start, self.data.index(b"]]>", start), line)

    def comment(self, _: str) -> None:
        self.flush()
        start = self.parser.CurrentByteIndex + len("<!--")
        self.add("comment", start, self.data.index(b"-->", start), self.parser.CurrentLineNumber)

    def instruction(self, target: str, _: str) -> None:
        self.flush()
        start = self.parser.CurrentByteIndex + len("<?") + len(target.encode())
        end = self.data.index(b"?>", start)
        self.add("instruction", start, end, self.parser.CurrentLineNumber)

    def doctype(self, *_: object) -> None:
        self.flush()

    def entity(self, *_: object) -> None:
        raise failed("E219", self.source, "it declares entities of its own, which are not expanded")


def spans(data: bytes, source: Source, options: ReadOptions) -> list[Span]:
    """
    Return what stands in a document, UTF-8 without byte order mark, in its order; namespaces left out.

    Raises DocumentError E209 (too deep), E210 (malformed), E219 (declares entities).
    """
    reader = _Reader(data, source, options)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        what = f"not well-formed XML: line {error.lineno}, column {error.offset + 1}"
        raise failed("E210", source, what, "Repair the document.") from None
    except (UnicodeDecodeError, AssertionError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        raise failed("E210", source, "not well-formed XML") from None
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
