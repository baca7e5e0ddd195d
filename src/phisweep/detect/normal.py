"""
One spelling for what is written in many: digits, spaces, dashes and quotes of every script.

The mapping is one code point to one, so offsets stay. Zero-width characters, which hide an
identifier from a pattern and from nobody's eye, are taken out, and the offsets mapped back.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import field
from functools import cache

from phisweep.values import dataclass

_HIDDEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BEYOND = re.compile("[^\x00-\x7f]")
_FEW = 12  # signs beyond ASCII that are replaced one after the other
_SINGLE = "\u2018\u2019\u201a\u201b\u02bc\u02b9\u0060\u00b4\uff07"
_DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02"
_BLOCKS = (  # beyond the ideographs, where there are digits, spaces and signs
    range(0xA620, 0xABFA),
    range(0xFE31, 0xFF21),
    range(0x104A0, 0x11DAA),
    range(0x11F50, 0x11F5A),
    range(0x16130, 0x16D7A),
    range(0x1CCF0, 0x1CCFA),
    range(0x1D7CE, 0x1D800),
    range(0x1E140, 0x1E95A),
    range(0x1FBF0, 0x1FBFA),
)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text. `offsets` maps its code points to the source's; None where they agree."""

    text: str = field(repr=False)
    offsets: Sequence[int] | None = field(default=None, repr=False)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that a non-empty span of the normalised text covers."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


@cache
def _table() -> dict[int, str]:
    """The mapping, which depends on nothing but Unicode's version."""
    table: dict[int, str] = dict.fromkeys(map(ord, _SINGLE), "'")
    table |= dict.fromkeys(map(ord, _DOUBLE), '"')
    for point in range(0x80, sys.maxunicode + 1):
        if point == 0x3400:  # noqa: PLR2004 - nothing of these classes among the ideographs
            break
        _classify(point, table)
    for block in _BLOCKS:
        for point in block:
            _classify(point, table)
    return table


def _classify(point: int, table: dict[int, str]) -> None:
    c = chr(point)
    category = unicodedata.category(c)
    if category == "Nd":
        table[point] = str(unicodedata.digit(c))
    elif category == "Zs":
        table[point] = " "
    elif c.isspace():  # the separators of lines and paragraphs
        table[point] = "\n"
    elif category == "Pd" or point == 0x2212:  # noqa: PLR2004 - the minus sign
        table[point] = "-"
    elif 0xFF0F <= point <= 0xFF20:  # noqa: PLR2004 - full-width / : @ ...
        table[point] = unicodedata.normalize("NFKC", c)


def normalise(text: str) -> Normal:
    """Return the text as the rules read it. Lone surrogates become `?`."""
    if text.isascii():
        return Normal(text.replace("`", "'"))
    offsets = None
    beyond = set(_BEYOND.findall(text))
    if any(map(_HIDDEN.match, beyond)):
        offsets = [i for i, c in enumerate(text) if not _HIDDEN.match(c)]
        text = "".join(text[i] for i in offsets)
    text = _mapped(text, beyond)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = "".join("?" if "\ud800" <= c <= "\udfff" else c for c in text)
    return Normal(text, offsets)


def _mapped(text: str, beyond: Collection[str]) -> str:
    """Return the text with each sign as it is read; `beyond` are all of its signs beyond ASCII."""
    table = _table()
    if len(beyond) > _FEW:
        return text.translate(table)
    text = text.replace("`", "'")
    for sign in beyond:
        text = text.replace(sign, table.get(ord(sign), sign))
    return text
