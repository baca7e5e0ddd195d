"""
A workbook as the package of parts that it is: its sheets, what belongs to them, and their number formats.

Part names are compared without case, as the package format does; two parts of one name, and parts
that are spoken of and are not there, are errors.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.workbook.batch import column_of
from phisweep.formats.workbook.elements import Element, elements, missing, whole
from phisweep.formats.workbook.strings import SharedStrings
from phisweep.formats.workbook.values import Form, form_of
from phisweep.formats.zips import Zip
from phisweep.model import Source

TYPES = "[Content_Types].xml"
_MAIN = ("spreadsheetml.sheet.main+xml", "sheet.macroenabled.main+xml", "spreadsheetml.template.main+xml", "template.macroenabled.main+xml", "addin.macroenabled.main+xml")  # fmt: skip
#: Kinds of relations to parts that were made of cells, and hold them again.
DERIVED = frozenset({"pivotTable", "pivotCacheDefinition", "pivotCacheRecords", "slicer", "slicerCache", "timeline", "timelineCache", "revisionHeaders", "revisionLog", "usernames", "volatileDependencies"})  # fmt: skip
#: Kinds of relations to parts that no copy holds.
PRINTER = frozenset({"printerSettings"})
GONE = frozenset({"vbaProject", "vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3", "calcChain", "origin", "signature", *PRINTER})  # fmt: skip
_SHEETS = ("worksheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")
_BREAK = re.compile(rb"<br\s*>")  # Excel 2007 leaves them open
_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another: `member` is that part's name, "" where it lies outside."""

    id: str
    kind: str
    target: str = field(repr=False)
    member: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: the part that says so, its header's row from 1 and column from 0, its columns."""

    member: str = field(repr=False)
    row: int
    column: int
    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with rows: its name, "" where the workbook does not know it, and its part."""

    name: str = field(repr=False)
    member: str = field(repr=False)


@dataclass(slots=True)
class Book:
    """An opened package; `sheets` in the order of the workbook, `members` by lower-case name."""

    source: Source
    options: ReadOptions
    zip: Zip
    members: dict[str, str] = field(default_factory=dict, repr=False)
    main: str = ""
    types: dict[str, str] = field(default_factory=dict, repr=False)
    defaults: dict[str, str] = field(default_factory=dict, repr=False)
    sheets: list[Sheet] = field(default_factory=list)
    sheet_names: list[str] = field(default_factory=list, repr=False)
    defined: list[str] = field(default_factory=list, repr=False)
    from_1904: bool = False
    forms: list[Form] = field(default_factory=list)
    strings: SharedStrings = field(default_factory=SharedStrings, repr=False)
    strings_member: str = ""
    tables: dict[str, list[Table]] = field(default_factory=dict, repr=False)
    _known: frozenset[str] | None = field(default=None, repr=False)
    _relations: dict[str, Sequence[Relation]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._name_members()
        self._read_types()
        self._read_main()
        self._read_forms()
        for relation in self.relations(self.main):
            if relation.kind == "sharedStrings" and relation.member:
                self.strings_member = relation.member
                self.strings.read(self.data(relation.member), self.source, self.options)
        for sheet in self.sheets:
            self._read_tables(sheet)

    def data(self, member: str) -> bytes:
        """Return a part, whole, as UTF-8. Raises DocumentError."""
        data = whole(self.zip, member, self.source)
        return _BREAK.sub(b"<br/>", data) if member.lower().endswith(".vml") else data

    def elements(self, member: str) -> list[Element]:
        """Return the elements of a part. Raises DocumentError."""
        return elements(self.data(member), self.source, self.options)

    def is_xml(self, member: str) -> bool:
        """Say whether a part is XML, by its name or its type."""
        return member.lower().endswith(_XML) or self.type_of(member).endswith(("+xml", "/xml"))

    def type_of(self, member: str) -> str:
        """Return a part's content type in lower case, "" where none is said."""
        suffix = member.rpartition(".")[2].lower()
        return self.types.get(member.lower(), self.defaults.get(suffix, ""))

    def relations(self, member: str) -> Sequence[Relation]:
        """Return what a part says of others; "" is the package."""
        if member not in self._relations:
            folder, _, name = member.rpartition("/")
            rels = self.members.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
            found = self.elements(rels) if rels else ()
            self._relations[member] = [
                self._relation(element, folder)
                for element in found
                if element.name == "Relationship"
            ]
        return self._relations[member]

    def ids(self, member: str, kinds: frozenset[str]) -> frozenset[str]:
        """Return the identifiers of a part's relations of those kinds."""
        return frozenset(r.id for r in self.relations(member) if r.kind in kinds)

    def related(self, kinds: frozenset[str]) -> frozenset[str]:
        """Return the parts to which there are relations of those kinds."""
        owners = ("", *self.members.values())
        return frozenset(r.member for o in owners for r in self.relations(o) if r.kind in kinds)

    def known_names(self) -> frozenset[str]:
        """Return the names that are searched where they are defined, in lower case."""
        if self._known is None:
            columns = (n for ts in self.tables.values() for table in ts for n in table.names)
            names = (*self.sheet_names, *self.defined, *columns)
            self._known = frozenset(name.lower() for name in names)
        return self._known

    def _name_members(self) -> None:
        for name in self.zip.names():
            if name.lower() in self.members:
                what = "two parts of the workbook have one name"
                raise failed(
                    "E231", self.source, what, "Open it in a spreadsheet program, and save it."
                )
            self.members[name.lower()] = name

    def _read_types(self) -> None:
        types = self.members.get(TYPES.lower())
        if types is None:
            raise missing(self.source)
        for element in self.elements(types):
            kind = element.attributes.get("ContentType", "").lower()
            if element.name == "Override":
                self.types[element.attributes.get("PartName", "").lstrip("/").lower()] = kind
            elif element.name == "Default":
                self.defaults[element.attributes.get("Extension", "").lower()] = kind

    def _relation(self, element: Element, folder: str) -> Relation:
        said, member = element.attributes, ""
        target = said.get("Target", "")
        if said.get("TargetMode", "").lower() != "external":
            path = posixpath.normpath(posixpath.join("/", folder, target.partition("#")[0]))
            member = self.members.get(path.lstrip("/").lower(), "")
        return Relation(said.get("Id", ""), said.get("Type", "").rpartition("/")[2], target, member)

    def _read_main(self) -> None:
        mains = [r.member for r in self.relations("") if r.kind == "officeDocument" and r.member]
        if len(mains) != 1 or not self.type_of(mains[0]).endswith(_MAIN):
            raise missing(self.source)
        self.main = mains[0]
        by_id = {relation.id: relation for relation in self.relations(self.main)}
        for element in self.elements(self.main):
            said = element.attributes
            if element.name == "sheet" and element.path[-1:] == ("sheets",):
                relation = by_id.get(said.get("id", ""))
                if relation is None or not relation.member:
                    raise missing(self.source)
                self.sheet_names.append(said.get("name", ""))
                if relation.kind.lower() in _SHEETS:
                    self.sheets.append(Sheet(said.get("name", ""), relation.member))
            elif element.name == "definedName":
                self.defined.append(said.get("name", ""))
            elif element.name == "workbookPr":
                self.from_1904 = said.get("date1904", "") in ("1", "true", "on")
        told = {sheet.member for sheet in self.sheets}
        self.sheets += [
            Sheet("", member)
            for member in self.members.values()
            if member not in told and self.type_of(member).endswith("worksheet+xml")
        ]

    def _read_forms(self) -> None:
        styles = next((r.member for r in self.relations(self.main) if r.kind == "styles"), "")
        codes: dict[int, str] = {}
        for element in self.elements(styles) if styles else ():
            said = element.attributes
            number = said.get("numFmtId", "0")
            number = number if number.isdecimal() else "0"
            if element.name == "numFmt":
                codes[int(number)] = said.get("formatCode", "")
            elif element.name == "xf" and element.path[-1:] == ("cellXfs",):
                self.forms.append(form_of(int(number), codes.get(int(number), "")))
        self.forms = self.forms or [form_of(0)]

    def _read_tables(self, sheet: Sheet) -> None:
        for relation in self.relations(sheet.member):
            if relation.kind != "table" or not relation.member:
                continue
            found = self.elements(relation.member)
            table = next((e.attributes for e in found if e.name == "table"), {})
            letters = "".join(s for s in table.get("ref", "").partition(":")[0] if s.isalpha())
            row = "".join(s for s in table.get("ref", "").partition(":")[0] if s.isdecimal())
            names = tuple(e.attributes.get("name", "") for e in found if e.name == "tableColumn")
            if letters and row and table.get("headerRowCount", "1") != "0":
                entry = Table(relation.member, int(row), column_of(letters), names)
                self.tables.setdefault(sheet.member, []).append(entry)
