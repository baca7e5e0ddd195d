"""What `phisweep signoff` promises: a person's own answers, never ours, and no release that fails."""

import io
import json
import sys

import pytest

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"
WHO = ("--by", "A. Specimen", "--role", "privacy officer")


@pytest.fixture
def release(deid, run, made_once, tmp_path):
    def make():
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "note.txt").write_text(NOTE)
        assert run("keygen", "site.key").status == 0
        assert deid("data", "--sign-key", "site.key").status == 0

    made_once(make)
    return tmp_path / "out"


@pytest.fixture
def answers(run, release, tmp_path):
    """Write a file of answers, with these in place of harmless ones."""

    def answers_(**given):
        data = json.loads(run("signoff", release, "--questions", "-").out)
        data |= {"purpose": "a study", "recipient": "a group", "reassess": "2199-01-01"}
        data["actual_knowledge"] = "no"
        for question in data["questions"]:
            question["answer"] = "no"
        data |= given
        (tmp_path / "answers.json").write_text(json.dumps(data))
        return tmp_path / "answers.json"

    return answers_


@pytest.fixture
def signoff(run, release):
    return lambda *options: run("signoff", release, "--engine", "rules", *options)


def record(release):
    return json.loads((release / "phisweep-report" / "signoff.json").read_text())


def test_a_decision_is_recorded_signed_and_in_the_report(signoff, run, release, answers):
    ran = signoff(*WHO, "--decision", "release", "--answers", answers(), "--sign-key", "site.key")
    assert ran.status == 0, ran.err
    (entry,) = record(release)["decisions"]
    assert (entry["by"], entry["role"], entry["decision"]) == (
        "A. Specimen", "privacy officer", "release",
    )  # fmt: skip
    assert entry["checked"] == {"ok": True, "searched": True, "files": 1, "problems": 0}
    assert entry["key_id"].startswith("ed25519:")
    assert entry["reassess"] == "2199-01-01"
    page = (release / "phisweep-report" / "report.html").read_text()
    assert "Released by A. Specimen" in page
    assert 'id="attestation"' in page  # the paper form stays
    ran = run("verify", release, "--engine", "rules", "--public-key", "site.key.pub")
    assert ran.status == 0, ran.out


def test_a_second_person_signs_beside_the_first_and_a_rejection_outweighs(
    signoff, release, answers
):
    file = answers()
    assert signoff(*WHO, "--decision", "release", "--answers", file).status == 0
    second = ("--by", "B. Sample", "--role", "steward", "--decision", "reject")
    assert signoff(*second, "--answers", file).status == 0
    assert [d["by"] for d in record(release)["decisions"]] == ["A. Specimen", "B. Sample"]
    page = (release / "phisweep-report" / "report.html").read_text()
    assert "Not to be released: rejected by B. Sample." in page
    lines = (release / "phisweep-report" / "custody.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == ["deid", "signoff", "signoff"]


def test_without_a_terminal_and_without_answers_it_is_a_usage_error(signoff, release):
    ran = signoff(*WHO, "--decision", "release")
    assert ran.status == 2
    assert "error[E135]" in ran.err
    assert not (release / "phisweep-report" / "signoff.json").exists()


@pytest.mark.parametrize("left_out", [0, 2])
def test_who_and_which_role_are_needed(signoff, answers, left_out):
    options = [*WHO[:left_out], *WHO[left_out + 2 :]]
    assert signoff(*options, "--decision", "release", "--answers", answers()).status == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"actual_knowledge": None}, "actual_knowledge"),
        ({"actual_knowledge": "yes"}, "does not permit a release"),
        ({"purpose": " "}, "a purpose and a recipient"),
        ({"reassess": "2001-01-01"}, "no day in the future"),
        ({"reassess": "soon"}, "reassess"),
        ({"questions": []}, "not those of this version"),
        ({"run_id": "another"}, "of another run"),
        ({"remarks": "about MRN 0041776"}, "an identifier (H)"),
        ({"more": 1}, "answers.json"),
        ({"schema": "phisweep-signoff-answers/9"}, "schema"),
    ],
)
def test_answers_that_cannot_stand_are_refused_and_nothing_is_recorded(
    signoff, release, answers, given, why
):
    ran = signoff(*WHO, "--decision", "release", "--answers", answers(**given))
    assert ran.status == 2
    assert "error[E137]" in ran.err
    assert why in ran.err
    assert "0041776" not in ran.err
    assert not (release / "phisweep-report" / "signoff.json").exists()


def test_a_yes_needs_a_note(signoff, run, release, answers):
    data = json.loads(run("signoff", release, "--questions", "-").out)
    questions = [q | {"answer": "no"} for q in data["questions"]]
    questions[1] |= {"answer": "yes"}
    ran = signoff(*WHO, "--decision", "release", "--answers", answers(questions=questions))
    assert "question 2 is answered with yes" in ran.err
    questions[1] |= {"note": "in a paper of a large town, years ago"}
    ran = signoff(*WHO, "--decision", "release", "--answers", answers(questions=questions))
    assert ran.status == 0, ran.err


@pytest.mark.parametrize("what", ["a copy", "the report"])
def test_a_release_that_fails_can_only_be_rejected(signoff, run, release, answers, what):
    file = answers()
    if what == "a copy":
        (release / "note.txt").write_text("ssn 987-65-4321")
    else:
        page = release / "phisweep-report" / "report.md"
        page.write_text(page.read_text().replace("Complete", "complete"))
    ran = signoff(*WHO, "--decision", "release", "--answers", file)
    assert ran.status == 5
    assert "error[E503]" in ran.err
    assert not (release / "phisweep-report" / "signoff.json").exists()
    ran = signoff(*WHO, "--decision", "reject", "--answers", file)
    assert ran.status == 0, ran.err
    (entry,) = record(release)["decisions"]
    assert (entry["decision"], entry["checked"]["ok"]) == ("reject", False)


def test_a_forged_decision_is_not_built_upon(signoff, release, answers):
    file = answers()
    assert signoff(*WHO, "--decision", "reject", "--answers", file).status == 0
    path = release / "phisweep-report" / "signoff.json"
    path.write_text(path.read_text().replace("reject", "release"))
    second = ("--by", "B. Sample", "--role", "steward", "--decision", "release")
    assert signoff(*second, "--answers", file).status == 5
    assert len(record(release)["decisions"]) == 1


def test_the_blank_file_answers_nothing(run, release):
    data = json.loads(run("signoff", release, "--questions", "-").out)
    assert data["actual_knowledge"] is None
    assert {q["answer"] for q in data["questions"]} == {None}


def test_on_a_terminal_each_question_is_asked_and_none_answered_by_return(
    run, release, monkeypatch
):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    keys = "a study\na group\n\nmaybe\nno\nno\nyes\nlarge towns only\nno\nno\nno\n\n2199-01-01\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda *_: __import__("os").terminal_size((80, 24)))
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(keys.encode())))
    ran = run("signoff", release, "--engine", "rules", *WHO, "--decision", "release")
    assert ran.status == 0, ran.err
    (entry,) = record(release)["decisions"]
    assert [a["answer"] for a in entry["answers"]] == ["no", "no", "yes", "no", "no"]
    assert entry["answers"][2]["note"] == "large towns only"
    assert entry["actual_knowledge"] == "no"
