"""Days and years in English words, as they are dictated: read, and written in the same manner."""

from __future__ import annotations

import re

_UNITS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CARDINALS = (*_UNITS, *_TEENS)
_ORDINALS = (
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth"),
)
_NUMBERS = {
    **{word: n for words in (_CARDINALS, _ORDINALS) for n, word in enumerate(words) if word},
    **{word: 10 * n for n, word in enumerate(_TENS) if word},
    "twentieth": 20,
    "thirtieth": 30,
}
_CENTURIES = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000, "two thousand": 2000}
_SILENT = frozenset({"and", "hundred", "oh", "o"})
_FIRST_OF_TEENS = 10
_FIRST_OF_TENS = 20

_UNIT = f"(?:{'|'.join(_UNITS[1:])})"
_UP_TO_NINETEEN = f"(?:{'|'.join(sorted(_CARDINALS[1:], key=len, reverse=True))})"
_OVER_NINETEEN = f"(?:{'|'.join(_TENS[2:])})(?:[- ]?{_UNIT})?"
#: Regexes, for letters of any case.
ORDINAL = (
    rf"(?:(?:twenty|thirty)[- ]?(?:{'|'.join(_ORDINALS[1:10])})"
    rf"|(?:{'|'.join(sorted(_ORDINALS[1:], key=len, reverse=True))})|twentieth|thirtieth)"
)
CARDINAL = rf"(?:(?:twenty|thirty)(?:[- ]{_UNIT})?|{_UP_TO_NINETEEN})"
YEAR = (
    r"(?:(?:nineteen|eighteen|twenty|two thousand)(?:[- ]hundred)?(?:[- ]and)?"
    rf"(?:[- ](?:{_OVER_NINETEEN}|(?:oh[- ]|o')?{_UP_TO_NINETEEN}))?"
    rf"|(?:forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]?{_UNIT})?)"
)


def number(text: str) -> int:
    """Return the number that the words make, ordinal or cardinal: `twenty-third` is 23."""
    return sum(_NUMBERS[word] for word in _split(text))


def year(text: str) -> int:
    """Return the year that the words name; 0 to 99 where they leave out the century."""
    folded = text.casefold()
    head = next((c for c in sorted(_CENTURIES, key=len, reverse=True) if folded.startswith(c)), "")
    rest = sum(_NUMBERS[word] for word in _split(folded[len(head) :]))
    return _CENTURIES.get(head, 0) + rest


def write_day(day: int, like: str) -> str:
    """Return the day in words, ordinal or cardinal, joined and in letters as `like` has them."""
    ordinal = re.search(r"(?:st|nd|rd|th)$|second$", like, re.IGNORECASE) is not None
    tens, units = divmod(day, 10)
    if not ordinal:
        words = _cardinal(day, " " if " " in like else "-")
    elif day < _FIRST_OF_TENS:
        words = _ORDINALS[day]
    elif units:
        words = f"{_TENS[tens]}{' ' if ' ' in like else '-'}{_ORDINALS[units]}"
    else:
        words = _TENS[tens][:-1] + "ieth"
    return cased(words, like)


def write_year(year: int, like: str) -> str:
    """Return the year in words, with a century where `like` has one."""
    folded = like.casefold()
    century, rest = divmod(year, 100)
    if not folded.startswith(tuple(_CENTURIES)):
        return cased(_cardinal(rest, " " if " " in like else "-"), like)
    tail = _cardinal(rest, "-")
    spoken_long = folded.startswith("two") or rest < _FIRST_OF_TEENS
    if century == 20 and spoken_long:  # noqa: PLR2004 - the century that is called two thousand
        joined = " and " if " and " in folded else " "
        return cased(f"two thousand{joined if rest else ''}{tail}", like)
    head = {18: "eighteen", 19: "nineteen", 20: "twenty"}.get(century, "")
    middle = " hundred" if not rest else " oh" if rest < _FIRST_OF_TEENS else ""
    return cased(f"{head}{middle} {tail}".strip(), like)


def cased(word: str, like: str) -> str:
    """Return the word in capitals, small letters or with one capital, as `like` is."""
    letters = [c for c in like if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return word.upper()
    return word.capitalize() if letters and letters[0].isupper() else word.lower()


def _split(text: str) -> list[str]:
    words = re.findall("[a-z]+", re.sub(f"({'|'.join(_TENS[2:])})", r"\1 ", text.casefold()))
    return [word for word in words if word not in _SILENT]


def _cardinal(value: int, joint: str) -> str:
    if value < _FIRST_OF_TENS:
        return _CARDINALS[value]
    tens, units = divmod(value, 10)
    return _TENS[tens] + (joint + _UNITS[units] if units else "")
