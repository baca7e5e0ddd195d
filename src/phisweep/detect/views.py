"""
Four ways to look at a text, one byte a code point, in which the triggers of patterns are sought.

Every view forgets something that a pattern may leave open: all write digits as `0` and all beyond
ASCII as `?`; `folded` forgets case, `words` also signs, `kept` neither, and `shape` forgets letters.
What a class of a pattern becomes in a view is the set of bytes that its members become. A text is
padded by one byte on each side, so that its ends look like what a lookaround allows there.
"""

from __future__ import annotations

from enum import IntEnum

#: Letters beyond ASCII that equal an ASCII letter where case is ignored, by CPython's `re`. No view
#: can tell them from others: where one stands, every pattern is tried.
KIN = {"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"}
OTHER = ord("?")


class View(IntEnum):
    """A way to look at a text."""

    FOLDED = 0
    KEPT = 1
    SHAPE = 2
    WORDS = 3


PADS = b" \n\n "
_BLANK = ord(" ")


def _byte(view: View, point: int) -> int:  # noqa: PLR0911 - one line a kind
    char = chr(point)
    if not char.isascii():
        return _BLANK if char.isspace() else OTHER
    if char.isdigit():
        return ord("0")
    if char.isalpha():
        if view is View.SHAPE:
            return ord("A") if char.isupper() else ord("a")
        return point if view is View.KEPT else ord(char.lower())
    if view is View.WORDS:
        return OTHER if point == OTHER else _BLANK
    if char.isspace():
        return PADS[view] if char == "\n" else _BLANK
    return point


TABLES = tuple(bytes(_byte(view, point) for point in range(256)) for view in View)


def project(text: str) -> tuple[bytes, ...]:
    """Return the text in each view, in the order of `View`, each padded by a byte on both sides."""
    plain = text.encode("latin-1", "replace")
    return tuple(
        b"%c%b%c" % (pad, plain.translate(table), pad)
        for table, pad in zip(TABLES, PADS, strict=True)
    )


def image(view: View, point: int) -> int:
    """Return the byte that a code point becomes."""
    return TABLES[view][point] if point < len(TABLES[view]) else OTHER
