"""Behind the wall: our rules within Presidio find what they find alone, and models plug in."""

import json
import logging

import pytest
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistry

from phisweep.decide import resolve
from phisweep.detect import presidio
from phisweep.detect.detector import Detector, build_detector
from phisweep.errors import ComponentError, DetectionError
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

NOTE = "Ms. Quillfeather, MRN 0041776, ssn 987-65-4320, call 617-555-0123 on 2024-03-04. "


@pytest.fixture(scope="module")
def house(rules_folder):
    ruleset = load_ruleset(rules_folder)
    return ruleset, load_policy("safe-harbor", ruleset)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A pipeline that knows one person, as any model of spaCy is handed in: as a folder."""
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": "Ulrica Penhallow"}, {"label": "GPE", "pattern": "Saltmarsh"},
         {"label": "DATE", "pattern": "yesterday"}]
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("model") / "tiny"
    pipeline.to_disk(folder)
    return folder


def block(text, **more):
    return Text(Location("s", "text"), text, **more)


def spans(findings):
    return {(f.start, f.end, f.identifier, f.rule) for f in findings}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "nothing here",
        NOTE,
        NOTE * 3,
        "ssn 987654320",
        "\u200b987-65-4320",
        "Zoë, ssn 987\u201065\u20114320",
    ],
)
@pytest.mark.parametrize("with_model", [False, True])
def test_full_finds_all_that_rules_find(house, model, text, with_model):
    nlp = {"model": str(model)} if with_model else {}
    full = build_detector(*house, "full", nlp=nlp)
    rules = build_detector(*house, "rules", nlp={})
    assert spans(full.find(block(text))) == spans(rules.find(block(text)))


def test_a_text_of_many_windows_is_found_as_one(house, model, monkeypatch):
    monkeypatch.setattr(presidio, "WINDOW", 150)
    monkeypatch.setattr(presidio, "_MARGIN", 60)
    text = NOTE * 20 + "Ulrica Penhallow"
    full = build_detector(*house, "full", nlp={"model": str(model)})
    rules = build_detector(*house, "rules", nlp={})
    found = spans(resolve(full.find(block(text))))
    assert found >= spans(resolve(rules.find(block(text))))
    assert [text[s:e] for s, e, _, rule in found if rule == "presidio/person"] == [
        "Ulrica Penhallow"
    ]


def test_what_a_model_finds_arrives_as_our_identifiers(house, model):
    full = build_detector(*house, "full", nlp={"model": str(model)})
    text = "Yesterday Ulrica Penhallow of Saltmarsh; yesterday."
    found = full.find(block(text))
    assert {(text[f.start : f.end], f.identifier, f.rule) for f in found} == {
        ("Ulrica Penhallow", "name", "presidio/person"),
        ("Saltmarsh", "location", "presidio/location"),
    }
    assert all("Presidio" in f.explanation[0] for f in found)
    assert all("Ulrica" not in line for f in found for line in f.explanation)


def test_a_model_of_the_configuration_is_used_by_the_command(run, tmp_path, model):
    (tmp_path / "n.txt").write_text("today Ulrica Penhallow came, ssn 987-65-4320")
    (tmp_path / "phisweep.toml").write_text(f"[nlp]\nmodel = {json.dumps(str(model))}\n")
    ran = run("scan", "n.txt", "--engine", "full", "--format", "jsonl")
    assert [(f["identifier"], f["rule"]) for f in ran.findings] == [
        ("name", "presidio/person"), ("ssn", "ssn/dashed"),
    ]  # fmt: skip
    assert run("deid", "n.txt", "--engine", "full", "-o", "out").status == 0
    assert (tmp_path / "out" / "n.txt").read_text() == "today [NAME] came, ssn [SSN]"


@pytest.mark.parametrize(
    ("nlp", "code"),
    [
        ({"model": "en_no_such_model"}, "E407"),
        ({"model": "no/such/folder"}, "E407"),
        ({"configuration": "no-such.yaml"}, "E405"),
        ({"recognizers": "no-such.yaml"}, "E408"),
    ],
)
def test_what_is_not_installed_is_a_missing_component_and_not_downloaded(
    house, nlp, code, monkeypatch
):
    downloads = []
    monkeypatch.setattr("spacy.cli.download", lambda *a, **_: downloads.append(a))
    with pytest.raises(ComponentError) as caught:
        build_detector(*house, "full", nlp=nlp)
    assert caught.value.code == code
    assert downloads == []


def test_a_folder_that_is_no_model_is_a_missing_component(house, tmp_path):
    with pytest.raises(ComponentError) as caught:
        build_detector(*house, "full", nlp={"model": str(tmp_path)})
    assert caught.value.code == "E406"


def test_a_recognizer_that_fails_is_no_silence(house, model, monkeypatch):
    full = build_detector(*house, "full", nlp={"model": str(model)})

    def broken(*_, **__):
        raise ValueError(NOTE)

    monkeypatch.setattr(full.searcher._analyzer, "analyze", broken)
    with pytest.raises(DetectionError) as caught:
        full.find(block(NOTE))
    assert "987-65-4320" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_time_out_that_presidio_only_logs_is_no_silence(house, model, monkeypatch, caplog):
    full = build_detector(*house, "full", nlp={"model": str(model)})

    def timed_out(*_, **__):
        logging.getLogger("presidio-analyzer").warning("Regex timed out for %s", NOTE)
        return []

    monkeypatch.setattr(full.searcher._analyzer, "analyze", timed_out)
    with pytest.raises(DetectionError) as caught:
        full.find(block(NOTE))
    assert caught.value.code == "E304"
    assert "987-65-4320" not in caplog.text


def test_our_rules_stand_in_an_engine_of_anyones(small_rules):
    engine = presidio._Blank("en")
    registry = RecognizerRegistry(supported_languages=["en"])
    for recognizer in presidio.recognizers():
        registry.add_recognizer(recognizer)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    results = analyzer.analyze(NOTE, "en")
    assert {(r.entity_type, NOTE[r.start : r.end]) for r in results} >= {
        ("PHI_SSN", "987-65-4320"), ("PHI_NAME", "Quillfeather"),
    }  # fmt: skip
    only = analyzer.analyze(NOTE, "en", entities=["PHI_SSN"])
    assert {r.entity_type for r in only} == {"PHI_SSN"}


def test_a_detector_by_rules_does_not_ask_presidio(house, monkeypatch):
    monkeypatch.setattr(presidio.PresidioSearcher, "__init__", lambda *_: pytest.fail("asked"))
    assert isinstance(build_detector(*house, "rules", nlp={}), Detector)
