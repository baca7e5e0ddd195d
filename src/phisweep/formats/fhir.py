"""
FHIR R4 as JSON: one resource or bundle, or one resource a line (bulk data, NDJSON).

Told by "resourceType", whatever the file is called. Every string, number and key is searched as in
JSON, with its place in the standard ("fhir:Patient.name.family") and the patient whom its resource
is about. Found also in narratives (XHTML), references, data: URLs, and the documents in attachments
and binaries, which are decoded, cleaned and encoded again. What cannot be assessed there, pictures
above all, is replaced by what is empty.

A bundle is held whole, of NDJSON one chunk of lines. A date that becomes a year, and an id that
becomes a mark, are no valid instant and id of the standard any more; references still name the
resources that they named.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.json_ import (
    SNIFF_DEPTH,
)
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.pieces import Cut, Marks, Piece, PieceDocument
    from phisweep.formats.resources.document import FhirDocument
    from phisweep.formats.trees.lines import JsonLinesDocument

UNREAD = (
    "codes of code systems and measured values, where they look like ones",
    "what is encoded inside a string that is no attachment: encrypted or compressed data",
)
_TYPE = re.compile(r'"[A-Z][A-Za-z]{2,40}"')
_NAME = '"resourceType"'
_LINES = (".ndjson", ".jsonl")


@dataclass(slots=True)
class Fhir(FormatDefaults):
    """One FHIR resource or bundle."""

    name: str = "fhir"
    suffixes: tuple[str, ...] = ()
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is an object of which an own member is "resourceType"."""
        kind = _kind(head)
        return kind == "one" or (kind == "first" and not source.name.lower().endswith(_LINES))

    def open(self, source: Source, options: ReadOptions) -> FhirDocument:
        """Open the document. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.resources.document import FhirDocument  # noqa: PLC0415 - where one is read

        return FhirDocument(opened(source, options))


@dataclass(slots=True)
class FhirLines(FormatDefaults):
    """FHIR resources, one a line."""

    name: str = "fhir-ndjson"
    suffixes: tuple[str, ...] = ()
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether the first line is a resource, and another line begins or the name says so."""
        kind = _kind(head)
        return kind == "lines" or (kind == "first" and source.name.lower().endswith(_LINES))

    def open(self, source: Source, options: ReadOptions) -> JsonLinesDocument:
        """Open the lines. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.resources.document import enter  # noqa: PLC0415 - where one is read
        from phisweep.formats.trees.lines import JsonLinesDocument  # noqa: PLC0415

        return JsonLinesDocument(opened(source, options), enter=enter)

    def marks(self, source: Source, options: ReadOptions, *, linked: bool) -> Marks | None:
        """Return where the chunks end, None where lines may say whose others are. Raises DocumentError."""
        from phisweep.formats.trees.pieces import marks  # noqa: PLC0415 - few files are cut

        return None if linked else marks(self.open(source, options))

    def piece(self, source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> PieceDocument:
        """Open a piece. Raises DocumentError E201."""
        from phisweep.formats.resources.document import enter  # noqa: PLC0415 - as above
        from phisweep.formats.trees.pieces import open_piece  # noqa: PLC0415 - as above

        return open_piece(source, options, enter, cut, piece)


def _kind(head: bytes) -> str:
    """
    Return what a head is: "lines" of resources, "one" over several lines, "first" for either, "".

    A head in UTF-16 is JSON by its suffix, and read as that.
    """
    text = head.removeprefix(BOM_UTF8).decode("utf-8", "ignore").lstrip(" \t\r\n")
    if not text.startswith("{") or _NAME not in text:
        return ""
    line, newline, rest = text.partition("\n")
    whole = _is_resource(line)
    if whole is not None and whole.ended:
        if rest.lstrip(" \t\r\n").startswith("{"):
            return "lines" if whole.told else ""
        return "first" if whole.told else ""
    if whole is not None and whole.told and not newline:
        return "first"
    told = _is_resource(text)
    return "one" if told is not None and told.told else ""


@dataclass(frozen=True, slots=True)
class _Seen:
    told: bool
    ended: bool


def _is_resource(text: str) -> _Seen | None:
    """Return whether an object tells its type, and whether it ends; None for what is no JSON."""
    from phisweep.formats.tokens import Fault, leaves  # noqa: PLC0415 - where one may be

    told = False
    try:
        for leaf in leaves(text, 0, len(text), SNIFF_DEPTH):
            if leaf.pointer == "/resourceType" and leaf.role == "string":
                told = _TYPE.fullmatch(text, leaf.start, leaf.end) is not None
    except Fault as fault:
        return _Seen(told, ended=False) if fault.cut_off else None
    return _Seen(told, ended=True)


register(Fhir())
register(FhirLines())
