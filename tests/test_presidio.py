"""For users of Presidio: our rules and our model in an AnalyzerEngine of theirs."""

import pytest
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistry

from phisweep import presidio
from phisweep.errors import ComponentError

NOTE = "Patient Ulrica Penhallow was seen today, ssn 987-65-4320."


@pytest.fixture
def analyzer(small_rules):
    registry = RecognizerRegistry(supported_languages=["en"])
    for recognizer in presidio.recognizers():
        registry.add_recognizer(recognizer)
    engine = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])


def test_a_number_and_a_name_are_found_in_an_engine_of_anyones(analyzer):
    found = {(r.entity_type, NOTE[r.start : r.end]) for r in analyzer.analyze(NOTE, "en")}
    assert found >= {("PHI_SSN", "987-65-4320"), ("PHI_NAME", "Ulrica Penhallow")}


def test_only_what_is_asked_for_is_found(analyzer):
    found = analyzer.analyze(NOTE, "en", entities=["PHI_NAME"])
    assert {NOTE[r.start : r.end] for r in found} == {"Ulrica Penhallow"}


def test_rules_and_model_say_which_of_them_found_it(analyzer):
    names = {
        r.entity_type: r.recognition_metadata["recognizer_name"]
        for r in analyzer.analyze(NOTE, "en", entities=["PHI_NAME", "PHI_SSN"])
    }
    assert names == {"PHI_NAME": "PhisweepNames", "PHI_SSN": "PhisweepRules"}


def test_a_missing_model_is_raised_and_not_left_out(small_rules, tmp_path, monkeypatch):
    monkeypatch.setattr("phisweep.detect.names.store.default_folder", lambda: tmp_path)
    with pytest.raises(ComponentError):
        presidio.recognizers()
