"""
The full engine where nothing of the user's is configured: rules, names model, and Presidio if need be.

Two of Presidio's recognizers stand beside our rules. To import Presidio and spaCy takes three
seconds, so that is done for the first text in which one of the two can match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from phisweep.detect.patterns import RuleEngine
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.triggers import read
from phisweep.model import Finding, Text

if TYPE_CHECKING:
    from phisweep.detect.names.model import NamesModel
    from phisweep.detect.presidio.searcher import PresidioSearcher

#: The patterns of the recognizers that are kept, by the recognizer's name, in groups only: of bare
#: numbers one in ten passes the check digit. docs/adr/0008 says how they were chosen.
GROUPED: Mapping[str, str] = {
    "CaSinRecognizer": r"\b[1-79]\d{2}(?:-\d{3}-\d{3}| \d{3} \d{3})\b",
    "AuMedicareRecognizer": r"\b[2-6]\d{3} \d{5} \d\b",
}
FLAGS = re.DOTALL | re.MULTILINE | re.IGNORECASE  # under which Presidio runs patterns
_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_FEWEST = 2  # words of letters in a value that the names model is asked about


class OurSearcher:
    """Rules and names model; Presidio's searcher is built when a text first asks for it."""

    def __init__(self, engine: RuleEngine, names: NamesModel | None, sure: float) -> None:
        self._engine = engine
        self._names = names
        self._sure = sure
        readings = [read(pattern, int(FLAGS), normalised=False) for pattern in GROUPED.values()]
        self._gate = Prefilter(readings)
        self._grouped = [re.compile(pattern, FLAGS) for pattern in GROUPED.values()]

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """Return the findings of all; they may overlap. Raises DetectionError."""
        if self._wanted(block.text):
            return self._presidio.find(block, min_score)
        found = self._engine.find(block, min_score)
        return with_names(found, block, min_score, self._names, self._sure)

    def _wanted(self, text: str) -> bool:
        """Say whether a pattern matches: nearly every telephone number holds what fires the gate."""
        return self._gate.fires(text) and any(each.search(text) for each in self._grouped)

    @cached_property
    def _presidio(self) -> PresidioSearcher:
        from phisweep.detect.presidio import PresidioSearcher  # noqa: PLC0415 - 3 s to import

        return PresidioSearcher(self._engine, {}, self._names, self._sure)


def with_names(
    found: list[Finding], block: Text, min_score: float, names: NamesModel | None, sure: float
) -> list[Finding]:
    """Return the findings and those of the names model, which is not asked where they are sure."""
    if names is None or not may_hold_names(block):
        return found
    known = [(f.start, f.end) for f in found if f.score >= sure]
    return [*found, *names.find(block, min_score, known)]


def may_hold_names(block: Text) -> bool:
    """
    Say whether the names model is asked about a text.

    It has learnt prose: of values those are asked that have two words of letters, names of files
    and keys never.
    """
    if block.kind == "prose":
        return True
    words = islice(_LETTERS.finditer(block.text), _FEWEST)
    return block.kind == "value" and sum(1 for _ in words) == _FEWEST
