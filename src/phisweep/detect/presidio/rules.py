"""Our rules as a recognizer of Presidio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from presidio_analyzer import EntityRecognizer, RecognizerResult

from phisweep.detect.patterns import RuleEngine
from phisweep.detect.presidio.results import entity, results
from phisweep.model import Finding, Location, Text


class RulesRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is untyped here
    """
    Our rules as a recognizer of Presidio: entities `PHI_SSN`, `PHI_NAME`, ...

    `found` are the findings of the last text: of results that lie in one another an engine keeps
    one, and whoever decides on findings wants all.
    """

    def __init__(
        self,
        engine: RuleEngine,
        min_score: float = 0.0,
        language: str = "en",
        like: Text | None = None,
    ) -> None:
        self._engine = engine
        self._min_score = min_score
        self._like = like or Text(Location("presidio", "text"), "")
        self.found: Sequence[Finding] | None = None
        entities = sorted({entity(p.identifier) for p in engine.patterns})
        super().__init__(
            supported_entities=entities, name="PhisweepRules", supported_language=language
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Return the rules' findings of the entities that are asked for."""
        self.found = self._engine.find(replace(self._like, text=text), self._min_score)
        return results(self.found, entities, self.supported_entities)
