"""What the lists say of a word, as one number that the model takes in beside its pieces."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from phisweep.detect.namewords import Lexicon, plain
from phisweep.detect.placewords import place_words
from phisweep.ruleset.load import Ruleset

#: 0 is "not said"; PLACE is added where a place is called so as well.
KINDS = ("", "word", "unknown", "given", "surname", "both", "eponym", "initial", "sign")
PLACE = len(KINDS)
COUNT = 2 * PLACE
_REMEMBERED = 65_536


class Kinds:
    """The lists, asked for a word's kind."""

    def __init__(self, lexicon: Lexicon, places: Collection[str]) -> None:
        self._lexicon = lexicon
        self._places = places
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    @classmethod
    def of_rules(cls, ruleset: Ruleset) -> Kinds:
        """Read the lists of a rule set. Raises RuleError where one is not its own."""
        return cls(Lexicon.of_rules(ruleset), place_words(ruleset))

    def _of(self, word: str) -> int:
        """Return a word's kind, an index into KINDS, with PLACE added for a place."""
        if not word[0].isalpha():
            return KINDS.index("sign")
        letters = word if word.isalpha() else "".join(filter(str.isalpha, word))
        kind = KINDS.index(self._lexicon.kind(letters))
        return kind + PLACE if plain(word) in self._places else kind
