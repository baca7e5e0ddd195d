"""Our names model as a recognizer of Presidio."""

from __future__ import annotations

from collections.abc import Sequence

from presidio_analyzer import EntityRecognizer, RecognizerResult

from phisweep.detect.names.model import NamesModel
from phisweep.detect.names.spans import GROUPS
from phisweep.detect.presidio.results import entity, results
from phisweep.model import Location, Text


class NamesRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio is untyped here
    """
    Our names model as a recognizer of Presidio: entities `PHI_NAME`, `PHI_LOCATION`, ...

    It reads the text alone and uses nothing of the engine's NLP, so any engine will do.
    """

    def __init__(self, model: NamesModel, min_score: float = 0.0, language: str = "en") -> None:
        self._model = model
        self._min_score = min_score
        given = model.store.manifest["thresholds"]
        super().__init__(
            supported_entities=sorted({entity(GROUPS[label]) for label in given}),
            name="PhisweepNames",
            supported_language=language,
        )

    def load(self) -> None:
        """Nothing to load: the model is handed in."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Return the model's findings of the entities that are asked for."""
        block = Text(Location("presidio", "text"), text)
        return results(self._model.find(block, self._min_score), entities, self.supported_entities)
