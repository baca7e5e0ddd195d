"""An opened Office file: its members as chunks, its words as blocks, and the copy of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zipfile import ZipInfo

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    EMPTIED,
    Block,
    Fidelity,
    OnePart,
    ReadOptions,
    Replaced,
    failed,
)
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.office import relations
from phisweep.formats.office.back import written
from phisweep.formats.office.blank import MOVING, PICTURES, WORKBOOKS, blank
from phisweep.formats.office.coding import Coded, coded
from phisweep.formats.office.members import (
    Member,
    kind_in_words,
    member,
    renamed,
    source_of,
)
from phisweep.formats.office.residue import holds_extra
from phisweep.formats.office.slides import slide_numbers
from phisweep.formats.office.words import Reader
from phisweep.formats.signs import COMPOUND
from phisweep.formats.zips import Zip, ZipWriter
from phisweep.model import Edit, Location, Media, Source, Text
from phisweep.splicing import splice

LARGEST = 128 << 20  # bytes of one member of XML, which is held whole
_FIXED = re.compile(
    r"\[Content_Types\]\.xml|mimetype|META-INF/manifest\.xml|(?:.*/)?_rels/[^/]*\.rels"
)
Make = Callable[[Mapping[str, Sequence[Edit]]], bytes | None]


@dataclass(frozen=True, slots=True)
class MemberChunk:
    """One member. `make` returns its new bytes for edits, None where it stays as it was."""

    package: Package
    info: ZipInfo
    blocks: Sequence[Block] = field(repr=False)
    make: Make = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the member with the edits in place, b"" where it is left out of the copy."""
        names, writer = self.package.names, self.package.writer
        name = names.get(self.info.filename, self.info.filename)
        if not name:
            return b""
        data = self.make(edits)
        if data is None:
            return b"".join(writer.keep(self.info, name))
        return writer.put(self.info, data, name)


@dataclass(frozen=True, slots=True)
class NamesChunk:
    """
    The names of the members, and what the zip file tells beside them: written with the members.

    It comes first: what it is told of names holds for the members after it.
    """

    package: Package
    blocks: Sequence[Block] = field(repr=False)
    owners: Mapping[str, str] = field(repr=False)  # names of members, by address

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Take in what members are to be called; returns nothing."""
        names = self.package.names
        for address, name in self.owners.items():
            if not (made := edits.get(address)):
                continue
            if made == EMPTIED and address.endswith("left out"):
                names[name] = ""
            else:
                taken = {*self.package.members, *names.values()}
                names[name] = renamed(name, splice(name, made), taken)
        for name in self.package.members:
            if name.endswith(".rels") and (owner := source_of(name)) in names:
                names[name] = relations.relations_of(names[owner]) if names[owner] else ""
        return b""


@dataclass(slots=True)
class Package(OnePart):
    """
    An opened Office file. `names` holds the members that have another name in the copy, or none.

    Raises DocumentError E209, E210, E211, E216 to E219, E255 while it is read; what is wrong with
    one member is told when all are read.
    """

    source: Source
    options: ReadOptions
    zip: Zip
    odf: bool = False
    encoding: str = ""
    rows: int | None = None
    columns: int | None = None
    warnings: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    members: frozenset[str] = field(default=frozenset(), repr=False)
    _inner: list[Embedded] = field(default_factory=list, repr=False)
    _writer: ZipWriter | None = None
    _told: bool | None = None

    @property
    def writer(self) -> ZipWriter:
        """What writes the copy."""
        if self._writer is None:
            self._writer = self.zip.writer()
        return self._writer

    @property
    def fidelity(self) -> Fidelity:  # type: ignore[override]
        """Say "always" where bytes stand in the file that belong to no member."""
        if self._told is None:
            self._told = bool(self.zip.comment) or self.zip.residue() or holds_extra(self.zip)
        return "always" if self._told else "copy"

    def chunks(self) -> Iterator[NamesChunk | MemberChunk]:
        """Yield the names, then the members. Raises DocumentError as the class says."""
        self.members = frozenset(self.zip.names())
        if len(self.members) != len(self.zip.infos):
            raise failed("E255", self.source, "two members have one name", "Save it again.")
        numbers = slide_numbers(self) if "ppt/presentation.xml" in self.members else {}
        kinds = [
            member(info.filename, number, numbers, odf=self.odf)
            for number, info in enumerate(self.zip.infos, 1)
        ]
        yield self._names(kinds)
        error: DocumentError | None = None
        for number, (info, kind) in enumerate(zip(self.zip.infos, kinds, strict=True), 1):
            try:
                yield self._member(info, kind, number)
            except DocumentError as problem:
                if problem.code == "E218":
                    raise
                error = error or problem
        if error:
            raise error

    def finish(self) -> Iterator[bytes]:
        """Yield the directory of the copy."""
        yield self.writer.finish()

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return 0 if self.zip.stream.closed else self.zip.stream.tell()

    def close(self) -> None:
        """Release the source."""
        for inner in self._inner:
            inner.close()
        self.zip.close()

    def data(self, info: ZipInfo) -> bytes:
        """Return a member of XML, whole. Raises DocumentError E211, E216 to E218."""
        if info.file_size > LARGEST:
            what = f"a part of more than {LARGEST >> 20} MiB is too large to be read whole"
            raise failed("E211", self.source, what)
        return self.zip.read(info)

    def _names(self, kinds: Sequence[Member]) -> NamesChunk:
        shown = self.source.shown
        blocks: list[Block] = []
        owners: dict[str, str] = {}
        for number, (info, kind) in enumerate(zip(self.zip.infos, kinds, strict=True), 1):
            if kind.role == "dropped":
                address = f"part {number}, left out"
                what = "macros" if "vba" in info.filename else "a signature or program"
                blocks.append(Media(Location(shown, address), what, "A to R", info.file_size))
                owners[address] = info.filename
            elif not _FIXED.fullmatch(info.filename):
                address = f"part {number} (name)"
                blocks.append(_told(shown, address, info.filename, "part (name)"))
                owners[address] = info.filename
            if info.comment:
                said = info.comment.decode("utf-8", "replace")
                blocks.append(_told(shown, f"part {number} (comment)", said, "part (comment)"))
        if self.zip.comment:
            said = self.zip.comment.decode("utf-8", "replace")
            blocks.append(_told(shown, "comment of the file", said, "comment of the file"))
        return NamesChunk(self, blocks, owners)

    def _member(self, info: ZipInfo, kind: Member, number: int) -> MemberChunk:
        if kind.role in ("kept", "dropped"):
            for _ in self.zip.blocks(info):  # its checksum holds, or the file is damaged
                pass
            return MemberChunk(self, info, (), lambda _: None)
        if kind.role == "other":
            return self._other(info, number)
        part = coded(self.data(info), self.source)
        if kind.role == "xml":
            return self._words(info, part, kind)
        place = self.source, self.options
        found = relations.entries(
            info.filename, part.data, kind.prefix or f"part {number}", self.members, place
        )
        blocks = [entry.text for entry in found if entry.text is not None]

        def make(edits: Mapping[str, Sequence[Edit]]) -> bytes | None:
            new = relations.rewritten(info.filename, part.data, found, edits, self.names)
            return None if new == part.data else part.back(new)

        return MemberChunk(self, info, blocks, make)

    def _words(self, info: ZipInfo, part: Coded, kind: Member) -> MemberChunk:
        reader = Reader(
            part.data,
            self.source,
            self.options,
            kind.dialect,
            kind.prefix,
            kind.what,
            self.members if self.odf else frozenset(),
        )
        words = reader.read()

        def make(edits: Mapping[str, Sequence[Edit]]) -> bytes | None:
            new = written(part.data, words, edits, self.names if self.odf else {})
            return None if new == part.data else part.back(new)

        return MemberChunk(self, info, [each.block for each in words.found], make)

    def _other(self, info: ZipInfo, number: int) -> MemberChunk:
        """Return a member that is no XML: a picture, a document within, an object."""
        suffix = info.filename.rpartition(".")[2].lower()
        seen = suffix in PICTURES | MOVING
        data = self._checked(info) if seen else self.data(info)
        empty = blank(suffix, data[:8])
        if data in (empty, b"") and info.file_size == len(data):
            return MemberChunk(self, info, (), lambda _: None)
        address = f"part {number}"
        what, letters = kind_in_words(suffix)
        if not seen and not data.startswith(COMPOUND):
            try:
                inner = embed(data, self.source, self.options, address, name=f"part.{suffix}")
            except DocumentError as problem:
                if problem.code == "E218":
                    raise
                if suffix in WORKBOOKS:
                    what = "embedded workbook"
            else:
                self._inner.append(inner)
                if not (len(inner.blocks) == 1 and isinstance(inner.blocks[0], Media)):
                    return MemberChunk(self, info, inner.blocks, inner.write)
        block = Media(Location(self.source.shown, address), what, letters, info.file_size)
        return MemberChunk(self, info, [block], lambda edits: empty if edits.get(address) else None)

    def _checked(self, info: ZipInfo) -> bytes:
        """Read a member that may be large, and return its first bytes."""
        head = b""
        for block in self.zip.blocks(info):
            head = head or block
        return head


def _told(shown: str, address: str, text: str, place: str) -> Text:
    return Text(Location(shown, address), text, kind="filename", place=place)
