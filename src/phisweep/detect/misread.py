"""
A scanned text as it stood before a scanner misread it: `Va||ey Hosp1ta|`, `l2/3O/2Z`, `Vikrarn`.

Rules and names model know many confusions one by one; a page full of them hides names behind words
that are none. Such a page is searched as it is, and once more as it most likely was.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import islice, product

from phisweep.model import Finding, Text
from phisweep.values import dataclass

Known = Callable[[str], bool]
#: Code points from start to end are read as these, one or none.
Change = tuple[int, int, str]

#: What shows that a scanner has read a word: a figure or a bar among small letters, or at an end.
_SIGN = re.compile(
    r"[01|5](?:(?<=[a-z].)(?=[a-z])|(?<=[a-z]{2}[1|])(?![\w|])|(?<![\w|].)(?=[a-z]{3}))"
)
_FEWEST = 4  # such signs, and words that are read otherwise, of a text that is taken for a scan
_WORD = re.compile(r"[A-Za-z0-9|]+")
#: Two blanks where there was one, or one before a stop.
_BLANK = re.compile(r"(?<=[^\W_])(?:  (?=[^\W_])| (?=[.,;:](?:\s|\Z)))")
#: A word in two pieces.
_PARTED = re.compile(r"(?<![^\W_])([A-Za-z]+)(?= ([a-z]{2,}|[A-Z]{2,})(?![^\W_]))")
_FIGURES = str.maketrans("OoIl|SBZ", "00111582")
_FIGURE = re.compile(r"(?=[OoIl|SBZ]*\d)(?![BSZ]\d{1,2}\Z)[\dOoIl|SBZ]+|l+[OSZB]+|O+l+|\|[lO|]+")
#: A letter alone beside a sign that parts figures: l/4, 2/l.
_ALONE = re.compile(r"(?<=[\dOl|][/.-])[OIl|](?![\w|])|(?<![\w|])[OIl|](?=[/.,-][\dOl|])")
_LETTERS = {"0": "o", "1": "il", "|": "li", "5": "s", "8": "b", "l": "il", "I": "li"}
#: What stands for letters in a word: figures, l among capitals or before a word, I among small
#: letters.
_MISREAD = re.compile(
    r"[0158|]|(?<=[A-Z])l(?![a-km-z])|(?<![A-Za-z])l(?=[A-Z]|[b-df-hj-km-np-tv-xz][a-z]{2})"
    r"|(?<=[A-Za-z])I(?=[a-z])|I(?=[a-z]{3})"
)
_LETTERED = re.compile(r"(?=(?:[^A-Za-z]*[A-Za-z]){2})[A-Za-z0158|]+")
_MOST = 5  # misread letters of a word that are tried in all their meanings
_SHARE = 3  # letters for each misread one, in a word that nobody knows
_PAIRS = {"rn": "m", "vv": "w", "ii": "u"}
_PAIR = re.compile("|".join(_PAIRS))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read, and where each of its code points begins and ends in the source."""

    text: str = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)

    def in_source(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings of the reading at the offsets of the source."""
        for each in findings:
            start, end = self.starts[each.start], self.ends[each.end - 1]
            steps = (*each.explanation, "read without the confusions of a scanner")
            yield replace(each, start=start, end=end, explanation=steps)


def unmisread(block: Text, known: Known) -> Reading | None:
    """
    Return what a text most likely was before it was scanned; None where it looks like no scan.

    `known` says whether a word in lower case is in a dictionary or a list of names.
    """
    text = block.text
    if block.kind != "prose" or sum(1 for _ in islice(_SIGN.finditer(text), _FEWEST)) < _FEWEST:
        return None
    words = [changes for match in _WORD.finditer(text) if (changes := _word(match, known))]
    if len(words) < _FEWEST:
        return None
    blanks = [(match.end() - 1, match.end(), "") for match in _BLANK.finditer(text)]
    read = _changed(text, sorted([*(change for word in words for change in word), *blanks]))
    whole = _changed(read.text, [*_parted(read.text, known)])
    starts = array("Q", (read.starts[at] for at in whole.starts))
    ends = array("Q", (read.ends[at - 1] for at in whole.ends))
    return Reading(whole.text, starts, ends)


def _word(match: re.Match[str], known: Known) -> list[Change]:
    """Return how letters and figures of one word are to be read otherwise."""
    word, start = match[0], match.start()
    if word.isdigit():
        return []
    if _FIGURE.fullmatch(word) or _ALONE.match(match.string, start):
        return _differing(start, word, word.translate(_FIGURES))
    if word.isalpha() and known(word.lower()):
        return []
    if _LETTERED.fullmatch(word) and _MISREAD.search(word):
        return _differing(start, word, _lettered(word, known))
    return _paired(start, word, known) if word.isalpha() else []


def _differing(start: int, word: str, read: str) -> list[Change]:
    pairs = enumerate(zip(word, read, strict=True), start)
    return [(at, at + 1, new) for at, (old, new) in pairs if old != new]


def _lettered(word: str, known: Known) -> str:
    """Return a word with letters for figures: one that is known, or else the most likely one."""
    places = [match.start() for match in _MISREAD.finditer(word)]
    if len(places) > _MOST:
        return word
    likely = ""
    for chosen in product(*(_LETTERS[word[at]] for at in places)):
        letters = [*word]
        for at, letter in zip(places, chosen, strict=True):
            letters[at] = letter
        read = "".join(letters)
        if known(read.lower()):
            return _cased(word, read)
        likely = likely or read
    rare = len(places) * _SHARE <= len(word) - len(places)
    return _cased(word, likely) if rare else word


def _cased(word: str, read: str) -> str:
    """Return a read word in the case of what is left of it; a figure is as tall as a capital."""
    kept = "".join(old for old, new in zip(word, read, strict=True) if old == new)
    if kept.isupper():
        return read.upper()
    return read if word[0] == read[0] else read[0].upper() + read[1:]


def _paired(start: int, word: str, known: Known) -> list[Change]:
    """Return pairs of letters that are to be read as one, where that makes a known word."""
    if not known(_PAIR.sub(lambda pair: _PAIRS[pair[0]], word.lower())):
        return []
    return [(start + p.start(), start + p.end(), _PAIRS[p[0]]) for p in _PAIR.finditer(word)]


def _parted(text: str, known: Known) -> Iterator[Change]:
    """Yield the blanks inside known words of which the second piece is none."""
    for match in _PARTED.finditer(text):
        first, second = (piece.lower() for piece in match.groups())
        if not known(second) and known(first + second):
            yield match.end(), match.end() + 1, ""


def _changed(text: str, changes: Sequence[Change]) -> Reading:
    out: list[str] = []
    starts, ends = array("Q"), array("Q")
    done = 0
    for start, end, new in (*changes, (len(text), len(text), "")):
        if start < done:
            continue
        out += (text[done:start], new)
        starts.extend(range(done, start))
        ends.extend(range(done + 1, start + 1))
        if new:
            starts.append(start)
            ends.append(end)
        done = end
    return Reading("".join(out), starts, ends)
