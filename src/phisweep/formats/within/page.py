"""
HTML in a string: what a browser shows of it as texts, and what it hides as texts of their own.

Words that run on through tags (<b>, <span>, <a>) are one text; a cell of a table is a text by
itself, with the head of its column as its label. Attributes, comments and scripts are searched too.
A drawing whose letters are shapes cannot be read: it is a picture.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.embedded import Embedded
from phisweep.formats.within.blank import blank
from phisweep.formats.within.documents import data_urls
from phisweep.formats.within.tags import INLINE, Mark, drawings, marks
from phisweep.formats.within.view import Holder, Piece, View, carved
from phisweep.model import Location, Media

_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: Attributes that say all by being there.
_FLAGS = frozenset(
    [
        *("allowfullscreen", "async", "autoplay", "checked", "controls", "default", "defer"),
        *(
            "disabled",
            "formnovalidate",
            "hidden",
            "ismap",
            "itemscope",
            "loop",
            "multiple",
            "muted",
        ),
        *("nomodule", "novalidate", "nowrap", "open", "readonly", "required", "reversed"),
        *("scoped", "selected"),
    ]
)
#: What lays out a drawing, a page: letters of commands and numbers, names of classes.
_LAYOUT = {
    **dict.fromkeys(("d", "points", "viewbox"), re.compile(r"[MmLlHhVvCcSsQqTtAaZzeE\d\s.,+-]*")),
    "transform": re.compile(r"(?:[a-zA-Z]{4,9}\([-\d\s.,eE+]*\)\s*)*"),
    "class": re.compile(r"(?!.*\d{5})[\w\s-]*"),
    "style": re.compile(r"(?!.*\d{5})[\w\s.,:;#%()-]*"),
    "border": re.compile(r"\d?"),
}
_LONGEST_LABEL = 80


@dataclass(slots=True)
class _Row:
    """The row that is read: texts of its cells so far."""

    cells: list[str] = field(default_factory=list)
    column: int = 0
    heads: bool = True


@dataclass(slots=True)
class _Table:
    number: int
    heads: dict[int, str] = field(default_factory=dict)
    head_row: int = 0
    row: int = 0
    in_head: bool = False
    now: _Row = field(default_factory=_Row)
    cell: int = 0
    kind: str = ""


class _Reader:
    """Walks through the markup once; what was read since the last border is in `pieces`."""

    def __init__(self, view: View, holder: Holder, out: Sequence[tuple[int, int]]) -> None:
        self.view, self.holder, self.out = view, holder, list(out)
        self.pieces: list[Piece] = []
        self.tables: list[_Table] = []
        self.counts: dict[str, int] = {}

    def step(self, what: str) -> str:
        """Return a numbered step of an address: `text/2`."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return f"{what}/{self.counts[what]}"

    def read(self, start: int, end: int) -> None:
        """Take a text between tags, with its entities."""
        string, at = self.view.string, start
        if string.find("&", start, end) >= 0:
            for match in _ENTITY.finditer(string, start, end):
                told = html.unescape(match[0])
                if told != match[0]:
                    if at < match.start():
                        self.pieces.append(Piece(at, match.start()))
                    self.pieces.append(Piece(match.start(), match.end(), told))
                    at = match.end()
        if at < end:
            self.pieces.append(Piece(at, end))

    def line(self, at: int) -> None:
        """End a line, as a browser does at a paragraph."""
        if self.pieces:
            self.pieces.append(Piece(at, at, "\n"))

    def border(self) -> None:
        """End the text that was read."""
        table = self.tables[-1] if self.tables else None
        pieces, self.pieces = self.pieces, []
        if table is not None and table.kind:
            self._cell(table, pieces)
        elif any(piece.text.strip() or piece.start < piece.end for piece in pieces):
            self._add(pieces, self.step("text"))

    def _add(self, pieces: Sequence[Piece], step: str, label: str = "") -> None:
        self.view.add(self.holder.text(step, label), carved(pieces, self.out), escaped)

    def _cell(self, table: _Table, pieces: Sequence[Piece]) -> None:
        text = "".join(p.text or self.view.string[p.start : p.end] for p in pieces).strip()
        row, column = table.now, table.now.column
        first = not table.heads or table.head_row == table.row
        head = table.kind == "th" and (table.in_head or (row.heads and first))
        label = "" if head else table.heads.get(column, "")
        if not label and not head and len(row.cells) == 1:
            label = row.cells[0]
        if head and text:
            table.heads[column], table.head_row = text[:_LONGEST_LABEL], table.row
        step = f"table/{table.number}/row/{table.row}/cell/{table.cell}"
        block = self.holder.text(step, label[:_LONGEST_LABEL])
        self.view.add(block, carved(pieces, self.out), escaped)
        row.cells.append(text)
        row.heads = row.heads and table.kind == "th"
        table.kind = ""

    def mark(self, mark: Mark) -> None:
        """Take a tag, a comment, a script."""
        if mark.role in ("open", "close"):
            if mark.role == "open":
                self.open(mark.name, mark.start, self.view.string[mark.inside : mark.stop])
            else:
                self.close(mark.name, mark.start)
            self.attributes(mark.inside, mark.stop)
        elif mark.role == "cdata":
            self.pieces.append(Piece(mark.inside, mark.stop))
        elif mark.role != "drawing":
            said = self.view.string[mark.inside : mark.stop].strip()
            if said and said.lower() != "doctype html":
                self._add([Piece(mark.inside, mark.stop)], self.step(mark.name or "comment"))

    def open(self, name: str, at: int, attributes: str) -> None:
        """Take a tag that begins an element."""
        if name in INLINE:
            return
        table = self.tables[-1] if self.tables else None
        if name == "table":
            self.border()
            number = int(self.step("table").rpartition("/")[2])
            self.tables.append(_Table(number))
        elif table is not None and name in ("tr", "thead", "tbody", "tfoot", "td", "th"):
            self.border()
            self._open_in(table, name, attributes)
        else:
            self.line(at)

    def _open_in(self, table: _Table, name: str, attributes: str) -> None:
        if name in ("td", "th"):
            table.cell += 1
            if table.now.cells:
                table.now.column += 1
            table.kind = name
        else:
            table.in_head = name == "thead" or (name == "tr" and table.in_head)
            if name == "tr":
                table.row += 1
                table.cell, table.now = 0, _Row()
        if name in ("td", "th") and (
            match := re.search(r"colspan\s*=\s*[\"']?(\d{1,3})", attributes)
        ):
            table.now.column += max(0, int(match[1]) - 1) if table.now.cells else 0

    def close(self, name: str, at: int) -> None:
        """Take a tag that ends an element."""
        table = self.tables[-1] if self.tables else None
        if name in INLINE:
            return
        if table is not None and name in ("table", "tr", "td", "th", "thead", "tbody"):
            self.border()
            if name == "thead":
                table.in_head = False
            if name == "table":
                self.tables.pop()
        else:
            self.line(at)

    def attributes(self, start: int, end: int) -> None:
        """Take what stands in a tag behind its name: each value is a text."""
        string = self.view.string
        for match in _ATTRIBUTE.finditer(string, start, end):
            name = match[1].lower()
            group = next((g for g in (2, 3, 4) if match[g] is not None), 1)
            if group == 1 and name in _FLAGS:
                continue
            layout = _LAYOUT.get(name)
            if name.startswith("xmlns") or (layout is not None and layout.fullmatch(match[group])):
                continue
            held, self.pieces = self.pieces, []
            self.read(*match.span(group))
            pieces, self.pieces = self.pieces, held
            label = name if re.fullmatch(r"[a-z-]{1,20}", name) and group != 1 else ""
            self._add(pieces, self.step("attribute"), label)


def html_view(string: str, holder: Holder) -> View:
    """Return the view of a string of HTML, XHTML or SVG, whole or a piece of it."""
    view = View(string)
    drawn = list(drawings(string))
    for number, (start, end) in enumerate(drawn, 1):
        place = Location(holder.source.shown, f"{holder.address}/drawing/{number}")
        media = Media(place, "picture, image/svg+xml", size=end - start)
        inner = Embedded([media], emptied=blank("image/svg+xml", b""))
        view.put(start, end, inner, bytes.decode)
    seen = data_urls(view, holder, drawn)
    reader = _Reader(view, holder, sorted((*drawn, *seen)))
    at = 0
    for mark in marks(string):
        if at < mark.start:
            reader.read(at, mark.start)
        at = mark.end
        reader.mark(mark)
    reader.read(at, len(string))
    while reader.tables:
        reader.close("table", len(string))
    reader.border()
    return view


def escaped(text: str) -> str:
    """Return a text as it is written between tags and in attributes."""
    return html.escape(text)
