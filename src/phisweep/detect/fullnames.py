"""What is written of a person in one cell: a full name taken apart, a day read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from phisweep.detect.nameforms import NOBODY, PersonName
from phisweep.detect.namewords import PARTICLES

_TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady", "hon", "sr", "sra"),
        *("fr", "capt", "sgt", "lt", "col", "maj", "gen", "judge", "rabbi", "imam", "pastor"),
    }
)
_CREDENTIALS = frozenset(
    {
        *("md", "do", "phd", "rn", "np", "pa", "pac", "dds", "dmd", "jd", "esq", "mph", "msn"),
        *("bsn", "dnp", "aprn", "crna", "pharmd", "dpm", "dpt", "lcsw", "psyd", "edd", "mba"),
    }
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "junior", "senior"})
_MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())  # noqa: SIM905
_CLOCK = r"(?:[T ].{1,30})?"
_DATES = (
    re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:\d{4}(?:\d\d)?)?"),
    re.compile(rf"(?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[-/.](?P<y>\d{{4}}){_CLOCK}"),
    re.compile(rf"(?P<d>\d{{1,2}})[- ](?P<n>[A-Za-z]{{3,9}})\.?[-, ]{{1,2}}(?P<y>\d{{4}}){_CLOCK}"),
    re.compile(
        rf"(?P<n>[A-Za-z]{{3,9}})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_CLOCK}"
    ),
)
_YEARS = range(1850, 2101)
_LEAST = 2  # parts of a full name


def day_of(value: str) -> dt.date | None:
    """
    Return the day of a full date: 1961-03-14, 3/14/1961, 19610314, 14-Mar-1961, Mar 14, 1961.

    Of two numbers before the year the month is first, unless it can be none. None for all else.
    """
    for pattern in _DATES:
        match = pattern.fullmatch(value.strip())
        if match is None:
            continue
        parts = match.groupdict()
        name = parts.get("n")
        if name is not None and name[:3].casefold() not in _MONTHS:
            return None
        year, day = int(parts["y"]), int(parts["d"])
        month = int(parts["m"]) if name is None else _MONTHS.index(name[:3].casefold()) + 1
        if month > len(_MONTHS):
            month, day = day, month
        try:
            return dt.date(year, month, day) if year in _YEARS else None
        except ValueError:  # the 31st of February
            return None
    return None


def split_name(value: str) -> PersonName:
    """
    Return the parts of a full name: "Last, First Middle", "LAST^FIRST^MIDDLE", "First M. van Last".

    Titles, credentials and digits are dropped; a single word is a surname.
    """
    if "^" in value:
        last, *rest = value.split("^")
        suffix = "".join(p for p in rest if p.casefold().strip(".") in _SUFFIXES)
        given = [w for part in rest[:2] if part != suffix for w in given_words(part)]
        return PersonName(tuple(given), tuple(filter(None, [surname_of(last)])), suffix)
    pieces: list[list[str]] = []
    suffixes = [""]
    for piece in value.split(","):
        words = [_bare(word) for word in _untitled(piece.split())]
        known = bool(pieces)
        suffixes += [w for w in words[0 if known else 1 :] if w.casefold() in _SUFFIXES]
        words = [w for w in words if w and w not in suffixes and w.casefold() not in NOBODY]
        if words and not (known and all(_folded(word) in _CREDENTIALS for word in words)):
            pieces.append(words)
    suffix = suffixes[-1]
    if not pieces:
        return PersonName()
    if len(pieces) >= _LEAST:
        return PersonName(tuple(pieces[1]), (" ".join(pieces[0]),), suffix)
    return _in_order(pieces[0], suffix)


def _in_order(words: list[str], suffix: str) -> PersonName:
    """Return the name of words given name first."""
    while len(words) > _LEAST and words[-1].isupper() and _folded(words[-1]) in _CREDENTIALS:
        words.pop()
    last_from = len(words) - 1
    while last_from > 1 and _is_particle(words[last_from - 1]):
        last_from -= 1
    return PersonName(tuple(words[:last_from]), (" ".join(words[last_from:]),), suffix)


def given_words(value: str) -> Iterator[str]:
    """Yield the words of given names, without titles and digits."""
    for word in _untitled(re.split(r"[\s,]+", value)):
        bare = _bare(word)
        if bare and bare.casefold() not in NOBODY:
            yield bare


def _untitled(words: Sequence[str]) -> Sequence[str]:
    """Return words without the titles before them, of which one at least is left."""
    first = 0
    while first < len(words) - 1 and _folded(words[first]) in _TITLES:
        first += 1
    return words[first:]


def _folded(word: str) -> str:
    return word.replace(".", "").strip("()").casefold()


def _is_particle(word: str) -> bool:
    return word.casefold() in PARTICLES and (len(word) > 1 or word.islower())


def _bare(word: str) -> str:
    """Return a word of a name without digits, brackets, quotes around it and stops."""
    return re.sub(r"[\d()\"]+", "", word).strip("'.,;-")


def surname_of(surname: str) -> str:
    """Return a surname without titles, digits and what follows it."""
    words = [w for w in map(_bare, surname.split()) if w and w.casefold() not in _SUFFIXES | NOBODY]
    return " ".join(words)
