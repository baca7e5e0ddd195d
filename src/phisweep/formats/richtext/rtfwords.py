"""The control words of RTF that say what a group holds, and the codes of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Holds = Literal["text", "list", "time", "data"]


class Destination(NamedTuple):
    """What a group holds, what its texts are called, and what labels them."""

    holds: Holds
    called: str
    label: str = ""
    metadata: bool = False


def _each(words: str, made: Destination) -> dict[str, Destination]:
    return dict.fromkeys(words.split(), made)


DESTINATIONS: Mapping[str, Destination] = {
    **_each("header headerl headerr headerf", Destination("text", "header")),
    **_each("footer footerl footerr footerf", Destination("text", "footer")),
    **_each(
        "footnote ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn", Destination("text", "footnote")
    ),
    **_each("annotation", Destination("text", "annotation")),
    **_each("atnid atnauthor", Destination("text", "annotation's author", "author")),
    **_each(
        "atnref atntime atnparent atnicn atrfstart atrfend",
        Destination("text", "annotation's mark"),
    ),
    **_each("atndate", Destination("text", "annotation's time", "date")),
    **_each("shptxt", Destination("text", "text box")),
    **_each("sn", Destination("text", "shape's property", metadata=True)),
    **_each("sv", Destination("text", "shape's value")),
    **_each("fldinst", Destination("text", "field")),
    **_each("xe tc tcn rxe txe", Destination("text", "index entry")),
    **_each("listtext pntext", Destination("text", "number of a list")),
    **_each("bkmkstart bkmkend", Destination("text", "bookmark")),
    **_each("propname", Destination("text", "property", metadata=True)),
    **_each("staticval linkval", Destination("text", "property's value", metadata=True)),
    **_each("docvar", Destination("list", "variable", metadata=True)),
    **_each("revtbl", Destination("list", "reviser", "author", metadata=True)),
    **_each("stylesheet", Destination("list", "style", metadata=True)),
    **_each("latentstyles lsdlockedexcept", Destination("list", "style", metadata=True)),
    **_each("panose falt fname", Destination("text", "font", metadata=True)),
    **_each("fonttbl", Destination("list", "font", metadata=True)),
    **_each("filetbl", Destination("list", "file", metadata=True)),
    **_each("xmlnstbl", Destination("list", "namespace", metadata=True)),
    **_each(
        "colortbl listtable listoverridetable rsidtbl", Destination("list", "table", metadata=True)
    ),
    **{
        word: Destination("text", f"info, {word}", label, metadata=True)
        for word, label in {
            "title": "title",
            "subject": "subject",
            "author": "author",
            "manager": "manager",
            "company": "organization",
            "operator": "operator",
            "category": "category",
            "keywords": "keywords",
            "comment": "comment",
            "doccomm": "comment",
            "hlinkbase": "link",
            "generator": "generator",
            "template": "template",
        }.items()
    },
    "creatim": Destination("time", "info, created", "created"),
    "revtim": Destination("time", "info, revised", "revised"),
    "printim": Destination("time", "info, printed", "printed"),
    "buptim": Destination("time", "info, backed up", "saved"),
    "pict": Destination("data", "picture"),
    "objdata": Destination("data", "embedded object"),
    "fontemb": Destination("data", "embedded font"),
    "blipuid": Destination("data", "picture's fingerprint"),
    "themedata": Destination("data", "theme"),
    "colorschememapping": Destination("data", "theme's colours"),
    "datastore": Destination("data", "custom data"),
    "passwordhash": Destination("data", "hash of a password"),
}
#: Control words that end a text, and those that stand for characters.
ENDS = frozenset(
    {"par", "sect", "page", "column", "cell", "row", "nestcell", "nestrow", "softpage", "softcol"}
)
GAPS = {"line": "\n", "softline": "\n", "lbr": "\n", "tab": "\t"}
CHARACTERS = {
    "emdash": "\u2014",
    "endash": "\u2013",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "bullet": "\u2022",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
}
SYMBOLS = {"\\": "\\", "{": "{", "}": "}", "~": "\u00a0", "_": "-"}
#: Codes of character sets, and of the words before a code page is named.
CHARSETS = {
    0: "cp1252",
    2: "latin-1",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
CODES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
PAGES = {10000: "mac_roman", 65001: "utf-8", 936: "gbk", 950: "big5", 0: "cp1252"}
