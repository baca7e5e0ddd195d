"""
The XML of i2b2 and n2c2: marks within the text (2006), or listed with their offsets (2014, 2016).

    <ROOT><RECORD ID="1"><TEXT>Seen by <PHI TYPE="DOCTOR">Diaz</PHI></TEXT></RECORD></ROOT>
    <deIdi2b2><TEXT>Seen by Diaz</TEXT><TAGS>
      <NAME id="P0" start="8" end="12" text="Diaz" TYPE="DOCTOR"/></TAGS></deIdi2b2>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked
from phisweep.evaluate.gold.raw import Raw
from phisweep.legible import legible

_CHUNK = 1 << 16
_SPANS = re.compile(r"(\d+)\s*[~-]\s*(\d+)")


def read(path: Path, name: str, encoding: str = "") -> Iterator[Raw]:
    """Yield the records of a file, holding one. Raises UsageError E176, E177."""
    reader = _Reader(name)
    parser = expat.ParserCreate(encoding or None)
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.EntityDeclHandler = reader.entity
    try:
        with path.open("rb") as file:
            while True:
                chunk = file.read(_CHUNK)
                parser.Parse(chunk, not chunk)
                yield from reader.taken()
                if not chunk:
                    return
    except expat.ExpatError as error:
        raise faults.unreadable(
            f"{legible(name)}: line {error.lineno:,}",
            "it is no well-formed XML, or of another encoding than it says",
        ) from None
    except OSError as error:
        raise faults.unreadable(legible(name), f"it cannot be read: {error.strerror}") from None


@dataclass(slots=True)
class _Reader:
    """What a file was read to: the record that is open, and those that are done."""

    name: str = field(repr=False)
    depth: int = 0
    root: str = ""
    id: str = field(default="", repr=False)
    text: list[str] | None = field(default=None, repr=False)
    size: int = 0
    inside: bool = False
    tags: int = 0  # the depth of TAGS, 0 outside
    open: list[tuple[int, str]] = field(default_factory=list, repr=False)
    spans: list[Marked] = field(default_factory=list, repr=False)
    done: list[Raw] = field(default_factory=list, repr=False)
    records: int = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.root = tag
        if tag == "RECORD":
            self.id = attributes.get("ID", attributes.get("id", ""))
        elif tag == "TEXT":
            if self.text is not None:
                self._finish()
            self.text, self.size, self.inside = [], 0, True
        elif tag == "TAGS":
            self.tags = self.depth
        elif self.inside and tag == "PHI":
            self.open.append((self.size, attributes.get("TYPE", tag)))
        elif self.tags and self.depth > self.tags:
            self._mark(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "PHI" and self.inside and self.open:
            start, label = self.open.pop()
            if self.size > start:  # 2006 has a few without a text
                self.spans.append(Marked(((start, self.size),), label))
        elif tag == "TEXT":
            self.inside = False
        elif tag == "TAGS":
            self.tags = 0
        if tag == "RECORD" or self.depth == 1:
            self._finish()
        self.depth -= 1

    def characters(self, data: str) -> None:
        if self.inside and self.text is not None:
            self.text.append(data)
            self.size += len(data)

    def entity(self, *_: object) -> None:
        raise faults.unreadable(
            legible(self.name), "it declares entities of its own, which are not expanded"
        )

    def taken(self) -> list[Raw]:
        done, self.done = self.done, []
        return done

    def _mark(self, tag: str, attributes: dict[str, str]) -> None:
        parts = [(int(a), int(b)) for a, b in _SPANS.findall(attributes.get("spans", ""))]
        try:
            parts = parts or [(int(attributes["start"]), int(attributes["end"]))]
        except (KeyError, ValueError):
            raise faults.misplaced(
                f"{legible(self.name)}, mark {len(self.spans) + 1}",
                "it has no start and end that are whole numbers",
            ) from None
        label = attributes.get("TYPE") or tag
        self.spans.append(Marked(tuple(parts), label, attributes.get("text")))

    def _finish(self) -> None:
        """End a record, where one is open."""
        if self.text is None:
            if self.depth == 1 and not self.records:
                raise faults.unreadable(legible(self.name), "there is no TEXT in it")
            return
        self.records += 1
        stem = PurePosixPath(self.name).with_suffix("").as_posix()
        where = f"/{self.root}[1]/TEXT[1]" if self.root != "ROOT" else ""
        self.done.append(
            Raw(self.id or stem, "".join(self.text), tuple(self.spans), self.name, where)
        )
        self.text, self.spans, self.open, self.id = None, [], [], ""
