"""What `phisweep risk` promises: figures without values, exit codes, suggestions that hold."""

import csv
import json
import shutil
import sqlite3
from functools import partial

import numpy as np
import pandas as pd
import pytest

from phisweep.config import Config
from phisweep.keys import Key
from phisweep.report.companions.risk import Record
from phisweep.risk.counted import Counter
from phisweep.risk.hierarchies import hierarchy
from phisweep.runs.assessing import circumstance
from phisweep.session import Session
from risk.counting import counted, encoded

VALUES = ["Zorvath", "Quillon", "Ptarmigan", "Wexfordia", "98431", "98555", "60044"]


@pytest.fixture
def visits(tmp_path):
    """4,000 invented rows; one town is rare."""
    rng = np.random.default_rng(4)
    rows = 4_000
    frame = pd.DataFrame(
        {
            "age": np.clip(rng.normal(50, 20, rows), 0, 99).astype(int).astype(str),
            "zip": rng.choice(["98431", "98555", "60044"], rows),
            "town": rng.choice(VALUES[:4], rows, p=[0.6, 0.3, 0.099, 0.001]),
            "sex": rng.choice(["F", "M", ""], rows, p=[0.5, 0.45, 0.05]),
            "diagnosis": rng.choice(["Influenza", "Asthma", "Fracture"], rows),
            "person": [f"p{n}" for n in rng.integers(0, 1_500, rows)],
        }
    )
    path = tmp_path / "visits.csv"
    frame.to_csv(path, index=False)
    return path


def test_the_figures_are_told_within_80_columns(run, visits):
    seen = run("risk", visits, "--qi", "age,town,sex", "--sensitive", "diagnosis")
    assert seen.status == 0
    assert "Smallest class (k)" in seen.out
    assert "prosecutor" in seen.out
    assert "To reach k = 11" in seen.out
    assert max(map(len, seen.out.splitlines())) <= 80
    assert seen.err == ""


@pytest.mark.parametrize("name", ["text", "json", "md", "html"])
def test_no_rendering_holds_a_value_or_a_small_count(run, visits, name):
    seen = run(
        "risk", visits, "--qi", "age,zip,town,sex", "--sensitive", "diagnosis", "--propose",
        "--format", name,
    )  # fmt: skip
    assert seen.status == 0
    for value in [*VALUES, "Influenza", "p12"]:
        assert value not in seen.out
    if name == "json":
        record = Record.model_validate_json(seen.out)
        (one,) = record.assessments
        assert one.rows == 4_000
        for size in (*one.sizes, *(s for b in one.suggestions.best for s in b.sizes)):
            assert not (isinstance(size.people, int) and 0 < size.people < 11)


def test_what_is_asked_for_and_not_met_exits_1(run, visits):
    assert run("risk", visits, "--qi", "sex", "--k", "11", "--no-suggest").status == 0
    assert run("risk", visits, "--qi", "age,town", "--k", "11", "--no-suggest").status == 1
    assert run("risk", visits, "--qi", "sex", "--max-risk", "0.09", "--no-suggest").status == 0
    seen = run("risk", visits, "--qi", "age,town", "--max-risk", "0.09", "--no-suggest")
    assert seen.status == 1
    assert "It is not met" in seen.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["visits.csv", "--qi", "agee,sex"], "E162", "Did you mean age"),
        (["visits.csv", "--qi", "Zorvath 987-65-4321"], "E162", "It has: age, zip"),
        (["visits.csv", "--qi", "age,sex", "--sensitive", "sex"], "E194", "named twice"),
        (["visits.csv"], "E194", "--propose"),
        (["visits.csv", "--qi", "sex", "--population", "20"], "E194", "fewer people"),
        (["empty.csv", "--qi", "age"], "E193", "two rows"),
        (["one.csv", "--qi", "age"], "E193", "two rows"),
        (["note.txt", "--qi", "age"], "E193", "no table"),
        (
            ["visits.csv", "--qi", "sex", "--population", "9000", "--drawn", "0.1"],
            "E100",
            "exclude",
        ),
        (["nowhere.csv", "--qi", "sex"], "E101", ""),
        (["visits.csv", "--qi", "sex", "--report", "nothing"], "E131", ""),
    ],
)
def test_what_cannot_be_measured_is_said(run, visits, tmp_path, arguments, code, told):
    (tmp_path / "empty.csv").write_text("age,sex\n")
    (tmp_path / "one.csv").write_text("age,sex\n41,F\n")
    (tmp_path / "note.txt").write_text("a note of a visit\n")
    seen = run("risk", *arguments)
    assert seen.status == 2
    assert f"error[{code}]" in seen.err
    assert told in seen.err
    assert "987-65-4321" not in seen.err
    assert seen.out == ""


def test_a_table_that_cannot_be_read_whole_is_no_risk_but_an_error(run, tmp_path):
    (tmp_path / "cut.csv").write_text("age,sex\n41,F\n42,M\n43\n")
    seen = run("risk", "cut.csv", "--qi", "age")
    assert seen.status == 3
    assert "error[E207]" in seen.err


def test_tables_of_any_format_give_the_same(run, visits, tmp_path):
    frame = pd.read_csv(visits, dtype=str, keep_default_na=False)
    frame.to_parquet(tmp_path / "visits.parquet")
    frame.to_csv(tmp_path / "visits.tsv", sep="\t", index=False)
    frame.to_excel(tmp_path / "visits.xlsx", sheet_name="data", index=False)
    with sqlite3.connect(tmp_path / "visits.sqlite") as base:
        frame.to_sql("data", base, index=False)
    base.close()
    told = []
    for name in ("visits.csv", "visits.parquet", "visits.tsv", "visits.xlsx", "visits.sqlite"):
        seen = run("risk", name, "--qi", "age,town,sex", "--format", "json", "--no-suggest")
        (one,) = json.loads(seen.out)["assessments"]
        told.append({k: v for k, v in one.items() if k not in {"files", "measured", "not_counted"}})
    assert all(each == told[0] for each in told[1:])


def test_several_files_are_counted_as_one_table(run, visits, tmp_path):
    frame = pd.read_csv(visits, dtype=str, keep_default_na=False)
    frame.iloc[:1_000].to_csv(tmp_path / "a.csv", index=False)
    frame.iloc[1_000:].to_parquet(tmp_path / "b.parquet")
    (tmp_path / "codes.csv").write_text("code,meaning\nx,y\nz,w\n")
    both = run("risk", "a.csv", "b.parquet", "codes.csv", "--qi", "age,sex", "--format", "json")
    one = run("risk", visits, "--qi", "age,sex", "--format", "json")
    told = [json.loads(each.out)["assessments"][0] for each in (both, one)]
    assert told[0]["sizes"] == told[1]["sizes"]
    assert told[0]["not_counted"] == ["codes.csv (it has none of the columns)"]


def test_one_sheet_may_be_named(run, visits, tmp_path):
    frame = pd.read_csv(visits, dtype=str)
    with pd.ExcelWriter(tmp_path / "both.xlsx") as book:
        frame.iloc[:100].to_excel(book, sheet_name="first", index=False)
        frame.iloc[100:300].to_excel(book, sheet_name="second", index=False)
    seen = run("risk", "both.xlsx", "--qi", "sex", "--table", "second", "--format", "json")
    assert json.loads(seen.out)["assessments"][0]["rows"] == 200


def test_columns_without_names_are_told_by_their_place(run, tmp_path):
    lines = [f"{30 + i % 3},9843{i % 2},{'FM'[i % 2]}\n" for i in range(60)]
    (tmp_path / "bare.csv").write_text("".join(lines))
    seen = run("risk", "bare.csv", "--qi", "column 1,column 3", "--no-suggest")
    assert seen.status == 0
    assert "column 1, column 3" in seen.out


def test_a_name_that_may_be_data_is_told_nowhere(run, visits, tmp_path):
    frame = pd.read_csv(visits, dtype=str, keep_default_na=False)
    frame.rename(columns={"zip": "zip 98431"}).to_csv(visits, index=False)
    for name in ("text", "json", "md", "html"):
        seen = run(
            "risk", visits, "--qi", "age,zip 98431", "--propose", "--format", name,
            "--write-policy", "p.yaml",
        )  # fmt: skip
        assert seen.status == 0
        assert "98431" not in seen.out + seen.err + (tmp_path / "p.yaml").read_text()
        assert "column 2" in seen.out


def test_a_column_of_too_many_values_is_counted_anew_by_hashes(run, visits, monkeypatch):
    monkeypatch.setattr("phisweep.runs.assessing.Counter", partial(Counter, most=50))
    seen = run("risk", visits, "--qi", "age,sex", "--format", "json")
    (one,) = json.loads(seen.out)["assessments"]
    assert [column["kind"] for column in one["quasi_identifiers"]] == ["wide", "category"]
    assert one["quasi_identifiers"][0]["distinct"] is None
    monkeypatch.undo()
    whole = json.loads(run("risk", visits, "--qi", "age,sex", "--format", "json").out)
    assert one["sizes"] == whole["assessments"][0]["sizes"]


def test_people_are_counted_by_their_key(run, visits):
    seen = run("risk", visits, "--qi", "town", "--subject-key", "person", "--format", "json")
    (one,) = json.loads(seen.out)["assessments"]
    assert one["by_subject"]
    assert one["people"] < one["rows"] == 4_000
    assert "p12" not in seen.out


def test_columns_are_proposed_with_what_speaks_for_them(run, visits):
    seen = run("risk", visits, "--propose", "--format", "json", "--no-suggest")
    (one,) = json.loads(seen.out)["assessments"]
    uses = {each["name"]: each["use"] for each in one["candidates"]}
    assert uses["sex"] == uses["age"] == "quasi"
    assert uses["diagnosis"] == "sensitive"
    assert all(each["why"] and each["how"] for each in one["candidates"])
    assert one["proposed"]


def test_a_population_is_estimated_and_called_an_estimate(run, visits):
    seen = run("risk", visits, "--qi", "age,town,sex", "--drawn", "0.05", "--no-suggest")
    assert "Unique among 80,000" in seen.out
    assert "None is a bound" in " ".join(seen.out.split())


def test_a_suggestion_that_is_applied_reaches_k(run, deid, visits, tmp_path):
    """Rows are left out, the policy is followed, and the copy is measured."""
    lines = visits.read_text().splitlines(keepends=True)[:701]
    visits.write_text("".join(lines))
    qi = ["--qi", "age,zip,town,sex"]
    seen = run(
        "risk", "visits.csv", *qi, "--k", "7", "--suppress", "0.03", "--format", "json",
        "--write-policy", "p.yaml", "--left-out", "left.csv",
    )  # fmt: skip
    assert seen.status == 1
    best = json.loads(seen.out)["assessments"][0]["suggestions"]["best"][0]
    with (tmp_path / "left.csv").open() as file:
        left = {int(row["record"]) for row in csv.DictReader(file)}
    assert len(left) <= 0.03 * 700
    assert len(left) == best["left_out"] or best["left_out"] in {"<11", "11+"}
    (tmp_path / "in").mkdir()
    kept = [line for number, line in enumerate(lines) if number not in left]
    (tmp_path / "in" / "visits.csv").write_text("".join(kept))
    assert deid("in/visits.csv", "--policy", "p.yaml").status == 0
    seen = run("risk", "out/visits.csv", *qi, "--k", "7", "--format", "json", "--report", "out")
    assert seen.status == 0
    (one,) = json.loads(seen.out)["assessments"]
    assert one["k"] >= best["least"] >= 7
    assert one["files"][0]["copy_of_run"]
    page = (tmp_path / "out" / "phisweep-report" / "report.html").read_text()
    assert "Measured risk of re-identification" in page
    assert "Zorvath" not in (tmp_path / "out" / "phisweep-report" / "risk.json").read_text()
    for name in ("p.yaml", "left.csv"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_what_a_step_makes_alike_a_copy_writes_alike(deid, tmp_path, level):
    """Each step of every kind of column, against the operator at work in a copy."""
    rng = np.random.default_rng(level)
    frame = pd.DataFrame(
        {
            "age": [*map(str, range(1, 104)), "unknown"],
            "zip": [f"{n:05d}" for n in rng.integers(501, 99_950, 104)],
            "zip3": [f"{n:03d}" for n in rng.integers(5, 999, 104)],
            "visit_date": [
                str(d) for d in pd.date_range("2015-01-05", periods=104, freq="17D").date
            ],
            "yob": [str(n) for n in rng.integers(1940, 2020, 104)],
            "bmi": [f"{x:.1f}" for x in rng.normal(27, 5, 104)],
            "race": rng.choice(["Ptarmigan", "Quillon", "", "Other"], 104),
        }
    )
    rows = counted(frame, list(frame))
    session = Session(Config(engine="rules"), Key.draw())
    here = circumstance(session)
    steps = {}
    for which, column in enumerate(rows.quasi):
        made = hierarchy(column, rows.spread(which), here).without_hands()
        steps[column.name] = made.steps[min(level, len(made.steps) - 1)]
    columns = {
        name: {
            "action": "remove" if step.operator == "redact" else "generalize",
            "operator": step.operator,
            "params": dict(step.params),
        }
        for name, step in steps.items()
    }
    policy = {"id": "p", "extends": "expert", "method": "expert", "columns": {"t.csv": columns}}
    (tmp_path / "p.yaml").write_text(json.dumps(policy))  # JSON is YAML
    (tmp_path / "in").mkdir()
    frame.to_csv(tmp_path / "in" / "t.csv", index=False)
    assert deid("in", "--policy", "p.yaml", "--no-verify").status == 0
    copy = pd.read_csv(tmp_path / "out" / "t.csv", dtype=str, keep_default_na=False)
    for which, (name, step) in enumerate(steps.items()):
        groups = step.of(rows.quasi[which].codes(encoded(frame[name]))).tolist()
        pairs = {*zip(groups, copy[name], strict=True)}
        assert len(pairs) == len(set(groups)) == copy[name].nunique(), (name, step.words)


def test_a_release_keeps_what_was_measured_of_each_of_its_tables(deid, run, visits, tmp_path):
    (tmp_path / "in").mkdir()
    shutil.copy(visits, tmp_path / "in" / "a.csv")
    shutil.copy(visits, tmp_path / "in" / "b.csv")
    assert deid("in").status == 0
    for name, qi in (("a", "sex"), ("b", "sex"), ("a", "sex"), ("a", "town,sex")):
        seen = run(
            "risk", f"out/{name}.csv", "--qi", qi, "--report", "out", "--no-suggest", "-o", "x.txt"
        )
        assert seen.status == 0
    record = Record.model_validate_json(
        (tmp_path / "out" / "phisweep-report" / "risk.json").read_bytes()
    )
    assert [one.files[0].path for one in record.assessments] == ["b.csv", "a.csv", "a.csv"]
    assert run("verify", "out").status == 0
    page = (tmp_path / "out" / "phisweep-report" / "report.md").read_text()
    assert "Measured risk of re-identification" in page


def test_the_page_draws_its_charts(run, visits):
    seen = run("risk", visits, "--qi", "age,town,sex", "--format", "html")
    assert seen.out.count("<svg") >= 3
    assert "after the first suggestion" in seen.out
    assert "http://" not in seen.out.replace("http://www.w3.org", "")


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_page_opens_without_network_and_without_an_error(run, visits, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    run("risk", visits, "--qi", "age,town,sex", "--format", "html", "-o", "risk.html")
    said = []
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "risk.html").as_uri())
        assert page.locator("svg").count() >= 3
        page.get_by_text("The first as a policy file").click()
        assert page.get_by_text("risk-suggestion").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert said == []
