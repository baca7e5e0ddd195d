"""What the places of a standard say of the values there: PID-5 is a name, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phisweep.detect.expand import expand
from phisweep.detect.rules import Checker
from phisweep.detect.shapes import says_nothing
from phisweep.model import Finding, Severity, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import CodedEntry, FieldsFile, PlaceEntry
from phisweep.values import dataclass

_STEP = r"[^.\-/]+"
_REMEMBERED = 10_000  # places; those of a document whose own keys are data may be many


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a file of rules/fields/, compiled."""

    entry: PlaceEntry | CodedEntry
    at: re.Pattern[str]
    value: re.Pattern[str] | None
    checker: Checker | None
    rule: str
    severity: Severity

    def takes(self, value: str) -> bool:
        """Say whether a stripped value is what the entry speaks of."""
        if self.value is not None and not self.value.fullmatch(value):
            return False
        return self.checker is None or self.checker(value)


class Standards:
    """The places of all standards."""

    def __init__(self, ruleset: Ruleset) -> None:
        severities = {rule.id: rule.severity for rule in ruleset.rules}
        self._ruleset = ruleset
        self._severities = severities
        self._named = {file.id: file for file in ruleset.fields}
        self._files: dict[str, Sequence[Place]] = {}  # compiled when a text of theirs is met
        self._known: dict[str, Sequence[Place]] = {}

    def find(self, block: Text) -> list[Finding] | None:
        """
        Return the finding over a whole value by its place, [] where it is a code of the standard.

        None: the place says nothing, and the value is searched like any other.
        """
        value = block.text.strip()
        if not block.path or says_nothing(value):
            return None
        for place in self._at(block.path):
            if place.takes(value):
                if isinstance(place.entry, CodedEntry):
                    return []
                return [_whole(block, place, place.entry)]
        return None

    def _places(self, standard: str) -> Sequence[Place]:
        if standard not in self._files:
            file = self._named.get(standard)
            self._files[standard] = (
                [_place(file, entry, self._ruleset, self._severities) for entry in file.places]
                if file is not None
                else ()
            )
        return self._files[standard]

    def _at(self, path: str) -> Sequence[Place]:
        if path not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            standard, _, at = path.partition(":")
            places = self._places(standard)
            self._known[path] = [place for place in places if place.at.fullmatch(at)]
        return self._known[path]


def _whole(block: Text, place: Place, entry: PlaceEntry) -> Finding:
    start = len(block.text) - len(block.text.lstrip())
    step = f"field {place.rule}: its place in the standard says so ({block.path})"
    return Finding(
        block.location,
        start,
        len(block.text.rstrip()),
        entry.identifier,
        place.rule,
        entry.confidence,
        place.severity,
        (step,),
    )


def _place(
    file: FieldsFile,
    entry: PlaceEntry | CodedEntry,
    ruleset: Ruleset,
    severities: dict[str, Severity],
) -> Place:
    at = re.compile("|".join(map(_path, entry.at)))
    if isinstance(entry, CodedEntry):
        coded = re.compile(expand(entry.coded, {}, ruleset))
        return Place(entry, at, coded, None, "", "low")
    return Place(
        entry,
        at,
        re.compile(expand(entry.value, {}, ruleset)) if entry.value else None,
        Checker(entry.check, ruleset) if entry.check else None,
        f"{entry.identifier}/{file.id}-{entry.name}",
        entry.severity or severities.get(entry.identifier, "high"),
    )


def _path(written: str) -> str:
    """Return the pattern of a place and of what lies below it."""
    parts = [
        "(?:.*[.])?" if piece == "**." else _STEP if piece == "*" else re.escape(piece)
        for piece in re.split(r"(\*\*[.]|\*)", written)
    ]
    return "".join(parts) + r"(?:[.\-/].*)?"
