"""
The texts of an XML part: which of its texts and attributes are searched, as what, and how they change.

What is only layout is left out by its form: numbers of up to eight digits, colours, references to
cells, schema addresses, words of the format; in custom XML nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from phisweep.formats.base import Block, ReadOptions, kind_of
from phisweep.formats.markup import Span, edited, escaped, resolve, spans
from phisweep.formats.workbook.elements import DOCTYPE, HEAD, missing
from phisweep.formats.workbook.formulas import NO_REFERENCE, pieces
from phisweep.model import Edit, Kind, Location, Source, Text
from phisweep.splicing import splice

Change = tuple[int, int, bytes]
_LAYOUT = re.compile(
    r"[-+]?\d{0,8}(?:\.\d+)?(?:[eE][-+]?\d+)?%?|#?[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?"
    r"|\{[0-9A-Fa-f-]{36}\}|rId\d+|#?_x0000_[a-z]\d+|[a-z]+(?:[A-Z][a-z]*)*|TRUE|FALSE"
    r"|(?:\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?\s?)+"
    r"|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d{1,7}:\$?\d{1,7}"
    r"|(?:http://(?:schemas\.(?:openxmlformats|microsoft)|purl\.o(?:cl)?rg|www\.w3\.org/)|urn:schemas-microsoft-com:)\S*"
)
_NAMES = frozenset({"name", "title", "descr", "displayName", "userId", "author", "userName", "user", "caption", "prompt", "tooltip", "display", "v", "n", "text", "alt", "comment", "Target"})  # fmt: skip
_SKIPPED = frozenset({"typeface", "TargetMode", "panose", "script", "lang",  "Id", "Type", "ContentType", "Extension", "PartName", "schemaLocation", "style", "coordsize", "path", "Requires", "Ignorable"})  # fmt: skip
_VALUED = frozenset({"filter", "customFilter", "sheetName"})  # of which an attribute val is data
_OFFSETS = frozenset({"colOff", "rowOff", "Anchor"})
_FONTS = frozenset({"rFont", "font", "name"})
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"})  # fmt: skip
_NAMING = _FORMULAS | {"location", "sheet", "lpstr", "sheetName", "ref"}
_HEADERS = re.compile(r"(?:odd|even|first)(?:Header|Footer)")
_LITERAL = re.compile(r'"([^"]*)"')
_CODES = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d+|[A-Za-z&])')
_RUNS = frozenset({"p", "text", "si", "is"})
_NUMBERS = frozenset({"numLit", "numCache"})
_SAFE_PATH = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}")
_ATTRIBUTE_BEFORE = re.compile(rb"\s+[^\s=]+\s*=\s*[\"']$")
_OPENING = re.compile(rb"<((?:\w+:)?)(\w+)(?:\s[^<>]*)?>$")
_STRINGS = frozenset({"lpstr", "lpwstr", "bstr"})
#: The moment is one that rules/fields/xlsx.yaml knows to be nobody's.
_NEUTRAL = {"number": b"0", "format": b"General", "moment": b"2000-01-01T00:00:00Z"}
_WHOLE = frozenset({"uri", "attribute", "variant", *_NEUTRAL})
_URI = ":/?#@&=+$,;%~!*'()-._\\"


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a span's text, half-open code points, and how a change is written there."""

    span: Span
    start: int
    end: int
    how: str = ""


@dataclass(slots=True)
class PartTexts:
    """
    The blocks of a part, given as UTF-8. `own` are texts that are searched elsewhere.

    `member` is the part's name in the package, `known` the names that formulas may use.
    """

    data: bytes = field(repr=False)
    source: Source
    options: ReadOptions
    member: str = field(repr=False)
    known: Collection[str] = field(default=(), repr=False)
    own: Callable[[Span, str], bool] = field(default=lambda _span, _text: False, repr=False)
    blocks: list[Block] = field(default_factory=list, repr=False)
    spots: dict[str, list[Spot]] = field(default_factory=dict, repr=False)
    references: list[tuple[Span, str]] = field(default_factory=list, repr=False)
    _foreign: bool = False
    _label: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self._foreign = "customXml/" in self.member
        if DOCTYPE in self.data[:HEAD]:
            raise missing(self.source)
        runs: dict[str, list[tuple[Span, str]]] = {}
        for span in spans(self.data, self.source, self.options):
            text = resolve(self.data[span.start : span.end].decode(), span.role)
            if span.name == "name" and span.path[-1:] == ("property",):
                self._label = text
            if span.role != "comment" and (span.name or span.path[-1]) in _NAMING:
                self.references.append((span, text))
            if span.role in ("text", "cdata") and span.path[-1:] == ("t",) and (key := _run(span)):
                runs.setdefault(key, []).append((span, text))
            elif text.strip() and not self._is_layout(span, text) and not self.own(span, text):
                self._add(span, text)
        for key, parts in runs.items():
            self._add_runs(key, parts)

    def changes(self, edits: Mapping[str, Sequence[Edit]]) -> Iterator[Change]:
        """Yield what edits of the blocks, by their addresses, change in the part's bytes."""
        per_span: dict[tuple[int, int], tuple[Span, list[tuple[Spot, list[Edit]]]]] = {}
        for address, made in edits.items():
            for spot, own in _divided(self.spots.get(address, ()), made):
                entry = per_span.setdefault((spot.span.start, spot.span.end), (spot.span, []))
                entry[1].append((spot, own))
        for span, changed in per_span.values():
            yield self._changed(span, changed)

    def names(self) -> Iterator[tuple[str, Change]]:
        """Yield the texts that may name sheets or ranges, with the bytes that they stand in."""
        for span, text in self.references:
            yield text, (span.start, span.end, span.role.encode())

    def _changed(self, span: Span, changed: list[tuple[Spot, list[Edit]]]) -> Change:
        raw = self.data[span.start : span.end].decode()
        text, how = resolve(raw, span.role), changed[0][0].how
        if any(spot.how == "reference" for spot, _ in changed):
            return span.start, span.end, NO_REFERENCE.encode()
        if how in _WHOLE:
            new = (
                ""
                if how in _NEUTRAL
                else splice(unquote(text) if how == "uri" else text, changed[0][1])
            )
            return self._rewritten(span, how, new)
        edits = sorted((e for each in changed for e in _as_literal(text, *each)), key=_by_place)
        return span.start, span.end, edited(raw, span.role, edits).encode()

    def _rewritten(self, span: Span, how: str, new: str) -> Change:
        """Return a text that is not free with what it may be instead."""
        if how == "uri":
            return span.start, span.end, escaped(quote(new, safe=_URI), "attribute").encode()
        if how == "attribute":
            before = _ATTRIBUTE_BEFORE.search(self.data[max(0, span.start - 200) : span.start])
            begin = span.start - len(before[0]) if before else span.start
            return begin, span.end + bool(before), b""
        if how == "variant":
            return self._variant(span, new)
        return span.start, span.end, _NEUTRAL[how]

    def _variant(self, span: Span, new: str) -> Change:
        """Return a typed property as one that is a string."""
        opening = _OPENING.search(self.data[max(0, span.start - 200) : span.start])
        end = self.data.index(b">", span.end) + 1
        value = escaped(new, "text")
        if opening is None:
            return span.start, span.end, value.encode()
        prefix = opening[1].decode()
        return (
            span.start - len(opening[0]),
            end,
            f"<{prefix}lpwstr>{value}</{prefix}lpwstr>".encode(),
        )

    def _is_layout(self, span: Span, text: str) -> bool:
        if self._foreign or span.role not in ("attribute", "text"):
            return False
        if span.role == "text":
            return span.path[-1] in _OFFSETS or bool(re.fullmatch(r"\d{1,4}", text))
        if span.name in _SKIPPED or (span.name == "val" and span.path[-1] in _FONTS):
            return True
        if "/theme/" in self.member and span.name == "name":
            return True
        match = _LAYOUT.fullmatch(text)
        named = span.name in _NAMES or (span.name == "val" and span.path[-1] in _VALUED)
        word = named and text[:1].isalpha() and text[-1:].islower()
        return bool(match) and not (word and not text.startswith(("http", "urn")))

    def _add(self, span: Span, text: str) -> None:
        last = span.path[-1] if span.path else ""
        if span.role == "text" and last in _FORMULAS:
            for number, piece in enumerate(pieces(text, self.known), 1):
                doubled = piece.end - piece.start != len(piece.text)
                how = ("quoted" if doubled else "literal") if piece.literal else "reference"
                spot = Spot(span, piece.start, piece.end, how)
                self._block(f"{self._address(span)}, piece {number}", piece.text, [spot], span)
        elif span.role == "text" and _HEADERS.fullmatch(last):
            at = 0
            ends = [(m.start(), m.end()) for m in _CODES.finditer(text)] + [(len(text),) * 2]
            for number, (end, following) in enumerate(ends, 1):
                if text[at:end].strip():
                    spot = Spot(span, at, end)
                    address = f"{self._address(span)}, piece {number}"
                    self._block(address, text[at:end], [spot], span)
                at = following
        elif span.name == "formatCode":
            literals = " ".join(each for each in _LITERAL.findall(text) if each.strip())
            if literals:
                spot = Spot(span, 0, len(literals), "format")
                self._block(self._address(span), literals, [spot], span)
        else:
            how = self._how(span)
            shown = unquote(text) if how == "uri" else text
            self._block(self._address(span), shown, [Spot(span, 0, len(text), how)], span)

    def _how(self, span: Span) -> str:
        """Return how a change of a span must be written, so that the part stays what it is."""
        last, member = (span.path[-1] if span.path else ""), self.member
        if member.endswith(".rels") and span.name == "Target":
            return "uri"
        if member.endswith("core.xml") and last in ("created", "modified", "lastPrinted"):
            return "moment"
        if span.role == "attribute" and span.name in ("dT", "refreshedDate", "refreshedDateIso"):
            return "attribute"
        if last == "v" and not _NUMBERS.isdisjoint(span.path):
            return "number"
        if member.startswith("docProps/custom") and span.role == "text" and last not in _STRINGS:
            return "variant"
        return ""

    def _add_runs(self, key: str, parts: Sequence[tuple[Span, str]]) -> None:
        """Add texts that are one, written in several runs."""
        if not any(text.strip() for _, text in parts):
            return
        spots = [Spot(span, 0, len(text)) for span, text in parts]
        address = self._free(key if self._tells(parts[0][0]) else f"text {len(self.spots) + 1}")
        self._block(address, "".join(text for _, text in parts), spots, parts[0][0])

    def _block(self, address: str, text: str, spots: list[Spot], span: Span) -> None:
        address = self._free(address)
        kind: Kind = kind_of(text)
        label = ""
        if self.member.startswith("docProps/"):
            kind = "metadata" if kind == "value" else kind
            label = self._label if "custom" in self.member else span.path[-1]
        path = f"xlsx:{_standard(self.member)}.{span.name or (span.path[-1] if span.path else '')}"
        where = Location(self.source.shown, address)
        place = re.sub(r"\[\d+\]", "", address.partition(", ")[0])
        place = re.sub(r" \d+$|/text\(\)|#\d+$", "", place)
        self.blocks.append(Text(where, text, label, kind=kind, path=path, place=place))
        self.spots[address] = spots

    def _tells(self, span: Span) -> bool:
        """Say whether the names of elements are the format's own, and may stand in an address."""
        return not self._foreign and all(map(_SAFE_PATH.fullmatch, (*span.path, span.name or "x")))

    def _address(self, span: Span) -> str:
        if self._tells(span):
            return span.address
        return f"{'attribute' if span.role == 'attribute' else 'text'} {len(self.spots) + 1}"

    def _free(self, address: str) -> str:
        number, free = 1, address
        while free in self.spots:
            number += 1
            free = f"{address}#{number}"
        return free


def _by_place(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _as_literal(text: str, spot: Spot, edits: Sequence[Edit]) -> list[Edit]:
    """Return edits as they are written in a literal of a formula, where the spot is one."""
    if spot.how == "literal":
        return [Edit(e.start, e.end, e.text.replace('"', '""')) for e in edits]
    if spot.how == "quoted":
        own = [Edit(e.start - spot.start, e.end - spot.start, e.text) for e in edits]
        new = splice(text[spot.start : spot.end].replace('""', '"'), own)
        return [Edit(spot.start, spot.end, new.replace('"', '""'))]
    return list(edits)


def _run(span: Span) -> str:
    """Return the steps to the paragraph or string that a run is of, "" where it is of none."""
    at = max((i for i, name in enumerate(span.path[:-1]) if name in _RUNS), default=-1)
    return "/".join(span.steps.split("/")[: at + 2]) if at >= 0 else ""


def _standard(member: str) -> str:
    """Return what a part is called in rules/fields/xlsx.yaml."""
    stem = member.rpartition("/")[2].partition(".")[0].rstrip("0123456789")
    return {"person": "persons", "threadedComment": "threadedComments"}.get(stem, stem)


def _divided(spots: Sequence[Spot], edits: Sequence[Edit]) -> Iterator[tuple[Spot, list[Edit]]]:
    """Yield the edits of a block by its spots, in code points of their spans; the first gets the text."""
    at, told = 0, set[int]()
    alone = len(spots) == 1 and spots[0].how in ("uri", "quoted", "format")
    for spot in spots:
        if alone:
            yield spot, [Edit(spot.start + e.start, spot.start + e.end, e.text) for e in edits]
            return
        size, own = spot.end - spot.start, []
        for number, edit in enumerate(edits):
            start, end = max(edit.start - at, 0), min(edit.end - at, size)
            if start < end or (edit.start == edit.end and 0 <= edit.start - at <= size and number not in told):  # fmt: skip
                text = "" if number in told else edit.text
                own.append(Edit(spot.start + start, spot.start + max(start, end), text))
                told.add(number)
        at += size
        if own:
            yield spot, own
