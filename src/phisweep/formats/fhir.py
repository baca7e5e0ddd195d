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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phisweep.errors import DocumentError
from phisweep.formats.base import FormatDefaults, OnePart, ReadOptions, register
from phisweep.formats.json_ import (
    REST,
    SHARE_OF_CHUNK,
    SNIFF_DEPTH,
    broken,
    whole_text,
)
from phisweep.formats.jsonl import JsonLinesDocument
from phisweep.formats.resources.record import Record, fulls
from phisweep.formats.resources.references import Target
from phisweep.formats.resources.strings import Strings
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import Opened, opened
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.model import Source

UNREAD = (
    "codes of code systems and measured values, where they look like ones",
    "what is encoded inside a string that is no attachment: encrypted or compressed data",
)
_ENTRY = re.compile(r"/entry/\d+(?=/)")
_TYPE = re.compile(r'"[A-Z][A-Za-z]{2,40}"')
_NAME = '"resourceType"'
_LINES = (".ndjson", ".jsonl")


@dataclass(slots=True)
class FhirDocument(OnePart):
    """One resource or bundle, held whole; its blocks are made entry by entry."""

    structure = "lines"  # each text tells whose it is: no key has to be known before

    opened: Opened
    encoding: str
    warnings: list[str]
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211."""
        text, options = whole_text(self.opened), self.opened.options
        scribe, mark = Scribe(self.opened), self.opened.code.mark
        step = max(1, options.chunk_bytes // SHARE_OF_CHUNK)
        error: DocumentError | None = None
        outer, targets = _of_document(text, options)
        for found in _entries(text, options):
            if isinstance(found, Fault):
                scribe.add_rest(text, found.at, len(text), REST)
                error = broken(self.opened, found, text)
                break
            if found[0].start - scribe.base > step:
                yield scribe.flush(text, found[0].start, mark)
                mark = b""
            Strings(scribe).enter(Record(text, found, targets, dict(outer)))
        yield scribe.flush(text, len(text), mark)
        if error:
            raise error

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()


def _of_document(text: str, options: ReadOptions) -> tuple[dict[str, str], dict[str, Target]]:
    try:
        return fulls(text, leaves(text, 0, len(text), options.max_depth))
    except Fault:  # the second reading says where
        return {}, {}


def _entries(text: str, options: ReadOptions) -> Iterator[Sequence[Leaf] | Fault]:
    """Yield the leaves of a document by entries of a bundle, and where it cannot be read on."""
    held: list[Leaf] = []
    entry = ""
    try:
        for leaf in leaves(text, 0, len(text), options.max_depth):
            match = _ENTRY.match(leaf.pointer)
            here = match[0] if match else ""
            if here != entry and held:
                yield held
                held = []
            entry = here
            held.append(leaf)
    except Fault as fault:
        if held:
            yield held
        yield fault
        return
    if held:
        yield held


def _enter(scribe: Scribe, text: str, found: Sequence[Leaf], prefix: str) -> None:
    """Add the resource of a line; a bundle in one knows its own resources."""
    _, targets = fulls(text, iter(found))
    Strings(scribe, prefix).enter(Record(text, found, targets))


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
        document = opened(source, options)
        return FhirDocument(document, document.code.label, document.warnings)


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
        document = opened(source, options)
        return JsonLinesDocument(document, document.code.label, document.warnings, enter=_enter)


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
