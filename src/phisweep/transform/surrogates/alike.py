"""Values drawn in the shape of another: a digit for a digit, a letter for a letter of its case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from itertools import groupby

from phisweep.keys import fold
from phisweep.marks import CODE_LETTERS
from phisweep.transform.surrogates.draws import Draw

#: Returns the stream of a purpose and a value of the subject that is spoken of.
DrawOf = Callable[[str, str], Draw]

TRIES = 64
#: So many digits of a value, left standing in a row, are a part of it.
TRACE = 4
#: What OCR and hasty typing write for digits.
_DOUBTFUL = str.maketrans("OolI", "0011")
_DIGITS_TO_BE = re.compile(r"(?<![A-Za-z])[\dOolI]*\d[\dOolI]*(?![A-Za-z])")


def alike(
    text: str, draw: Draw, letters: str = CODE_LETTERS, kept: Collection[int] = frozenset()
) -> str:
    """
    Return a text of the same `keys.shape`: other digits, other letters, everything else kept.

    The first digit is 0 where it was, and else is not, so that a number is as long where it is read
    as one. What is drawn depends on letters and digits alone, not on what separates them.
    Letters are drawn from `letters`, which are capitals: consonants, so that no word comes of it.
    `kept` holds the places (code points) that stay.
    """
    out: list[str] = []
    begun = False
    for i, c in enumerate(text):
        if i in kept:
            out.append(c)
        elif c.isdigit():
            out.append(_digit(c, draw, first=not begun))
            begun = True
        elif c.isalpha():
            letter = letters[draw.below(len(letters))]
            out.append(letter if c.isupper() else letter.lower())
        else:
            out.append(c)
    return "".join(out)


def redrawn(make: Callable[[], str], refused: Callable[[str], bool]) -> str | None:
    """Return the first of 64 drawn texts that is not refused, or None."""
    return next((text for text in (make() for _ in range(TRIES)) if not refused(text)), None)


def resembles(before: str, after: str) -> bool:
    """Say whether both are one value, or share four digits in a row in one place."""
    if fold(before) == fold(after):
        return True
    old, new = digits(before), digits(after)
    if len(old) != len(new):
        return False
    same = (len(list(run)) for equal, run in groupby(map(str.__eq__, old, new)) if equal)
    return max(same, default=0) >= TRACE


def digits(text: str) -> str:
    """Return the digits of the text, without what stands between them."""
    return "".join(c for c in text if c.isdigit())


def read(text: str) -> str:
    """Return the text with letters that stand for digits among digits (2l9-O9) as digits."""
    return _DIGITS_TO_BE.sub(lambda match: match[0].translate(_DOUBTFUL), text)


def written(text: str, number: str) -> str:
    """Return the text with its digits, of which there are as many, replaced in their order."""
    left = iter(number)
    return "".join(next(left) if c.isdigit() else c for c in text)


def cased(like: str, text: str) -> str:
    """Return the text in capitals or in small letters where the other is so throughout."""
    if like.isupper():
        return text.upper()
    return text.lower() if like.islower() else text


def _digit(c: str, draw: Draw, *, first: bool) -> str:
    if first:
        return "0" if unicodedata.digit(c) == 0 else str(1 + draw.below(9))
    return str(draw.below(10))
