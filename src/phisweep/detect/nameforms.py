"""
The forms in which the names of known people stand in texts, as words to look up.

A name is not searched form by form: each of its words is known with its part in the name, and
words that stand together are read as one ("SMITH^JOHN", "Bob Smith"). Only what has no border
inside is made beforehand: smithj, jsmith, JohnSmith.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from phisweep.detect.namewords import PARTICLES, plain

_MARKS = (
    r"\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0963"
    r"\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b4d\u0bbe-\u0bcd"
    r"\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_RUN = rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*"
#: A word with its accents and inner apostrophes, without 's and other short forms of verbs.
WORD = rf"{_RUN}(?:'(?!(?:[sSdDmM]|ll|LL|[rvRV][eE])(?![^\W_])){_RUN})*"
#: Words and runs of digits: what a text is read as.
ATOM = re.compile(rf"{WORD}|\d+")
_WORD = re.compile(WORD)

#: What a word can be in a name; bits, of which it may have several.
GIVEN, SURNAME, PARTICLE, SUFFIX, GLUED, TYPO = 1, 2, 4, 8, 16, 32
NAME = GIVEN | SURNAME
#: What stands in a column of names for nobody's name.
NOBODY = frozenset(
    {
        *("baby", "boy", "girl", "twin", "infant", "newborn", "unknown", "unk", "trauma"),
        *("male", "female", "patient", "test", "anonymous"),
    }
)
_LONG = 6  # letters that a name has at least to be looked for with a letter wrong
_PLURAL = 4  # letters that a name has at least for an s after it to say nothing
_GLUED = 4  # letters that two parts written as one word have at least
_PART = 4  # letters that what follows an apostrophe has at least to be a name by itself
_MOST_INITIALS = 4
_SPREAD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """One name of one person: given names first to last, surnames with their particles."""

    given: tuple[str, ...] = field(default=(), repr=False)
    surnames: tuple[str, ...] = field(default=(), repr=False)
    suffix: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Short forms of given names, both ways; folded."""

    formals: Mapping[str, Sequence[str]]
    nicks: Mapping[str, Sequence[str]]

    def of(self, given: str) -> set[str]:
        """
        Return what else somebody of this folded given name is called.

        Bob is Robert and, since he can be nobody else, Rob; Al may be Albert or Alan, not Bert.
        """
        formals = self.formals.get(given, ())
        others = self.nicks.get(formals[0], ()) if len(formals) == 1 else ()
        return {*self.nicks.get(given, ()), *formals, *others} - {given}

    def formal(self, given: str) -> str:
        """Return what a folded given name is short for most often; itself where it is not."""
        return next(iter(self.formals.get(given, ())), given)


@lru_cache(maxsize=4)
def nicknames(lines: tuple[str, ...]) -> Nicknames:
    """Read the lines "nick,formal" of the list of nicknames."""
    formals: dict[str, list[str]] = {}
    nicks: dict[str, list[str]] = {}
    for line in lines:
        nick, _, formal = line.partition(",")
        formals.setdefault(nick, []).append(formal)
        nicks.setdefault(formal, []).append(nick)
    return Nicknames(formals, nicks)


@dataclass(frozen=True, slots=True)
class NameForms:
    """
    What the names of a subject's people are known by; all folded as the lists write names.

    `roles` gives the parts of single words, `letters` are first letters of parts, `initials` of
    whole names ("js", "jas"), `glued` are parts written as one word, `surely` those of them that
    hold two parts in full. `long` are the words of six letters and more, `edges` their first
    three letters and their last two, of which one slip leaves one or the other.
    """

    roles: Mapping[str, int] = field(repr=False)
    letters: frozenset[str] = field(repr=False)
    initials: frozenset[str] = field(repr=False)
    glued: frozenset[str] = field(repr=False)
    surely: frozenset[str] = field(repr=False)
    long: tuple[str, ...] = field(repr=False)
    edges: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, names: Sequence[PersonName], short: Nicknames) -> NameForms:
        """Take the names apart."""
        roles: dict[str, int] = {}
        long: dict[str, None] = {}
        initials: set[str] = set()
        glued: set[str] = set()
        surely: set[str] = set()
        for name in names:
            given = [w for part in name.given for w in words_of(part)]
            surnames = [w for part in name.surnames for w in words_of(part)]
            for word, role in (*_of_parts(name.given, GIVEN), *_of_parts(name.surnames, SURNAME)):
                roles[word] = roles.get(word, 0) | role
                if len(word) >= _LONG and role & NAME:
                    long[word] = None
            called = {nick for word in given for nick in short.of(word)}
            for word in called:
                roles[word] = roles.get(word, 0) | GIVEN
            if name.suffix:
                suffix = plain(name.suffix).strip(". ")
                roles[suffix] = roles.get(suffix, 0) | SUFFIX
            initials.update(_initials(given, [w for w in surnames if w not in PARTICLES]))
            ends = [w for part in name.surnames for w in _ends(words_of(part))]
            surely.update(_in_full([*given, *called], ends))
            glued.update(_with_initials(given, ends))
        letters = frozenset(word[0] for word, role in roles.items() if role & NAME)
        whole = frozenset(w for w in surely if w not in roles)
        letters |= {w for n in names for part in n.given for w in words_of(part) if len(w) == 1}
        return cls(
            {word: role for word, role in roles.items() if len(word) > 1},
            letters,
            frozenset(initials),
            frozenset(w for w in glued if len(w) >= _GLUED and w not in roles) | whole,
            whole,
            tuple(long),
            frozenset(edge for word in long for edge in (word[:3], word[-2:])),
        )

    def role(self, raw: str, folded: str) -> int:
        """Return the bits of a word of a text, which stands there as `raw`."""
        role = self.roles.get(folded, 0)
        if not role and len(folded) > _PLURAL and folded.endswith("s"):
            role = self.roles.get(folded[:-1], 0) & NAME  # the Quillfeathers
        if role:
            return role
        if folded in self.glued:
            return GLUED
        return TYPO if raw[0].isupper() and self._is_typo(folded) else 0

    def _is_typo(self, folded: str) -> bool:
        if folded[:3] not in self.edges and folded[-2:] not in self.edges:
            return False
        size = len(folded)
        return any(abs(len(word) - size) <= 1 and one_slip(word, folded) for word in self.long)


def words_of(value: str) -> list[str]:
    """Return the folded words of a part of a name; digits, and what is nobody's name, left out."""
    found = (plain(m[0]) for m in _WORD.finditer(value.replace("\u2019", "'")))
    return [word for word in found if word and word not in NOBODY]


def one_slip(word: str, other: str) -> bool:
    """Say whether one letter more, less, other or changed with its neighbour parts two words."""
    if word == other:
        return False
    if len(word) > len(other):
        word, other = other, word
    i = 0
    while i < len(word) and word[i] == other[i]:
        i += 1
    if len(word) < len(other):
        return word[i:] == other[i + 1 :]
    swapped = other[i + 1 : i + 2] + other[i : i + 1] + other[i + 2 :]
    return word[i + 1 :] == other[i + 1 :] or word[i:] == swapped


def _of_parts(parts: Iterable[str], role: int) -> Iterator[tuple[str, int]]:
    """Yield the words of parts of names with their roles, and words of a part written as one."""
    for part in parts:
        words = words_of(part)
        for i, word in enumerate(words):
            inner = len(words) > 1 and i < len(words) - 1 and word in PARTICLES
            if len(word) > 1:
                yield word, PARTICLE if inner else role
        if len(words) > 1:
            yield "".join(words), role
        spread = plain(part.casefold().translate(_SPREAD))
        if spread != plain(part):
            yield from ((word, role) for word in words_of(spread) if word not in PARTICLES)
        for head, _, tail in (w.partition("'") for w in part.replace("\u2019", "'").split()):
            if len(tail) >= _PART:  # O Brien
                yield plain(head), PARTICLE
                yield plain(tail), role


def _ends(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of one surname that user names hold: cruz and delacruz."""
    yield from (word for word in words if word not in PARTICLES and len(word) > 1)
    if len(words) > 1:
        yield "".join(words)


def _initials(given: Sequence[str], surnames: Sequence[str]) -> Iterator[str]:
    """Yield the initials of a name in lower case, two to four letters."""
    if given and surnames:
        last = {s[0] for s in surnames} | {"".join(s[0] for s in surnames)}
        first = {given[0][0], "".join(g[0] for g in given), given[0][0] + given[-1][0]}
        yield from (f + s for f in first for s in last if len(f + s) <= _MOST_INITIALS)


def _in_full(given: Iterable[str], surnames: Sequence[str]) -> Iterator[str]:
    for first in given:
        for last in surnames if len(first) > 1 else ():
            yield from (first + last, last + first)


def _with_initials(given: Sequence[str], surnames: Sequence[str]) -> Iterator[str]:
    """Yield user names: jsmith, smithj, jasmith."""
    for last in surnames:
        yield from (first[0] + last for first in given)
        yield from (last + first[0] for first in given)
        if len(given) > 1:
            yield given[0][0] + given[1][0] + last
