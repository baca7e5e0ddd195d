"""
The tags, comments and scripts of HTML, XHTML and SVG, by their code points; nothing is left out.

What only looks like a tag (<5 mg>, <ann@...>) is text. A tag that never ends is text as well, and so
that none is looked for in vain again and again, from there on a tag ends at the first `>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby"
    " s samp small span strike strong sub sup time tt tspan u var wbr"
)
_BLOCK_NAMES = (
    "address article aside audio base blockquote body br button canvas caption center circle clippath"
    " col colgroup datalist dd defs desc details dialog dir div dl dt ellipse embed fieldset figcaption"
    " figure footer form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe image img"
    " input legend li line lineargradient link main map marker math menu meta metadata meter nav"
    " noscript object ol optgroup option output p param path pattern picture polygon polyline pre"
    " progress rect script section select source stop style summary svg symbol table tbody td template"
    " text textarea tfoot th thead title tr track ul use video mi mn mo mrow"
)
INLINE = frozenset(_INLINE_NAMES.split())
KNOWN = INLINE.union(_BLOCK_NAMES.split())
_MARK = re.compile(
    r"<!--(?P<comment>.*?)(?:--!?>|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<[!?](?P<other>[^>]*+)(?:>|\Z)|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?=[\s/>])",
    re.DOTALL,
)
_TAG_END = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_RAW = frozenset({"script", "style"})
_SVG = re.compile(r"<(/?)svg(?=[\s/>])|<(?:use|image|foreignObject)(?=[\s/>])", re.IGNORECASE)


class Mark(NamedTuple):
    """
    What is no text of its own, in half-open code points; a script stands without its tags.

    `inside` and `stop` are where the attributes of a tag begin and end, and those of what a comment
    says.
    """

    role: Literal["open", "close", "comment", "cdata", "script", "drawing"]
    start: int
    end: int
    inside: int
    stop: int
    name: str = ""


def marks(string: str) -> Iterator[Mark]:
    """Yield the marks of a string, in order; what lies between them is text."""
    at, sloppy, drawn = 0, False, dict(drawings(string))
    while match := _MARK.search(string, at):
        name, start, at = (match["name"] or "").lower(), match.start(), match.end()
        if start in drawn:
            at = drawn[start]
            yield Mark("drawing", start, at, start, at)
        elif not name:
            group = match.lastgroup or ""
            yield Mark("cdata" if group == "cdata" else "comment", start, at, *match.span(group))
        elif name in KNOWN:
            inside = at
            ended = None if sloppy else _TAG_END.match(string, at)
            sloppy = sloppy or ended is None
            at = ended.end() if ended else string.find(">", at) + 1
            if not at:
                return
            yield Mark("close" if match["close"] else "open", start, at, inside, at - 1, name)
            if name in _RAW and not match["close"]:
                close = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(string, at)
                end = close.start() if close else len(string)
                yield Mark("script", at, end, at, end, name)
                at = end


def drawings(string: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of drawings whose letters are shapes, or that hold a picture."""
    start, depth, drawn = 0, 0, False
    for match in _SVG.finditer(string):
        if match[1] is None:
            drawn = drawn or depth > 0
            continue
        if match[1]:
            depth = max(0, depth - 1)
        else:
            start, depth = (match.start() if not depth else start), depth + 1
        if not depth and drawn:
            yield start, string.find(">", match.end()) + 1 or len(string)
            drawn = False
    if drawn:
        yield start, len(string)


def is_markup(string: str) -> bool:
    """Say whether a string has tags of HTML."""
    return any(match["name"] and match["name"].lower() in KNOWN for match in _MARK.finditer(string))
