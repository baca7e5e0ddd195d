"""What the words of an Office document are called in its XML, and which attributes hold some."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: Elements that stand for one character, or none, of the paragraph around them.
OOXML_SIGNS: Mapping[str, str] = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "",
    "sym": " ",
}
ODF_SIGNS: Mapping[str, str] = {"tab": "\t", "line-break": "\n", "s": " "}

#: Elements whose texts are numbers of a layout.
LAYOUT = frozenset({"posOffset", "pctWidth", "pctHeight", "align", "tableStyleId"})
_FONTS = frozenset(
    {"rFonts", "latin", "ea", "cs", "sym", "font", "buFont", "font-face", "mathFont"}
)
_OF_LAYOUT = frozenset(
    {
        *("style", "path", "coordsize", "points", "d", "Ignorable", "Requires", "ProcessContent"),
        *("typeface", "ascii", "hAnsi", "eastAsia", "panose", "schemaLocation", "formatCode"),
        *("font-family", "font-name", "class", "charset", "script", "style-name", "gfxdata"),
        *("prefixMappings", "xpath", "fld"),
    }
)
#: Attributes that people, and not programs, write.
_WRITTEN = frozenset(
    {
        *("author", "initials", "date", "dateUtc", "dt", "created", "userId", "providerId"),
        *("descr", "title", "alt", "tooltip", "instr", "displayText", "displayName", "query"),
        *("description", "string", "string-value", "date-value", "time-value", "label", "subject"),
        *("name", "href", "formula", "lastClr", "uid", "udl", "connectString", "screenTip"),
        *("modified", "address", "target-frame-name", "content", "macro"),
    }
)
#: Elements whose attribute `val` holds words.
_VALUED = frozenset(
    {
        *("alias", "tag", "docVar", "default", "query", "connectString", "udl", "description"),
        *("helpText", "statusText", "mailSubject", "addressFieldName", "name", "mappedName"),
        *("caption", "entryMacro", "exitMacro", "category", "docPart", "attr"),
    }
)
_AUTOMATIC = re.compile(
    r"(?:_(?:Toc|Ref|Hlk|GoBack|MON_|Hlt)\d*|_GoBack|[A-Z][a-z]+(?: [A-Z][a-z]+)?(?: Placeholder)? \d{1,4}"
    r"|[A-Z]{1,2}\d{1,5}|ooo:[a-z-]+)"
)
_OF_SCHEMA = re.compile(
    r"https?://(?:schemas\.|www\.w3\.org/|purl\.o(?:clc|rg)/)|urn:(?:schemas|oasis):?|\{[0-9A-F-]{36}\}$"
)
_LOOKS = re.compile(
    r"@|://|\\\\|file:|[^\W\d_]{2,}[\s,]+[^\W\d_]|\d{3}-\d{2}-\d{4}|\d{4}-\d\d-\d\d"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How paragraphs are written.

    `paragraphs` are the elements that are one, `holders` those whose texts are its own (None: any in
    it), `apart` those whose texts are never its own. `data`: a part of somebody else's schema.
    """

    paragraphs: frozenset[str]
    signs: Mapping[str, str]
    holders: frozenset[str] | None
    apart: frozenset[str] = frozenset()
    containers: Mapping[str, str] = field(default_factory=dict)
    data: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """The elements whose beginnings the reader asks for."""
        return self.paragraphs | self.containers.keys() | self.signs.keys()

    def attribute(self, element: str, name: str, value: str) -> bool:
        """Say whether the value of an attribute is searched."""
        if not value.strip() or _OF_SCHEMA.match(value):
            return False
        if self.data:
            return True
        if name in _OF_LAYOUT or element in _FONTS or name.startswith("rsid"):
            return False
        if name == "name" and _AUTOMATIC.fullmatch(value):
            return False
        if name in _WRITTEN or (name in ("val", "value") and element in _VALUED):
            return True
        return _LOOKS.search(value) is not None


OOXML = Dialect(
    frozenset({"p"}),
    OOXML_SIGNS,
    frozenset({"t", "delText"}),
    containers={
        "tbl": "table",
        "tr": "row",
        "tc": "cell",
        "txbxContent": "text box",
        "sp": "shape",
        "comment": "comment",
        "cm": "comment",
        "footnote": "footnote",
        "endnote": "endnote",
        "docPart": "building block",
    },
)
ODF = Dialect(
    frozenset({"p", "h"}),
    ODF_SIGNS,
    None,
    frozenset({"annotation", "creator", "date", "date-string", "title", "desc", "initials"}),
    containers={
        "table": "table",
        "table-row": "row",
        "table-cell": "cell",
        "text-box": "text box",
        "page": "page",
        "annotation": "comment",
        "note": "note",
        "header": "header",
        "footer": "footer",
        "changed-region": "change",
        "notes": "notes",
    },
)
#: A part of a schema that is not Office's own: all of it is searched.
DATA = Dialect(frozenset(), {}, frozenset(), data=True)
