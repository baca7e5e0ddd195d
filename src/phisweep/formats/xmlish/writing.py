"""Texts of XML as pieces, and how they are written there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from phisweep.formats.markup import escaped, resolve
from phisweep.formats.richtext.pieces import Piece

_NARROW = re.compile(r"&(?:#x[0-9A-Fa-f]+|#\d+|lt|gt|amp|quot|apos);")
_WIDE = re.compile(
    r"&(?:#x[0-9A-Fa-f]+|#\d+|lt|gt|amp|quot|apos);|[ \t]*[\r\n][ \t\r\n]*|[ \t]{2,}"
)

Add = Callable[[str, int, int, str], None]


@dataclass(frozen=True, slots=True)
class XmlWriting:
    """Writes texts of XML; `codec` is the document's, what it lacks becomes a number."""

    codec: str = "utf-8"

    def escape(self, text: str, role: str) -> str:
        """Return a text as it is written at that place."""
        text = escaped(text, role)  # type: ignore[arg-type] # the roles of pieces are those of spans
        if role in ("text", "attribute") and not text.isascii():
            return text.encode(self.codec, "xmlcharrefreplace").decode(self.codec)
        return text

    def joint(self, new: str, piece: Piece, at: int, following: str) -> str:  # noqa: ARG002
        """Return it as it is: nothing of XML runs together."""
        return new


def add_pieces(add: Add, raw: str, start: int, end: int, role: str, *, fold: bool = False) -> None:
    """Add the text of half-open code points of the raw document; `fold` makes spaces of its lines."""
    if role not in ("text", "attribute"):
        add(raw[start:end], start, end, role)
        return
    at = start
    for match in (_WIDE if fold else _NARROW).finditer(raw, start, end):
        if match.start() > at:
            add(raw[at : match.start()], at, match.start(), role)
        text = resolve(match[0], "text") if match[0][0] == "&" else " "
        add(text, *match.span(), role)
        at = match.end()
    if at < end:
        add(raw[at:end], at, end, role)
