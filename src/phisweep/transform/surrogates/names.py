"""
Surrogate names: each word of a name for one of the same role, in the same case and place.

One word in one role of one subject has one surrogate, so `Dr. Alvarez` and `Maria Alvarez, MD`
become `Dr. Benton` and `Laura Benton, MD`. What is no name (titles, commas, blanks, digits) stays
as it is. A surrogate is not a word that occurs in the data, nor one of the subject's own names,
and it begins with another letter than the name, so that initials differ too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from string import ascii_lowercase

from phisweep.keys import fold
from phisweep.model import Edit
from phisweep.splicing import splice
from phisweep.transform.operators import Person
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.knownnames import Formal, KnownNames, Role, plain, same
from phisweep.transform.surrogates.nameparts import Part, parts
from phisweep.transform.surrogates.pools import Pools

DrawOf = Callable[[str, str], Draw]
_GLUED = 4  # letters that a user name has at least
_INITIALS = (2, 3)  # letters that initials written as one word have
_TRIES = 100


def name(
    text: str, draw_of: DrawOf, pools: Pools, person: Person | None, *, formal: Formal = same
) -> str | None:
    """
    Return the text with a surrogate in place of each word that names somebody.

    `draw_of(purpose, word)` gives the draw of a plain word of this subject, the same each time;
    the purposes are `given`, `surname`, `initial` and `user`. `formal` gives the formal form of a
    given name (`robert` for `bob`), which shares its surrogate. None where no word names anybody,
    and where a list has no entry left.
    """
    known = KnownNames.of(pools, person, formal)
    maker = _Maker(draw_of, known)
    edits: list[Edit] = []
    for part in parts(text, known):
        new = maker.word(part, digits=_beside_digits(text, part))
        if new is None:
            return None
        edits.append(Edit(part.word.start, part.word.end, new))
    return splice(text, edits) if edits else None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes surrogates of words; None stands for a list without an entry left."""

    draw_of: DrawOf
    known: KnownNames = field(repr=False)

    def word(self, part: Part, *, digits: bool) -> str | None:
        """Return the surrogate of a word of a name, in its case."""
        text, key = part.word.text, plain(part.word.text)
        if part.word.letter:
            return self.initial(text, part.role)
        listed = self.known.listed(key) or self.known.told(key) is not None
        together = part.alone or part.role == "given"
        if together and _initials(text, alone=part.alone, listed=listed, own=key in self.known.own):
            roles: list[Role] = ["given"] * len(text)
            if part.alone:
                roles[-1] = "surname"
            letters = [self.initial(c, role) for c, role in zip(text, roles, strict=True)]
            return "".join(letters)
        if part.alone and not listed and len(key) >= _GLUED:
            glued = self.glued(text, key)
            if glued is not None:
                return glued
            if digits:
                return self.letters(text, key)
        new = self.full(key, part.role)
        return None if new is None else cased(new, text)

    def full(self, key: str, role: Role) -> str | None:
        """Return the surrogate of a plain word, as its list writes it."""
        formal = self.known.formal(key) if role == "given" else key
        kinds = self.known.kinds(key) if role == "given" else ("surnames",)
        unlike = self.known.own | {key}

        def suits(word: str) -> bool:
            other = self.known.formal(word) if role == "given" else word
            return word[0] != formal[:1] and other != formal

        for kind in kinds:
            draw = self.draw_of(role, formal)
            new = self.known.pools.pick(kind, draw, unlike, suits=suits)
            if new is not None:
                return new
        return None

    def initial(self, letter: str, role: Role) -> str:
        """
        Return the initial of the surrogate of the subject's name that begins so.

        Without one, and where that happens to be the same letter, it is drawn; never the same.
        """
        old = plain(letter)[:1]
        own = self.known.given if role == "given" else self.known.surnames
        for word in own:
            new = self.full(word, role) if word[:1] == old else None
            if new is not None and plain(new)[0] != old:
                return cased(plain(new)[0], letter)
        others = ascii_lowercase.replace(old, "") if old else ascii_lowercase
        return cased(others[self.draw_of("initial", old).below(len(others))], letter)

    def glued(self, text: str, key: str) -> str | None:
        """Return a user name put together anew (`smithj`); None where records tell no such one."""
        if len(key) != len(text):
            return None
        for given, surname in product(self.known.given, self.known.surnames):
            pieces = _pieces(key, given, surname)
            if pieces is None:
                continue
            new, at = "", 0
            for length, word, role in pieces:
                piece = text[at : at + length]
                full = self.full(word, role)
                if full is None:
                    return None
                new += self.initial(piece, role) if length == 1 else cased(full, piece)
                at += length
            if not self._taken(new):
                return new
        return None

    def letters(self, text: str, key: str) -> str | None:
        """Return as many drawn letters as the word has."""
        draw = self.draw_of("user", key)
        for _ in range(_TRIES):
            new = "".join(ascii_lowercase[draw.below(len(ascii_lowercase))] for _ in text)
            if new != key and not self._taken(new):
                return cased(new, text)
        return None

    def _taken(self, word: str) -> bool:
        return fold(word) in self.known.pools.present or self.known.pools.occurs(fold(word))


def cased(new: str, like: str) -> str:
    """Write a word as another is written: in capitals, in small letters, else as it is."""
    if len(like) == 1 and like.isupper():
        return new[:1].upper() + new[1:]
    if like.isupper():
        return new.upper()
    return new.lower() if like.islower() else new


def _beside_digits(text: str, part: Part) -> bool:
    before = text[part.word.start - 1 : part.word.start] if part.word.start else ""
    return before.isdigit() or part.word.after.isdigit()


def _initials(text: str, *, alone: bool, listed: bool, own: bool) -> bool:
    """
    Say whether a word is initials written together.

    Alone, two letters are initials even where somebody is called so, but not the subject.
    """
    least, most = _INITIALS
    if not (text.isalpha() and least <= len(text) <= most) or own:
        return False
    if len(text) == least and alone:
        return text.isupper() or (text.islower() and not listed)
    return text.isupper() and not listed


def _pieces(key: str, given: str, surname: str) -> Sequence[tuple[int, str, Role]] | None:
    """Return length, word and role of the pieces that the word is glued of, in their order."""
    for first in (given, given[:1]):
        for last in (surname, surname[:1]):
            if len(first) == len(last) == 1:
                continue
            one: tuple[int, str, Role] = (len(first), given, "given")
            two: tuple[int, str, Role] = (len(last), surname, "surname")
            if key == first + last:
                return (one, two)
            if key == last + first:
                return (two, one)
    return None
