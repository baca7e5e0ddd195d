"""
Columns of one table, compared row by row: what a kept one tells of a removed one.

Chance is kept out by asking for four fifths of at least five distinct pairs (all of three or
four), and for as many distinct values: a flag, a sex or a ward never makes a leak.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from phisweep.keys import fold
from phisweep.leaks.hashes import digests, looks_hashed, prefixes
from phisweep.leaks.kinds import leak
from phisweep.model import Leak

#: Distinct pairs of a kept and a removed value that are looked at, of each two columns.
PAIRS = 200
ENOUGH, FEWEST = 5, 3
#: Letters or digits below which a value stands in another by chance.
LEAST_PART = 4
#: Code points above which a removed value is prose, and what stands in it is no part of it.
LONGEST_WHOLE = 100
_TRIED = 10  # pairs that are hashed before one is given up
_LETTERS_DIGITS = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:1[89]|2[01])\d\d")
_NUMBER = re.compile(r"[^\W\d_]{0,5}[-: ]?(\d{1,18})")
_DECIMALS = re.compile(r"(\d)\.0+$")
_LEAST_OFFSET = 1000  # an identifier has four digits or more
_INITIALS_DATE = re.compile(r"[^\W\d_]{1,4}[-_. ]?(\d{8}|\d{6})|(\d{8}|\d{6})[-_. ]?[^\W\d_]{1,4}")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """
    Up to 1,000 sampled rows of one column; `values` of all samples of a table are row-aligned.

    `index` is the column's 0-based position, `removed` whether the policy takes the whole column
    for an identifier.
    """

    index: int
    label: str = field(repr=False)
    values: tuple[str, ...] = field(repr=False)
    removed: bool


def related(
    columns: Sequence[Sample], *, general: frozenset[str] = frozenset()
) -> list[tuple[int, int, str]]:
    """
    Return (index of the kept column, index of the removed one, name of the leak), at most one a pair.

    `general` holds folded values (`keys.fold`) that may stay though they stand in something
    removed, such as the names of States; a year may always.
    """
    kept = [_Kept.of(column, general) for column in columns if not column.removed]
    plain = cache(_plain)  # for as long as this table is compared
    found = []
    for other in (column for column in columns if column.removed):
        views = _Views(plain, cache(_encodings), cache(digests))
        for column in kept:
            name = _relation(column, _pairs(column.sample, other), views)
            if name:
                found.append((column.sample.index, other.index, name))
    return sorted(found)


def column_leaks(
    columns: Sequence[Sample],
    found: Sequence[tuple[int, int, str]],
    *,
    file: str,
    places: Mapping[int, str],
) -> list[Leak]:
    """
    Return what `related` found as leaks of one file; `places` names a column by its index.

    The count is that of sampled rows in which both columns have a value.
    """
    values = {column.index: column.values for column in columns}
    return [
        leak(
            name,
            file=file,
            place=places[kept],
            other=places[other],
            count=sum(1 for a, b in zip(values[kept], values[other], strict=True) if a and b),
        )
        for kept, other, name in found
    ]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A kept column, whether it looks like hashes, and which of its values can show a part."""

    sample: Sample
    looks_hashed: bool
    parts: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, sample: Sample, general: frozenset[str]) -> _Kept:
        values = {value.strip() for value in sample.values} - {""}
        parts = frozenset(value for value in values if _could_be_part(value, general))
        return cls(sample, looks_hashed(values), parts)


@dataclass(frozen=True, slots=True)
class _Views:
    """What is made of values to compare them, each once; those of a removed column go with it."""

    plain: Callable[[str], str] = field(repr=False)
    encodings: Callable[[str], frozenset[str]] = field(repr=False)
    digests: Callable[[str], frozenset[bytes]] = field(repr=False)

    def same(self, kept: str, other: str) -> bool:
        return self.plain(kept) == self.plain(other) != ""

    def encoded(self, kept: str, other: str) -> bool:
        """Say whether the kept value is the other in base64, base32, hex, ROT13 or from behind."""
        return not self.encodings(other).isdisjoint({kept, kept.lower(), kept.rstrip("=")})

    def hashed(self, kept: str, other: str) -> bool:
        return not prefixes(kept).isdisjoint(self.digests(other))


def _pairs(kept: Sample, other: Sample) -> list[Pair]:
    """Return the first distinct pairs in which neither side is empty."""
    stripped = (
        (a.strip(), b.strip()) for a, b in zip(kept.values, other.values, strict=True) if a and b
    )
    return [*islice(_distinct(stripped), PAIRS)]


def _distinct(pairs: Iterator[Pair]) -> Iterator[Pair]:
    seen = set()
    for pair in pairs:
        if pair[0] and pair[1] and pair not in seen:
            seen.add(pair)
            yield pair


def _relation(column: _Kept, pairs: list[Pair], views: _Views) -> str:
    """Return the name of the leak between two columns, empty for none."""
    if len({kept for kept, _ in pairs}) < FEWEST:
        return ""
    if _holds(pairs, views.same):
        return "same-as-removed"
    tried = pairs[:_TRIED] if column.looks_hashed else []
    if any(views.hashed(*pair) for pair in tried) and _holds(pairs, views.hashed):
        return "hash-of-identifier"
    if _holds(pairs, views.encoded) or _holds(pairs, _initials_and_date) or _is_offset(pairs):
        return "encoded-identifier"
    parts = [(a, b) for a, b in pairs if a in column.parts and len(b) <= LONGEST_WHOLE]
    if len(parts) >= ENOUGH and _holds(parts, _is_part):
        return "part-of-removed"
    return ""


def _holds(pairs: list[Pair], test: Callable[[str, str], bool]) -> bool:
    """Say whether enough pairs pass the test, with as many distinct values on the kept side."""
    many = len(pairs) >= ENOUGH
    may_fail = len(pairs) // 5 if many else 0
    failed, passed = 0, set()
    for kept, other in pairs:
        if test(kept, other):
            passed.add(kept)
        else:
            failed += 1
            if failed > may_fail:
                return False
    if many:
        return len(passed) >= min(ENOUGH, len(pairs) - failed)
    # Three or four small numbers, 1, 2 and 3, are beside each other by chance.
    return len(passed) >= FEWEST and all(len(fold(kept)) >= LEAST_PART for kept in passed)


def _plain(value: str) -> str:
    """Return the value without case, separators, leading zeros and a decimal point of nothing."""
    return fold(_DECIMALS.sub(r"\1", value)).lstrip("0")


def _encodings(value: str) -> frozenset[str]:
    """Return the encodings of the value's forms, without padding, hex in lower case."""
    digits = "".join(c for c in value if c.isdecimal())
    forms = {value, value.lower(), value.upper(), fold(value), digits, digits.lstrip("0")}
    forms = {form for form in forms if len(form) >= FEWEST}
    coded = set()
    for form in forms:
        data = form.encode(errors="surrogatepass")
        coded |= {form[::-1], codecs.encode(form, "rot13"), data.hex()}
        coded |= {
            base64.b64encode(data).decode().rstrip("="),
            base64.urlsafe_b64encode(data).decode().rstrip("="),
            base64.b32encode(data).decode().rstrip("="),
        }
    return frozenset(coded - forms)


def _is_offset(pairs: list[Pair]) -> bool:
    """
    Say whether every kept number is the removed one with the same number added.

    A running number from 0 or 1 beside running ids is left: the order of the rows tells as much.
    So are two columns of years, which may stay.
    """
    if not (_NUMBER.fullmatch(pairs[0][0]) and _NUMBER.fullmatch(pairs[0][1])):
        return False
    read = [(_NUMBER.fullmatch(kept), _NUMBER.fullmatch(other)) for kept, other in pairs]
    numbers = [(int(a[1]), int(b[1])) for a, b in read if a and b]
    if len(numbers) < max(ENOUGH, len(pairs)):
        return False
    kept = {a for a, _ in numbers}
    running = min(kept) in {0, 1} and max(kept) - min(kept) < len(kept)
    years = all(_YEAR.fullmatch(a) and _YEAR.fullmatch(b) for a, b in pairs)
    if running or years or len(kept) < ENOUGH or min(b for _, b in numbers) < _LEAST_OFFSET:
        return False
    steps = {a - b for a, b in numbers}
    return len(steps) == 1 and steps != {0}


def _initials_and_date(kept: str, other: str) -> bool:
    """Say whether the kept value is one to four letters with the removed date: JQ19450312."""
    match = _INITIALS_DATE.fullmatch(kept)
    return match is not None and (match[1] or match[2]) in _date_forms(other)


def _date_forms(text: str) -> frozenset[str]:
    """Return the date in six and eight digits, in every order; none where it is no whole date."""
    first = _YEAR_FIRST.match(text)
    if first:
        readings = {(first[1], first[2], first[3])}
    else:
        last = _YEAR_LAST.match(text)
        readings = {(last[3], last[1], last[2]), (last[3], last[2], last[1])} if last else set()
    forms = set()
    for year, one, two in readings:
        month, day = one.zfill(2), two.zfill(2)
        for written in (year, year[2:]):
            forms |= {written + month + day, month + day + written, day + month + written}
    return frozenset(forms)


def _could_be_part(value: str, general: frozenset[str]) -> bool:
    """Say whether the value can show a part: long enough, and nothing that may stay anyway."""
    folded = fold(value)
    digits = sum(map(str.isdecimal, folded))
    long = digits >= LEAST_PART or sum(map(str.isalpha, folded)) >= LEAST_PART
    return long and folded not in general and not _YEAR.fullmatch(folded)


def _is_part(kept: str, other: str) -> bool:
    """Say whether the kept value stands in the other: digits anywhere, words as whole words."""
    part, whole = fold(kept), fold(other)
    if len(part) >= len(whole):
        return False
    return part in whole if part.isdecimal() else f" {_words(kept)} " in f" {_words(other)} "


def _words(text: str) -> str:
    return " ".join(_LETTERS_DIGITS.findall(text.casefold()))
