"""A text with its variants of one character written as one, so that operators can read it."""

from __future__ import annotations

import unicodedata

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_APOSTROPHES = "\u2018\u2019\u02bc\u00b4\u2032`"
_ASCII = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_APOSTROPHES, "'"))


def plain(text: str) -> str:
    """Return the text in NFKC, with dashes, apostrophes and the digits of every script in ASCII."""
    normal = unicodedata.normalize("NFKC", text.translate(_ASCII))
    if normal.isascii():
        return normal
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in normal)
