"""Numbers spelt in English words, up to hundreds, as people write ages."""

from __future__ import annotations

import re

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MISSPELT = {"fourty": 40, "ninty": 90, "nintey": 90}
_HUNDREDS = frozenset({"hundred", "hundredth"})
#: Every word and its number; a ten stands for its decade too ("nineties") and its ordinal.
_WORDS = {
    **{word: n for n, word in enumerate(_SMALL)},
    **{word: n for n, word in enumerate(_ORDINALS, 1)},
    **{
        form: 10 * n
        for n, w in enumerate(_TENS, 2)
        for form in (w, w[:-1] + "ies", w[:-1] + "ieth")
    },
    **_MISSPELT,
}
_ONE = "|".join(sorted((*_WORDS, *_HUNDREDS), key=len, reverse=True))
_SPELT = re.compile(
    rf"\b(?:a[\s-]+(?=hundred))?(?:{_ONE})(?:[\s-]+(?:and[\s-]+)?(?:{_ONE}))*\b", re.IGNORECASE
)


def in_digits(text: str) -> str:
    """Return the text with its spelt numbers in digits: `one hundred and two` is ` 102 `."""
    return _SPELT.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    total = 0
    for word in re.findall("[a-z]+", match[0].casefold()):
        total = max(total, 1) * 100 if word in _HUNDREDS else total + _WORDS.get(word, 0)
    return f" {total} "
