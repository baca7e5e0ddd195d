"""Names of places as lists know them: cities, and the words that make a building's name its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from phisweep.detect.namewords import stems
from phisweep.ruleset.load import Ruleset

#: The lists of towns and counties.
_PLACES = ("us-cities", "world-cities", "us-counties")
Lists = Sequence[Collection[str]]
_BEFORE = frozenset(
    {
        *("north", "south", "east", "west", "new", "old", "upper", "lower", "little", "great"),
        *("port", "fort", "mount", "lake", "san", "santa", "st"),
    }
)
_WORD = re.compile(r"[^\W\d_][\w'&.-]*")


def place_words(ruleset: Ruleset) -> frozenset[str]:
    """Return the words that are a town's or county's whole name. Raises RuleError."""
    return frozenset(p for name in _PLACES for p in ruleset.members(name) if " " not in p)


def key(text: str) -> str:
    """Return a place's name as the lists spell it: casefolded, single spaces, no possessive."""
    return re.sub(r"'s?$", "", " ".join(text.casefold().split()).strip(" .,;:"))


def listed(text: str, lists: Lists) -> bool:
    """Say whether the name stands in any list but the last, and not in the last."""
    name = key(text)
    return any(name in entries for entries in lists[:-1]) and name not in lists[-1]


def unlisted(text: str, lists: Lists) -> bool:
    """Say whether neither the name nor its first word stands in a list."""
    name = key(text)
    first = re.split(r"[ -]", name, maxsplit=1)[0]
    return not any(name in entries or first in entries for entries in lists)


def words(text: str) -> list[str]:
    """Return the words of a text, casefolded, with the stops of abbreviations taken off."""
    return [word.strip(".") for word in _WORD.findall(text.casefold())]


def any_own(some: Sequence[str], lists: Lists) -> bool:
    """Say whether one of the words is in no list, and so makes a name: Westbrook, not pain."""
    return any(not any(word in entries for entries in lists) for word in some)


def unknown_first(text: str, lists: Lists) -> bool:
    """
    Say whether the first word and its stems are in no list: gullwing harbor, not shelters.

    Words that towns have before their own, as in east quillmoor, are passed over.
    """
    some = words(text)
    first = next((word for word in some if word not in _BEFORE), some[-1])
    forms = (first, *stems(first))
    return not any(form in entries for entries in lists for form in forms)


def names_itself(text: str, lists: Lists, shortest: int = 3) -> bool:
    """
    Say whether a word of the text makes a name: it is in the last list, or it is in none.

    Of a word that is not in the last list no stem and, between hyphens, not every part may be in
    another: Larkwing Eye is a name, Post-Op Eye is none.
    """
    known, naming = lists[:-1], lists[-1]

    def is_known(word: str) -> bool:
        forms = (word, *stems(word))
        return any(form in entries for entries in known for form in forms)

    for word in words(text):
        bare = re.sub(r"'s?$", "", word)
        if bare not in known[0] and any(form in naming for form in (bare, *stems(bare))):
            return True
        parts = [part for part in re.split(r"[-&/]", bare) if len(part) > 1]
        if len(bare) >= shortest and not is_known(word) and not all(map(is_known, parts)):
            return True
    return False
