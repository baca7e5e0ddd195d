"""What `phisweep report` promises: any rendering, of a file or of a release."""

import json

import pytest


@pytest.fixture
def release(deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "n.txt").write_text("ssn 987-65-4320")
    assert deid("data").status == 0
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
