"""
A name found once is removed everywhere: further whole words that are a found name or part of one.

The engine looks at one place at a time; "Mrs. Diaz" at the top says what "Diaz" is further down.
Each word is looked up once, however often it stands there. Whoever is named may also sign with
initials (`signatures.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from operator import attrgetter

from phisweep.detect.namewords import PARTICLES, plain
from phisweep.detect.signatures import LEAST, RULE, WEAKER, outside, signatures
from phisweep.detect.vocabulary import Vocabulary
from phisweep.model import Finding
from phisweep.values import dataclass

_LETTER = r"[^\W\d_]|[\u0300-\u036f]"
_WORD = re.compile(
    rf"(?<![\w\u0300-\u036f])(?:{_LETTER})+(?:['\u2019](?![sS](?![\w]))(?:{_LETTER})+)*"
    r"(?![\w\u0300-\u036f])"
)
_COMPOUND = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_OPENING = re.compile(r"(?:[.!?:;]|^|\n)[\s\"'\u201c\u2018(*-]{0,8}\Z")
_NEXT = re.compile(r"[ \t]{1,2}([^\W\d_]+)")
_APOSTROPHES = frozenset({"'", "\u2019"})
_SHORTEST = 3  # letters
#: What stands for a name that nobody knows, or before one, and for itself elsewhere.
_NOBODY = frozenset({"trauma", "baby", "boy", "girl", "twin", "infant", "unknown", "doc", "miss"})
_NONE = PARTICLES | _NOBODY
_JOINTS = frozenset({" ", "-", "\u2010", "\u2011"})
_INSIDE = frozenset(
    {"@", "_", "=", "+", "&", "%"}
)  # of an address or a user id, which have rules of their own
#: What a subject is followed by, and an imperative or a modal verb is not.
_VERBAL = re.compile(
    r"\w+(?:s|ed)|came|took|told|went|felt|got|had|said|and|also|who|then|now|is|was|has|will|may|can|would"
)


@dataclass(frozen=True, slots=True)
class _Seed:
    finding: Finding = field(repr=False)
    lower: bool
    upper: bool


def propagate(
    text: str, findings: Sequence[Finding], vocabulary: Vocabulary | None = None
) -> list[Finding]:
    """
    Return the findings and, under the rule `name/propagated`, further occurrences of their names.

    Whole words of three letters on, in the case of the found one or in capitals. Offsets are
    half-open code points of `text`; new findings neither overlap the given ones nor each other.
    """
    vocabulary = vocabulary or Vocabulary()
    names = _names(text, findings)
    seeds = _seeds(text, names, vocabulary)
    covered = union((f.start, f.end) for f in findings)
    signed = list(signatures(text, findings[0], names, covered, vocabulary)) if findings else []
    if not seeds:
        return [*findings, *signed]
    hits: list[tuple[int, int, _Seed]] = []
    covered = union([*covered, *((f.start, f.end) for f in signed)])
    alike = {word: seeds[key] for word in set(_WORD.findall(text)) if (key := _key(word)) in seeds}
    for start, end in outside(_places(text, alike), covered):
        seed = alike[text[start:end]]
        if _stands(text, start, end, seed, vocabulary):
            hits.append((start, end, seed))
    return [*findings, *signed, *_joined(text, hits)]


def _key(word: str) -> str:
    if word.isascii() and word.isalpha():  # as most are
        return word.lower()
    return plain(word.replace("\u2019", "'"))


def _names(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the found names, the surest last; of those that are spelt alike the surest alone."""
    names: dict[tuple[str, str, bool], Finding] = {}
    for found in sorted(findings, key=attrgetter("score")):
        if found.identifier == "name" and found.score >= LEAST:
            start = found.start
            key = text[start : found.end], text[start - 1 : start], "/initials" in found.rule
            names.pop(key, None)
            names[key] = found
    return list(names.values())


def _places(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Return where some of the words of a text stand, in order: the spans of `_WORD`."""
    spans = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            if text[at - 1 : at] in _APOSTROPHES and at > 1:  # Neil, in O'Neil, is no word
                whole = (match.span() for match in _WORD.finditer(text))
                return [(start, end) for start, end in whole if text[start:end] in words]
            match = _WORD.match(text, at)
            if match and match.group() == word:
                spans.append(match.span())
            at = text.find(word, at + len(word))
    return sorted(spans)


def _seeds(text: str, names: Sequence[Finding], vocabulary: Vocabulary) -> Mapping[str, _Seed]:
    """Return the words of the found names, as the lists write them, with the surest finding."""
    seeds: dict[str, _Seed] = {}
    for found in names:
        if "/initials" in found.rule:
            continue
        for match in _WORD.finditer(text, found.start, found.end):
            word = match.group()
            key = _key(word)
            if len(word) < _SHORTEST or key in _NONE:
                continue
            if key in vocabulary.abbreviations:
                continue
            seeds[key] = _Seed(found, word.islower(), word.isupper())
    return seeds


def union(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans with those that overlap made one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _stands(text: str, start: int, end: int, seed: _Seed, vocabulary: Vocabulary) -> bool:
    """Say whether a word that is spelt like a seed is one here."""
    word = text[start:end]
    folded = plain(word)
    if word.islower() and not seed.lower and not _is_only_a_name(folded, vocabulary):
        return False
    if text[end : end + 1] in _INSIDE or text[max(0, start - 1) : start] in _INSIDE:
        return False
    after = _NEXT.match(text, end)
    following = after[1] if after else ""
    if following.casefold() in vocabulary.heads or _in_a_phrase(text, start, end, vocabulary):
        return False
    return folded not in vocabulary.ordinary or _is_subject(
        text, start, word, following, upper=seed.upper
    )


def _is_only_a_name(folded: str, vocabulary: Vocabulary) -> bool:
    """Say whether a word in lower case can be nothing but the name that was found."""
    return len(folded) > _SHORTEST and not (
        folded in vocabulary.ordinary or folded in vocabulary.eponyms or folded in vocabulary.heads
    )


def _in_a_phrase(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Say whether a word is part of a hyphenated eponym: Young-Burgess."""
    if "-" not in text[max(0, start - 1) : start] + text[end : end + 1]:
        return False
    for match in _COMPOUND.finditer(text, max(0, start - 40), end + 40):
        if match.start() <= start and end <= match.end():
            return plain(match[0]).replace("-", " ") in vocabulary.phrases
    return False


def _is_subject(text: str, start: int, word: str, following: str, *, upper: bool) -> bool:
    """Say whether a word that is ordinary too stands where only a name has a capital."""
    if word.islower() or (word.isupper() and not upper):
        return False
    if not _OPENING.search(text, max(0, start - 10), start):
        return True
    return not following.islower() or bool(_VERBAL.fullmatch(following))


def _joined(text: str, hits: Sequence[tuple[int, int, _Seed]]) -> Iterator[Finding]:
    """Yield one finding for neighbouring words that only a blank or a hyphen parts."""
    i = 0
    while i < len(hits):
        start, end, seed = hits[i]
        i += 1
        while i < len(hits) and text[end : hits[i][0]] in _JOINTS:
            end = hits[i][1]
            i += 1
        source = seed.finding
        yield replace(
            source,
            start=start,
            end=end,
            rule=RULE,
            score=round(source.score * WEAKER, 3),
            explanation=(f"a further occurrence of a name found by {source.rule}",),
        )
