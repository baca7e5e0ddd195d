"""For users of Presidio: our rules, our model and our operators in engines of theirs."""

import gc
import tempfile

import pandas as pd
import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import (
    EmailRecognizer,
    IpRecognizer,
    PhoneRecognizer,
)
from presidio_analyzer.recognizer_registry import RecognizerRegistry
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig

import phisweep
from phisweep import presidio
from phisweep.detect.presidio import FAMILIES
from phisweep.detect.presidio.engine import Blank
from phisweep.errors import ComponentError, PolicyConflict, RuleError
from phisweep.keys import key_from_bytes
from phisweep.model import IDENTIFIERS
from phisweep.transform.operators import load
from phisweep.transform.vault import Vault

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


# Operators


KEY = b"k" * 32
RESEARCH = """
id: research
extends: limited-data-set
method: limited-data-set
treatments:
  date: {action: generalize, operator: date-shift}
  name: {action: replace, operator: surrogate}
  mrn: {action: replace, operator: surrogate}
"""
TEXT = "Ulrica Penhallow, ssn 987-65-4320, MRN 4177601, seen 2024-07-11 and 2024-07-18"


@pytest.fixture
def research(small_rules, tmp_path):
    path = tmp_path / "research.yaml"
    path.write_text(RESEARCH)
    return str(path)


def result(entity, covered, text=TEXT):
    start = text.index(covered)
    return RecognizerResult(entity, start, start + len(covered), 0.9)


def anonymized(text, results, operators):
    return AnonymizerEngine().anonymize(text, results, operators=operators).text


def test_findings_of_an_engine_are_treated_as_the_policy_says(analyzer):
    results = analyzer.analyze(NOTE, "en")
    assert {"PHI_NAME", "PHI_SSN"} <= {r.entity_type for r in results}
    after = anonymized(NOTE, results, presidio.operators())
    # Of two results over one span an engine keeps that of the higher score, which is the model's.
    assert after.startswith("Patient [NAME] was seen today, ssn [")
    assert "987" not in after


def test_what_presidio_itself_finds_is_treated_too(small_rules):
    registry = RecognizerRegistry(supported_languages=["en"])
    for kind in (EmailRecognizer, IpRecognizer, PhoneRecognizer):
        registry.add_recognizer(kind())
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank("en"), supported_languages=["en"])
    text = "write to u.penhallow@example.org or call (617) 253-0123 from 192.0.2.7"
    after = anonymized(text, engine.analyze(text, "en"), presidio.operators())
    assert after == "write to [EMAIL] or call [PHONE] from [IP]"


def test_there_is_an_operator_for_every_entity_of_ours_and_of_theirs(small_rules):
    found = presidio.operators()
    assert set(found) == {
        *(f"PHI_{identifier.upper()}" for identifier in IDENTIFIERS),
        *FAMILIES,
        "DATE_TIME",
        "DEFAULT",
    }
    assert "lambda" in repr(found["PERSON"])


@pytest.mark.parametrize("entity", ["NRP", "CUSTOM", "UK_NHS"])
def test_what_nobody_knows_is_tagged(small_rules, entity):
    found = presidio.operators(profile="limited-data-set")
    assert anonymized("x 4471 y", [RecognizerResult(entity, 2, 6, 0.5)], found) == "x [OTHER_ID] y"


def test_a_date_of_any_entity_becomes_its_year(small_rules):
    found = presidio.operators()
    for entity in ("DATE_TIME", "PHI_DATE"):
        assert anonymized(TEXT, [result(entity, "2024-07-11")], found).endswith(
            "seen 2024 and 2024-07-18"
        )


def test_codes_are_the_same_as_long_as_the_operators_are_held(small_rules):
    found = presidio.operators()
    first, second = (anonymized(TEXT, [result("PHI_MRN", "4177601")], found) for _ in range(2))
    assert first == second
    assert "[MRN-" in first
    assert anonymized(TEXT, [result("PHI_MRN", "4177601")], presidio.operators()) != first


def test_the_codes_are_gone_with_the_operators(small_rules, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = presidio.operators()
    assert list(tmp_path.iterdir())
    del found
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_dates_and_surrogates_agree_with_texts_and_frames_under_one_key(research):
    results = [
        result("PERSON", "Ulrica Penhallow"),
        result("PHI_MRN", "4177601"),
        result("DATE_TIME", "2024-07-11"),
        result("PHI_DATE", "2024-07-18"),
    ]
    found = presidio.operators(policy=research, key=KEY, subject="4177601")
    after = anonymized(TEXT, results, found)
    frame = pd.DataFrame(
        {"mrn": ["4177601"], "visit_date": pd.to_datetime(["2024-07-11"]), "x": ["a"]}
    )
    detector = phisweep.Detector(policy=research, key=KEY)
    rows, _ = detector.deidentify_frame(frame)
    text, _ = detector.deidentify_text("Ms. Penhallow, 2024-07-18", subject="4177601")
    mrn, day = rows["mrn"][0], rows["visit_date"][0]
    surname, later = text.removeprefix("Ms. ").split(", ")
    assert f"MRN {mrn}, seen {day:%Y-%m-%d} and {later}" in after
    assert after.split(",")[0].split()[1] == surname
    assert (pd.Timestamp(later) - day).days == 7


def test_dates_without_a_subject_are_removed(research):
    found = presidio.operators(policy=research, key=KEY)
    assert "seen [DATE] and" in anonymized(TEXT, [result("DATE_TIME", "2024-07-11")], found)


def test_a_vault_keeps_what_surrogates_stand_for(research, tmp_path):
    path, key = tmp_path / "site.vault", key_from_bytes(KEY, "a test")
    Vault.create(path, key).close()
    texts = [
        anonymized(
            TEXT,
            [result("PERSON", "Penhallow")],
            presidio.operators(policy=research, key=KEY, vault=path),
        )
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    with Vault.open(path, key) as vault:
        assert vault.originals(texts[0].split(",")[0].split()[1])[0].text == "Penhallow"


# One operator, and the law


def test_one_operator_is_had_with_its_own_params(small_rules):
    for params, expected in (({}, "2024-07"), ({"pivot": 30}, "2024-07")):
        month = presidio.operator(
            "month", identifier="date", params=params, profile="limited-data-set"
        )
        after = anonymized(TEXT, [result("DATE_TIME", "2024-07-11")], {"DATE_TIME": month})
        assert f"seen {expected} and" in after


@pytest.mark.parametrize(
    ("name", "options", "error", "code"),
    [
        ("date-shift", {"identifier": "date"}, PolicyConflict, "E601"),
        ("hmac-token", {"identifier": "mrn"}, PolicyConflict, "E601"),
        ("surrogate", {"identifier": "date", "profile": "expert"}, PolicyConflict, "E601"),
        ("presidio-mask", {"identifier": "ssn"}, PolicyConflict, "E601"),
        ("keep", {"identifier": "date", "profile": "limited-data-set"}, RuleError, "E171"),
        ("nonsense", {"identifier": "date"}, RuleError, "E160"),
        ("tag", {"identifier": "nonsense"}, RuleError, "E172"),
        ("year", {"identifier": "date", "params": {"pivot": "never"}}, RuleError, "E174"),
    ],
)
def test_what_is_not_permitted_is_raised_at_once(small_rules, name, options, error, code):
    with pytest.raises(error, match=code):
        presidio.operator(name, **options)


def test_what_is_kept_has_a_reason(small_rules):
    kept = presidio.operator(
        "keep", identifier="date", profile="limited-data-set", reason="a limited data set"
    )
    assert anonymized(TEXT, [result("DATE_TIME", "2024-07-11")], {"DATE_TIME": kept}) == TEXT


# Classes


@pytest.fixture
def engine():
    """An engine of Presidio with our operators under a legal method."""

    def engine_(**options):
        made = AnonymizerEngine()
        for kind in presidio.anonymizers(**options):
            made.add_anonymizer(kind)
        return made

    return engine_


def test_every_operator_of_ours_is_a_class_under_its_name(small_rules, engine):
    names = set(engine().get_anonymizers())
    assert {f"phisweep-{name}" for name in load()} <= names
    assert {kind.__name__ for kind in presidio.anonymizers()} >= {"PhisweepDateShift"}


def test_a_class_takes_subject_and_params_from_its_configuration(small_rules, engine):
    made = engine(profile="limited-data-set", key=KEY)
    params = {"subject": "4177601", "max-days": 30}
    results = [result("DATE_TIME", "2024-07-11"), result("PHI_DATE", "2024-07-18")]
    after = made.anonymize(
        TEXT,
        results,
        {e: OperatorConfig("phisweep-date-shift", params) for e in ("DATE_TIME", "PHI_DATE")},
    ).text
    first, second = (pd.Timestamp(word) for word in after.split("seen ")[1].split(" and "))
    assert (second - first).days == 7
    assert 1 <= (pd.Timestamp("2024-07-11") - first).days <= 30


def test_classes_share_their_codes(small_rules, engine):
    made = engine()
    text = "4177601 and 4177601"
    results = [RecognizerResult("PHI_MRN", 0, 7, 0.9), RecognizerResult("BADGE", 12, 19, 0.9)]
    code = OperatorConfig("phisweep-code")
    after = made.anonymize(text, results, {"PHI_MRN": code, "DEFAULT": code}).text
    assert len(set(after.split(" and "))) == 1


@pytest.mark.parametrize(
    ("name", "params", "error"),
    [
        ("phisweep-date-shift", {}, PolicyConflict),
        ("phisweep-year", {"identifier": "mrn"}, PolicyConflict),
        ("phisweep-year", {"pivot": "never"}, RuleError),
        ("phisweep-keep", {}, RuleError),
    ],
)
def test_the_law_holds_for_classes_too(small_rules, engine, name, params, error):
    made = engine()
    with pytest.raises(error) as raised:
        made.anonymize(
            TEXT, [result("DATE_TIME", "2024-07-11")], {"DATE_TIME": OperatorConfig(name, params)}
        )
    assert "2024" not in str(raised.value)
