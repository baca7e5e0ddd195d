"""Strict: what no list vouches for is a name; what is known to be harmless stays."""

import pytest

from phisweep.detect.detector import build_detector
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset


@pytest.fixture(scope="module")
def strict(rules_folder):
    ruleset = load_ruleset(rules_folder)
    policy = load_policy("safe-harbor", ruleset)
    return build_detector(ruleset, policy, "rules", nlp={}, strict=True)


def found(detector, text, kind="prose"):
    findings = detector.find(Text(Location("s", "text"), text, kind=kind))
    return [text[f.start : f.end] for f in findings if f.rule == "name/strict"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The patient has diabetes and was given metformin.",
        "Foley catheter in place. Murphy sign negative.",
        "CT of the abdomen in Ohio, March: normal",
        "BP 120/80, HR 72, WBC 11.2",
    ],
)
def test_ordinary_clinical_words_stay(strict, text):
    assert found(strict, text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seen with Quillonbrae today", ["Quillonbrae"]),
        ("quillonbrae slept well", ["quillonbrae"]),
        ("the knee of Thibodeaux's son", ["Thibodeaux"]),
        ("given to Rose at noon", ["Rose"]),
        ("she moved to Tuscaloosa", ["Tuscaloosa"]),
        ("caf\u00e9 ok \U0001f600 Zdravko-Ilse", ["Zdravko-Ilse"]),
    ],
)
def test_a_word_that_no_list_vouches_for_goes(strict, text, words):
    assert found(strict, text) == words


def test_a_word_that_is_a_name_too_stays_where_it_opens_a_sentence(strict):
    assert found(strict, "Rose from bed at noon. Will follow.") == []


def test_what_an_operator_wrote_stays(strict):
    assert found(strict, "[NAME] of [LOCATION], 2024") == []


def test_the_command_redacts_what_the_rules_alone_leave(run, tmp_path):
    (tmp_path / "n.txt").write_text("spoke to the quillonbrae twins\n")
    assert run("deid", "n.txt", "--engine", "rules", "-o", "plain").status == 0
    assert run("deid", "n.txt", "--engine", "rules", "--strict", "-o", "strict").status == 0
    assert "quillonbrae" in (tmp_path / "plain" / "n.txt").read_text()
    assert (tmp_path / "strict" / "n.txt").read_text() == "spoke to the [NAME] twins\n"
