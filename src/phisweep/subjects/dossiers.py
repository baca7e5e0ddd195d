"""What is known of a subject, and where its texts repeat it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from phisweep.detect.facts import person_of
from phisweep.detect.nameforms import nicknames
from phisweep.detect.namewords import plain
from phisweep.detect.roster import Known, Roster
from phisweep.leaks.years import FiledOld
from phisweep.marks import OLD_YEARS
from phisweep.model import IMPLIED_AGE, Finding, Text
from phisweep.ruleset.load import Ruleset
from phisweep.subjects.namewords import KnownNames
from phisweep.subjects.store import Subjects
from phisweep.transform.operators import Person

_HELD = 256  # dossiers; a whole one takes some 100 KB
_PERSONS = 20_000  # a chunk of a table has as many, and asks for each in every column
_SHORT = 400  # code points of a text that is looked at before a roster is made for it
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b[A-Z](?:\.? ?[A-Z]){1,2}\b")
_FOUR = re.compile(r"\d{4}(?!\d)")
#: A whole value that is an age in years.
AGE = re.compile(r"\d{2}(?:\.\d{1,2})?")
#: An age in running text, as the geriatrician writes it: 88 y/o, 88-year-old, 88F, age 88.
_AGED = re.compile(
    r"(?<![\d.,/])(\d{2})(?=[ -]?(?:y/o|y\.o|yo\b|yrs?\b|years?\b)|[ ]?[MF]\b)"
    r"|(?<=\bage )(\d{2})(?![\d/])|(?<=\baged )(\d{2})(?![\d/])|(?<=\bage: )(\d{2})(?![\d/])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Dossier:
    """One subject: what its texts are searched for, and the words by which a short one is told."""

    roster: Roster = field(repr=False)
    words: frozenset[str] = field(repr=False)
    initials: tuple[str, ...] = field(repr=False)
    person: Person = field(repr=False)


class Dossiers:
    """What the second pass asks of subjects: their names, and whether an age of theirs tells more."""

    def __init__(
        self, subjects: Subjects, ruleset: Ruleset, old: Path | None, names: Path | None
    ) -> None:
        ordinary = ruleset.members("ordinary-words")
        self.names = KnownNames(names, subjects.key, ordinary) if names else None
        self._subjects = subjects
        self._ruleset = ruleset
        self._old = FiledOld(old) if old else None
        #: Whether there is a subject of whom the data tell an age over 89.
        self.any_old = bool(self._old)
        self._short = nicknames(ruleset.entries("nicknames"))
        self._held: OrderedDict[str, _Dossier] = OrderedDict()
        self._persons: OrderedDict[str, Person] = OrderedDict()

    def may_name(self, text: str) -> bool:
        """Say whether a text may name somebody of whom there is a record."""
        return self.names is None or self.names.may_name(text)

    @staticmethod
    def is_age(value: str) -> bool:
        """Say whether a whole value may be an age in years."""
        return AGE.fullmatch(value.strip()) is not None

    def find(self, block: Text) -> list[Finding]:
        """Return what the record of a text's subject knows and the text repeats."""
        found = self._repeated(block) if block.kind == "prose" else []
        return [*found, *self._ages(block)] if self.any_old else list(found)

    def _repeated(self, block: Text) -> list[Finding]:
        """
        Return what a subject's record and its text both have.

        Most cells of a table say nothing of anybody: a short text without a word of the record, a
        nickname, initials or the end of a number is not worth a roster, which takes longer to make
        than to search. One-letter slips are looked for in longer texts alone.
        """
        dossier = self._dossier(block.subject)
        if len(block.text) <= _SHORT:
            words = {plain(word) for word in _WORD.findall(block.text)}
            words.update(_FOUR.findall(block.text))
            initials = "".join(_INITIALS.findall(block.text)).replace(".", "").replace(" ", "")
            if words.isdisjoint(dossier.words) and not any(
                own in initials for own in dossier.initials
            ):
                return []
        return dossier.roster.find(block)

    def _words_of(self, known: Known) -> set[str]:
        """Return a record's words, nicknames too, folded, and the last four digits of its numbers."""
        words = {
            plain(w) for text in (*known.addresses, *known.emails) for w in _WORD.findall(text)
        }
        for name in known.names:
            given = {plain(part) for part in name.given}
            words |= {nick for part in given for nick in self._short.of(part)}
            words |= given | {plain(p) for s in name.surnames for p in _WORD.findall(s)}
        numbers = (*known.phones, *(value for _, value in known.ids))
        words |= {four for number in numbers for four in _FOUR.findall(number)}
        return words | {str(day.year) for day in known.births}

    def person(self, subject: str) -> Person:
        """Return the names and sex that structured records give a subject."""
        held = self._persons.get(subject)
        if held is None:
            held = self._persons[subject] = self._dossier(subject).person
            if len(self._persons) > _PERSONS:
                self._persons.popitem(last=False)
        return held

    def _dossier(self, subject: str) -> _Dossier:
        held = self._held.get(subject)
        if held is None:
            known = person_of(self._subjects.facts(subject))
            held = self._held[subject] = _Dossier(
                Roster(known, self._ruleset),
                frozenset(self._words_of(known)),
                tuple(_initials(known)),
                _person(known),
            )
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
        return held

    def _ages(self, block: Text) -> list[Finding]:
        """
        Return ages under 90 that with the subject's other events tell one over 89.

        88 in 2012 and an event in 2015 tell 91: 45 CFR 164.514(b)(2)(i)(C), "including year".
        """
        digest = bytes.fromhex(block.subject)
        if self._old is None or not self._old.is_old(digest):
            return []
        least = OLD_YEARS - self._old.span(digest)
        whole = AGE.fullmatch(block.text.strip()) if block.kind != "prose" else None
        spans = [(block.text.index(whole[0]), whole[0])] if whole else []
        if block.kind == "prose":
            spans = [
                (m.start(i), m[i]) for m in _AGED.finditer(block.text) for i in (1, 2, 3) if m[i]
            ]
        why = "with the subject's other events this age tells one over 89"
        return [
            Finding(block.location, at, at + len(text), "age", IMPLIED_AGE, 0.9, "high", (why,))
            for at, text in spans
            if least <= float(text) < OLD_YEARS
        ]


def _initials(known: Known) -> Iterator[str]:
    """Yield the initials of a record's names, without stops."""
    for name in known.names:
        if name.given and name.surnames:
            yield (name.given[0][:1] + name.surnames[-1][:1]).upper()


def _person(known: Known) -> Person:
    return Person(
        tuple(dict.fromkeys(g for name in known.names for g in name.given)),
        tuple(dict.fromkeys(s for name in known.names for s in name.surnames)),
        known.sex,
    )
