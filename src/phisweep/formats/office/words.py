"""
The words of one XML part: paragraphs joined over their runs, values, attributes; and back.

A name that is split over runs is one name in the paragraph. An edit goes back to the runs that it
touches: its text into the first of them, nothing into the others. Deleted text and text of a
fallback are read apart, so that neither breaks the other's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from phisweep.formats.base import ReadOptions, kind_of
from phisweep.formats.markup import Span, resolve, spans
from phisweep.formats.office.dialect import LAYOUT, Dialect
from phisweep.formats.office.places import LONGEST_LABEL, Labels, Place, Places
from phisweep.model import Kind, Location, Source, Text

_GONE = frozenset({"del", "moveFrom"})
_CAME = frozenset({"ins", "moveTo"})
_FIELD = frozenset({"instrText", "delInstrText"})
_UNTOLD = frozenset({"name", "href", "title", "descr", "val"})  # they say nothing of the value
_KNOWN = frozenset({"author", "initials", "date", "dateUtc", "dt", "created", "userId"})
_TITLES = frozenset({"alias", "tag"})
_PEOPLE = frozenset({"cmAuthor", "author", "person"})
_WRITERS = frozenset({"creator", "sender-initials", "meta-creator-initials"})


class Piece(NamedTuple):
    """A stretch of a paragraph: the text of a span, or a sign that no edit changes."""

    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Found:
    """A block, and the pieces that it is made of."""

    block: Text
    pieces: Sequence[Piece] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a part: blocks, and attributes that name other members of the file."""

    found: Sequence[Found] = field(repr=False)
    named: Sequence[tuple[Span, str]] = field(default=(), repr=False)


@dataclass(slots=True)
class _Paragraph:
    place: Place
    views: dict[str, list[Piece]] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Reader:
    """
    Reads one part, UTF-8 without byte order mark.

    `what` is the part in the words of a standard ("core", "" for running text), by which elements
    get the paths of rules/fields/; `internal` are names of members, which attributes may hold.
    """

    data: bytes = field(repr=False)
    source: Source
    options: ReadOptions
    dialect: Dialect
    prefix: str = ""
    what: str = ""
    internal: frozenset[str] = field(default=frozenset(), repr=False)
    _found: list[Found] = field(default_factory=list, repr=False)
    _named: list[tuple[Span, str]] = field(default_factory=list, repr=False)
    _open: dict[str, _Paragraph] = field(default_factory=dict, repr=False)
    _labels: list[tuple[str, str]] = field(default_factory=list, repr=False)

    def read(self) -> Words:
        """Return what is to be searched. Raises DocumentError E209, E210, E219."""
        places = Places(self.dialect, self.prefix)
        marks: dict[str, Span] = {}
        for span in spans(self.data, self.source, self.options, self.dialect.marks):
            if span.role == "mark":
                places.mark(span)
                marks[span.steps] = span
                self._sign(span, places)
            elif span.role == "attribute":
                line = span.name == "type" and "separator" in self._text(span).lower()
                if line and (note := marks.get(span.steps)) is not None:
                    places.no_note(note)
                self._attribute(span, places)
            elif not self._of_paragraph(span, places):
                self._value(span, places)
        self._close()
        return Words(self._found, self._named)

    def _text(self, span: Span) -> str:
        return resolve(self.data[span.start : span.end].decode(), span.role)

    def _paragraph(self, span: Span, places: Places) -> _Paragraph | None:
        """Return the innermost paragraph that a span stands in, None where it stands in none."""
        path = span.path if span.role != "mark" else span.path[:-1]
        depth = next(
            (i for i in range(len(path) - 1, -1, -1) if path[i] in self.dialect.paragraphs), -1
        )
        if depth < 0 or any(name in self.dialect.apart for name in path[depth + 1 :]):
            return None
        steps = "/".join(span.steps.split("/")[: depth + 2])
        if steps not in self._open:
            self._open[steps] = _Paragraph(places.of(steps))
        return self._open[steps]

    def _sign(self, span: Span, places: Places) -> None:
        name = span.path[-1]
        sign = self.dialect.signs.get(name)
        if sign and span.path[-2:-1] != ("tabs",) and (found := self._paragraph(span, places)):
            self._add(found, span, Piece(sign, None))

    def _of_paragraph(self, span: Span, places: Places) -> bool:
        """Take in a text of a paragraph; False where it is none."""
        if span.role not in ("text", "cdata"):
            return False
        holder = span.path[-1]
        holders = self.dialect.holders
        if holders is not None and holder not in holders and holder not in _FIELD:
            return False
        found = self._paragraph(span, places)
        if found is None:
            return False
        self._add(found, span, Piece(self._text(span), span), "field" if holder in _FIELD else "")
        return True

    def _add(self, found: _Paragraph, span: Span, piece: Piece, view: str = "") -> None:
        around = set(span.path)
        if not view and "Fallback" in around:
            view = "fallback"
        if view:
            found.views.setdefault(view, []).append(piece)
            return
        gone = _is_gone(Piece("", span))
        came = not _CAME.isdisjoint(around)
        if not gone:
            found.views.setdefault("", []).append(piece)
        if not came:
            found.views.setdefault("before changes", []).append(piece)

    def _close(self) -> None:
        """Make blocks of the paragraphs, in their order."""
        cells = (
            (found.place.address, "".join(p.text for p in found.views.get("", ())))
            for found in self._open.values()
        )
        labels = Labels(cells)
        for found in self._open.values():
            label = labels.of(found.place.address)
            for view, pieces in found.views.items():
                if view == "before changes" and not any(map(_is_gone, pieces)):
                    continue  # it is the text without what came
                text = "".join(piece.text for piece in pieces)
                if not text.strip():
                    continue
                suffix = f" ({view})" if view else ""
                place = Place(found.place.address + suffix, found.place.words + suffix)
                kind: Kind = kind_of(text) if label or view == "field" else "prose"
                self._block(place, text, pieces, "field" if view == "field" else label, kind)

    def _attribute(self, span: Span, places: Places) -> None:
        element = span.path[-1]
        value = self._text(span)
        self._note(span, value)
        if (inner := value.removeprefix("./")) in self.internal:
            self._named.append((span, inner))
            return
        if not self.dialect.attribute(element, span.name, value):
            return
        label = "" if span.name in _UNTOLD else span.name
        if span.name in ("val", "value"):
            label = self._label(span) or ("" if element in _TITLES else element)
        word = "author" if element in _PEOPLE and span.name == "name" else span.name
        known = word in _KNOWN
        path = f"office:{word}" if known else ""
        word = word if known else "attribute"
        place = places.of(span.steps, inner=f"{word} {places.number(word)}")
        self._block(place, value, [Piece(value, span)], label, kind_of(value), path)

    def _value(self, span: Span, places: Places) -> None:
        """Take in a text of no paragraph, a comment of the XML, an instruction."""
        text = self._text(span)
        element = span.path[-1] if span.path else ""
        if not text.strip() or (element in LAYOUT and not self.dialect.data):
            return
        comment = span.role in ("comment", "instruction")
        label = "" if comment else self._label(span) or element
        inner = f"{'remark' if comment else 'value'} {places.number('value')}"
        path = f"office:{self.what}.{element}" if self.what and not comment else ""
        if element in _WRITERS and not path:
            path = "office:author"
        place = places.of(span.steps, inner=inner)
        self._block(place, text, [Piece(text, span)], label, kind_of(text), path)

    def _note(self, span: Span, value: str) -> None:
        """Remember the name that an element gives to what stands in it."""
        if span.name in ("name", "element") and len(value) <= LONGEST_LABEL:
            self._labels = [(s, v) for s, v in self._labels if span.steps.startswith(f"{s}/")]
            self._labels.append((span.steps, value))

    def _label(self, span: Span) -> str:
        for steps, value in reversed(self._labels):
            if span.steps.startswith(f"{steps}/") or span.steps == steps:
                return value
        return ""

    def _block(  # noqa: PLR0917 - called here alone
        self,
        place: Place,
        text: str,
        pieces: Sequence[Piece],
        label: str,
        kind: Kind,
        path: str = "",
    ) -> None:  # fmt: skip
        where = Location(self.source.shown, place.address)
        block = Text(where, text, label, kind=kind, path=path, place=place.words)
        self._found.append(Found(block, pieces))


def _is_gone(piece: Piece) -> bool:
    """Say whether a piece was deleted, by somebody's tracked change."""
    path = piece.span.path if piece.span is not None else ()
    return bool(path) and (path[-1] == "delText" or not _GONE.isdisjoint(path))
