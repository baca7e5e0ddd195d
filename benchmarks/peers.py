"""Stock Presidio, as its documentation sets it up, on a blank spaCy pipeline: the peer to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_anonymizer import BatchAnonymizerEngine


class _BlankEngine(SpacyNlpEngine):  # type: ignore[misc]
    """Presidio's own spaCy engine over `spacy.blank("en")`: no model, nothing to download."""

    def load(self) -> None:
        self.nlp = {"en": spacy.blank("en")}


class _NetworkEngine(SpacyNlpEngine):  # type: ignore[misc]
    """The same with the network of spaCy's small pipelines, untrained: it takes as long."""

    def load(self) -> None:
        nlp = spacy.blank("en")
        names = nlp.add_pipe("ner")
        for label in ("PERSON", "ORG", "GPE"):
            names.add_label(label)
        nlp.initialize()
        self.nlp = {"en": nlp}


def analyzer(*, network: bool = False) -> AnalyzerEngine:
    """
    Return the stock analyzer with its default registry of recognizers for English.

    Its list of public suffixes comes from the package: it would try to download one, and where
    there is no network each attempt would count against it.
    """
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    engine = (_NetworkEngine if network else _BlankEngine)(
        models=[{"lang_code": "en", "model_name": "blank"}],
        ner_model_configuration=NerModelConfiguration(),
    )
    engine.load()
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def analyze_notes(engine: AnalyzerEngine, texts: Sequence[str]) -> int:
    """Analyze each text; return how many results there are."""
    return sum(len(engine.analyze(text, language="en")) for text in texts)


def analyze_table(engine: AnalyzerEngine, columns: Mapping[str, Sequence[str]]) -> int:
    """Analyze a table, given by its columns, with `BatchAnalyzerEngine`; return the results."""
    batch = BatchAnalyzerEngine(analyzer_engine=engine)
    results: list[Any] = list(batch.analyze_dict(columns, language="en"))
    return sum(len(cell) for column in results for cell in column.recognizer_results)


def anonymize_table(engine: AnalyzerEngine, columns: Mapping[str, Sequence[str]]) -> int:
    """Analyze a table and anonymize it with `BatchAnonymizerEngine`; return its columns."""
    batch = BatchAnalyzerEngine(analyzer_engine=engine)
    results = batch.analyze_dict(columns, language="en")
    return len(BatchAnonymizerEngine().anonymize_dict(results))
