"""
HTML as tags, texts and what lies between, as browsers read it: nothing is an error.

What is no tag that HTML knows is text: `<jo@example.org>`, `<Smith>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


Sort = Literal["text", "start", "end", "raw", "comment", "declaration"]
#: Elements whose content is not parsed; of those in the second set entities still count.
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})
RCDATA = frozenset({"title", "textarea"})
VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track"
    " wbr"
)
#: Elements that begin a text of their own.
BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup html isindex label"
    " legend li listing main menu menuitem nav ol optgroup option output p pre search section select"
    " slot summary table tbody td template textarea tfoot th thead title tr ul video audio canvas"
    " object applet map noscript button datalist"
)
_INLINE = words(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd mark marquee meter"
    " nobr param picture progress q rb rp rt rtc ruby s samp small span strike strong sub sup time tt"
    " u var math mi mn mo ms mtext mrow mfrac msub msup msqrt svg g path rect circle line polyline"
    " polygon ellipse text tspan textpath defs use symbol lineargradient radialgradient stop image"
    " clippath mask pattern filter marker desc foreignobject a metadata switch view animate"
)
KNOWN = BLOCKS | _INLINE | VOID | RAW | RCDATA
#: Prefixes of the elements that office programs write: <o:p>, <st1:place>.
_OFFICE = re.compile(
    r"(?:o|v|w|x|m|st\d|st|svg|fb|g|dc|cc|rdf|sodipodi|inkscape):[a-z][a-z0-9]{0,40}"
)
_MARK = re.compile(r"<(?:(!--)|(!\[CDATA\[)|([!?])|(/?)([A-Za-z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(?P<stop>>)|(?P<name>[^\s/>][^\s/>=]*)(?:\s*=\s*"""
    r"""(?:"(?P<double>[^"]*)(?:"|\Z)|'(?P<single>[^']*)(?:'|\Z)|(?P<bare>[^\s>]*)))?)"""
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute; its half-open value and name, the value empty where it has none."""

    name: str = field(repr=False)
    start: int
    end: int
    name_start: int
    name_end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Token:
    """
    Half-open code points of the document: of a text, of what a comment or element of raw text holds.

    `name` is a tag's, in lower case; `begin` and `close` are those of the whole token.
    """

    sort: Sort
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()
    begin: int = 0
    empty: bool = False


def tokens(raw: str) -> Iterator[Token]:
    """Yield the tokens of a document, in order; all of its text is in one of them, or is a tag's."""
    at = text = 0
    while (match := _MARK.search(raw, at)) is not None:
        token, end = _token(raw, match)
        if token is None:
            at = match.start() + 1
            continue
        if match.start() > text:
            yield Token("text", text, match.start(), begin=text)
        yield token
        at = text = end
        if token.sort == "start" and token.name in RAW | RCDATA and not token.empty:
            close = _closing(raw, token.name, at)
            if close > at:
                sort: Sort = "raw" if token.name in RAW else "text"
                yield Token(sort, at, close, token.name, begin=at)
            at = text = close
    if text < len(raw):
        yield Token("text", text, len(raw), begin=text)


def _token(raw: str, match: re.Match[str]) -> tuple[Token | None, int]:
    """Return the token that begins at a mark and where it ends; None where it is text."""
    begin, inside = match.span()
    if match[1]:
        close = raw.find("-->", inside)
        if raw.startswith((">", "->"), inside):
            return Token("comment", inside, inside, begin=begin), raw.index(">", inside) + 1
        end = len(raw) if close < 0 else close
        return Token("comment", inside, end, begin=begin), min(end + 3, len(raw))
    if match[2]:
        close = raw.find("]]>", inside)
        end = len(raw) if close < 0 else close
        return Token("raw", inside, end, "cdata", begin=begin), min(end + 3, len(raw))
    if match[3]:
        close = raw.find(">", inside)
        end = len(raw) if close < 0 else close
        return Token("declaration", inside, end, begin=begin), min(end + 1, len(raw))
    name = match[5].lower()
    if name not in KNOWN and not _OFFICE.fullmatch(name):
        return None, begin
    attributes, end, empty = _attributes(raw, inside)
    return (
        Token("end" if match[4] else "start", inside, end, name, attributes, begin, empty),
        end,
    )


def _attributes(raw: str, at: int) -> tuple[tuple[Attribute, ...], int, bool]:
    """Return a tag's attributes, where it ends, and whether a slash stands there."""
    found: list[Attribute] = []
    while (match := _ATTRIBUTE.match(raw, at)) is not None:
        if match["stop"]:
            return tuple(found), match.end(), raw[match.end() - 2] == "/"
        group = next((g for g in ("double", "single", "bare") if match[g] is not None), "")
        start, end = match.span(group) if group else (match.end("name"), match.end("name"))
        quote = {"double": '"', "single": "'"}.get(group, "")
        found.append(Attribute(match["name"].lower(), start, end, *match.span("name"), quote))
        at = match.end()
    return tuple(found), len(raw), False


def _closing(raw: str, name: str, at: int) -> int:
    """Return where the end tag of an element of raw text begins, or the document ends."""
    if name == "plaintext":
        return len(raw)
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(raw, at)
    return match.start() if match else len(raw)
