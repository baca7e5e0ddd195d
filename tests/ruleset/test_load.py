"""The rules are data, and the loader trusts none of it."""

import hashlib
import shutil

import pytest
import yaml

from phisweep.errors import RuleError
from phisweep.ruleset import load
from phisweep.ruleset.load import default_folder, load_policy, load_ruleset, read_file
from phisweep.ruleset.schema import PolicyFile, RuleFile

CANARY = "219-09-9999"
RULE = """
id: ssn
letter: G
title: Numbers
citation: 45 CFR 164.514(b)(2)(i)(G)
law: Social security numbers
reading: Three, two and four digits.
reviewed: 2026-11-22
severity: critical
detect:
  - {pattern: dashed, regex: '[0-9]{3}-[0-9]{2}-[0-9]{4}', confidence: 0.8, why: As printed.}
examples:
  found: [{text: "219-09-9999", expect: "219-09-9999"}]
  not_found: [{text: "219-099", because: it is too short}]
known_gaps: [Digits in words.]
"""
OPERATORS = """
operators:
  tag: {permits: [safe-harbor], citation: 45 CFR 164.514, why: It is removed.}
"""
POLICY = """
id: mine
method: safe-harbor
min_score: 0.4
settings: {census: "2020", census-margin: 0.0}
treatments:
  ssn: {action: remove, operator: tag}
  date: {action: generalize, operator: year}
columns:
  "a.csv":
    left: {action: remove, operator: tag}
"""
WORDS = "# a comment\nBeta\n\n  alpha  \n"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def index(sha256):
    about = (
        "file: words.txt, title: Words, source: Invented, vintage: 2026-11, licence: none needed"
    )
    return f"lists:\n  words: {{{about}, sha256: {sha256}}}\n"


@pytest.fixture
def folder(tmp_path):
    """A rules folder of one rule, one policy, one operator and one list."""
    files = {
        "identifiers/G-ssn.yaml": RULE,
        "policies/mine.yaml": POLICY,
        "operators.yaml": OPERATORS,
        "lists/index.yaml": index(digest(WORDS)),
        "lists/words.txt": WORDS,
    }
    for name, text in files.items():
        path = tmp_path / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "rules"


def refused(call, code):
    with pytest.raises(RuleError) as error:
        call()
    assert error.value.code == code
    assert error.value.status == 2
    assert CANARY not in str(error.value)
    assert error.value.__cause__ is None
    return str(error.value)


def test_the_shipped_rules_load_with_a_file_for_each_letter():
    ruleset = load_ruleset()
    assert {rule.letter for rule in ruleset.rules} == set("ABCDEFGHIJKLMNOPQR")
    assert ruleset.version == load.RULES_VERSION


def test_every_shipped_list_is_the_one_that_its_digest_describes():
    ruleset = load_ruleset()
    for name in ruleset.lists:
        assert ruleset.entries(name), name


def test_a_wheel_reads_its_own_rules_and_a_checkout_those_beside_src(tmp_path, monkeypatch):
    assert (default_folder() / "identifiers").is_dir()
    (tmp_path / "_rules").mkdir()
    monkeypatch.setattr(load, "__file__", str(tmp_path / "ruleset" / "load.py"))
    assert default_folder() == tmp_path / "_rules"


def test_one_folder_has_one_digest_wherever_it_lies(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    assert load_ruleset(folder).sha256 == load_ruleset(elsewhere).sha256


@pytest.mark.parametrize(
    "name", ["identifiers/G-ssn.yaml", "policies/mine.yaml", "operators.yaml", "lists/index.yaml"]
)
def test_any_change_of_a_file_changes_the_digest(folder, name):
    before = load_ruleset(folder).sha256
    path = folder / name
    path.write_text(path.read_text() + "# one more line\n")
    assert load_ruleset(folder).sha256 != before


def test_a_list_that_changes_changes_the_digest_too(folder):
    before = load_ruleset(folder).sha256
    (folder / "lists" / "words.txt").write_text(WORDS + "gamma\n")
    assert load_ruleset(folder).sha256 != before


def test_what_lies_behind_a_link_counts_too(folder, tmp_path):
    before = load_ruleset(folder).sha256
    (folder / "lists").rename(tmp_path / "lists")
    (folder / "lists").symlink_to(tmp_path / "lists")
    assert load_ruleset(folder).sha256 == before
    (tmp_path / "lists" / "words.txt").write_text(WORDS + "gamma\n")
    assert load_ruleset(folder).sha256 != before


def test_a_file_that_moves_changes_the_digest(folder):
    before = load_ruleset(folder).sha256
    (folder / "identifiers" / "G-ssn.yaml").rename(folder / "identifiers" / "G-other.yaml")
    assert load_ruleset(folder).sha256 != before


def test_the_generated_schema_is_no_rule_and_does_not_count(folder):
    before = load_ruleset(folder).sha256
    (folder / "schema.json").write_text("{}")
    assert load_ruleset(folder).sha256 == before


def test_a_list_gives_its_lines_in_order_without_comments(folder):
    ruleset = load_ruleset(folder)
    assert ruleset.entries("words") == ("Beta", "alpha")
    assert ruleset.members("words") == {"beta", "alpha"}


def test_a_list_that_is_not_the_reviewed_one_is_refused(folder):
    (folder / "lists" / "words.txt").write_text(WORDS + CANARY)
    message = refused(lambda: load_ruleset(folder).entries("words"), "E153")
    assert "words.txt" in message
    assert "SHA-256" in message


def test_a_list_that_is_not_there_is_refused(folder):
    (folder / "lists" / "words.txt").unlink()
    refused(lambda: load_ruleset(folder).entries("words"), "E152")


def test_a_list_that_nobody_wrote_is_refused_with_those_that_there_are(folder):
    assert "words" in refused(lambda: load_ruleset(folder).entries("wards"), "E151")


@pytest.mark.parametrize(
    ("name", "change", "code", "told"),
    [
        ("identifiers/G-ssn.yaml", f"colour: {CANARY}\n", "E159", "colour"),
        ("operators.yaml", f"more: {CANARY}\n", "E159", "more"),
        ("lists/index.yaml", f"more: {CANARY}\n", "E159", "more"),
        ("identifiers/G-ssn.yaml", f"severity: {CANARY}\n", "E159", "severity"),
        ("identifiers/G-ssn.yaml", f"reviewed: '{CANARY}'\n", "E159", "reviewed"),
        ("identifiers/G-ssn.yaml", f"{{[: {CANARY}\n", "E158", "line"),
        ("identifiers/G-ssn.yaml", f"a: b: {CANARY}\n", "E158", "line"),
        ("identifiers/G-ssn.yaml", f"x: !!python/name:os.{CANARY} 1\n", "E158", "line"),
    ],
    ids=[
        "an unknown key of a rule", "an unknown key of the operators", "an unknown key of the index",
        "an unknown severity", "a date that is none", "no YAML", "two colons", "a Python object",
    ],
)  # fmt: skip
def test_what_breaks_the_contract_is_refused_without_its_value(folder, name, change, code, told):
    path = folder / name
    path.write_text(path.read_text() + change)
    message = refused(lambda: load_ruleset(folder), code)
    assert told in message
    assert path.name in message


@pytest.mark.parametrize("text", ["", "- a list\n", f"{CANARY}\n", "null\n"])
def test_a_file_that_is_no_mapping_is_refused(folder, text):
    (folder / "identifiers" / "G-ssn.yaml").write_text(text)
    refused(lambda: load_ruleset(folder), "E159")


def test_bytes_that_are_no_text_are_refused(folder):
    (folder / "identifiers" / "G-ssn.yaml").write_bytes(b"id: \xff\xfe")
    assert "utf-8" in refused(lambda: load_ruleset(folder), "E152")


def test_a_file_that_is_missing_is_refused(folder):
    (folder / "operators.yaml").unlink()
    refused(lambda: load_ruleset(folder), "E152")


def test_two_files_of_one_id_are_refused(folder):
    shutil.copy(folder / "identifiers" / "G-ssn.yaml", folder / "identifiers" / "G-more.yaml")
    refused(lambda: load_ruleset(folder), "E155")


def test_a_folder_without_rules_is_no_rule_set(tmp_path):
    refused(lambda: load_ruleset(tmp_path), "E154")


def test_a_policy_is_known_by_its_name_or_by_its_path(folder, tmp_path):
    ruleset = load_ruleset(folder)
    other = tmp_path / "own.yaml"
    other.write_text(POLICY.replace("id: mine", "id: own"))
    assert load_policy("mine", ruleset).id == "mine"
    assert load_policy(str(other), ruleset).id == "own"


def test_a_policy_that_nobody_wrote_is_refused_with_those_that_there_are(folder):
    assert "mine" in refused(lambda: load_policy("yours", load_ruleset(folder)), "E156")


def test_a_policy_holds_what_it_says_and_what_it_extends(folder, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nextends: mine\nmethod: safe-harbor\nsettings: {census: strict}\n"
        "treatments:\n  date: {action: remove, operator: tag}\n"
        "columns:\n  'b.csv':\n    right: {action: remove, operator: tag}\n"
    )
    policy = load_policy(str(own), load_ruleset(folder))
    assert policy.id == "own"
    assert policy.settings == {"census": "strict", "census-margin": 0.0}
    assert {name: t.operator for name, t in policy.treatments.items()} == {
        "ssn": "tag",
        "date": "tag",
    }
    assert set(policy.columns) == {"a.csv", "b.csv"}


def test_a_policy_that_extends_a_file_finds_it_beside_itself(folder, tmp_path):
    (tmp_path / "house.yaml").write_text(POLICY.replace("min_score: 0.4", "min_score: 0.2"))
    (tmp_path / "own.yaml").write_text("id: own\nextends: house.yaml\nmethod: safe-harbor\n")
    policy = load_policy(str(tmp_path / "own.yaml"), load_ruleset(folder))
    assert (policy.id, policy.min_score) == ("own", 0.2)


def test_policies_that_extend_each_other_are_refused(folder, tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        text = f"id: {one}\nextends: {other}.yaml\nmethod: safe-harbor\n"
        (tmp_path / f"{one}.yaml").write_text(text)
    refused(lambda: load_policy(str(tmp_path / "a.yaml"), load_ruleset(folder)), "E157")


def test_a_policy_that_extends_nothing_that_there_is_is_refused(folder, tmp_path):
    (tmp_path / "own.yaml").write_text("id: own\nextends: gone\nmethod: safe-harbor\n")
    refused(lambda: load_policy(str(tmp_path / "own.yaml"), load_ruleset(folder)), "E156")


@pytest.mark.parametrize("name", ["safe-harbor", "limited-data-set", "expert"])
def test_every_shipped_policy_loads_and_treats_every_identifier(name):
    ruleset = load_ruleset()
    policy = load_policy(name, ruleset)
    assert policy.method == name
    assert {rule.id for rule in ruleset.rules} <= set(policy.treatments)


@pytest.mark.parametrize("value", [f"[{CANARY}]", f"{{x: {CANARY}}}", f'"{CANARY}"'])
def test_no_value_of_a_file_is_in_the_error(tmp_path, value):
    path = tmp_path / "own.yaml"
    path.write_text(f"id: own\nmethod: {value}\n")
    refused(lambda: read_file(path, PolicyFile), "E159")


def test_what_was_read_cannot_be_changed(folder):
    rule = read_file(folder / "identifiers" / "G-ssn.yaml", RuleFile)
    with pytest.raises(AttributeError, match="assign"):
        rule.id = "mrn"
    assert yaml.safe_load(RULE)["id"] == rule.id
