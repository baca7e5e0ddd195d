"""What `phisweep rules` promises: the law as data, listed, shown and checked."""

import json

import pytest

from fake_rules import RULES, write_rules
from phisweep.model import LETTERS


def test_list_names_every_letter_and_the_digest(run):
    ran = run("rules", "list")
    assert ran.status == 0
    assert {line[1] for line in ran.out.splitlines() if line.startswith("(")} == {*LETTERS}
    assert "sha256" in ran.out.splitlines()[-1]


@pytest.mark.parametrize("name", ["ssn", "G", "g", "ssn/dashed"])
def test_show_gives_the_laws_words_our_reading_and_examples(run, name):
    ran = run("rules", "show", name)
    assert ran.status == 0
    assert "45 CFR 164.514(b)(2)(i)(G)" in ran.out
    assert "found:" in ran.out
    assert (r"\d{3}-\d{2}-\d{4}" in ran.out) == ("/" in name)


def test_show_of_what_is_not_there_exits_2(run):
    ran = run("rules", "show", "nonsense")
    assert ran.status == 2
    assert "ssn" in ran.err


def test_check_passes_where_every_example_holds(run):
    ran = run("rules", "check")
    assert ran.status == 0
    assert f"{len(RULES)} rules" in ran.out
    assert "0 problems" in ran.out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"examples": {"found": [{"text": "nothing", "expect": "987-65-4320"}], "not_found": [{"text": "x", "because": "it is x"}]}}, "expected"),
        ({"examples": {"found": [{"text": "987-65-4320", "expect": "987-65-4320"}], "not_found": [{"text": "987-65-4320", "because": "wrong"}]}}, "found"),
        ({"nonsense": 1}, "nonsense"),
        ({"letter": "H"}, "letter"),
        ({"detect": [{"pattern": "x", "regex": "(", "confidence": 0.5, "why": "broken"}]}, "regular expression"),
        ({"detect": [{"pattern": "x", "regex": "a", "confidence": 0.5, "why": "broken", "check": "nonsense"}]}, "no check"),
    ],
)  # fmt: skip
def test_check_names_what_does_not_hold(run, tmp_path_factory, monkeypatch, change, says):
    folder = write_rules(tmp_path_factory.mktemp("broken"))
    path = folder / "identifiers" / "G-ssn.yaml"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    monkeypatch.setattr("phisweep.ruleset.load.default_folder", lambda: folder)
    ran = run("rules", "check")
    assert ran.status == 2
    assert says in ran.out + ran.err
    assert "Traceback" not in ran.err
