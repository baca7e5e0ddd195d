"""
What a search leaves out because somebody said so: counted, with the reason, and never in a copy.

In the order of preference: reserved specimen values, rules by path, marks in a line. What a baseline
or a list of allowed values leaves out is left out of the result, when all is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field

from phisweep.detect.linking import fits
from phisweep.keys import Key
from phisweep.model import RUNNING, Finding, Said, Suppressed, Text
from phisweep.suppression.marks import Mark, marks_in
from phisweep.suppression.reserved import is_reserved
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is to be left out of a search.

    `reserved`: specimen values that belong to nobody. `paths`: identifiers or single rules by pattern
    of file names. `marks`: what a line of the document itself says. `allowed`: reasons by keyed
    fingerprint of "allow/<identifier>" and value.
    """

    reserved: bool = False
    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    marks: bool = True
    allowed: Mapping[str, str] = field(default_factory=dict)


def fingerprint(key: Key, identifier: str, value: str) -> str:
    """Return the keyed fingerprint under which a value of an identifier is allowed."""
    return key.fingerprint(f"allow/{identifier}", value)


class Suppressor:
    """Leaves findings of one document out, and counts them; `name` is the document's own."""

    def __init__(self, asked: Asked, name: str, key: Key) -> None:
        self._asked = asked
        self._key = key
        self._ignored = {
            rule: glob for glob, rules in asked.paths if fits(name, glob) for rule in rules
        }
        self._counts: Counter[tuple[Said, str, str]] = Counter()
        self._unused: Counter[str] = Counter()

    @property
    def idle(self) -> bool:
        """Say whether no finding of a single value can be left out."""
        return not (self._asked.reserved or self._asked.allowed or self._ignored)

    def of_text(self, block: Text, found: Sequence[Finding]) -> Sequence[Finding]:
        """Return the findings that stay, of a text; marks hold for the line that they stand on."""
        marks = marks_in(block) if self._asked.marks and block.kind in RUNNING else ()
        if not found and not marks:
            return found
        used: set[Mark] = set()
        stays = []
        for finding in found:
            mark = next((m for m in marks if m.allows(finding)), None)
            if mark is not None:
                used.add(mark)
                self._counts["line", mark.reason, finding.identifier] += 1
            elif not self._left_out(finding, block.text, 1):
                stays.append(finding)
        for mark in marks:
            if mark not in used:
                self._unused[mark.reason] += 1
        return stays

    def of_value(self, value: str, found: Sequence[Finding], rows: int = 1) -> Sequence[Finding]:
        """Return the findings that stay, of a value that stands in so many rows; the same if all."""
        stays = [finding for finding in found if not self._left_out(finding, value, rows)]
        return found if len(stays) == len(found) else stays

    def _left_out(self, finding: Finding, text: str, rows: int) -> bool:
        if self._asked.reserved and is_reserved(
            finding.identifier, text[finding.start : finding.end]
        ):
            self._counts["reserved", "a specimen value", finding.identifier] += rows
            return True
        if self._asked.allowed:
            value = text[finding.start : finding.end]
            fp = fingerprint(self._key, finding.identifier, value)
            if fp in self._asked.allowed:
                self._counts["allowed", self._asked.allowed[fp], finding.identifier] += rows
                return True
        glob = self._ignored.get(finding.identifier) or self._ignored.get(finding.rule)
        if glob is not None:
            self._counts["path", glob, finding.identifier] += rows
        return glob is not None

    def result(self) -> tuple[Suppressed, ...]:
        """Return what was left out, and marks that left nothing out (count 0)."""
        told = [Suppressed(*key, count) for key, count in sorted(self._counts.items())]
        unused = [Suppressed("line", reason, "", 0) for reason in sorted(self._unused)]
        return (*told, *unused)
