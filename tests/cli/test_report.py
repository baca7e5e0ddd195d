"""What `phisweep report` promises: any rendering, of a file or of a release."""

import json

import pytest


@pytest.fixture
def release(deid, made_once, tmp_path):
    def make():
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "n.txt").write_text("ssn 987-65-4320")
        assert deid("data").status == 0

    made_once(make)
    return tmp_path / "out"


@pytest.mark.parametrize(
    "name", ["html", "md", "csv", "json", "sarif", "junit", "github", "gitlab"]
)
def test_every_rendering_is_made_from_the_record_alone(run, release, name, tmp_path):
    shown = run("report", release, "--to", name)
    assert shown.status == 0
    assert "987-65-4320" not in shown.out
    assert (
        run("report", release / "phisweep-report" / "run.json", "--to", name, "-o", "r").status == 0
    )
    assert (tmp_path / "r").read_text() == shown.out
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o600


def test_json_is_the_record_itself(run, release):
    made = json.loads(run("report", release, "--to", "json").out)
    assert made == json.loads((release / "phisweep-report" / "run.json").read_text())


@pytest.mark.parametrize(
    "arguments",
    [["no-such.json"], ["run.txt"], ["out", "--to", "nonsense"], ["out", "-o", "a/b/c"]],
)
def test_what_cannot_be_rendered_is_a_usage_error(run, release, tmp_path, arguments):
    (tmp_path / "run.txt").write_text("{}")
    ran = run("report", *arguments)
    assert ran.status == 2
    assert ran.err.startswith("phisweep: error[E1")


# Merge


@pytest.fixture
def releases(deid, run, made_once, tmp_path):
    """Two releases, the first signed."""

    def make():
        assert run("keygen", "site.key").status == 0
        for name, text in (("a", "ssn 987-65-4320"), ("b", "call 617-555-0123, MRN 0041776")):
            (tmp_path / name).mkdir()
            (tmp_path / name / "n.txt").write_text(text)
        assert deid("a", "--sign-key", "site.key", out="A").status == 0
        assert deid("b", out="B").status == 0

    made_once(make)
    return tmp_path


def merged(releases):
    return json.loads((releases / "m" / "merged.json").read_text())


def test_two_releases_become_one_report(run, releases):
    ran = run("report", "merge", "A", "B/phisweep-report/run.json", "-o", "m")
    assert ran.status == 0
    assert sorted(p.name for p in (releases / "m").iterdir()) == [
        "merged.html", "merged.json", "merged.md",
    ]  # fmt: skip
    record = merged(releases)
    assert record["totals"]["findings"] == 3
    assert [site["name"] for site in record["sites"]] == [
        site["run_id"] for site in record["sites"]
    ]
    assert [bool(site["signed_by"]) for site in record["sites"]] == [True, False]
    assert record["disagreements"] == []
    assert "2 runs joined: 2 verified; 3 findings" in ran.out
    texts = [p.read_text() for p in (releases / "m").iterdir()]
    assert not [v for v in ("987-65-4320", "0041776", "n.txt") for t in texts if v in t]


def test_sites_have_the_names_that_are_given(run, releases):
    ran = run("report", "merge", "A", "B", "-o", "m", "--name", "north", "--name", "south")
    assert ran.status == 0
    assert [site["name"] for site in merged(releases)["sites"]] == ["north", "south"]


def test_runs_under_different_rules_are_joined_and_it_is_told(run, deid, releases):
    assert deid("b", "--profile", "limited-data-set", out="C").status == 0
    ran = run("report", "merge", "A", "C", "-o", "m")
    assert ran.status == 0
    assert "not alike: policy: safe-harbor" in ran.out
    assert "not alike: method" in ran.out
    assert "The runs were not made alike" in (releases / "m" / "merged.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("A", "A"), "E138"),
        (("A", "A/phisweep-report/run.json"), "E138"),
        (("A",), "E138"),
        (("A", "B", "--name", "one"), "E138"),
        (("A", "B", "--name", "one", "--name", "one"), "E138"),
        (("A", "none"), "E131"),
        (("A", "a/n.txt"), "E132"),
        (("A", "B", "--to", "md"), "E100"),
    ],
)
def test_what_cannot_be_joined_is_a_usage_error(run, releases, arguments, code):
    ran = run("report", "merge", *arguments, "-o", "m")
    assert ran.status == 2
    assert f"error[{code}]" in ran.err
    assert not (releases / "m").exists()


def test_a_record_that_is_not_as_its_chain_says_is_not_joined(run, releases):
    path = releases / "B" / "phisweep-report" / "run.json"
    path.write_text(path.read_text().replace('"findings": 2', '"findings": 2 '))
    ran = run("report", "merge", "A", "B", "-o", "m", "--name", "north", "--name", "south")
    assert ran.status == 5
    assert "error[E504]: run 2, south:" in ran.err
    assert not (releases / "m").exists()


def test_only_the_record_may_be_given_and_what_stands_beside_it_counts(run, releases):
    page = releases / "A" / "phisweep-report" / "report.html"
    page.unlink()  # a site sends its record and its chain
    assert run("report", "merge", "A", "B", "-o", "m").status == 0
    assert [site["custody"] for site in merged(releases)["sites"]] == ["whole", "whole"]


def test_a_trusted_key_must_have_signed_every_run(run, deid, releases):
    assert run("report", "merge", "A", "B", "-o", "m", "--public-key", "site.key.pub").status == 5
    assert deid("b", "--sign-key", "site.key", out="C").status == 0
    assert run("report", "merge", "A", "C", "-o", "m", "--public-key", "site.key.pub").status == 0


def test_a_record_of_a_newer_version_says_which_run_it_is(run, releases):
    report = releases / "B" / "phisweep-report"
    (report / "custody.jsonl").unlink()
    record = json.loads((report / "run.json").read_text()) | {"schema": "phisweep-run/9"}
    (report / "run.json").write_text(json.dumps(record))
    ran = run("report", "merge", "A", "B", "-o", "m")
    assert ran.status == 2
    assert "run 2, run.json: " in ran.err
    assert "phisweep-run/9" in ran.err
