"""What a site adds: its own patterns, whose examples are tests, and a say on single columns."""

import re

import pytest

from phisweep.config import Config
from phisweep.errors import UsageError
from phisweep.ruleset.schema import PolicyFile
from phisweep.site import site_rules, with_columns

PATTERN = {"id": "site-mrn", "letter": "H", "regex": r"MR#\d{7}", "examples": ["MR#0012345"]}
POLICY = PolicyFile(id="base", method="safe-harbor", settings={"census": "2020", "times": "keep"})


def config(**more):
    return Config.model_validate({"patterns": [PATTERN | more]})


def test_without_patterns_there_are_no_rules():
    assert site_rules(Config()) == []


@pytest.mark.parametrize(
    ("letter", "identifier"), [("H", "mrn"), ("B", "location"), ("C", "date"), ("R", "other_id")]
)
def test_a_pattern_becomes_a_rule_of_its_letters_first_identifier(letter, identifier):
    (rule,) = site_rules(config(letter=letter))
    assert (rule.id, rule.letter) == (identifier, letter)
    assert rule.citation == f"45 CFR 164.514(b)(2)(i)({letter})"
    assert rule.detect[0].pattern == "site-mrn"


@pytest.mark.parametrize(
    ("regex", "bounded"),
    [
        ("a", "a"),
        (r"\d+", r"\d{1,64}"),
        (r"\d*x", r"\d{0,64}x"),
        (r"\d{3,}", r"\d{3,64}"),
        (r"\d{90,}", r"\d{90,90}"),
        (r"a+?", r"a{1,64}?"),
        (r"a*+b", r"a{0,64}+b"),
        (r"[+*]x", r"[+*]x"),
        (r"[^]+]x", r"[^]+]x"),
        (r"\+\*", r"\+\*"),
        (r"\\+", r"\\{1,64}"),
        (r"a{2,5}", r"a{2,5}"),
    ],
)
def test_a_repeat_without_end_is_given_one(regex, bounded):
    example = {r"[+*]x": "+x", r"[^]+]x": "ax", r"\+\*": "+*", r"\\+": "\\\\"}.get(regex)
    example = example or ("a" * 5 + "1" * 95 + "x" if "90" in regex else "aaa111xb")
    if regex == r"a*+b":
        example = "aab"
    (rule,) = site_rules(config(regex=regex, examples=[example]))
    assert rule.detect[0].regex == bounded
    re.compile(bounded)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identifier": "phone"}, "E116"),
        ({"identifier": "nonsense"}, "E116"),
        ({"regex": "("}, "E117"),
        ({"examples": ["room 12"]}, "E118"),
        ({"counter-examples": ["MR#7654321"]}, "E118"),
    ],
)
def test_a_pattern_that_does_not_keep_its_word_is_refused(change, code):
    with pytest.raises(UsageError) as caught:
        site_rules(config(**change))
    assert caught.value.code == code
    assert "0012345" not in str(caught.value)
    assert "7654321" not in str(caught.value)


def test_a_site_pattern_is_found_and_removed(deid, scan, tmp_path):
    (tmp_path / "n.txt").write_text("see MR#0041776, room 0041776")
    (tmp_path / "phisweep.toml").write_text(
        '[[patterns]]\nid = "site-mrn"\nletter = "H"\nregex = "MR#[0-9]+"\nexamples = ["MR#1"]\n'
    )
    ran = scan("n.txt")
    assert [(f["rule"], f["start"], f["end"]) for f in ran.findings] == [("mrn/site-mrn", 4, 14)]
    assert scan("n.txt", "--rule", "mrn/site-mrn").findings
    assert deid("n.txt").status == 0
    text = (tmp_path / "out" / "n.txt").read_text()
    assert text.startswith("see [MRN-")


@pytest.mark.parametrize(
    ("given", "action", "operator", "identifier"),
    [
        ({"action": "keep", "reason": "drawn"}, "keep", "keep", "other_id"),
        ({"action": "redact"}, "remove", "redact", "other_id"),
        ({"action": "tag", "letter": "A"}, "remove", "tag", "name"),
        ({"action": "code", "letter": "H"}, "replace", "code", "mrn"),
        ({"action": "year", "letter": "C"}, "generalize", "year", "date"),
        ({"action": "zip3", "identifier": "zip", "letter": "B"}, "generalize", "zip3", "zip"),
    ],
)
def test_a_columns_treatment_is_one_of_the_policy(given, action, operator, identifier):
    chosen = Config.model_validate({"columns": {"*.csv": {"x": given}}})
    treatment = with_columns(POLICY, chosen).columns["*.csv"]["x"]
    assert (treatment.action, treatment.operator) == (action, operator)
    assert treatment.params["identifier"] == identifier


def test_to_keep_a_column_takes_a_reason():
    with pytest.raises(UsageError, match="takes a reason"):
        with_columns(POLICY, Config.model_validate({"columns": {"a": {"x": {"action": "keep"}}}}))


def test_settings_and_treatments_go_over_the_policys():
    chosen = Config.model_validate(
        {"census": "strict", "treatments": {"phone": {"action": "remove", "operator": "redact"}}}
    )
    policy = with_columns(POLICY, chosen)
    assert policy.settings == {"census": "strict", "times": "keep"}
    assert policy.treatments["phone"].operator == "redact"
    assert with_columns(POLICY, Config()) == POLICY
