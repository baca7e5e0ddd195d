"""Names of people: what lists of names and of ordinary words say of a match."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from phisweep.detect import namewords
from phisweep.detect.validators.registry import VALIDATORS, Lists, Validator, validator


@lru_cache(maxsize=8)
def _remembered(*lists: frozenset[str]) -> namewords.Lexicon:
    return namewords.Lexicon(*lists)


def _lexicon(*lists: Collection[str]) -> namewords.Lexicon:
    """Return the lexicon of some lists, the same one for the same sets, which are not copied."""
    return _remembered(*(frozenset(entries) for entries in lists))


def _of_names(check: Callable[[str, namewords.Lexicon], bool]) -> Validator:
    """Return a check of `namewords` as a validator: its lists are those of a `Lexicon`."""

    def validate(text: str, lists: Lists) -> bool:
        return check(text, _lexicon(*lists))

    return validate


VALIDATORS |= {check.__name__: _of_names(check) for check in namewords.CHECKS}


@validator
def initials(text: str, lists: Lists) -> bool:
    """Say whether two or three letters, with stops or without, are no known abbreviation."""
    letters = "".join(c for c in text.casefold() if c.isalpha())
    return not any(letters in entries for entries in lists)
