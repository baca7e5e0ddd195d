"""Presidio's NLP engine: the one that the user configured, or none but a tokenizer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NlpEngine, NlpEngineProvider, SpacyNlpEngine

from phisweep.errors import ComponentError

_ROOM = 20_000_000  # code points; spaCy's guard is for parsers, and our windows bound memory


class Blank(SpacyNlpEngine):  # type: ignore[misc]  # Presidio is untyped here
    """A tokenizer and nothing else: no model is downloaded, none is used."""

    def __init__(self, language: str) -> None:
        super().__init__(models=[{"lang_code": language, "model_name": f"blank:{language}"}])
        pipeline = spacy.blank(language)
        pipeline.max_length = _ROOM
        self.nlp = {language: pipeline}

    def load(self) -> None:
        """Nothing to load."""


def nlp_engine(nlp: Mapping[str, object], language: str) -> tuple[NlpEngine, bool]:
    """Return the NLP engine, and whether it is a model. Raises ComponentError."""
    configuration = str(nlp.get("configuration") or "")
    model = str(nlp.get("model") or "")
    if not configuration and not model:
        return Blank(language), False
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
    """Presidio, and what it calls, download a model that is absent; we say so instead."""
    if configuration.get("nlp_engine_name") not in {"spacy", "transformers"}:
        return
    for model in configuration.get("models", ()):
        name = model["model_name"]
        for kind, each in (name if isinstance(name, dict) else {"spacy": name}).items():
            if not (Path(each).exists() or (kind == "spacy" and spacy.util.is_package(each))):
                raise ComponentError(
                    "E407",
                    "no model of this name is installed, and no folder has it",
                    where=str(each),
                    todo="Install it as a package or give its folder; phisweep downloads none.",
                )
