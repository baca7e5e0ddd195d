"""
The wall: the only module that imports presidio_analyzer.

Both ways through it: `PresidioSearcher` runs our rules inside an AnalyzerEngine together with the
recognizers of Presidio that earn their place and the model that the user configured, and
`recognizers()` gives our rules to an AnalyzerEngine of anyone's.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpEngine, NlpEngineProvider, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    AuMedicareRecognizer,
    CaSinRecognizer,
    SpacyRecognizer,
)
from presidio_analyzer.recognizer_registry import (
    RecognizerRegistry,
    RecognizerRegistryProvider,
)

from phisweep.detect.patterns import RuleEngine
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.triggers import Reading, read
from phisweep.errors import ComponentError, DetectionError
from phisweep.model import Finding, Location, Text

#: Presidio's recognizers that find what our rules do not; docs/adr/0008 says how it was measured.
KEPT = (CaSinRecognizer, AuMedicareRecognizer)
#: Their patterns, in groups only: of bare numbers one in ten passes the check digit.
_GROUPED = {
    CaSinRecognizer: r"\b[1-79]\d{2}(?:-\d{3}-\d{3}| \d{3} \d{3})\b",
    AuMedicareRecognizer: r"\b[2-6]\d{3} \d{5} \d\b",
}
#: Our identifier families for Presidio's entities. What stands not here is (R), other_id.
FAMILIES: Mapping[str, str] = {
    "PERSON": "name",
    "LOCATION": "location",
    "ORGANIZATION": "location",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "US_SSN": "ssn",
    "US_ITIN": "ssn",
    "CREDIT_CARD": "account",
    "IBAN_CODE": "account",
    "US_BANK_NUMBER": "account",
    "ABA_ROUTING_NUMBER": "account",
    "IP_ADDRESS": "ip",
    "URL": "url",
    "US_DRIVER_LICENSE": "license",
    "MEDICAL_LICENSE": "license",
    "US_NPI": "license",
    "US_MBI": "health_plan",
    "AU_MEDICARE": "health_plan",
    "AGE": "age",
}
#: Dates are decided by the date grammar, groups of people are no identifier.
IGNORED = frozenset({"DATE_TIME", "NRP"})
WINDOW = 50_000  # code points that go through a model at once
_MARGIN = 1_000  # seen on both sides of a window; more than any rule reaches
_ROOM = 20_000_000  # code points; spaCy's guard is for parsers, and our windows bound memory


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
        entities = sorted({_entity(p.identifier) for p in engine.patterns})
        super().__init__(
            supported_entities=entities, name="PhisweepRules", supported_language=language
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """
        Return the rules' findings.

        Where `entities` names none of ours, nobody chose among them: an engine that asks for all
        does not know what a recognizer brings that was handed in for one text.
        """
        block = replace(self._like, text=text)
        chosen = {e for e in entities if e in self.supported_entities}
        self.found = self._engine.find(block, self._min_score)
        return [
            RecognizerResult(_entity(f.identifier), f.start, f.end, f.score)
            for f in self.found
            if not chosen or _entity(f.identifier) in chosen
        ]


def _entity(identifier: str) -> str:
    return f"PHI_{identifier.upper()}"


def _is_ours(entity: str) -> bool:
    return entity.startswith("PHI_")


class PresidioSearcher:
    """
    Our rules within an AnalyzerEngine.

    Where no model is configured, Presidio runs on a text only if one of its kept patterns can
    match there; what our rules find is the same either way.
    """

    def __init__(self, engine: RuleEngine, nlp: Mapping[str, object]) -> None:
        self._engine = engine
        self._language = str(nlp.get("language") or "en")
        nlp_engine, self._has_model = _nlp_engine(nlp, self._language)
        registry = _registry(nlp, nlp_engine, self._language)
        for kind in KEPT:
            pattern = Pattern("grouped", _GROUPED[kind], 0.5)
            registry.add_recognizer(kind(patterns=[pattern]))
        if self._has_model:
            registry.add_nlp_recognizer(nlp_engine)
        self._gate = _gate(registry.recognizers) if not self._has_model else None
        self._analyzer = AnalyzerEngine(
            registry=registry, nlp_engine=nlp_engine, supported_languages=[self._language]
        )

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """
        Return the findings of the rules, the kept recognizers and the model; they may overlap.

        Raises DetectionError where Presidio gave up on the text.
        """
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
        with _listening() as heard:
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
        theirs = (self._finding(r, block, first) for r in results if not _is_ours(r.entity_type))
        return [f for f in (*ours, *theirs) if f is not None and start <= f.start < end]

    def _finding(self, result: Any, block: Text, first: int) -> Finding | None:
        if result.entity_type in IGNORED:
            return None
        identifier = FAMILIES.get(result.entity_type, "other_id")
        metadata = result.recognition_metadata or {}
        name = str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "presidio"))
        step = f"Presidio's {name}: {result.entity_type} {result.score:.2f}"
        return Finding(
            block.location,
            result.start + first,
            result.end + first,
            identifier,
            f"presidio/{result.entity_type.lower().replace('_', '-')}",
            float(result.score),
            "high",
            (step,),
        )


def recognizers(min_score: float = 0.4) -> list[EntityRecognizer]:
    """Return our rules for a registry of anyone's: `registry.add_recognizer(r)` for each."""
    from phisweep.ruleset.load import load_ruleset  # noqa: PLC0415 - only who asks pays

    ruleset = load_ruleset()
    return [RulesRecognizer(RuleEngine(ruleset.rules, ruleset), min_score)]


class _Blank(SpacyNlpEngine):  # type: ignore[misc]  # Presidio is untyped here
    """A tokenizer and nothing else: no model is downloaded, none is used."""

    def __init__(self, language: str) -> None:
        super().__init__(models=[{"lang_code": language, "model_name": f"blank:{language}"}])
        pipeline = spacy.blank(language)
        pipeline.max_length = _ROOM
        self.nlp = {language: pipeline}

    def load(self) -> None:
        """Nothing to load."""


def _nlp_engine(nlp: Mapping[str, object], language: str) -> tuple[NlpEngine, bool]:
    """Return the NLP engine, and whether it is a model. Raises ComponentError."""
    configuration = str(nlp.get("configuration") or "")
    model = str(nlp.get("model") or "")
    if not configuration and not model:
        return _Blank(language), False
    try:
        provider = (
            NlpEngineProvider(conf_file=configuration)
            if configuration
            else NlpEngineProvider(
                nlp_configuration={
                    "nlp_engine_name": str(nlp.get("engine_name") or "spacy"),
                    "models": [{"lang_code": language, "model_name": model}],
                }
            )
        )
    except (OSError, ValueError, ImportError) as error:
        raise ComponentError(
            "E405",
            f"the NLP engine's configuration cannot be used ({type(error).__name__})",
            where=configuration or model,
        ) from None
    _check_installed(provider.nlp_configuration)
    try:
        return provider.create_engine(), True
    except (OSError, ValueError, ImportError) as error:
        raise ComponentError(
            "E406",
            f"the NLP model cannot be loaded ({type(error).__name__})",
            where=model or configuration,
            todo="Install it in this environment; phisweep never downloads one.",
        ) from None


def _check_installed(configuration: Mapping[str, Any]) -> None:
    """Presidio downloads a spaCy model that is absent; we say so instead."""
    if configuration.get("nlp_engine_name") not in {"spacy", "transformers"}:
        return
    for model in configuration.get("models", ()):
        name = model["model_name"]
        name = name.get("spacy", "") if isinstance(name, dict) else name
        if not (spacy.util.is_package(name) or Path(name).exists()):
            raise ComponentError(
                "E407",
                "no spaCy model of this name is installed, and no folder has it",
                where=str(name),
                todo="Install it as a package or give its folder; phisweep never downloads one.",
            )


def _registry(nlp: Mapping[str, object], engine: NlpEngine, language: str) -> RecognizerRegistry:
    path = str(nlp.get("recognizers") or "")
    if not path:
        return RecognizerRegistry(supported_languages=[language])
    if not Path(path).is_file():
        raise ComponentError("E408", "no such file of recognizers", where=path)
    try:
        provider = RecognizerRegistryProvider(conf_file=path, nlp_engine=engine)
        return provider.create_recognizer_registry()
    except (OSError, ValueError, ImportError, TypeError, KeyError) as error:
        raise ComponentError(
            "E408", f"the recognizers cannot be built ({type(error).__name__})", where=path
        ) from None


def _gate(recognizers_: Sequence[EntityRecognizer]) -> Prefilter | None:
    """Return a prefilter over the patterns of Presidio's recognizers, None where one has none."""
    readings: list[Reading] = []
    for recognizer in recognizers_:
        if isinstance(recognizer, SpacyRecognizer):
            continue
        if not isinstance(recognizer, PatternRecognizer) or recognizer.deny_list:
            return None
        for pattern in recognizer.patterns:
            try:
                flags = int(recognizer.global_regex_flags)
                readings.append(read(pattern.regex, flags, normalised=False))
            except (re.error, ValueError):
                return None
    return Prefilter(readings)


class _listening(logging.Handler):  # noqa: N801 - a context manager
    """Hears when Presidio only logs that a pattern timed out, and returned no match for it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warned = False
        self._logger = logging.getLogger("presidio-analyzer")

    def emit(self, record: logging.LogRecord) -> None:
        """Note the warning; its text may hold a value and is not looked at further."""
        self.warned = self.warned or "time" in str(record.msg).lower()

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        self._propagate, self._logger.propagate = self._logger.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._propagate
