"""RTF as tokens: groups, control words, hex bytes, text. Code points here are bytes (latin-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Sort = Literal["open", "close", "word", "symbol", "hex", "text", "binary", "newline"]
_TOKEN = re.compile(
    r"(?P<open>\{)|(?P<close>\})"
    r"|\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?(?P<space> ?)"
    r"|'(?P<hex>[0-9A-Fa-f]{2})|(?P<symbol>.))"
    r"|(?P<text>[^\\{}\r\n]+)|(?P<newline>[\r\n]+)|(?P<rest>\\)",
    re.DOTALL,
)


class Token(NamedTuple):
    """
    Half-open bytes of the source. `word` is a control word or symbol, `number` its parameter.

    `glued` says that a control word ends without the space that would end it.
    """

    sort: Sort
    start: int
    end: int
    word: str = ""
    number: int | None = None
    glued: bool = False


def tokens(raw: str) -> Iterator[Token]:
    """Yield the tokens of a document, in order and without gaps."""
    at, size = 0, len(raw)
    match_at = _TOKEN.match
    while at < size:
        match = match_at(raw, at)
        if match is None:  # pragma: no cover - every character is matched
            break
        kind, (start, end) = match.lastgroup, match.span()
        if kind in ("word", "number", "space"):
            number = int(match["number"]) if match["number"] else None
            word = match["word"]
            if word == "bin":
                end = min(end + max(number or 0, 0), size)
                yield Token("binary", start, end, word, number)
            else:
                yield Token("word", start, end, word, number, not match["space"])
        elif kind == "hex":
            yield Token("hex", start, end, "'", int(match["hex"], 16))
        elif kind == "symbol":
            yield Token("symbol", start, end, match["symbol"])
        elif kind == "rest":
            yield Token("symbol", start, end, "")
        else:
            yield Token(kind, start, end)  # type: ignore[arg-type] # the names of the groups
        at = end
