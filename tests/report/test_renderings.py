"""What every rendering of the audit record owes."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from phisweep.model import Linking, Run, Source, Survey
from phisweep.report import base
from phisweep.report.csv_ import neutral
from phisweep.report.sarif import MOST
from phisweep.report.text import Style
from phisweep.report.text import render as text_lines
from report import runs

RENDERERS = base.load()
GOLDEN = Path(__file__).parents[1] / "golden" / "report"
CANARY = "CANARY-219-09-9999"
HOSTILE = 'x|`<script>alert(1)</script>\n::error::\r\u202e"&,=1+1.csv'


def named(shown, status="changed"):
    """A run over one file that is really called CANARY, and shown as `shown`."""
    met = runs.outcome(
        "a.txt",
        status,
        tallies=[runs.tally("text", "ssn", 2, "dashed", "critical")],
        records=(runs.record(reveal=CANARY), runs.record(line=9, reveal=CANARY)),
        reason="too large",
        error="error[E203]: not valid utf-8 at byte 7." if status == "incomplete" else "",
        output=shown,
    )
    source = Source(Path("/data") / CANARY, CANARY, 10, shown, CANARY.encode())
    return Run(runs.MANIFEST, (replace(met, source=source),), runs.VERIFIED)


def rendered(name, run):
    return RENDERERS[name](runs.record_of_run(run))


def test_the_registry_holds_what_the_command_line_offers():
    assert set(RENDERERS) == {
        "json", "html", "md", "csv", "sarif", "junit", "github", "gitlab",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(RENDERERS))
@pytest.mark.parametrize("kind", sorted(runs.RUNS))
def test_every_run_renders_the_same_twice_and_ends_in_a_line_feed(name, kind):
    text = rendered(name, runs.RUNS[kind]())
    assert text == rendered(name, runs.RUNS[kind]())
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize("name", sorted(RENDERERS))
@pytest.mark.parametrize("status", ["changed", "incomplete", "skipped"])
@pytest.mark.parametrize("shown", ["[SSN].txt", ""])
def test_no_rendering_shows_a_true_name_or_a_value(name, status, shown):
    assert CANARY not in rendered(name, named(shown, status))


def told_of(name):
    """A run whose leaks and keys hold a name, wherever a name of a column or key could stand."""
    keys = ("column 1", f"column 2 ({name})", f"/{name}/*/id", name, f"name:{name}", f"x:/{name}")
    leaks = [
        runs.leak("age-and-later-event", 30),
        runs.leak("part-of-removed", 7, "a.csv", f"column 2 ({name})", f"column 3 ({name})"),
        runs.leak("hash-of-identifier", 1, "a.csv", f"/{name}/x", name),
        runs.leak("relative-day-and-anchor", 99, "a.csv", name, f"a.csv: {name}"),
    ]
    met = runs.table("a.csv", [runs.tally("column 1", "mrn", 9)], 9, 3, linking=Linking(keys, 9))
    source = Source(Path("/data") / name, name, 10, "a.csv")
    survey = Survey(tuple(leaks), several=3)
    return Run(runs.MANIFEST, (replace(met, source=source),), runs.VERIFIED, survey=survey)


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_no_leak_and_no_key_shows_a_name_that_may_be_data(name):
    assert CANARY not in rendered(name, told_of(CANARY))
    assert "219-09-9999" not in rendered(name, told_of(CANARY))


def test_no_line_of_a_terminal_shows_a_leak_or_a_key_by_a_name_that_may_be_data():
    run = told_of(CANARY)
    lines = text_lines(run, runs.record_of_run(run), Style(width=100))
    assert not any(CANARY in line for line in lines)


@pytest.mark.parametrize("name", ["html", "md"])
def test_a_hostile_place_of_a_leak_or_key_stays_a_place(name):
    text = rendered(name, told_of('x|`<script>alert(1)</script>\n"'))
    assert "<script>alert" not in text
    assert not any(line.startswith('"') for line in text.splitlines())


@pytest.mark.parametrize("name", sorted(RENDERERS))
@pytest.mark.parametrize("status", ["changed", "incomplete", "skipped"])
def test_a_hostile_file_name_stays_a_name(name, status):
    text = rendered(name, named(HOSTILE, status))
    if name in {"json", "sarif", "gitlab"}:
        json.loads(text)
    elif name == "junit":
        case = ET.fromstring(text).find("testcase")  # noqa: S314 - our own text
        assert case.get("name").startswith(
            'x|`<script>alert(1)</script>\\x0a::error::\\x0d\\u202e"'
        )
    elif name == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == 2
        assert len(rows[0]) == len(rows[1])
    elif name == "github":
        assert all(line.startswith(("::error file=x|", "phisweep: ")) for line in text.splitlines())
    else:
        assert "<script>alert" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(("name", "file"), [("json", "run.json"), ("md", "report.md"), ("html", "report.html")])  # fmt: skip
def test_the_fixed_run_renders_as_it_was_reviewed(name, file, update_golden):
    text = rendered(name, runs.incomplete())
    if update_golden:
        (GOLDEN / file).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "file"), [("md", "linked.md")])
def test_the_fixed_run_with_subjects_renders_as_it_was_reviewed(name, file, update_golden):
    text = rendered(name, runs.linked())
    if update_golden:
        (GOLDEN / file).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("patients.csv", "patients.csv"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\uff1d1", "'\uff1d1"),
    ],
)
def test_no_cell_is_a_formula(text, expect):
    assert neutral(text) == expect


@pytest.mark.parametrize("shown", ["=cmd|'/c calc'!A1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_starts_a_formula(shown):
    rows = list(csv.reader(io.StringIO(rendered("csv", named(shown)))))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])


def test_the_csv_has_a_row_a_file_whose_letters_add_up():
    run = runs.incomplete()
    rows = list(csv.DictReader(io.StringIO(rendered("csv", run))))
    assert [row["path"] for row in rows] == [met.source.shown for met in run.outcomes]
    for row, met in zip(rows, run.outcomes, strict=True):
        assert sum(int(row[x]) for x in "ABCDEFGHIJKLMNOPQR") == met.findings
        assert int(row["findings"]) == met.findings


def test_sarif_has_one_result_per_place_and_rule_and_no_text_of_a_document():
    text = rendered("sarif", runs.incomplete())
    log = json.loads(text)
    (run,) = log["runs"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert sum(result["occurrenceCount"] for result in run["results"]) == 46_998
    assert not run["invocations"][0]["executionSuccessful"]
    assert "snippet" not in text
    assert "contextRegion" not in text
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["helpUri"].startswith("https://")
        assert float(rule["properties"]["security-severity"]) > 0
    names = [result["partialFingerprints"]["phisweepPlace/1"] for result in run["results"]]
    assert len(names) == len(set(names))


def test_sarif_keeps_the_gravest_and_says_what_is_left_out():
    tallies = [runs.tally(f"column {n}", "url", 1, severity="low") for n in range(MOST)]
    tallies.append(runs.tally("column 9999", "ssn", 1, severity="critical"))
    run = Run(runs.MANIFEST, (runs.outcome("a.csv", tallies=tallies, rows=1),))
    (log,) = json.loads(rendered("sarif", run))["runs"]
    assert len(log["results"]) == MOST
    assert log["results"][0]["ruleId"] == "ssn/field"
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1 results")


def test_sarif_locates_the_first_finding_where_its_line_is_known():
    (log,) = json.loads(rendered("sarif", named("a b.txt")))["runs"]
    (result,) = log["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.txt"
    assert place["region"] == {"startLine": 3, "startColumn": 9}


def test_gitlab_fingerprints_are_unique():
    issues = json.loads(rendered("gitlab", runs.incomplete()))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} <= {
        "info", "minor", "major", "critical", "blocker",
    }  # fmt: skip


def test_github_shows_ten_of_a_level_and_counts_the_rest():
    lines = rendered("github", runs.incomplete()).splitlines()
    assert lines[0].startswith("::error file=export/visits_old.csv,title=not read whole::")
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-1].startswith("phisweep: 1 file could not be read whole")
    assert lines[-1].endswith("annotations not shown.")


def test_github_escapes_what_would_start_a_command_or_end_a_property():
    line = rendered("github", named("a,b:c%\n::x.txt")).splitlines()[0]
    assert line.startswith("::error file=a%2Cb%3Ac%25%0A%3A%3Ax.txt,line=3,col=9,title=(G) ssn::2 ")


def test_junit_has_a_case_a_file_and_its_counts_are_right():
    suite = ET.fromstring(rendered("junit", runs.incomplete()).encode())  # noqa: S314
    assert len(suite.findall("testcase")) == int(suite.get("tests")) == 11
    assert len(suite.findall("testcase/failure")) == int(suite.get("failures")) == 7
    assert len(suite.findall("testcase/error")) == int(suite.get("errors")) == 1
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped")) == 1


@pytest.mark.parametrize("kind", sorted(runs.RUNS))
def test_markdown_tables_have_as_many_cells_in_every_row(kind):
    width = 0
    for line in [*rendered("md", runs.RUNS[kind]()).splitlines(), ""]:
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not (width and cells) or width == cells
        width = cells
