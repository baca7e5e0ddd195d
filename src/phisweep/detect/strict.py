"""
Strict: every word that nobody can vouch for is a name.

Philter's idea (Norgeot et al., npj Digital Medicine 2020): what is not known to be harmless goes.
For a release where recall is all and some lost words do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import field

from phisweep.detect.namewords import NAMES, Lexicon, plain
from phisweep.detect.normal import normalise
from phisweep.detect.placewords import place_words
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset
from phisweep.values import dataclass

RULE = "name/strict"
SCORE = 0.5
_WORD = re.compile(r"(?<![^\W_])[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['-](?=[^\W\d_]))*(?![^\W_])")
_OPENING = re.compile(r"(?:[.!?:;]|^|\n)[\s\"'(*-]{0,8}\Z")
_HARMLESS = (
    "us-states",
    "us-state-abbreviations",
    "countries",
    "months",
    "weekdays",
    "abbreviations",
)
_SHORT = 2  # letters: what has no more is an abbreviation or an initial
_LOWER = 4  # letters that an unknown word in small letters has at least to look like a name


@dataclass(frozen=True, slots=True)
class Strict:
    """The lists that vouch for words."""

    lexicon: Lexicon = field(repr=False)
    harmless: Collection[str] = field(repr=False)
    places: Collection[str] = field(repr=False)

    @classmethod
    def of(cls, ruleset: Ruleset) -> Strict:
        """Read the lists. Raises RuleError where one is not its own."""
        words = (ruleset.members(name) for name in _HARMLESS)
        return cls(
            Lexicon.of_rules(ruleset),
            frozenset(part for entries in words for entry in entries for part in entry.split()),
            place_words(ruleset),
        )

    def find(self, block: Text) -> list[Finding]:
        """Return a finding for every word that looks like a name and is not vouched for."""
        normal = normalise(block.text)
        return [
            Finding(
                block.location,
                *normal.source_span(start, end),
                "name",
                RULE,
                SCORE,
                "low",
                ("strict: a word that no list vouches for",),
            )
            for start, end in self._words(normal.text)
        ]

    def _words(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _WORD.finditer(text):
            start, end = match.span()
            word = match[0]
            if word.endswith("'s"):
                word, end = word[:-2], end - 2
            if len(word) > _SHORT and self._suspect(text, start, word):
                yield start, end

    def _suspect(self, text: str, start: int, word: str) -> bool:
        if plain(word) in self.harmless:
            return False
        kind = self.lexicon.kind(word)
        capital = word[0].isupper()
        if kind in NAMES:
            return True
        if kind == "unknown":
            return capital or len(word) >= _LOWER
        if kind == "both" or plain(word) in self.places:
            return capital and not _OPENING.search(text, max(0, start - 10), start)
        return False
