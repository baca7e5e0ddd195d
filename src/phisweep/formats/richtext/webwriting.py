"""Texts of HTML as pieces, and how they are written there."""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

from phisweep.formats.richtext.pieces import Piece

_ENTITY = r"&(?:#[xX][0-9A-Fa-f]{1,8};?|#\d{1,9};?|[A-Za-z][A-Za-z0-9]{1,31};?)"
_NARROW = re.compile(_ENTITY)
_WIDE = re.compile(rf"{_ENTITY}|[ \t\f]*[\r\n][ \t\r\n\f]*|[ \t\f]{{2,}}")
_URL = re.compile(rf"{_ENTITY}|(?:%[0-9A-Fa-f]{{2}})+")
#: URLs with these have their own escapes.
_OPEN = re.compile(r"[A-Za-z][A-Za-z0-9]*&")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

Add = Callable[[str, int, int, str], None]


@dataclass(frozen=True, slots=True)
class WebWriting:
    """
    Writes texts of HTML; `codec` is the document's, what it lacks becomes a number.

    Roles: "text", "attribute" (quoted), "bare" (an attribute without quotes), "url", "raw" (scripts
    and styles), "comment".
    """

    codec: str = "utf-8"

    def escape(self, text: str, role: str) -> str:
        """Return a text as it is written at that place."""
        text = _CONTROLS.sub("\ufffd", text)
        if role == "comment":
            return self._plain(text.replace("--", "- -").replace(">", "\u203a"))
        if role == "raw":
            return self._plain(text.replace("</", "<\\/").replace("<!--", "<\\!--"))
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if role != "text":
            text = text.replace('"', "&quot;").replace("'", "&#39;")
        if role in ("bare", "url"):
            text = re.sub(r"[\s`=]", lambda match: f"&#{ord(match[0])};", text)
        if text.isascii():
            return text
        return text.encode(self.codec, "xmlcharrefreplace").decode(self.codec)

    def joint(self, new: str, piece: Piece, at: int, following: str) -> str:  # noqa: ARG002
        """Return it as it is: nothing of HTML runs together."""
        return new

    def _plain(self, text: str) -> str:
        return text.encode(self.codec, "replace").decode(self.codec)


def add_pieces(add: Add, raw: str, start: int, end: int, role: str, *, fold: bool = False) -> None:
    """Add the text of half-open code points of the raw document; `fold` makes spaces of its lines."""
    if role in ("comment", "raw"):
        add(raw[start:end], start, end, role)
        return
    pattern = _WIDE if fold else _URL if role == "url" else _NARROW
    at = start
    for match in pattern.finditer(raw, start, end):
        text = _meant(raw, match, end, role)
        if text is None:
            continue
        if match.start() > at:
            add(raw[at : match.start()], at, match.start(), role)
        add(text, *match.span(), role)
        at = match.end()
    if at < end:
        add(raw[at:end], at, end, role)


def _meant(raw: str, match: re.Match[str], end: int, role: str) -> str | None:
    """Return what an entity, white space or escape of a URL stands for, None where for itself."""
    written = match[0]
    if written[0] == "%":
        try:
            return urllib.parse.unquote(written, errors="strict")
        except UnicodeDecodeError:
            return None
    if written[0] != "&":
        return " "
    following = raw[match.end() : min(match.end() + 1, end)]
    if role != "text" and not written.endswith(";") and (following == "=" or following.isalnum()):
        return None
    text = html.unescape(written)
    return None if text == written else text
