"""`phisweep review`: answers of several people become a section of the report."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

import pytest

from phisweep.runs.reviewing import desk_of
from review import hospital


@pytest.fixture
def release(deid, made_once, tmp_path):
    def make():
        hospital.write(tmp_path / "data")
        done = deid("data")
        assert done.status == 0, done.err

    made_once(make)
    return tmp_path / "out"


@pytest.fixture
def sample(run, release, tmp_path):
    assert run("sample", "out", "--data", "data", "-n", "500", "--seed", "7").status == 0
    return tmp_path / "sample.json"


@pytest.fixture
def apply(run):
    return lambda *more: run(
        "review", "sample.json", "--data", "data", "--report", "out", "--apply", *more
    )


def answer(sample, reviewer, judge=hospital.truth, most=10_000, **more):
    return hospital.answer_all(desk_of(sample, ["data"], reviewer, **more), judge, most)


def record(release):
    return json.loads((release / "phisweep-report/review.json").read_text())


def nobody(view):
    """The verdict of one who sees nothing."""
    return "no", []


def test_the_result_stands_in_the_report_with_its_bounds(apply, sample, release):
    answer(sample, "anna")
    done = apply()
    assert done.status == 0, done.err
    seen = record(release)
    assert seen["state"] == "complete"
    # All was drawn and judged: two names were left in 2 places, and 0 removals were wrong.
    assert seen["precision"] == {"estimate": 1.0, "low": 1.0, "high": 1.0}
    removed = sum(group["population"] for group in seen["groups"] if group["removed"])
    assert seen["recall"]["low"] == pytest.approx(removed / (removed + 2))
    assert seen["recall"]["estimate"] == pytest.approx(removed / (removed + 2))
    assert {(m["path"], m["place"], m["shape"], m["count"]) for m in seen["misses"]} == {
        ("note.txt", "text", "Aaaaaaaaaaaa", 1),
        ("visits.csv", "column 4 (city_note)", "Aaaaaaaaaaa", 1),
    }
    for name in ("report.html", "report.md"):
        text = (release / "phisweep-report" / name).read_text()
        assert "Human review" in text
        assert "city\\_note" in text or "city_note" in text
    steps = (release / "phisweep-report/custody.jsonl").read_text().splitlines()
    assert json.loads(steps[-1])["step"] == "review"


def test_no_value_is_in_the_answers_the_report_or_what_is_printed(apply, sample, release):
    answer(sample, "anna")
    done = apply()
    texts = [done.out, done.err, sample.with_name("sample.anna.json").read_text()]
    folder = release / "phisweep-report"
    texts += [(folder / name).read_text() for name in ("review.json", "report.html", "report.md")]
    for value in (*hospital.FOUND, *hospital.MISSED, *hospital.NAMES, "417701", "WK123456"):
        assert not [text for text in texts if value in text]


def test_what_was_left_and_what_was_wrong_is_told_as_configuration(apply, sample, release):
    answer(sample, "anna", lambda v: ("no", []) if v.unit.is_candidate else hospital.truth(v))
    done = apply()
    assert '[tool.phisweep.columns."visits.csv"]' in done.out
    assert '"city_note" = { action = "redact", letter = "R" }' in done.out
    assert '"name" = { action = "keep", reason = "human review: 6 of 6' in done.out
    assert '"note.txt" = [' in done.out


def test_a_review_that_stops_half_way_is_marked_and_what_is_open_counts_against_us(
    apply, sample, release
):
    answer(sample, "anna", most=10)
    done = apply()
    assert done.status == 0
    half = record(release)
    assert (half["state"], half["answered"]) == ("half-finished", 10)
    assert "half-finished" in done.out
    for name in ("report.html", "report.md"):
        assert "This review is half-finished" in (release / "phisweep-report" / name).read_text()
    answer(sample, "anna")
    assert apply().status == 0
    whole = record(release)
    assert whole["state"] == "complete"
    assert half["recall"]["low"] < whole["recall"]["low"]


def test_two_reviewers_are_compared_and_a_third_decides(run, apply, sample, release):
    answer(sample, "anna")
    answer(sample, "ben", nobody)
    assert apply().status == 0
    before = record(release)
    assert before["agreement"]["differing"] == before["disputed"] > 2
    assert before["agreement"]["kappa"] < 0.5
    assert before["state"] == "half-finished"
    third = desk_of(sample, ["data"], "carl", deciding=True)
    assert third.total == before["disputed"]
    hospital.answer_all(third)
    assert apply().status == 0
    after = record(release)
    assert (after["state"], after["disputed"]) == ("complete", 0)
    assert after["agreement"]["decided"] == after["agreement"]["differing"]
    assert after["recall"]["low"] > before["recall"]["low"]
    assert [one["name"] for one in after["reviewers"]] == ["anna", "ben", "carl"]


def test_a_third_reviewer_is_refused(run, sample):
    for name in ("anna", "ben"):
        answer(sample, name, most=1)
    done = run("review", "sample.json", "--data", "data", "--reviewer", "carl")
    assert done.status == 2
    assert "error[E199]" in done.err
    assert "--adjudicate" in done.err


def test_there_is_nothing_to_decide_where_two_agree(run, sample):
    for name in ("anna", "ben"):
        answer(sample, name)
    done = run("review", "sample.json", "--data", "data", "--reviewer", "carl", "--adjudicate")
    assert done.status == 2
    assert "error[E199]" in done.err


def test_what_stands_in_no_copy_is_no_miss(apply, sample, release):
    """A reviewer marks what the search of the copies removed afterwards."""
    path = release / "visits.csv"
    text = path.read_text()
    record_ = json.loads((release / "phisweep-report/run.json").read_text())
    assert "Thistledown" in text
    path.write_text(text.replace("Thistledown", "[NAME]"))
    answer(sample, "anna")
    assert apply().status == 0
    assert record_["schema"] == "phisweep-run/1"
    seen = record(release)
    assert (seen["gone"], [miss["path"] for miss in seen["misses"]]) == (1, ["note.txt"])


def test_answers_to_another_sample_are_refused(run, apply, sample, tmp_path):
    answer(sample, "anna", most=3)
    assert run("sample", "out", "--data", "data", "-n", "9", "--seed", "1").status == 0
    done = apply()
    assert done.status == 2
    assert "error[E198]: sample.anna.json" in done.err


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a["answers"].update(u9999={"verdict": "no", "marks": []}),
        lambda a: a["answers"].update(u0001={"verdict": "perhaps", "marks": []}),
        lambda a: a["answers"].update(u0001={"verdict": "yes", "marks": [[9_000, 9_001]]}),
        lambda a: a.update(note="Ms. Quillfeather"),
    ],
)
def test_answers_that_were_tampered_with_are_refused(apply, sample, change):
    answer(sample, "anna", most=3)
    path = sample.with_name("sample.anna.json")
    answers = json.loads(path.read_text())
    change(answers)
    path.write_text(json.dumps(answers))
    done = apply()
    assert done.status == 2
    assert "error[E198]" in done.err
    assert "Quillfeather" not in done.err


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "phisweep-sample/2"}', "Ms. Quillfeather"])
def test_what_is_no_sample_is_refused(run, tmp_path, text):
    (tmp_path / "data").mkdir()
    (tmp_path / "sample.json").write_text(text)
    done = run("review", "sample.json", "--data", "data")
    assert done.status == 2
    assert "error[E197]" in done.err
    assert "Quillfeather" not in done.err


def test_a_sample_of_another_run_does_not_go_into_this_report(run, deid, sample):
    answer(sample, "anna")
    assert deid("data", out="other").status == 0
    done = run("review", "sample.json", "--data", "data", "--report", "other", "--apply")
    assert done.status == 2
    assert "error[E197]" in done.err


def test_nothing_answered_is_nothing_to_apply(apply, sample):
    done = apply()
    assert done.status == 2
    assert "error[E199]" in done.err


@pytest.mark.parametrize("name", ["", "../anna", "anna/b", "a b", "-x"])
def test_a_name_that_is_no_file_name_is_refused(run, sample, name):
    done = run("review", "sample.json", "--data", "data", f"--reviewer={name}")
    assert done.status == 2
    assert "error[E100]" in done.err


def test_the_page_is_served_until_it_is_finished_and_the_result_goes_into_the_report(
    sample, release
):
    """The command itself, by the door that users come in by; the browser is played by hand."""
    command = [sys.executable, "-m", "phisweep", "review", "sample.json", "--data", "data",
               "--reviewer", "anna", "--report", "out"]  # fmt: skip
    with subprocess.Popen(
        command, cwd=sample.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"NO_COLOR": "1"},
    ) as process:  # fmt: skip
        url = re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", process.stdout.readline())[0]
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        opener = urllib.request.build_opener(cookies)
        with opener.open(url) as page:
            where = page.url
            token = re.search(r'data-token="([^"]+)"', page.read().decode())[1]
        headers = {"X-Review-Token": token, "Content-Type": "application/json"}
        headers["Origin"] = where.partition("/r/")[0]

        def post(what, body):
            request = urllib.request.Request(where + what, json.dumps(body).encode(), headers)  # noqa: S310 - this machine
            with opener.open(request) as answered:
                return json.load(answered)

        state = post("undo", {})
        for _ in range(3):
            state = post("answer", {"id": state["unit"]["id"], "verdict": "unsure"})
        assert post("finish", {})["finished"]
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "3 of" in err
    assert record(release)["answered"] == 3
    assert token not in out + err


def test_ctrl_c_leaves_every_answer(sample):
    command = [sys.executable, "-m", "phisweep", "review", "sample.json", "--data", "data"]
    with subprocess.Popen(
        command, cwd=sample.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.send_signal(2)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "every answer is saved" in err
