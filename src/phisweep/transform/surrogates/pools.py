"""
Pools: the pinned lists that surrogates are picked from, less what occurs in the data.

A surrogate that is somebody's true name in the same data would point at them, and hide in which
places a true name was missed. Hence no entry is picked whose telling word occurs there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, get_args

from phisweep.keys import fold
from phisweep.ruleset.load import Ruleset
from phisweep.transform.surrogates.draws import Draw

PoolKind = Literal[
    "female", "male", "neutral", "surnames", "cities", "streets", "facilities", "counties"
]
KINDS: tuple[PoolKind, ...] = get_args(PoolKind)
GIVEN: tuple[PoolKind, ...] = ("female", "male", "neutral")


def _nowhere(_text: str) -> bool:
    return False


def _any(_word: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Pools:
    """
    The lists as their files have them, and what occurs in the data.

    `present` holds the folded words (`keys.fold`) that do, `occurs` says of a number-bearing value
    whether it does. The other lists are what a name is read by, casefolded: given names, surnames,
    the words of titles that are no names (`dr`), credentials without dots as written (`PhD`).
    """

    female: tuple[str, ...]
    male: tuple[str, ...]
    neutral: tuple[str, ...]
    surnames: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    facilities: tuple[str, ...]
    counties: tuple[str, ...]
    present: frozenset[str] = field(default=frozenset(), repr=False)
    occurs: Callable[[str], bool] = field(default=_nowhere, repr=False)
    given_names: frozenset[str] = field(default=frozenset(), repr=False)
    family_names: frozenset[str] = field(default=frozenset(), repr=False)
    titles: frozenset[str] = field(default=frozenset(), repr=False)
    credentials: frozenset[str] = field(default=frozenset(), repr=False)
    _borne_by: Mapping[str, PoolKind] = field(init=False, repr=False, compare=False)
    _free: Mapping[PoolKind, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        telling_words = {kind: map(telling, self.entries(kind)) for kind in KINDS}
        free = {
            kind: tuple("" if word in self.present else word for word in words)
            for kind, words in telling_words.items()
        }
        object.__setattr__(self, "_free", free)
        borne_by = {telling(name): kind for kind in GIVEN for name in self.entries(kind)}
        object.__setattr__(self, "_borne_by", borne_by)

    @classmethod
    def of(
        cls,
        ruleset: Ruleset,
        present: frozenset[str] = frozenset(),
        occurs: Callable[[str], bool] = _nowhere,
    ) -> Self:
        """Read the lists of the rules. Raises RuleError where one is not there."""
        lists = {kind: ruleset.entries(_list_of(kind)) for kind in KINDS}
        given, family = ruleset.members("given-names"), ruleset.members("surnames")
        titles = frozenset(" ".join(ruleset.members("person-titles")).split())
        return cls(
            **lists,
            present=present,
            occurs=occurs,
            given_names=given,
            family_names=family,
            titles=titles - given - family - ruleset.members("names-that-are-words"),
            credentials=frozenset(c.replace(".", "") for c in ruleset.entries("credentials")),
        )

    def entries(self, kind: PoolKind) -> tuple[str, ...]:
        """Return the entries of one kind, in their file's order."""
        entries: tuple[str, ...] = getattr(self, kind)
        return entries

    def borne_by(self, word: str) -> PoolKind | None:
        """Return the list of given names that has the folded word, None where none has."""
        return self._borne_by.get(word)

    def pick(
        self,
        kind: PoolKind,
        draw: Draw,
        unlike: Collection[str] = (),
        *,
        suits: Callable[[str], bool] = _any,
    ) -> str | None:
        """
        Return the first entry, in the draw's order, whose telling word is free; None without one.

        Free is a word that is neither `present` nor in `unlike`, which holds folded words, and
        that `suits`.
        """
        words = self._free[kind]
        for index in draw.shuffled(len(words)):
            word = words[index]
            if word and word not in unlike and suits(word):
                return self.entries(kind)[index]
        return None

    def words(self) -> frozenset[str]:
        """Return the telling words of all entries: what a first pass over the data looks for."""
        return frozenset(telling(entry) for kind in KINDS for entry in self.entries(kind))


def telling(entry: str) -> str:
    """
    Return an entry's first word, folded: it is the invented one, and what tells the entry.

    What follows it (`Lane`, `Valley Hospital`, `County`) occurs in any data, and tells nothing.
    """
    return fold(entry.partition(" ")[0])


def _list_of(kind: PoolKind) -> str:
    return f"surrogate-given-{kind}" if kind in GIVEN else f"surrogate-{kind}"
