"""Names of people: what lists of names and of ordinary words say of a match."""

from __future__ import annotations

from collections.abc import Callable, Collection

from phisweep.detect import namewords
from phisweep.detect.validators.registry import OPENERS, VALIDATORS, Lists, Validator, validator

#: Lexicons by the identity of their lists, which are held: to compare sets of 60,000 words that
#: are equal and not the same takes longer than the question that is asked of them.
_LEXICONS: dict[tuple[int, ...], tuple[Lists, namewords.Lexicon]] = {}
_MOST = 8


def _lexicon(*lists: Collection[str]) -> namewords.Lexicon:
    """Return the lexicon of some lists, the same one for the same lists, which are not copied."""
    known = _LEXICONS.get(tuple(map(id, lists)))
    if known is None:
        if len(_LEXICONS) >= _MOST:
            _LEXICONS.clear()
        known = lists, namewords.Lexicon(*map(frozenset, lists))
        _LEXICONS[tuple(map(id, lists))] = known
    return known[1]


def _of_names(check: Callable[[str, namewords.Lexicon], bool]) -> Validator:
    """Return a check of `namewords` as a validator: its lists are those of a `Lexicon`."""

    def validate(text: str, lists: Lists) -> bool:
        return check(text, _lexicon(*lists))

    return validate


VALIDATORS |= {check.__name__: _of_names(check) for check in namewords.CHECKS}


def _opening(lists: Lists) -> Callable[[str], bool]:
    """Return what says whether a name by the lists may begin with a word of ASCII letters."""
    lexicon = _lexicon(*lists)

    def may(word: str) -> bool:
        return lexicon.kind(word) != "word" or word.casefold() in namewords.PARTICLES

    return may


OPENERS[namewords.name_by_lists.__name__] = _opening


@validator
def initials(text: str, lists: Lists) -> bool:
    """Say whether two or three letters, with stops or without, are no known abbreviation."""
    letters = "".join(c for c in text.casefold() if c.isalpha())
    return not any(letters in entries for entries in lists)
