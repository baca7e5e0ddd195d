"""
From which score on a span of the network counts, given what it is made of.

The network is sure of itself where it should not be in few, known ways: abbreviations and
eponyms that look like names, fractions and scores that look like dates. There it must be surer.
Chosen on labelled notes that nothing was trained on; `training/evaluate.py` measures them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from phisweep.detect.names.kinds import KINDS, PLACE, Kinds

#: Words that are no name by themselves: ordinary ones, and those that diseases are called after.
_HARMLESS = frozenset({KINDS.index("word"), KINDS.index("eponym"), KINDS.index("sign")})
_BOTH, _UNKNOWN = KINDS.index("both"), KINDS.index("unknown")
_EPONYM = KINDS.index("eponym")
_NO_NAME = frozenset({KINDS.index("word"), KINDS.index("unknown")})
_FRACTION = re.compile(r"\d{1,2}(?:\s?[/-]\s?\d{1,2}){0,2}|\d+[+-]?/?")
_ORDINAL = re.compile(r"(?:the )?\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
#: How long something takes, and no day.
_SPANS = frozenset({"year", "years", "month", "months", "week", "weeks", "day", "days", "hours"})
#: What a date is made of that is told in words alone, or begins with.
_CALENDAR = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|day|eve|week|year|spring|summer|fall|autumn|winter|season|quarter|night|morning|noon|mid|easter|mas|ramad|eid|diwali|pass|han|thanks|lent|holi|tet|pur|yul|advent|hallow|teenth|kwan|navidad|pas[ck]|kippur|carnival|mardi",
    re.IGNORECASE,
)
_STOPS = str.maketrans("", "", ". ")
_SHORT = 5  # letters that an abbreviation has at most
_INITIALS = 2  # letters that initials mostly have

NEVER = 2.0  # for an abbreviation longer than initials (EBUS, eicu) and for a span of time
SURE = 0.93  # for a name made of such words alone, and for a place that is one in small letters
PLACES = 0.75  # for a place made of them: the blue parrot, grace lutheran
CERTAIN = 0.99  # for an abbreviation with stops: D.O.B., a.m.
INITIALS = 0.65  # for initials alone
FRACTIONS = 0.8  # for a date that may be a fraction or a score
ORDINALS = 0.65  # for a day of the month that may count toes: the 5th
TOLD = 0.6  # for a date without figures and without a word of the calendar
NUMBERS = 0.97  # for a place without letters
SMALL = 0.75  # for a single name in small letters that is a word too: bridge, sand
UNKNOWN = 0.6  # for one that nobody knows: appendicolith
AGES = 0.4


@dataclass(frozen=True, slots=True)
class Floors:
    """The lists that floors depend on."""

    kinds: Kinds = field(repr=False)
    abbreviations: Collection[str] = field(repr=False)

    def of(self, label: str, text: str, words: Sequence[str]) -> float:
        """Return the floor of a span: its label, its text, its words without signs."""
        if label == "DATE":
            return self._of_date(text)
        if label == "AGE":
            return AGES
        if label == "PLACE" and not any(map(str.isalpha, text)):
            return NUMBERS
        if label not in {"NAME", "PLACE", "ORG"}:
            return 0.0
        return self._of_words(label, text, words)

    @staticmethod
    def _of_date(text: str) -> float:
        if _FRACTION.fullmatch(text):
            return FRACTIONS
        if _ORDINAL.fullmatch(text):
            return ORDINALS
        if text.casefold() in _SPANS:
            return NEVER
        named = any(map(str.isdigit, text)) or _CALENDAR.search(text)
        return 0.0 if named else TOLD

    def _of_words(self, label: str, text: str, words: Sequence[str]) -> float:
        if label != "NAME":
            small = len(words) == 1 and words[0].islower()
            if all(map(self._is_harmless, words)):
                return SURE if small else PLACES
            return PLACES if small and self._of_small(words[0]) else 0.0
        if all(len(word) == 1 for word in words):
            joined = text.translate(_STOPS).casefold()
            return CERTAIN if len(joined) > 1 and joined in self.abbreviations else INITIALS
        if len(words) == 1 and self._is_abbreviation(words[0]):
            return NEVER
        if all(map(self._is_harmless, words)):
            return SURE
        return self._of_small(words[0]) if len(words) == 1 and words[0].islower() else 0.0

    def _of_small(self, word: str) -> float:
        """Return the floor of a single name in small letters."""
        kind = self.kinds.of(word) % PLACE
        return SMALL if kind == _BOTH else UNKNOWN if kind == _UNKNOWN and len(word) > 3 else 0.0  # noqa: PLR2004

    def _is_abbreviation(self, word: str) -> bool:
        """Say whether a word is an abbreviation, longer than anybody's initials mostly are, and no name."""
        if not _INITIALS < len(word) <= _SHORT or not (word.isupper() or word.islower()):
            return False
        return word.casefold() in self.abbreviations and self.kinds.of(word) % PLACE in _NO_NAME

    def _is_harmless(self, word: str) -> bool:
        if len(word) <= _SHORT and word.casefold() in self.abbreviations:
            return True
        if len(word) == 1 or self.kinds.of(word) % PLACE in _HARMLESS:
            return True
        # gilberts, crohns: the disease, written in a hurry
        return word.endswith("s") and self.kinds.of(word[:-1]) % PLACE == _EPONYM
