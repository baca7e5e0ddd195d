"""What is known of a subject, and where its texts repeat it."""

from __future__ import annotations

import re
from collections import OrderedDict
from pathlib import Path

from phisweep.detect.facts import person_of
from phisweep.detect.roster import Known, Roster
from phisweep.leaks.years import OldSubjects
from phisweep.model import IMPLIED_AGE, Finding, Text
from phisweep.ruleset.load import Ruleset
from phisweep.subjects.store import Subjects
from phisweep.transform.operators import Person

_HELD = 2_000  # rosters
OLD = 90  # years; 45 CFR 164.514(b)(2)(i)(C): ages over 89
#: A whole value that is an age in years.
AGE = re.compile(r"\d{2}(?:\.\d{1,2})?")
#: An age in running text, as the geriatrician writes it: 88 y/o, 88-year-old, 88F, age 88.
_AGED = re.compile(
    r"(?<![\d.,/])(\d{2})(?=[ -]?(?:y/o|y\.o|yo\b|yrs?\b|years?\b)|[ ]?[MF]\b)"
    r"|(?<=\bage )(\d{2})(?![\d/])|(?<=\baged )(\d{2})(?![\d/])|(?<=\bage: )(\d{2})(?![\d/])",
    re.IGNORECASE,
)


class Dossiers:
    """What the second pass asks of subjects: their names, and whether an age of theirs tells more."""

    def __init__(self, subjects: Subjects, ruleset: Ruleset, old: Path | None) -> None:
        self._subjects = subjects
        self._ruleset = ruleset
        self._old = OldSubjects.load(old) if old else None
        self._rosters: OrderedDict[str, tuple[Known, Roster]] = OrderedDict()

    @property
    def any_old(self) -> bool:
        """Say whether there is a subject of whom the data tell an age over 89."""
        return self._old is not None and len(self._old) > 0

    @staticmethod
    def is_age(value: str) -> bool:
        """Say whether a whole value may be an age in years."""
        return AGE.fullmatch(value.strip()) is not None

    def find(self, block: Text) -> list[Finding]:
        """Return what the record of a text's subject knows and the text repeats."""
        found = self._roster(block.subject)[1].find(block) if block.kind == "prose" else []
        return [*found, *self._ages(block)] if self.any_old else list(found)

    def person(self, subject: str) -> Person:
        """Return the names and sex that structured records give a subject."""
        known = self._roster(subject)[0]
        return Person(
            tuple(dict.fromkeys(g for name in known.names for g in name.given)),
            tuple(dict.fromkeys(s for name in known.names for s in name.surnames)),
            known.sex,
        )

    def _roster(self, subject: str) -> tuple[Known, Roster]:
        held = self._rosters.get(subject)
        if held is None:
            known = person_of(self._subjects.facts(subject))
            held = self._rosters[subject] = known, Roster(known, self._ruleset)
            if len(self._rosters) > _HELD:
                self._rosters.popitem(last=False)
        return held

    def _ages(self, block: Text) -> list[Finding]:
        """
        Return ages under 90 that with the subject's other events tell one over 89.

        88 in 2012 and an event in 2015 tell 91: 45 CFR 164.514(b)(2)(i)(C), "including year".
        """
        digest = bytes.fromhex(block.subject)
        if self._old is None or not self._old.is_old(digest):
            return []
        least = OLD - self._old.span(digest)
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
            if least <= float(text) < OLD
        ]
