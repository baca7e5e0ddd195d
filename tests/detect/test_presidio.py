"""Behind the wall: our rules within Presidio find what they find alone, and models plug in."""

import json
import logging
import re
from types import SimpleNamespace

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistry

from phisweep.decide import resolve
from phisweep.detect import presidio
from phisweep.detect.detector import Detector, build_detector
from phisweep.detect.ours import OurSearcher
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.presidio import engine, searcher
from phisweep.errors import ComponentError, DetectionError
from phisweep.model import Finding, Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

#: Without the bundled model, whose findings come on top.
ALONE = {"bundled": False}
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


class Announced:
    """In the place of the names model: takes for a name every word that begins with a Q."""

    store = SimpleNamespace(manifest={"thresholds": {"NAME": 0.5, "FACILITY": 0.5}})

    def __init__(self):
        self.asked = []

    def find(self, text, min_score, known=()):  # noqa: ARG002 - the model's signature
        self.asked.append(text)
        return [
            Finding(text.location, m.start(), m.end(), "name", "names-model/name", 0.9)
            for m in re.finditer(r"Q\w+", text.text)
            if min_score <= 0.9
        ]


@pytest.fixture(scope="module")
def rules(house):
    return RuleEngine(house[0].rules, house[0])


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
    nlp = {"model": str(model)} if with_model else ALONE
    full = build_detector(*house, "full", nlp=nlp)
    rules = build_detector(*house, "rules", nlp={})
    assert spans(full.find(block(text))) == spans(rules.find(block(text)))


def test_a_text_of_many_windows_is_found_as_one(house, model, monkeypatch):
    monkeypatch.setattr(searcher, "WINDOW", 150)
    monkeypatch.setattr(searcher, "_MARGIN", 60)
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
        build_detector(*house, "full", nlp={**nlp, **ALONE})
    assert caught.value.code == code
    assert downloads == []


def test_a_transformers_model_is_a_folder_or_missing_and_not_downloaded(house, model, tmp_path):
    names = {"spacy": str(model), "transformers": "no-such/model"}
    path = tmp_path / "nlp.yaml"
    path.write_text(
        json.dumps(
            {
                "nlp_engine_name": "transformers",
                "models": [{"lang_code": "en", "model_name": names}],
            }
        )
    )
    with pytest.raises(ComponentError) as caught:
        build_detector(*house, "full", nlp={"configuration": str(path)})
    assert (caught.value.code, caught.value.where) == ("E407", "no-such/model")


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


def anyones(*recognizers):
    """An AnalyzerEngine with a tokenizer and the recognizers."""
    registry = RecognizerRegistry(supported_languages=["en"])
    for recognizer in recognizers:
        registry.add_recognizer(recognizer)
    return AnalyzerEngine(
        registry=registry, nlp_engine=engine.Blank("en"), supported_languages=["en"]
    )


def test_our_rules_stand_in_an_engine_of_anyones(small_rules):
    analyzer = anyones(*presidio.recognizers())
    results = analyzer.analyze(NOTE, "en")
    assert {(r.entity_type, NOTE[r.start : r.end]) for r in results} >= {
        ("PHI_SSN", "987-65-4320"), ("PHI_NAME", "Quillfeather"),
    }  # fmt: skip
    only = analyzer.analyze(NOTE, "en", entities=["PHI_SSN"])
    assert {r.entity_type for r in only} == {"PHI_SSN"}


def test_a_detector_by_rules_does_not_ask_presidio(house, monkeypatch):
    monkeypatch.setattr(presidio.PresidioSearcher, "__init__", lambda *_: pytest.fail("asked"))
    assert isinstance(build_detector(*house, "rules", nlp={}), Detector)


def test_recognizers_of_the_users_run_beside_the_users_model(house, model, tmp_path, capfd):
    path = tmp_path / "ours.yaml"
    path.write_text(
        "supported_languages: [en]\n"
        "recognizers:\n"
        "  - name: Wards\n    supported_language: en\n    supported_entity: WARD\n"
        "    deny_list: [Larkspur]\n"
    )
    nlp = {"model": str(model), "recognizers": str(path)}
    text = "Ulrica Penhallow of Larkspur, ssn 987-65-4320"
    found = build_detector(*house, "full", nlp=nlp).find(block(text))
    assert sorted((text[f.start : f.end], f.rule) for f in found) == [
        ("987-65-4320", "ssn/dashed"),
        ("Larkspur", "presidio/ward"),
        ("Ulrica Penhallow", "presidio/person"),
    ]
    assert capfd.readouterr() == ("", "")


# The names model beside the rules


def test_the_names_model_stands_in_an_engine_of_anyones():
    analyzer = anyones(presidio.NamesRecognizer(Announced()))
    results = analyzer.analyze(NOTE, "en")
    assert [(r.entity_type, NOTE[r.start : r.end]) for r in results] == [
        ("PHI_NAME", "Quillfeather"),
    ]
    assert set(analyzer.get_supported_entities("en")) == {"PHI_LOCATION", "PHI_NAME"}
    assert analyzer.analyze(NOTE, "en", entities=["PHI_LOCATION"]) == []
    assert analyzer.analyze(NOTE, "en", score_threshold=0.95) == []


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("Quincy", "prose", True),
        ("", "prose", True),
        ("Quincy Doe", "value", True),
        ("Doe, Quincy", "value", True),
        ("Quincy-Doe", "value", True),
        ("Quincy", "value", False),
        ("Quincy 12", "value", False),
        ("A1c b2", "value", False),
        ("617-555-0123", "value", False),
        ("", "value", False),
        ("Quincy Doe", "key", False),
        ("Quincy Doe.txt", "filename", False),
        ("Quincy Doe", "metadata", False),
    ],
)
def test_the_model_is_asked_about_prose_and_values_of_two_words(rules, text, kind, asked):
    model = Announced()
    presidio.PresidioSearcher(rules, {}, model).find(block(text, kind=kind), 0.4)
    assert [b.text for b in model.asked] == [text] * asked


def test_what_rules_are_sure_of_is_not_put_to_the_model(rules):
    known = []

    class Listener(Announced):
        def find(self, text, min_score, known_=()):
            known.extend(known_)
            return super().find(text, min_score)

    text = block("Ms. Quillfeather, ssn 987-65-4320, room 4")
    searcher.PresidioSearcher(rules, {}, Listener(), 0.65).find(text, 0.4)
    assert {text.text[a:b] for a, b in known} >= {"Quillfeather", "987-65-4320"}
    known.clear()
    searcher.PresidioSearcher(rules, {}, Listener(), 2.0).find(text, 0.4)
    assert known == []


def test_the_model_sees_a_text_of_many_windows_whole_and_once(rules, model, monkeypatch):
    monkeypatch.setattr(searcher, "WINDOW", 150)
    names = Announced()
    text = NOTE * 20
    found = presidio.PresidioSearcher(rules, {"model": str(model)}, names).find(block(text), 0.4)
    assert [b.text for b in names.asked] == [text]
    assert sum(f.rule == "names-model/name" for f in found) == 20


@pytest.fixture(scope="module")
def both_ways(rules):
    """A searcher that never asks Presidio, and one that always does."""
    directly, within = (presidio.PresidioSearcher(rules, {}, Announced()) for _ in range(2))
    directly._gate = SimpleNamespace(fires=lambda _: False)
    within._gate = SimpleNamespace(fires=lambda _: True)
    return directly, within


PARTS = [
    NOTE,
    "046-454-286",
    "217-555-0142 ",
    "2123 45670 1 ",
    "Quincy ",
    "seen 3-4 ",
    "\r\n",
    "Zoe\u0308 ",
    "\u200b",
    "😀 ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@settings(max_examples=30, deadline=None)
def test_what_is_ours_is_the_same_whether_presidio_runs_or_not(both_ways, text):
    without, with_ = (spans(way.find(block(text), 0.4)) for way in both_ways)
    assert {s for s in with_ if not s[3].startswith("presidio/")} == without


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@settings(max_examples=30, deadline=None)
def test_the_searcher_that_builds_presidio_late_finds_what_presidios_finds(rules, text):
    late = OurSearcher(rules, Announced(), 0.65)
    early = presidio.PresidioSearcher(rules, {}, Announced(), 0.65)
    assert spans(late.find(block(text), 0.4)) == spans(early.find(block(text), 0.4))


def test_presidio_is_not_asked_where_only_ours_can_find(rules, monkeypatch):
    found = presidio.PresidioSearcher(rules, {}, Announced())
    monkeypatch.setattr(found._analyzer, "analyze", lambda *_, **__: pytest.fail("asked"))
    assert {f.rule for f in found.find(block("Quincy, MRN 0041776"), 0.4)} == {
        "names-model/name",
        "mrn/labelled",
    }


def test_a_telephone_number_does_not_cost_the_import_of_presidio(rules):
    late = OurSearcher(rules, Announced(), 0.65)
    late._presidio = SimpleNamespace(find=lambda *_: pytest.fail("asked"))
    assert {f.identifier for f in late.find(block("call 217-555-0142 or 312 555 0187"), 0.4)} == {
        "phone"
    }


def test_findings_of_the_model_and_of_the_users_model_stand_side_by_side(rules, model):
    nlp = {"model": str(model), "bundled": True}
    found = presidio.PresidioSearcher(rules, nlp, Announced()).find(
        block("Quincy met Ulrica Penhallow"), 0.4
    )
    assert {f.rule for f in found} == {"names-model/name", "presidio/person"}
