"""A text searched by all that the full engine has: rules, names model, Presidio, the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from presidio_analyzer import AnalyzerEngine

from phisweep.detect.bundled import SURE
from phisweep.detect.names.model import NamesModel
from phisweep.detect.ours import with_names
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.presidio.engine import nlp_engine
from phisweep.detect.presidio.listening import Listening
from phisweep.detect.presidio.registry import gate, registry
from phisweep.detect.presidio.results import finding, is_ours
from phisweep.detect.presidio.rules import RulesRecognizer
from phisweep.errors import DetectionError
from phisweep.model import Finding, Text

WINDOW = 50_000  # code points that go through Presidio at once
_MARGIN = 1_000  # seen on both sides of a window; more than any rule reaches


class PresidioSearcher:
    """
    Our rules within an AnalyzerEngine, and the names model beside it.

    The model is asked about whole texts, for it has windows of its own. Presidio itself runs on a
    text only where the user configured a model or recognizers, or one of its kept patterns can
    match there; what our rules and our model find is the same either way. What rules have found
    with a score of `sure` and more, the model is not asked about.
    """

    def __init__(
        self,
        engine: RuleEngine,
        nlp: Mapping[str, object],
        names: NamesModel | None = None,
        sure: float = SURE,
    ) -> None:
        self._engine = engine
        self._sure = sure
        self._names = names
        self._language = str(nlp.get("language") or "en")
        nlp_engine_, model = nlp_engine(nlp, self._language)
        found = registry(nlp, nlp_engine_, self._language, model=model)
        self._gate = None if model else gate(found.recognizers)
        self._analyzer = AnalyzerEngine(
            registry=found, nlp_engine=nlp_engine_, supported_languages=[self._language]
        )

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """
        Return the findings of the rules, the models and all recognizers; they may overlap.

        Raises DetectionError where Presidio gave up on the text.
        """
        found = self._within(block, min_score)
        return with_names(found, block, min_score, self._names, self._sure)

    def _within(self, block: Text, min_score: float) -> list[Finding]:
        """Return the findings of the rules and of what runs in Presidio."""
        if not self._wanted(block):
            return self._engine.find(block, min_score)
        if len(block.text) <= WINDOW:
            return self._analyze(block, 0, len(block.text), min_score)
        found: list[Finding] = []
        for start in range(0, len(block.text), WINDOW):
            found += self._analyze(block, start, start + WINDOW, min_score)
        return found

    def _wanted(self, block: Text) -> bool:
        if not any(map(str.isalnum, block.text)):
            return False
        if self._gate is not None:
            return self._gate.fires(block.text)
        return block.kind in {"prose", "value"} and any(map(str.isalpha, block.text))

    def _analyze(self, block: Text, start: int, end: int, min_score: float) -> list[Finding]:
        """Analyze one window, and return what begins in it."""
        first = max(0, start - _MARGIN)
        text = block.text[first : end + _MARGIN]
        rules = RulesRecognizer(self._engine, min_score, self._language, block)
        with Listening() as heard:
            try:
                results = self._analyzer.analyze(
                    text, self._language, score_threshold=min_score, ad_hoc_recognizers=[rules]
                )
            except Exception as error:  # noqa: BLE001 - whatever it was, its message may hold a value
                raise DetectionError(
                    "E303", f"Presidio could not analyse a text ({type(error).__name__})"
                ) from None
        if heard.warned:
            raise DetectionError("E304", "a recognizer of Presidio gave up on a text")
        if rules.found is None:
            raise DetectionError("E305", "Presidio did not ask the rules about a text")
        ours = (replace(f, start=f.start + first, end=f.end + first) for f in rules.found)
        theirs = (finding(r, block.location, first) for r in results if not is_ours(r.entity_type))
        return [f for f in (*ours, *theirs) if f is not None and start <= f.start < end]
