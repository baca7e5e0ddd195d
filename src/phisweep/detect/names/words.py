"""A text's words, and what is seen of them without reading: letters' case, and what parts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*|[^\w\s]|_")
#: What a word looks like: 0 is none of these.
SHAPES = ("", "digits", "sign", "letter", "CAPITALS", "small", "Capital", "miXed", "l3tters")
#: What stands before a word.
GAPS = ("nothing", "blank", "blanks", "line", "paragraph")


@dataclass(frozen=True, slots=True)
class Words:
    """Words as half-open code-point spans, each with what stands before it (index into GAPS)."""

    spans: Sequence[tuple[int, int]] = field(repr=False)
    gaps: Sequence[int] = field(repr=False)


def words(text: str) -> Words:
    """Split a text into runs of letters and digits, and single signs."""
    spans = [match.span() for match in _WORD.finditer(text)]
    gaps: list[int] = []
    before = 0
    for start, end in spans:
        if start == before:
            gaps.append(0)
        elif start == before + 1:
            gaps.append(3 if text[before] in "\n\r" else 1)
        else:
            breaks = text.count("\n", before, start)
            gaps.append(4 if breaks > 1 else 3 if breaks else 2)
        before = end
    if gaps:
        gaps[0] = 4
    return Words(spans, gaps)


@lru_cache(maxsize=32_768)
def shape(word: str) -> int:
    """Return what a word looks like, as an index into SHAPES."""
    if not word[0].isalnum():
        return 2
    if word.isalpha():
        return _letters(word)
    if not any(map(str.isalpha, word)):
        return 1
    return 8 if any(map(str.isdigit, word)) else _letters(word)


def _letters(word: str) -> int:
    if len(word) == 1:
        return 3
    if word.isupper():
        return 4
    if word.islower():
        return 5
    return 6 if word[0].isupper() and word[1:].islower() else 7
