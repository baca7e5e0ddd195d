"""What `phisweep explain` promises: why something was found, and why a candidate was not."""

import pytest


def test_text_that_holds_nothing_says_so(run):
    ran = run("explain", "--text", "nothing here")
    assert ran.status == 0
    assert "no pattern of any rule matches" in ran.out


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("ssn 987-65-4320", [], ["1:5", "FOUND  (G) ssn/dashed", "ddd-dd-dddd"]),
        (
            "lot 987654320",
            [],
            ["1:5", "not    (G) ssn/bare", "below the policy's score for it, 0.40"],
        ),
        ("ssn 987654320", [], ["FOUND  (G) ssn/bare"]),
        ("987654320", ["--label", "ssn"], ["FOUND", "ssn"]),
    ],
)
def test_a_candidate_is_told_with_its_fate_and_not_its_value(run, text, options, says):
    ran = run("explain", "--text", text, *options)
    assert ran.status == 0
    assert [words for words in says if words not in ran.out] == []
    assert "987" not in ran.out


def test_a_line_and_a_column_choose_among_the_candidates(run, tmp_path):
    (tmp_path / "n.txt").write_text("ssn 987-65-4320\nseen 2024-03-04, call 617-555-0123\n")
    rules = ("--engine", "rules")
    assert run("explain", "n.txt", *rules).out.count("FOUND") == 3
    second = run("explain", "n.txt:2", *rules).out
    assert second.count("FOUND") == 2
    assert "ssn/dashed" not in second
    assert run("explain", "n.txt:2:8", *rules).out.count("FOUND") == 1
    assert "no pattern" in run("explain", "n.txt:9", *rules).out


def test_the_full_engine_explains_what_the_model_finds_without_its_words(run):
    ran = run("explain", "--text", "seen with okonkwo-eze at bedside", "--engine", "full")
    assert "FOUND  (A) names-model/name" in ran.out
    assert "the names model: name 0." in ran.out or "the names model: name 1." in ran.out
    assert "okonkwo" not in ran.out
    alone = run("explain", "--text", "seen with okonkwo-eze at bedside", "--engine", "rules")
    assert "names-model" not in alone.out


def test_a_table_is_explained_by_its_distinct_values(run, tmp_path):
    (tmp_path / "t.csv").write_text("a,ssn\nx,987-65-4320\ny,987-65-4320\n")
    out = run("explain", "t.csv").out
    assert out.count("FOUND  (G) ssn/field") == 1
    assert "2:3" in out


def test_a_literal_in_code_is_explained_by_its_name(on_terminal, tmp_path):
    (tmp_path / "x.py").write_text('P = {"ssn": "987654320"}\n')
    _, seen = on_terminal("explain", "x.py:1", "--engine", "rules", CI="true")
    assert "1:14  FOUND  (G) ssn/field-in-code  ddddddddd" in seen
    assert "the name of its variable, key or argument says so" in seen


TEXT = "reach Ms. Quillfeather. SSN 987-65-4320, lot 987654321"


def test_on_a_terminal_each_candidate_is_marked_in_its_line_and_no_other_is_shown(on_terminal):
    status, seen = on_terminal("explain", "--engine", "rules", "--text", TEXT)
    assert status == 0
    assert "SSN ddd-dd-dddd, lot ddddddddd\n" in seen
    assert "^" * len("987-65-4320") + "\n1:29  FOUND  (G) ssn/" in seen
    assert not [v for v in ("Quillfeather", "987-65-4320", "987654321") if v in seen]
    assert "^" not in on_terminal("explain", "--engine", "rules", "--text", TEXT, CI="true")[1]


def test_reveal_shows_the_candidate_itself_and_still_no_other(on_terminal):
    _, seen = on_terminal("explain", "--engine", "rules", "--text", TEXT, "--reveal")
    of_ssn = [line for line in seen.splitlines() if "SSN 987-65-4320" in line]
    assert of_ssn
    assert not [line for line in of_ssn if "987654321" in line or "Quillfeather" in line]


def test_context_words_and_the_law_are_named(run):
    out = run("explain", "--text", "ssn 987654320", "--engine", "rules").out
    assert 'context word "ssn" near' in out
    assert "law: 45 CFR 164.514(b)(2)(i)(G)" in out


def test_a_rule_is_explained_by_what_it_holds(run):
    ran = run("explain", "ssn/dashed")
    assert ran.status == 0
    assert "45 CFR" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["n.txt", "--text", "x"],
        ["nonsense"],
        ["n.txt", "--reveal"],
        ["--text", "x", "--reveal"],
    ],
)
def test_what_cannot_be_explained_is_a_usage_error(run, tmp_path, arguments):
    (tmp_path / "n.txt").write_text("x")
    ran = run("explain", *arguments)
    assert ran.status == 2
    assert ran.err.startswith("phisweep: error[E1")


def test_a_document_that_cannot_be_read_exits_3(run, tmp_path):
    (tmp_path / "x.json").write_text('{"a": ')
    assert run("explain", "x.json").status == 3
