"""Labelled notes as carriers: their identifiers exchanged for others of the same form."""

from __future__ import annotations

import random
import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from corpus import names, values
from corpus.marks import UNDECIDED, marked, pieces
from corpus.people import Part
from phisweep.detect.namewords import Lexicon
from phisweep.ruleset.load import load_ruleset

NOTES = Path(__file__).parent.parent / "notes"
#: What a mark's class is to the model; what is marked IGNORE teaches nothing.
LABELS: Mapping[str, str] = {
    **{name: name for name in ("NAME", "DATE", "AGE", UNDECIDED)},
    **dict.fromkeys(("PHONE", "FAX", "EMAIL", "URL", "IP"), "CONTACT"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
#: A figure in a word, as scanners set it.
_MISREAD = re.compile(r"(?:[^\W\d_]\d+|\d[^\W\d_])[^\W\d_]")
_FIGURES = re.compile(r"\d+")
#: A room that some authors marked and others did not.
_ROOM = re.compile(
    r"(?i)\b((?:rm|room|bed|bay|chair|pod|unit|wing)s?[ #.]{0,2}(?:[a-z]?\d[\w-]*|[A-F]\b))"
)
_CARE = re.compile(
    r"(?i)hosp|clin|\b(?:cent(?:er|re)|ctr|care|med|medical|health|rehab|reg|lab|er|ed|icu|school|elem|church|unit|ward|pavilion|imaging|pharmacy|surg|hospice|manor|home|house|"
    r"assoc|partners|inst|institute|group|practice|dental|eye|gi|spine|dialysis|kidney|memorial|mem)\b"
)
#: What stands in a name and is nobody's own: it stays.
_JOINING = frozenset(
    "de la las los van der den von zu bin ibn binti abu al el ul du da do dos das di del st saint jr sr ii iii iv and y e of the baby boy girl twin doe aka nee née dr mr mrs ms".split()
)
_CYCLES = (
    *(
        tuple(map(str.lower, cycle))
        for cycle in (month_name[1:], month_abbr[1:], day_name, day_abbr)
    ),
    ("mon", "tues", "weds", "thurs", "fri", "sat", "sun"),
)
KEPT, KEPT_PLACE = 0.25, 0.4  # how often a word of a name, of a place stays as it is


def read() -> list[str]:
    """Return the marked texts of `notes/`, in the order of files and lines."""
    return [text for path in sorted(NOTES.glob("*.txt")) for text in marked(path)]


def fill(note: str, r: random.Random) -> list[Part]:
    """Return a note's parts, labelled as the model's, its identifiers exchanged."""
    exchange = Exchange(r)
    found: list[Part] = []
    for text, label in pieces(note):
        if label is None:
            found += [(t, UNDECIDED if i % 2 else None) for i, t in enumerate(_ROOM.split(text))]
        else:
            found.append((exchange(text, label), _label(text, label)))
    return found


def _label(text: str, label: str) -> str:
    if label == "LOCATION":
        return "FACILITY" if _CARE.search(text) else "PLACE"
    return LABELS.get(label, "ID")


@cache
def _lexicon() -> Lexicon:
    return Lexicon.of_rules(load_ruleset())


def _cased(word: str, like: str) -> str:
    if like.islower():
        return word.lower()
    return word.upper() if like.isupper() else word


@dataclass
class Exchange:
    """Other identifiers for those of one text: the same one for the same one, in its form."""

    r: random.Random
    _known: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str, label: str) -> str:
        """Return what stands for an identifier of a class."""
        if label == UNDECIDED or _MISREAD.search(text):
            return text
        if label == "NAME" and _are_initials(text):
            return "".join(_cased(self._initial(c), c) for c in text)
        if label == "NAME":
            return self._each(_WORD, text, self._name)
        if label == "LOCATION":
            return self._each(_FIGURES, self._each(_WORD, text, self._place), self._number)
        if label == "DATE":
            return self._each(_FIGURES, self._each(_WORD, text, self._day), self._part_of_date)
        if label == "AGE":
            return self._each(_FIGURES, text, lambda _: str(self.r.randint(90, 106)))
        return self._each(_FIGURES, text, self._number)

    def _each(self, pattern: re.Pattern[str], text: str, made: Callable[[str], str]) -> str:
        return pattern.sub(lambda match: made(match[0]), text)

    def _name(self, word: str) -> str:
        folded = word.casefold()
        if folded in _JOINING:
            return word
        if len(word) == 1:
            return _cased(self._initial(word), word)
        if folded not in self._known:
            kept = self.r.random() < KEPT
            self._known[folded] = word if kept else self._other(_lexicon().kind(word))
            self._known.setdefault(f"{folded[0]}.", self._known[folded][0].casefold())
        return _cased(self._known[folded], word)

    def _other(self, kind: str) -> str:
        origin = names.origin(self.r)
        first = kind == "given" or (kind != "surname" and self.r.random() < 0.5)
        made = (
            names.given(self.r, self.r.choice("mf"), origin)
            if first
            else names.surname(self.r, origin)
        )
        return made.split()[0].split("-")[0]

    def _initial(self, letter: str) -> str:
        return self._known.setdefault(
            f"{letter.casefold()}.", self.r.choice("abcdefghijklmnoprstvwz")
        )

    def _place(self, word: str) -> str:
        folded = word.casefold()
        kind = _lexicon().kind(word)
        if len(word) < 4 or kind == "word" or folded in _JOINING:
            return word
        if f"@{folded}" not in self._known:
            u, other = self.r.random(), values.town(self.r).split()[0]
            if u > 0.7:
                other = self._other("surname")
            self._known[f"@{folded}"] = word if u < KEPT_PLACE else other
        return _cased(self._known[f"@{folded}"], word)

    def _number(self, figures: str) -> str:
        if f"#{figures}" not in self._known:
            first = self.r.choice("123456789") if figures[0] != "0" else "0"
            rest = (self.r.choice("0123456789") for _ in figures[1:])
            self._known[f"#{figures}"] = first + "".join(rest)
        return self._known[f"#{figures}"]

    def _day(self, word: str) -> str:
        for cycle in _CYCLES:
            if word.casefold() in cycle:
                return _cased(self.r.choice(cycle).capitalize(), word)
        return word

    def _part_of_date(self, figures: str) -> str:
        if len(figures) > 4:
            year = self.r.randint(1931, 2026)
            made = f"{year}{self.r.randint(1, 12):02}{self.r.randint(1, 28):02}"
            return made if len(figures) == 8 else made[2:] if len(figures) == 6 else figures
        value = int(figures)
        if len(figures) > 2:
            return str(min(2026, value + self.r.randint(-4, 4))) if len(figures) == 4 else figures
        low, high = (1, 12) if value < 13 else (13, 28) if value < 32 else (32, 99)
        return f"{self.r.randint(low, high):0{len(figures) if figures[0] == '0' else 1}}"


def _are_initials(text: str) -> bool:
    if not (text.isalpha() and 1 < len(text) < 5) or (text.istitle() and len(text) > 2):
        return False
    short = len(text) < 3 and text.isupper()
    return short or _lexicon().kind(text) not in {"given", "surname", "both"}
