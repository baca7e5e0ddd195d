"""One message: what to search in its headers and bodies, and its bytes with the changes in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, failed
from phisweep.formats.choose import by_suffix
from phisweep.formats.container.document import Member
from phisweep.formats.container.names import kind_of_name
from phisweep.formats.embedded import SUFFIXES, Embedded, embed
from phisweep.formats.message.headings import KNOWN, STRUCTURED, segments
from phisweep.formats.message.mime import Entity, Header, Splitter
from phisweep.formats.message.parameters import Parameter, parameters
from phisweep.formats.message.transfer import charset, decoded, encoded
from phisweep.formats.message.words import Piece, edited, pieces, text_of
from phisweep.model import Edit, Kind, Location, Media, Source, Text

Change = tuple[int, int, bytes]
_OF_FILES = {
    **SUFFIXES,
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "message/rfc822": ".eml",
    "message/global": ".eml",
}
_PGP = b"-----BEGIN PGP MESSAGE-----"
_ENCRYPTED = "an encrypted message (nothing in it can be read)"
_PART = re.compile(
    rb"^Content-(?:Type|Transfer-Encoding|Disposition)[ \t]*:", re.MULTILINE | re.IGNORECASE
)
_SIGNS = re.compile(r"[,;<>\"()]")
_NOT_A_NAME = re.compile(r"[^!-9;-~]")
#: What stands before each message of an mbox where the line was changed; programs look for a date.
FROM_LINE = b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970"


@dataclass(slots=True)
class _Spot:
    """A block that stands in a header: its pieces, and where its text begins in theirs."""

    found: Sequence[Piece] = field(repr=False)
    offset: int = 0


@dataclass(slots=True)
class Letter:
    """
    An opened message. `blocks` are its headers and bodies, `files` its attachments.

    `errors` has the number of each part that cannot be read whole.
    """

    data: bytes = field(repr=False)
    source: Source
    options: ReadOptions
    first: int = 1  # the number of its first attachment
    prefix: str = ""  # of the names of its attachments
    root: Entity = field(init=False, repr=False)
    blocks: list[Block] = field(default_factory=list, repr=False)
    files: list[tuple[Member, Entity]] = field(default_factory=list, repr=False)
    errors: list[tuple[int, DocumentError]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list, repr=False)
    _spots: dict[str, _Spot] = field(default_factory=dict, repr=False)
    _parameters: dict[str, Parameter] = field(default_factory=dict, repr=False)
    _boundaries: dict[str, tuple[Parameter, Entity]] = field(default_factory=dict, repr=False)
    _names: dict[str, Header] = field(default_factory=dict, repr=False)
    _bodies: list[tuple[Entity, Embedded]] = field(default_factory=list, repr=False)
    _beside: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Find what there is. Raises DocumentError E209, E218."""
        self.root = Splitter(self.data, self.source, self.options).message()
        for entity in self.root.walk():
            self._headers(entity)
            for number, span in enumerate(entity.beside, 1):
                self._between(entity, number, span)
            several = entity.kind.startswith("multipart/") or entity.parameter("boundary")
            if several and not entity.delimiters:
                self._lost(entity)
            elif not entity.closed:
                self.warnings.append("a multipart has no last boundary")
            if not entity.parts and not entity.delimiters:
                self._content(entity)

    def write(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Note what changes in headers and bodies. Raises DocumentError."""
        by_pieces: dict[int, tuple[Sequence[Piece], list[Edit]]] = {}
        for address, made in edits.items():
            if address in self._spots:
                spot = self._spots[address]
                moved = [Edit(e.start + spot.offset, e.end + spot.offset, e.text) for e in made]
                by_pieces.setdefault(id(spot.found), (spot.found, []))[1].extend(moved)
            elif address in self._parameters:
                self._parameter(address, made)
            elif address in self._boundaries:
                self._boundary(*self._boundaries[address])
            elif address in self._names:
                self._name(self._names[address], made)
        for found, made in by_pieces.values():
            self.changes += edited(self.data, found, sorted(made, key=lambda e: (e.start, e.end)))
        for entity, inner in self._bodies:
            new = inner.write(edits)
            if new is not None:
                self.put(entity, new)
        self._from_line()

    def put(self, entity: Entity, data: bytes) -> None:
        """Put other bytes in the place of a part's own, coded in the same way."""
        old = self.data[entity.body : entity.end]
        text = entity.kind.startswith("text/")
        new = encoded(data, entity.encoding, old, text=text)
        self.changes.append((entity.body, entity.end, new))

    def written(self) -> bytes:
        """Return the message with all changes in place."""
        parts: list[bytes] = []
        at = 0
        for start, end, new in sorted(self.changes):
            if start < at:
                continue  # it lies in what was replaced whole
            parts += (self.data[at:start], new)
            at = end
        return b"".join([*parts, self.data[at:]])

    @property
    def signed(self) -> bool:
        """Say whether a signature stands over it, which a change makes invalid."""
        kinds = {entity.kind for entity in self.root.walk()}
        names = {header.name for header in self.root.headers}
        return "multipart/signed" in kinds or bool(names & {"dkim-signature", "arc-seal"})

    def close(self) -> None:
        """Release what is held open."""
        for _, inner in self._bodies:
            inner.close()

    def _headers(self, entity: Entity) -> None:
        for number, header in enumerate(entity.headers, 1):
            known = header.name in KNOWN
            what = f"header {number}" + (f", {header.label}" if known else "")
            address = f"part {entity.number}, {what}" if entity.number else what
            place = header.label if known else "other headers"
            if header.name and not known:
                self._names[f"{address} (name)"] = header
                self._add(f"{address} (name)", header.label, place, "", "key")
            holes = self._told(entity, header, address)
            found = pieces(self.data, header.start, header.end, holes)
            self._pieces(found, header, address, place)

    def _told(self, entity: Entity, header: Header, address: str) -> list[tuple[int, int]]:
        """Add parameters whose text stands in no one place, and boundaries; return where they are."""
        value = self.data[header.start : header.end]
        if header.name not in STRUCTURED and b"*=" not in value:
            return []
        _, told = parameters(value, header.start)
        holes: list[tuple[int, int]] = []
        for each in told:
            own = f"{address}, {each.name if each.name.isalpha() else 'parameter'}"
            if each.name == "boundary" and entity.delimiters:
                self._boundaries[own] = each, entity
                self._add(own, each.value, header.label, "boundary", "metadata")
            elif each.extended and own not in self._parameters:
                self._parameters[own] = each
                self._add(own, each.value, header.label, each.name, kind_of_name(each.value))
            else:
                continue
            holes += each.spans
        return holes

    def _pieces(self, found: Sequence[Piece], header: Header, address: str, place: str) -> None:
        text = text_of(found)
        shape = "".join(_SIGNS.sub("x", p.text) if p.encoded else p.text for p in found)
        first = self.data.startswith(b"From ") and not header.at
        for i, (start, end, path) in enumerate(segments(header.name, text, shape)):
            own = f"{address}, {i + 1}" if i else address
            self._spots[own] = _Spot(found, start)
            kind: Kind = "prose" if header.name == "subject" else "metadata"
            block = Text(
                Location(self.source.shown, own),
                text[start:end],
                header.label,
                kind=kind_of_name(text[start:end]) if path.endswith(".filename") else kind,
                path="mail:From-line" if first else path,
                place=place,
            )
            self.blocks.append(block)

    def _add(self, address: str, text: str, place: str, label: str, kind: Kind) -> None:
        where = Location(self.source.shown, address)
        self.blocks.append(Text(where, text, label, kind=kind, place=place))

    def _between(self, entity: Entity, number: int, span: tuple[int, int]) -> None:
        """Add what stands beside the parts of a multipart."""
        found = [Piece(at, at + len(line), line.decode("latin-1"))
                 for at, line in _lines(self.data, *span)]  # fmt: skip
        text = text_of(found)
        if text.strip():
            if _PART.search(self.data, *span):
                self._lost(entity)
            address = f"part {entity.number}, beside its parts, {number}"
            self._spots[address] = _Spot(found)
            self._add(address, text, "beside the parts", "", "prose")

    def _content(self, entity: Entity) -> None:
        raw = self.data[entity.body : entity.end]
        if not raw.strip():
            return
        data = decoded(raw, entity.encoding)
        if data is None:
            what = "it is not in the transfer encoding that its header says"
            self.errors.append((entity.number, failed("E262", self.source, what)))
            self._between(entity, 1, (entity.body, entity.end))
            return
        if not entity.kind.startswith("text/") or entity.attached or entity.filename:
            self._file(entity, data)
            return
        if entity.kind != "text/rfc822-headers" and _PART.search(data):
            self._lost(entity)
        address = f"part {entity.number}" if entity.number else "body"
        try:
            inner = self._body(entity, data, address)
        except DocumentError as error:
            self.errors.append((entity.number, error))
            return
        self._bodies.append((entity, inner))
        self.blocks += inner.blocks

    def _lost(self, entity: Entity) -> None:
        what = "parts stand in it of which no header tells"
        self.errors.append((entity.number, failed("E264", self.source, what)))

    def _body(self, entity: Entity, data: bytes, address: str) -> Embedded:
        if _PGP in data:
            place = Location(self.source.shown, f"{address}!")
            return Embedded([Media(place, _ENCRYPTED, "R", len(data))])
        code = charset(entity.parameter("charset"), data)
        told = f"{entity.kind}; charset={code}" if code else entity.kind
        suffix = SUFFIXES.get(entity.kind, ".txt")
        return embed(
            data, self.source, self.options, address, media_type=told, name=f"body{suffix}"
        )

    def _file(self, entity: Entity, data: bytes) -> None:
        number = self.first + len(self.files)
        suffix = _OF_FILES.get(entity.kind, "")
        name = entity.filename or f"attachment{suffix}"
        if suffix and by_suffix(name) is None:
            name += suffix
        text = entity.kind.startswith("text/")
        code = charset(entity.parameter("charset"), data) if text else ""
        part = self.prefix + (entity.filename or f"attachment {number}")
        self.files.append((Member(number, name, [data], part, code), entity))

    def _parameter(self, address: str, made: Sequence[Edit]) -> None:
        each = self._parameters[address]
        new = each.value
        for edit in reversed(made):
            new = new[: edit.start] + edit.text + new[edit.end :]
        first, *others = sorted(each.spans)
        self.changes.append((*first, each.written(new)))
        self.changes += ((start, end, b"") for start, end in others)

    def _boundary(self, each: Parameter, entity: Entity) -> None:
        """Put a boundary that says nothing in the place of one that does."""
        number = entity.number
        while (new := f"=_part_{number}_of_a_copy".encode()) in self.data:
            number += 1000
        first, *others = sorted(each.spans)
        self.changes.append((*first, each.written(new.decode())))
        self.changes += ((start, end, b"") for start, end in others)
        self.changes += ((start, end, new) for start, end in entity.delimiters)

    def _name(self, header: Header, made: Sequence[Edit]) -> None:
        for edit in made:
            new = _NOT_A_NAME.sub("-", edit.text).encode()
            self.changes.append((header.at + edit.start, header.at + edit.end, new))

    def _from_line(self) -> None:
        end = self.data.find(b"\n")
        end = len(self.data) if end < 0 else end
        if self.data.startswith(b"From ") and any(start < end for start, *_ in self.changes):
            self.changes = [change for change in self.changes if change[0] >= end]
            stop = end - (self.data[end - 1 : end] == b"\r")
            self.changes.append((0, stop, FROM_LINE))


def _lines(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    while start < end:
        stop = data.find(b"\n", start, end) + 1 or end
        yield start, data[start:stop]
        start = stop
