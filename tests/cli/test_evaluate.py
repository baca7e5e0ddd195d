"""`phisweep evaluate`: what it prints, what it keeps, what it refuses."""

import json
import stat

import pytest

import invented_gold as invented
from invented_gold import CANARIES, TEXT, spans


@pytest.fixture
def gold(tmp_path):
    return invented.gold(tmp_path / "gold.jsonl")


def evaluated(run, *arguments):
    done = run("evaluate", *arguments, "--engine", "rules", "--draws", 20, "--format", "json")
    assert done.status == 0, done.err
    return json.loads(done.out)


def test_phisweep_searches_itself(run, gold):
    record = evaluated(run, gold)
    (tool,) = record["tools"]
    # The small rules find names of three letters and more behind a title, dates, phones.
    assert record["schema"] == "phisweep-evaluation/1"
    assert tool["name"] == "phisweep"
    assert (tool["total"]["gold"], tool["total"]["blind"]["covered"]["recall"]["hits"]) == (4, 3)
    assert tool["about"]["engine"] == "rules"


def test_every_format_without_a_text(run, gold, tmp_path):
    for name in ("text", "json", "md", "html"):
        done = run("evaluate", gold, "--engine", "rules", "--draws", 20, "--format", name)
        assert done.status == 0
        assert not any(canary in done.out + done.err for canary in CANARIES)
        same = run(
            "evaluate", gold, "--engine", "rules", "--draws", 20, "--format", name, "-o", "page"
        )
        assert same.status == 0
        assert same.out == ""
        assert stat.S_IMODE((tmp_path / "page").stat().st_mode) == 0o600


def test_tools_side_by_side(run, gold, tmp_path):
    other = invented.jsonl(tmp_path / "other.jsonl", {"id": "a", "spans": spans()[:2]})
    record = evaluated(run, gold, "--compare", f"theirs={other}", "--compare", "again=engine:rules")
    assert [tool["name"] for tool in record["tools"]] == ["phisweep, rules", "theirs", "again"]
    apart = {
        (d["tool"], d["measure"]): (d["value"], d["low"], d["high"]) for d in record["differences"]
    }
    assert apart["again", "covered recall"] == (0, 0, 0)
    assert apart["theirs", "covered recall"][0] == pytest.approx(-0.25)


def test_two_runs_of_scan(run, gold, tmp_path):
    found = run("scan", gold, "--engine", "rules", "--format", "jsonl")
    (tmp_path / "one.jsonl").write_text(found.out)
    record = evaluated(run, gold, tmp_path / "one.jsonl")
    ours = evaluated(run, gold)
    assert record["tools"][0]["total"] == ours["tools"][0]["total"]


def test_what_phisweep_predicts_can_be_kept_and_measured_again(run, gold, tmp_path):
    ours = evaluated(run, gold, "--save", "kept.jsonl")
    kept = tmp_path / "kept.jsonl"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not any(canary in kept.read_text() for canary in CANARIES)
    again = evaluated(run, gold, kept)
    assert again["tools"][0]["total"] == ours["tools"][0]["total"]
    assert again["tools"][0]["calibration"] == ours["tools"][0]["calibration"]


def test_mistakes_go_to_a_file_of_the_owner(run, gold, tmp_path):
    pred = invented.jsonl(
        tmp_path / "p.jsonl",
        {"id": "a", "spans": [{"start": 0, "end": 7, "class": "NAME"}, spans()[1] | {"class": "AGE"},
                              {"start": 21, "end": 25, "class": "NAME"}]},
    )  # fmt: skip
    done = run("evaluate", gold, pred, "--errors", "wrong.jsonl")
    assert done.status == 0
    path = tmp_path / "wrong.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["document"], row["kind"], row["text"]) for row in rows] == [
        ("a", "left", "Ada Quillfeather"),
        ("a", "mistyped", "2024-03-04"),
        ("a", "missed", "617-555-0123"),
        ("a", "false", "came"),
        ("b", "missed", "Bo Larkspur"),
    ]
    assert rows[0]["before"] == "Ms. "
    assert not any(canary in done.out + done.err for canary in CANARIES)


def test_mistakes_on_a_terminal_alone(run, gold, monkeypatch):
    refused = run("evaluate", gold, "--engine", "rules", "--errors", "-")
    assert refused.status == 2
    assert "E195" in refused.err


def test_no_mistakes_in_ci(run, gold, monkeypatch, tmp_path):
    monkeypatch.setenv("CI", "true")
    refused = run("evaluate", gold, "--engine", "rules", "--errors", "wrong.jsonl")
    assert (refused.status, "E195" in refused.err) == (2, True)
    assert not (tmp_path / "wrong.jsonl").exists()


@pytest.mark.parametrize("option", ["--errors", "--save", "-o"])
def test_nothing_is_written_over_the_gold(run, gold, option):
    before = gold.read_bytes()
    refused = run("evaluate", gold, "--engine", "rules", option, gold)
    assert (refused.status, "E195" in refused.err) == (2, True)
    assert gold.read_bytes() == before


def test_no_half_of_a_list_of_mistakes_is_left(run, gold, tmp_path):
    gold.write_text(gold.read_text() + '{"id": "c", "text": "x", "spans": [{"start": 4}]}\n')
    assert run("evaluate", gold, "--engine", "rules", "--errors", "wrong.jsonl").status == 2
    assert [p.name for p in tmp_path.iterdir()] == ["gold.jsonl"]


@pytest.mark.parametrize(("least", "status"), [("0.1", 0), ("0.9", 1)])
def test_a_gate_over_the_lower_bound(run, gold, least, status):
    # Three of four have an exact lower bound of 0.19.
    done = run("evaluate", gold, "--engine", "rules", "--draws", 20, "--min-recall", least)
    assert done.status == status


def test_a_gate_without_gold_stays_shut(run, tmp_path):
    path = invented.jsonl(tmp_path / "g", {"text": TEXT, "spans": []})
    assert run("evaluate", path, "--engine", "rules", "--min-recall", "0.1").status == 1


def test_classes(run, gold):
    record = evaluated(run, gold, "--classes", "name,PHONE")
    assert record["scope"] == ["NAME", "PHONE"]
    assert record["tools"][0]["total"]["gold"] == 3
    refused = run("evaluate", gold, "--engine", "rules", "--classes", "KENNEL")
    assert (refused.status, "E195" in refused.err) == (2, True)


def test_wilson_bounds_and_seeds(run, gold):
    exact = evaluated(run, gold)
    wilson = evaluated(run, gold, "--interval", "wilson")
    share = [r["tools"][0]["total"]["blind"]["covered"]["recall"] for r in (exact, wilson)]
    assert share[0]["low"] < share[1]["low"]
    same = evaluated(run, gold)
    assert same["tools"] == exact["tools"]


def test_labels_of_ones_own(run, tmp_path):
    row = {"text": "Rex came", "spans": [{"start": 0, "end": 3, "label": "KENNEL"}]}
    path = invented.jsonl(tmp_path / "g", row)
    assert run("evaluate", path, "--engine", "rules").status == 2
    (tmp_path / "own.yaml").write_text("labels:\n  KENNEL: name\n")
    assert evaluated(run, path, "--labels", "own.yaml")["tools"][0]["total"]["gold"] == 1


@pytest.mark.parametrize("given", ["theirs", "=x", "theirs=", "phisweep=x", "theirs=engine:fast"])
def test_comparisons_that_say_nothing(run, gold, given):
    refused = run("evaluate", gold, "--compare", given)
    assert (refused.status, "E195" in refused.err) == (2, True)


def test_gold_that_is_not_there_or_empty(run, tmp_path):
    assert "E176" in run("evaluate", "absent", "--engine", "rules").err
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.jsonl").write_text("")
    for name in ("empty", "empty.jsonl"):
        done = run("evaluate", name, "--engine", "rules")
        assert (done.status, "E176" in done.err) == (2, True), done.err


def test_the_figures_stand_in_the_report_of_a_release(run, deid, gold, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("nothing here")
    assert deid("notes").status == 0
    done = run(
        "evaluate",
        gold,
        "--engine",
        "rules",
        "--draws",
        20,
        "--name",
        "our corpus",
        "--report",
        "out",
    )
    assert done.status == 0, done.err
    folder = tmp_path / "out" / "phisweep-report"
    page = (folder / "report.html").read_text()
    assert "Measured recall" in page
    assert "our corpus" in page
    assert "Measured recall" in (folder / "report.md").read_text()
    kept = (folder / "evaluation.json").read_text()
    assert json.loads(kept)["notes"] == []
    assert not any(canary in page + kept for canary in CANARIES)
    assert run("verify", "out", "--engine", "rules").status == 0


def test_a_report_says_where_something_else_was_measured(run, deid, gold, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("nothing here")
    deid("notes")
    pred = invented.jsonl(tmp_path / "p.jsonl", {"id": "a", "spans": []})
    assert run("evaluate", gold, pred, "--draws", 20, "--report", "out").status == 0
    (note,) = json.loads((tmp_path / "out/phisweep-report/evaluation.json").read_text())["notes"]
    assert "Another tool" in note
    assert run("evaluate", gold, pred, "--draws", 20, "--report", "nowhere").status == 2


@pytest.mark.parametrize("name", ["klingon", "base64"])
def test_encodings_that_are_none(run, gold, name):
    refused = run("evaluate", gold, "--engine", "rules", "--encoding", name)
    assert (refused.status, "E195" in refused.err) == (2, True)
