"""The copy of a workbook: its parts spliced, those that hold cells again left out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.markup import edited, escaped, resolve, spliced
from phisweep.formats.workbook.book import DERIVED, GONE, TYPES, Book
from phisweep.formats.workbook.cells import SheetWriter
from phisweep.formats.workbook.changes import Changes
from phisweep.formats.workbook.derived import without_caches, without_ids, without_slicers
from phisweep.formats.workbook.elements import TAG, blocks, elements
from phisweep.formats.workbook.formulas import NO_REFERENCE, Renames, free_name
from phisweep.formats.workbook.parts import texts_of
from phisweep.formats.workbook.strings import SharedStrings
from phisweep.formats.workbook.texts import Change
from phisweep.model import Edit

_BAD_IN_SHEET = "[]:*?/\\"
_LONGEST_SHEET = 31
_NOT_IN_NAME = re.compile(r"[^\w.]+")
_STRING = re.compile(rb"<((?:[\w.-]+:)?)si\b")


@dataclass(slots=True)
class Copy:
    """Writes a workbook with its changes; what is `gone` is not in it."""

    book: Book
    changes: Changes
    renames: Renames = field(default_factory=Renames, repr=False)
    gone: frozenset[str] = field(default=frozenset(), repr=False)
    derived: bool = False

    def __post_init__(self) -> None:
        book, changes = self.book, self.changes
        derived = book.related(DERIVED)
        self.derived = changes.any_cell or any(member in changes.parts for member in derived)
        signed = {m for m in book.members.values() if m.lower().startswith("_xmlsignatures/")}
        gone = {*book.related(GONE), *signed, *(derived if self.derived else ())} - {""}
        self.gone = frozenset({*gone, *(self._rels_of(m) for m in gone)}) - {""}
        _rename(self.renames.sheets, changes.sheet_names, book.sheet_names, _sheet_name)
        _rename(self.renames.names, changes.defined, book.defined, _range_name)
        self._name_columns()
        changes.members = self._member_names()

    def written(self) -> Iterator[bytes]:
        """Yield the package. Raises DocumentError."""
        book, writer, unused = self.book, self.book.zip.writer(), SharedStrings()
        unused.uses = book.strings.uses[:]
        sheets = {sheet.member for sheet in book.sheets}
        for info in book.zip.infos:
            member, name = info.filename, self.changes.members.get(info.filename, "")
            if member in self.gone or member == book.strings_member:
                continue
            emptied = self.changes.emptied.get(member)
            if emptied is not None:
                yield writer.put(info, emptied, name)
            elif member in sheets:
                sheet = SheetWriter(book, self.changes.sheets[member], self.renames, unused.uses, derived=self.derived)  # fmt: skip
                with writer.open(info, name) as file:
                    for block in sheet.written(blocks(book.zip.blocks(info))):
                        file.write(block)
                        yield writer.taken()
                yield writer.taken()
            elif book.is_xml(member) and (made := self._part(member)) is not None:
                yield writer.put(info, made, name)
            else:
                yield from writer.keep(info, name)
        strings = book.zip.info(book.strings_member) if book.strings_member else None
        if strings is not None:
            name = self.changes.members.get(book.strings_member, "")
            yield writer.put(strings, self._strings(unused), name)
        yield writer.finish()

    def _part(self, member: str) -> bytes | None:
        """Return an XML part with its changes, None where it has none."""
        book, data = self.book, self.book.data(member)
        made = [*self.changes.parts.get(member, ())]
        kind = book.type_of(member)
        if member.endswith(".rels"):
            made += self._relations(member, data)
        elif member.lower() == TYPES.lower():
            made += self._types(data)
        elif self.derived:
            made += without_ids(data, book, book.ids(member, DERIVED))
            made += without_caches(data, book, kind)
            if kind.endswith("drawing+xml"):
                made += without_slicers(data, book)
        if self.renames and not member.endswith(".rels"):
            made += self._renamed(member, data)
        return spliced(data, settled(made)) if made else None

    def _renamed(self, member: str, data: bytes) -> list[Change]:
        """Return the changes of what names sheets, ranges and columns."""
        book, made = self.book, list[Change]()
        for text, change in texts_of(book, member, self.changes).names():
            made += renamed(text, change, self.renames)
        for element in elements(data, book.source, book.options):
            names = None
            if member == book.main and element.name == "sheet":
                names = self.renames.sheets
            elif member == book.main and element.name == "definedName":
                names = self.renames.names
            new = (names or {}).get(element.attributes.get("name", "").lower())
            if new is not None:
                made += _attribute(data, element.start, "name", new)
        made += self._columns_of(member, data)
        return made

    def _columns_of(self, member: str, data: bytes) -> list[Change]:
        """Return the changes of the columns of a table, whose names are those of its header."""
        book, made = self.book, list[Change]()
        for sheet in book.sheets:
            new = self.changes.sheets[sheet.member].headers
            for table in book.tables.get(sheet.member, ()):
                if table.member != member:
                    continue
                found = elements(data, book.source, book.options)
                columns = [e for e in found if e.name == "tableColumn"]
                for i, element in enumerate(columns):
                    name = new.get((table.row, table.column + i))
                    if name is not None:
                        made += _attribute(data, element.start, "name", name)
        return made

    def _relations(self, member: str, data: bytes) -> list[Change]:
        """Return the changes of what a part says of parts that are gone or called otherwise."""
        book, made = self.book, list[Change]()
        folder, _, name = member.rpartition("/")
        owner = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
        known = {r.id: r for r in book.relations(owner if name != ".rels" else "")}
        for element in elements(data, book.source, book.options):
            relation = known.get(element.attributes.get("Id", ""))
            if element.name != "Relationship" or relation is None:
                continue
            if relation.member in self.gone:
                made.append((element.start, element.end, b""))
            elif new := self.changes.members.get(relation.member):
                made += _attribute(data, element.start, "Target", f"/{new}")
        return made

    def _types(self, data: bytes) -> list[Change]:
        """Return the changes of the types of parts that are gone or called otherwise."""
        made, gone = list[Change](), {member.lower() for member in self.gone}
        names = {old.lower(): new for old, new in self.changes.members.items()}
        for element in elements(data, self.book.source, self.book.options):
            member = element.attributes.get("PartName", "").lstrip("/").lower()
            if element.name == "Override" and member in gone:
                made.append((element.start, element.end, b""))
            elif element.name == "Override" and member in names:
                made += _attribute(data, element.start, "PartName", f"/{names[member]}")
        return made

    def _strings(self, unused: SharedStrings) -> bytes:
        """Return the shared strings, those that no cell uses any more emptied."""
        book, made = self.book, list[Change]()
        data, strings = book.data(book.strings_member), book.strings
        for i, text in enumerate(strings.texts):
            if not text or (unused.uses[i] > 0 and i not in self.changes.strings):
                continue
            start, end = strings.starts[i], strings.ends[i]
            prefix = match[1] if (match := _STRING.match(data, start)) else b""
            tag = TAG.match(data, start)
            stop = end if tag and tag[0].endswith(b"/>") else data.index(b">", end) + 1
            made.append((start, stop, b"<%bsi><%bt/></%bsi>" % (prefix, prefix, prefix)))
        for number, (start, _) in enumerate(strings.comments):
            if -1 - number in self.changes.strings:
                made.append((start, _end_of_aside(data, start), b""))
        return spliced(data, made)

    def _name_columns(self) -> None:
        """Give the columns of each table names that differ, as their format wants."""
        for sheet in self.book.sheets:
            own = self.changes.sheets[sheet.member]
            for table in self.book.tables.get(sheet.member, ()):
                at = [(table.row, table.column + i) for i in range(len(table.names))]
                kept = [own.header_texts.get(place, "") for place in at if place not in own.headers]
                taken: dict[str, object] = dict.fromkeys(map(str.lower, kept))
                for place, old in zip(at, table.names, strict=True):
                    if place in own.headers:
                        new = own.headers[place] = _column_name(own.headers[place], taken)
                        taken[new.lower()] = None
                        self.renames.columns.add(old.lower())

    def _member_names(self) -> dict[str, str]:
        """Return the new names of parts, and of what says what they are related to."""
        names: dict[str, str] = {}
        taken: dict[str, object] = dict.fromkeys(self.book.members)
        for number, old in enumerate(self.changes.members, 1):
            if old.lower() == TYPES.lower() or old.endswith(".rels"):
                continue
            suffix = old.rpartition(".")[2]
            suffix = suffix if re.fullmatch(r"[A-Za-z]{2,5}", suffix) else "bin"
            new = f"xl/renamed/part{number}.{suffix}"
            while new in taken:
                new = new.replace("part", "part0")
            names[old] = new
            if rels := self._rels_of(old):
                names[rels] = f"xl/renamed/_rels/{new.rpartition('/')[2]}.rels"
        return names

    def _rels_of(self, member: str) -> str:
        folder, _, name = member.rpartition("/")
        return self.book.members.get(posixpath.join(folder, "_rels", f"{name}.rels").lower(), "")


def renamed(text: str, change: Change, renames: Renames) -> list[Change]:
    """Return what becomes of a text that may name sheets, ranges or columns; `change` is its place."""
    start, end, role = change
    new = renames.sheets.get(text.lower())
    if new is None:
        new = renames.formula(text)
        new = NO_REFERENCE if new is None else new
    if new == text:
        return []
    return [(start, end, escaped(new, role.decode()).encode())]  # type: ignore[arg-type]  # a role


def settled(changes: Iterable[Change]) -> list[Change]:
    """Return changes that do not overlap: the one that takes most is kept, then the first."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda c: (c[0], -c[1])):
        if not kept or change[0] >= kept[-1][1]:
            kept.append(change)
    return kept


def _attribute(data: bytes, start: int, name: str, new: str) -> list[Change]:
    """Return the change of an attribute of the element that begins at a byte."""
    tag = TAG.match(data, start)
    form = re.compile(rb"\s(?:\w+:)?%b\s*=\s*(?:\"([^\"]*)\"|'([^']*)')" % name.encode())
    match = form.search(tag[0]) if tag else None
    if match is None:
        return []
    group = 1 if match[1] is not None else 2
    raw, (at, end) = match[group].decode(), match.span(group)
    whole = [Edit(0, len(resolve(raw, "attribute")), new)]
    return [(start + at, start + end, edited(raw, "attribute", whole).encode())]


def _end_of_aside(data: bytes, start: int) -> int:
    mark = b"-->" if data.startswith(b"<!--", start) else b"?>"
    return data.index(mark, start) + len(mark)


def _rename(
    into: dict[str, str], wanted: dict[str, str], every: Sequence[str], make: object
) -> None:
    taken: dict[str, object] = {name.lower(): None for name in every if name not in wanted}
    for old, new in wanted.items():
        name = make(new, taken)  # type: ignore[operator]  # one of the two below
        taken[name.lower()] = None
        into[old.lower()] = name


def _sheet_name(wanted: str, taken: dict[str, object]) -> str:
    return free_name(wanted, taken, _LONGEST_SHEET, _BAD_IN_SHEET)


def _range_name(wanted: str, taken: dict[str, object]) -> str:
    base = "_" + _NOT_IN_NAME.sub("_", wanted).strip("_.")
    return _numbered(base[:200], taken)


def _column_name(wanted: str, taken: dict[str, object]) -> str:
    return _numbered(wanted.strip() or "removed", taken)


def _numbered(base: str, taken: dict[str, object]) -> str:
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}{number}"
    return name
