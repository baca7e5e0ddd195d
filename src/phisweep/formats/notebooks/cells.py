"""
The strings of one cell, or of what stands around the cells, as blocks.

What Jupyter writes as a list of lines is one text. Sources and outputs are addressed as
`cells[4].source`, `cells[4].outputs[0].data[text/html]`, metadata and outputs of JSON by their
pointers in the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from phisweep.formats.base import kind_of
from phisweep.formats.escapes import resolve
from phisweep.formats.scribe import Scribe
from phisweep.formats.tokens import Leaf
from phisweep.formats.within.documents import document, plain_view, unpacked
from phisweep.formats.within.page import html_view
from phisweep.formats.within.tags import is_markup
from phisweep.formats.within.view import Holder, Piece, View, colourless
from phisweep.model import Text

_JOINED = re.compile(
    r"(?P<cell>(?:/worksheets/\d+)?/cells/\d+)(?P<place>/source|/input"
    r"|/outputs/\d+/(?:text|traceback|html|svg|png|jpeg|latex|javascript|pdf|json)"
    r"|/outputs/\d+/data/(?!application~1json(?:/|$)|[^/]*\+json(?:/|$))[^/]+"
    r"|/attachments/[^/]+/[^/]+)(?P<line>/\d+)?"
)
_STEP = re.compile(r"/(worksheets|cells|outputs|attachments)/([^/]+)")
#: The names that the format gives; every other key may be data.
_NAMES = frozenset(
    [
        *("cells", "cell_type", "source", "metadata", "outputs", "output_type", "data", "id"),
        *("execution_count", "nbformat", "nbformat_minor", "name", "text", "ename", "evalue"),
        *("traceback", "attachments", "worksheets", "input", "language", "prompt_number"),
        *("collapsed", "kernelspec", "display_name", "language_info", "level", "html", "svg"),
        *("png", "jpeg", "latex", "javascript", "pdf", "json", "stream", "orig_nbformat"),
    ]
)
_MIME = re.compile(
    r"text/(?:plain|html|markdown|latex|csv|vnd\.mermaid)|image/(?:png|jpeg|gif|bmp|webp|svg\+xml)"
    r"|application/(?:javascript|pdf|xml|octet-stream)|(?:audio|video)/[a-z0-9]{2,5}"
)
_OF_VERSION_3 = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "latex": "text/latex",
    "javascript": "application/javascript",
}
_PACKED = re.compile(r"(?:image/(?!svg)|audio/|video/|font/|application/(?:pdf|octet-stream|zip))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{160,}={0,2}\s*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
_NO_ID = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Joined:
    """A text of a cell: its strings, where it stands and as which media type."""

    leaves: Sequence[Leaf]
    address: str
    place: str
    kind: str  # a media type, "source", "terminal" or "lines" (of a traceback)


@dataclass(frozen=True, slots=True)
class Cell:
    """The leaves of a cell (or between cells) in a text, and the scribe that they are told to."""

    scribe: Scribe
    text: str
    leaves: Sequence[Leaf]

    def enter(self) -> None:
        """Add the blocks of all leaves, in their order."""
        markdown = any(
            leaf.label == "cell_type" and self._value(leaf) in ("markdown", "heading", "raw")
            for leaf in self.leaves
            if leaf.role == "string"
        )
        mimes: dict[str, int] = {}
        for base, group in groupby(self.leaves, _base):
            leaves = list(group)
            if base:
                self._enter_joined(_joined(base, leaves, mimes), markdown=markdown)
                continue
            for leaf in leaves:
                if leaf.role != "key":
                    self._enter_leaf(leaf)
                else:
                    self._enter_key(leaf)

    def _value(self, leaf: Leaf) -> str:
        return resolve(self.text[leaf.start + 1 : leaf.end - 1])

    def _enter_key(self, leaf: Leaf) -> None:
        if self._value(leaf) not in _NAMES:
            path = "notebook:widget" if "widget-state" in leaf.pointer else ""
            self.scribe.add(self.text, leaf, path=path)

    def _enter_leaf(self, leaf: Leaf) -> None:
        path = f"notebook:{_path(leaf.pointer)}"
        if leaf.role == "string":
            value = self._value(leaf)
            holder = self._holder(leaf.pointer, leaf.label, path)
            view = _inside(value, holder)
            if view is not None:
                self.scribe.put(self.text, (leaf,), view)
                return
        self.scribe.add(self.text, leaf, path=path)

    def _holder(self, address: str, label: str = "", path: str = "") -> Holder:
        opened = self.scribe.opened
        return Holder(opened.source, opened.options, address, label, path)

    def _enter_joined(self, joined: Joined, *, markdown: bool) -> None:
        parts = [self._value(leaf) for leaf in joined.leaves]
        string = "".join(parts)
        holder = self._holder(joined.address)
        if joined.kind == "lines":
            view = plain_view(string, holder, list(_lines(parts)))
        elif joined.kind in ("text/html", "image/svg+xml"):
            view = html_view(string, holder)
        elif _PACKED.match(joined.kind) or (joined.kind == "unknown" and _BASE64.fullmatch(string)):
            view = View(string)
            if string.strip():
                inner = document(unpacked(string), holder, "", joined.kind, size=len(string))
                view.put(0, len(string), inner)
        elif joined.kind == "source" and markdown and is_markup(string):
            view = html_view(string, holder)
        else:
            view = plain_view(string, holder)
        for at, block in enumerate(view.blocks):
            if not isinstance(block, Text):
                continue
            rest = block.location.address.removeprefix(joined.address)
            view.blocks[at] = replace(block, place=joined.place + re.sub(r"/\d+", "/*", rest))
        self.scribe.put(self.text, joined.leaves, view)


def _base(leaf: Leaf) -> str:
    """Return the pointer of the text that a string is a line of, "" for none."""
    if leaf.role != "string":
        return ""
    match = _JOINED.fullmatch(leaf.pointer)
    return match["cell"] + match["place"] if match else ""


def _joined(base: str, leaves: Sequence[Leaf], mimes: dict[str, int]) -> Joined:
    steps = _STEP.sub(_bracketed, base).removeprefix("/")
    head, _, last = steps.rpartition("/")
    kind = "terminal"
    if "/data/" in base or "/attachments/" in base:
        kind, _, number = _mime(base, mimes).partition("#")
        if "/attachments/" in base:
            head = re.sub(r"attachments\[[^\]]*\]", f"attachments[{number}]", head)
            address = head.replace("/", ".")
        else:
            shown = kind if _MIME.fullmatch(kind) else number
            address = head.removesuffix("/data").replace("/", ".") + f".data[{shown}]"
    else:
        address = (f"{head}/{last}" if head else last).replace("/", ".")
        kind = _OF_VERSION_3.get(last, kind)
        kind = "source" if last in ("source", "input") else "lines" if last == "traceback" else kind
    return Joined(leaves, address, re.sub(r"\[\d+\]", "[*]", address), kind)


def _mime(base: str, mimes: dict[str, int]) -> str:
    """Return the media type of a member and its number among those of its cell: "text/html#0"."""
    kind = base.rpartition("/")[2].replace("~1", "/").replace("~0", "~").lower()
    kind = kind.partition(";")[0].partition(" ")[0]
    number = mimes.setdefault(base, len(mimes))
    known = _MIME.fullmatch(kind) or _PACKED.match(kind)
    return f"{kind if known else 'unknown'}#{number}"


def _bracketed(match: re.Match[str]) -> str:
    return f"/{match[1]}[{match[2]}]"


def _lines(parts: Sequence[str]) -> Iterator[Piece]:
    """Yield the pieces of a traceback: one line for each string, without colours."""
    at = 0
    for part in parts:
        for piece in colourless(part):
            yield Piece(at + piece.start, at + piece.end)
        at += len(part)
        yield Piece(at, at, "\n")


def _inside(value: str, holder: Holder) -> View | None:
    """Return the view of a value of metadata, or of an output of JSON; None for a plain one."""
    if holder.path == "notebook:cells.id":
        view = View(value)
        view.add(holder.text(), [Piece(0, len(value))], lambda text: _NO_ID.sub("", text))
        return view
    if _BASE64.fullmatch(value) and (data := unpacked(value)) is not None:
        view = View(value)
        view.put(0, len(value), document(data, holder, "", "application/octet-stream"))
        return view
    if "<" in value and kind_of(value) == "prose" and is_markup(value):
        return html_view(value, holder)
    if "base64," in value or "\x1b" in value:
        return plain_view(value, holder)
    return None


def _path(pointer: str) -> str:
    """Return the place of a value in the format: "metadata.kernelspec.name"."""
    steps = [step for step in pointer.split("/")[1:] if not step.isdigit()]
    return ".".join(
        step if _WORD.fullmatch(step) else "widget" if "widget-state" in step else "x"
        for step in steps
    )
