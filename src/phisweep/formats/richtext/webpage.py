"""From the tokens of HTML to the texts of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from phisweep.formats.richtext import webtokens as tags
from phisweep.formats.richtext.flow import Flow
from phisweep.formats.richtext.held import Builder, Said
from phisweep.formats.richtext.inside import DATA_URL, add_data_url, add_text
from phisweep.formats.richtext.pieces import Joined
from phisweep.formats.richtext.webnames import URLS, is_known, is_look
from phisweep.formats.richtext.webtokens import Attribute, Token, tokens
from phisweep.formats.richtext.webwriting import WebWriting, add_pieces
from phisweep.model import Kind

_DEEP = 64  # open elements beyond which words need no path of their own
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json|importmap", re.IGNORECASE)
_DOCTYPE = re.compile(r"doctype", re.IGNORECASE)
_NUMBER = re.compile(r"\[\d+\]")
#: What the beginning of an element ends that was not closed.
_ENDS = {
    **dict.fromkeys(("td", "th"), frozenset({"td", "th"})),
    "tr": frozenset({"td", "th", "tr"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), tags.words("td th tr thead tbody tfoot")),
    "li": frozenset({"li"}),
    **dict.fromkeys(("dt", "dd"), frozenset({"dt", "dd"})),
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option", "optgroup"}),
    "body": frozenset({"head"}),
}
#: What ends with a table in it that is still open.
_AROUND = tags.words("table body html form div td th tr center")
_HOLD = frozenset({"table", "ul", "ol", "dl", "select", "menu", "dir", "template"})


@dataclass(slots=True)
class _Open:
    name: str
    steps: str
    counts: Counter[str] = field(default_factory=Counter)
    block: bool = False


class Page:
    """Reads HTML into a builder of chunks."""

    def __init__(self, builder: Builder, codec: str) -> None:
        self.builder = builder
        self.writing = WebWriting(codec)
        self.flow = Flow(builder, self.writing, self._said)
        self.stack = [_Open("", "", block=True)]
        self.flow.begin("")
        self.label = ""  # the words of the last <label>
        self.script = ""  # the type of the last <script>
        self.other = 0

    def read(self) -> Iterator[None]:
        """Read the document, and yield whenever a chunk may be ready; nothing is wrong with HTML."""
        for token in tokens(self.builder.raw):
            if self.builder.ready:
                yield
            if token.sort == "start":
                self._start(token)
            elif token.sort == "end":
                self._end(token)
            elif token.sort == "text":
                top = self.stack[-1].name
                add_pieces(
                    self.flow.add, self.builder.raw, token.start, token.end, "text",
                    fold=not any(e.name in ("pre", "textarea") for e in self.stack[-8:]),
                )  # fmt: skip
                if top == "label":
                    self.label = self.builder.raw[token.start : token.end].strip(" \t\r\n:*")[:60]
            else:
                self._aside(token)
        while len(self.stack) > 1:
            self._pop()
        self.flow.end_run()

    def _said(self, label: str, steps: str) -> Said:
        return Said(label=label, place=_NUMBER.sub("", steps) or "/")

    def _start(self, token: Token) -> None:
        name = token.name
        block = name in tags.BLOCKS
        if block:
            self._imply(name)
        top = self.stack[-1]
        top.counts[name] += 1
        here = _Open(name, f"{top.steps}/{name}[{top.counts[name]}]", block=block)
        keep = name not in tags.VOID and not (token.empty and not block)
        if block:
            self._begin(here, token)
        elif name in ("br", "hr"):
            self.flow.gap("\n", token.begin)
            if name == "hr":
                self.flow.end_run()
        elif name in ("img", "input"):
            self.flow.gap(" ", token.begin)
        deepest = self.builder.options.max_depth if block else _DEEP
        if keep and len(self.stack) < deepest:
            self.stack.append(here)
        elif block:
            self.flow.end()
        self._attributes(token, here)

    def _begin(self, here: _Open, token: Token) -> None:
        flow = self.flow
        if here.name == "tr":
            flow.end_row()
        flow.begin(here.steps)
        if here.name in ("table", "dl"):
            flow.table()
        elif here.name in ("td", "th", "dt", "dd"):
            span = next((self._value(a) for a in token.attributes if a.name == "colspan"), "1")
            flow.cell(head=here.name in ("th", "dt"), span=int(span) if span.isdecimal() else 1)
        elif here.name == "title":
            flow.own_label("title")

    def _end(self, token: Token) -> None:
        self._attributes(token, self.stack[-1])
        names = [element.name for element in self.stack]
        if token.name not in names[1:]:
            return
        at = len(names) - 1 - names[::-1].index(token.name)
        if token.name not in tags.BLOCKS and any(e.block for e in self.stack[at + 1 :]):
            return
        inner = any(e.name == "table" for e in self.stack[at + 1 :])
        if inner and token.name not in _AROUND:
            return
        while len(self.stack) > at:
            self._pop()
        if not self.flow.open and self.builder.large(token.end):
            self.builder.flush(token.end)

    def _pop(self) -> None:
        element = self.stack.pop()
        if not element.block:
            return
        if element.name == "tr":
            self.flow.end_row(head=any(e.name == "thead" for e in self.stack))
        self.flow.end()

    def _imply(self, name: str) -> None:
        """End what the beginning of a block ends."""
        ends = _ENDS.get(name, frozenset())
        if name not in ("button", "object", "td", "th"):
            ends |= {"p"} if name not in ("option", "optgroup", "noscript") else set()
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at].name in _HOLD or (
                self.stack[at].name in ("td", "th") and not ends & {"td"}
            ):
                return
            if self.stack[at].name in ends:
                while len(self.stack) > at:
                    self._pop()

    def _aside(self, token: Token) -> None:
        """Add a comment, a declaration, a script, a style."""
        self.other += 1
        raw, start, end = self.builder.raw, token.start, token.end
        steps = self.stack[-1].steps
        address = f"{steps}/{token.sort}()[{self.other}]"
        if token.name == "script":
            kind = self.script
            if _JSON.match(kind) and add_text(
                self.builder, address, raw[start:end], (start, end),
                lambda new: new.decode().replace("</", "<\\/"), media_type="application/json",
            ):  # fmt: skip
                return
        role = "comment" if token.sort in ("comment", "declaration") else "raw"
        said = Said(place=f"{_NUMBER.sub('', steps)}/{token.sort}()")
        if token.sort == "declaration" and (match := _DOCTYPE.match(raw, start, end)):
            start, said = match.end(), Said(path="xml:doctype", place="/doctype()")
        self._searched(address, (start, end), role, said)

    def _searched(self, address: str, span: tuple[int, int], role: str, said: Said) -> None:
        """Add a text, and apart from it what data it holds as URLs."""
        raw, (at, end) = self.builder.raw, span
        joined = Joined()
        for number, match in enumerate(DATA_URL.finditer(raw, at, end), 1):
            add_pieces(joined.add, raw, at, match.start(), role)
            add_data_url(self.builder, f"{address}, data {number}", match, str, "")
            at = match.end()
        add_pieces(joined.add, raw, at, end, role)
        self.builder.text(address, joined, self.writing, said)

    def _attributes(self, token: Token, here: _Open) -> None:
        told = {a.name: self._value(a) for a in token.attributes}
        if token.name == "script":
            self.script = told.get("type", "")
        for number, attribute in enumerate(token.attributes, 1):
            self._attribute(attribute, number, told, here, token)

    def _attribute(
        self, attribute: Attribute, number: int, told: dict[str, str], here: _Open, token: Token
    ) -> None:
        name = attribute.name
        known = is_known(name)
        other = "" if token.sort == "start" else "end "
        address = f"{here.steps}/{other}@{name if known else '*'}"
        if not known or list(told).index(name) != number - 1:
            address = f"{address}[{number}]"
        place = f"{_NUMBER.sub('', here.steps)}/@{name if known else '*'}"
        if not known:
            joined = Joined()
            joined.add(
                self.builder.raw[attribute.name_start : attribute.name_end],
                attribute.name_start, attribute.name_end, "bare",
            )  # fmt: skip
            kind: Kind | None = "key" if attribute.end > attribute.start else None
            self.builder.text(
                f"{address} (key)", joined, self.writing, Said(kind=kind, place=place)
            )
        if attribute.end <= attribute.start or is_look(name, told[name], token.name):
            return
        span = attribute.start, attribute.end
        if name == "srcdoc" and add_text(
            self.builder, address, told[name], span,
            lambda new: self.writing.escape(new.decode(), "attribute"), media_type="text/html",
        ):  # fmt: skip
            return
        role = "attribute" if attribute.quote else "bare"
        if name in URLS and not DATA_URL.search(self.builder.raw, *span):
            role = "url"
        label = self._label(name, told, token.name)
        self._searched(address, span, role, Said(label=label, place=place))

    def _label(self, name: str, told: dict[str, str], tag: str) -> str:
        """Return what an attribute's value is called on the page."""
        if name == "content" and tag == "meta":
            return next((told[n] for n in ("name", "property", "itemprop") if told.get(n)), "")
        if name in ("value", "placeholder") and tag in ("input", "option", "param", "data", "li"):
            return told.get("name") or self.label or told.get("id", "")
        if name.startswith("data-"):
            return name.removeprefix("data-")
        return name if name in ("title", "alt", "summary") else ""

    def _value(self, attribute: Attribute) -> str:
        joined = Joined()
        add_pieces(joined.add, self.builder.raw, attribute.start, attribute.end, "attribute")
        return joined.text
