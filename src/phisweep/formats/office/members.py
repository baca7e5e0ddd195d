"""What the members of an Office file are, and what they are called in an address."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from phisweep.formats.office.blank import MOVING, PICTURES
from phisweep.formats.office.dialect import DATA, ODF, OOXML, Dialect

Role = Literal["xml", "relations", "types", "kept", "dropped", "other"]
_XML = (".xml", ".rels", ".vml", ".rdf")
_KEPT = re.compile(
    r"(?:word|ppt)/(?:glossary/)?(?:styles|stylesWithEffects|fontTable|tableStyles|theme/[^/]+)\.xml"
    r"|ppt/theme/[^/]+\.xml|(?:word|ppt)/fonts/[^/]+|mimetype|layout-cache|Configurations2/.*"
    r"|(?:word|ppt)/charts/(?:style|colors)\d*\.xml|ppt/diagrams/(?:colors|quickStyle|layout)\d*\.xml"
    r"|word/diagrams/(?:colors|quickStyle|layout)\d*\.xml",
    re.IGNORECASE,
)
#: What is left out of a copy with all that names it: programs, and seals on the unchanged file.
_DROPPED = re.compile(
    r"(?:.*/)?(?:vbaProject(?:Signature\w*)?\.bin|vbaData\.xml|_rels/vbaProject\.bin\.rels)"
    r"|_xmlsignatures/.*|META-INF/[^/]*signatures\.xml|Basic/.*|Scripts/.*|Dialogs/.*",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?:word|ppt|xl|docProps|_rels|\[Content_Types\]\.xml|visio)(?:/|$)")
_CALLED: Mapping[str, str] = {
    "word/document.xml": "",
    "word/footnotes.xml": "footnotes",
    "word/endnotes.xml": "endnotes",
    "word/comments.xml": "comments",
    "word/settings.xml": "settings",
    "word/glossary/document.xml": "glossary",
    "word/people.xml": "people",
    "word/numbering.xml": "numbering",
    "ppt/commentAuthors.xml": "comment authors",
    "ppt/authors.xml": "comment authors",
    "docProps/core.xml": "core properties",
    "docProps/app.xml": "extended properties",
    "docProps/custom.xml": "custom properties",
    "content.xml": "",
    "styles.xml": "page styles",
    "meta.xml": "properties",
    "settings.xml": "settings",
}
_NUMBERED = re.compile(
    r"(?:word|ppt|xl)/(?:[A-Za-z]+/)?(header|footer|slide|slideLayout|slideMaster|notesSlide|comment"
    r"|notesMaster|handoutMaster|chart|chartEx|data|drawing|modernComment_[0-9A-F]+)_?([0-9A-F]*)\.xml"
)
_WORDS = {
    "slideLayout": "slide layout",
    "slideMaster": "slide master",
    "notesSlide": "notes",
    "notesMaster": "notes master",
    "handoutMaster": "handout master",
    "chartEx": "chart",
    "data": "diagram data",
    "comment": "comments",
}
_WHAT = {"docProps/core.xml": "core", "docProps/app.xml": "app", "meta.xml": "core"}


@dataclass(frozen=True, slots=True)
class Member:
    """What a member is: how it is read, and what stands before the addresses in it."""

    role: Role
    dialect: Dialect = OOXML
    prefix: str = ""
    what: str = ""


def member(name: str, number: int, numbers: Mapping[str, str], *, odf: bool) -> Member:
    """
    Return what a member is by its name; `number` is its own from 1, for what has no better.

    `numbers` are the numbers of slides and of their notes, where the file tells their order.
    """
    if _DROPPED.fullmatch(name):
        return Member("dropped")
    if _KEPT.fullmatch(name):
        return Member("kept")
    if name in {"[Content_Types].xml", "META-INF/manifest.xml"}:
        return Member("types")
    if name.endswith(".rels"):
        return Member("relations", prefix=f"part {number}")
    if not name.lower().endswith(_XML):
        return Member("other")
    prefix = _CALLED.get(name)
    if prefix is None:
        match = _NUMBERED.fullmatch(name)
        prefix = f"part {number}"
        if match:
            word = _WORDS.get(match[1], match[1])
            if word.startswith("modernComment"):
                word = f"comments {number}"
            prefix = f"{word} {numbers.get(name, match[2])}".strip()
    dialect = ODF if odf else OOXML if _OWN.match(name) else DATA
    if name == "docProps/custom.xml":
        dialect = DATA
    return Member("xml", dialect, prefix, _WHAT.get(name, ""))


def kind_in_words(suffix: str) -> tuple[str, str]:
    """Return what a member without words is called, and the identifiers that it may hold."""
    if suffix in PICTURES:
        return f"picture ({suffix})", "Q"
    if suffix in MOVING:
        return f"recording ({suffix})", "P, Q"
    return "embedded object", "A to R"


def source_of(relations: str) -> str:
    """Return the name of the part whose relations a member holds, "" for the package's own."""
    folder, _, file = relations.rpartition("/")
    outer = folder.removesuffix("_rels").rstrip("/")
    return posixpath.join(outer, file.removesuffix(".rels"))


def target_of(relations: str, target: str) -> str:
    """Return the name of the member that a target in a member of relations means."""
    if target.startswith("/"):
        return target[1:]
    folder = posixpath.dirname(source_of(relations))
    return posixpath.normpath(posixpath.join(folder, target))


def renamed(name: str, new: str, taken: Iterable[str]) -> str:
    """Return a name that a member may have, for one out of which something was removed."""
    stem, dot, suffix = new.rpartition(".")
    if not dot or "/" in suffix:
        stem, suffix = new, name.rpartition(".")[2]
    clean = "/".join(
        re.sub(r"[^A-Za-z0-9_-]+", "-", step).strip("-") or "x" for step in stem.split("/")
    )
    suffix = re.sub(r"[^A-Za-z0-9]", "", suffix) or "bin"
    known, chosen, number = set(taken), f"{clean}.{suffix}", 1
    while chosen in known:
        number += 1
        chosen = f"{clean}-{number}.{suffix}"
    return chosen
