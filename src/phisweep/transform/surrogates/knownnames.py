"""
What is known of the words of a name: from the lists, and from what records say of the subject.

A word is plain: folded (`keys.fold`), and without accents, so that `José` and `JOSE` are one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

from phisweep.keys import fold
from phisweep.transform.operators import Person
from phisweep.transform.surrogates.pools import PoolKind, Pools

Role = Literal["given", "surname"]
Formal = Callable[[str], str]
_SEXES: dict[str, PoolKind] = {"F": "female", "M": "male"}
#: What stands before a surname, and is none; the second may be names too, so their place decides.
PARTICLES = frozenset(
    {
        *("de", "del", "della", "da", "das", "dos", "di", "du", "der", "den", "von", "zu"),
        *("bin", "binti", "ibn", "abu", "st", "las", "los", "y", "e"),
    }
)
UNSURE_PARTICLES = frozenset(
    {
        *("al", "as", "do", "el", "la", "le", "les", "mac", "san", "santa", "saint"),
        *("ten", "ter", "van"),
    }
)


def same(word: str) -> str:
    """Return the word: the formal form of a name where no list of nicknames is at hand."""
    return word


def plain(text: str) -> str:
    """Return the text folded and without accents; of scripts without them, folded."""
    if text.isascii():
        return fold(text)
    apart = unicodedata.normalize("NFKD", text)
    return fold("".join(c for c in apart if not "\u0300" <= c <= "\u036f")) or fold(text)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The lists, the subject's own names as plain words, and the formal form of a given name."""

    pools: Pools = field(repr=False)
    given: tuple[str, ...] = field(repr=False)
    surnames: tuple[str, ...] = field(repr=False)
    sex: str = field(repr=False)
    formal: Formal = field(default=same, repr=False)

    @classmethod
    def of(cls, pools: Pools, person: Person | None, formal: Formal = same) -> Self:
        """Take what is known of a subject, None where nothing is."""
        person = person or Person()
        given, surnames = _words(person.given), _words(person.surnames)
        return cls(pools, given, surnames, person.sex, formal)

    @property
    def own(self) -> frozenset[str]:
        """All plain words of the subject's names."""
        return frozenset((*self.given, *self.surnames))

    def told(self, word: str) -> Role | None:
        """Return the role that the subject's records give a word; None if none, or both."""
        surname = word in self.surnames
        formal = self.formal(word)
        given = word in self.given or any(self.formal(name) == formal for name in self.given)
        if given == surname:
            return None
        return "given" if given else "surname"

    def alone(self, word: str) -> Role:
        """Return the role of a word that no other stands beside."""
        told = self.told(word)
        if told is not None:
            return told
        if self.pools.borne_by(word) is not None:
            return "given"
        listed = word in self.pools.given_names and word not in self.pools.family_names
        return "given" if listed else "surname"

    def listed(self, word: str) -> bool:
        """Say whether a list, or the subject's records, have the word as a name."""
        if word in self.own or self.pools.borne_by(word) is not None:
            return True
        return word in self.pools.given_names or word in self.pools.family_names

    def kinds(self, word: str) -> tuple[PoolKind, ...]:
        """Return which lists a given name's surrogate comes from, the first that has one left."""
        kind = self.pools.borne_by(self.formal(word))
        if self.told(word) == "given":
            kind = _SEXES.get(self.sex, kind)
        if kind is None or kind == "neutral":
            return ("neutral", "female", "male")
        return (kind, "neutral")

    def title(self, word: str) -> bool:
        """Say whether a word is a title."""
        return word in self.pools.titles

    def credential(self, written: str, *, any_case: bool = False) -> bool:
        """Say whether letters without dots are a credential, as listed or in any case."""
        if not any_case:
            return written in self.pools.credentials
        upper = written.upper()
        return any(entry.upper() == upper for entry in self.pools.credentials)


def _words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the plain words of names; a particle counts only where it is the whole name."""
    found: list[str] = []
    for name in names:
        words = [plain(word) for word in name.replace("-", " ").split()]
        telling = [w for w in words if w and w not in PARTICLES and w not in UNSURE_PARTICLES]
        found += telling or words
    return tuple(word for word in found if word)
