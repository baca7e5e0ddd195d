"""Which recognizers stand in a registry: Presidio's that earn their place, the user's, and ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from warnings import catch_warnings

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer
from presidio_analyzer.nlp_engine import NlpEngine
from presidio_analyzer.predefined_recognizers import (
    AuMedicareRecognizer,
    CaSinRecognizer,
    SpacyRecognizer,
)
from presidio_analyzer.recognizer_registry import (
    RecognizerRegistry,
    RecognizerRegistryProvider,
)

from phisweep.detect.bundled import names_model
from phisweep.detect.ours import GROUPED
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.presidio.listening import Listening
from phisweep.detect.presidio.names import NamesRecognizer
from phisweep.detect.presidio.rules import RulesRecognizer
from phisweep.detect.triggers import Reading, read
from phisweep.errors import ComponentError
from phisweep.ruleset.load import load_ruleset

#: Presidio's recognizers that find what our rules do not; docs/adr/0008 says how it was measured.
KEPT = (CaSinRecognizer, AuMedicareRecognizer)


def recognizers(min_score: float = 0.4) -> list[EntityRecognizer]:
    """
    Return our rules and our names model for a registry of anyone's: add each of them to it.

    Raises ComponentError (E410, E411) where the names model cannot be used.
    """
    ruleset = load_ruleset()
    return [
        RulesRecognizer(RuleEngine(ruleset.rules, ruleset), min_score),
        NamesRecognizer(names_model(ruleset), min_score),
    ]


def registry(
    nlp: Mapping[str, object], engine: NlpEngine, language: str, *, model: bool
) -> RecognizerRegistry:
    """
    Return the user's recognizers, those that we keep of Presidio's, and that of a `model`.

    Where there is a file of the user's, Presidio adds that of the model itself, unless the file
    has it disabled. Raises ComponentError (E408) where the user's file of recognizers cannot be used.
    """
    found = _users(nlp, engine, language)
    for kind in KEPT:
        found.add_recognizer(kind(patterns=[Pattern("grouped", GROUPED[kind.__name__], 0.5)]))
    if model and not nlp.get("recognizers"):
        found.add_nlp_recognizer(engine)
    return found


def _users(nlp: Mapping[str, object], engine: NlpEngine, language: str) -> RecognizerRegistry:
    path = str(nlp.get("recognizers") or "")
    if not path:
        return RecognizerRegistry(supported_languages=[language])
    if not Path(path).is_file():
        raise ComponentError("E408", "no such file of recognizers", where=path)
    try:
        with Listening(), catch_warnings(action="ignore"):  # that it adds the model's
            provider = RecognizerRegistryProvider(conf_file=path, nlp_engine=engine)
            return provider.create_recognizer_registry()
    except (OSError, ValueError, ImportError, TypeError, KeyError) as error:
        raise ComponentError(
            "E408", f"the recognizers cannot be built ({type(error).__name__})", where=path
        ) from None


def gate(found: Sequence[EntityRecognizer]) -> Prefilter | None:
    """Return a prefilter over the patterns of Presidio's recognizers, None where one has none."""
    readings: list[Reading] = []
    for recognizer in found:
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
