"""`phisweep plan`, by the door that users come in by: the file it writes, and what `deid` makes of it."""

import csv
import io
import json
import re
import sys
from itertools import islice

import pytest
import yaml

from conftest import Ran
from phisweep.cli import main
from phisweep.ruleset.load import default_folder

SAMPLE = default_folder().parent / "sample_data"
CODE = re.compile(r"\[[A-Z_]+-[B-Z]{10}\]")


@pytest.fixture
def cli(capsys, monkeypatch, tmp_path):
    """Run a command with the rules that are shipped, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "PHISWEEP_CONFIG", "PRE_COMMIT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run_(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(a) for a in arguments])
        return Ran(stop.value.code, *capsys.readouterr())

    return run_


@pytest.fixture
def data(tmp_path):
    """The first lines of tables and messages of the sample data."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("patients.csv", "encounters.csv", "messages.jsonl"):
        with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
            (folder / name).write_text("".join(islice(file, 13)), encoding="utf-8", newline="")
    return folder


def copies(folder):
    """The copies of a run, with its random codes by the order in which they first stand."""
    seen = {}
    return {
        path.name: CODE.sub(
            lambda match: f"<{seen.setdefault(match[0], len(seen))}>",
            path.read_text(encoding="utf-8"),
        )
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def released(cli, data, out, *more):
    ran = cli("deid", data, "-o", out, "--engine", "rules", "--reference-date", "2026", *more)
    assert ran.status == 0, ran.err
    return copies(data.parent / out)


def test_unedited_the_policy_changes_nothing(cli, data):
    assert cli("plan", data, "-o", "p.yaml").status == 0
    plain = released(cli, data, "plain", "--profile", "safe-harbor")
    assert released(cli, data, "planned", "--policy", "p.yaml") == plain


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_line_that_is_uncommented_has_its_effect_on_a_path(cli, data, tmp_path):
    cli("plan", data, "-o", "p.yaml")
    edited(tmp_path / "p.yaml", '# "/subject": {action: remove', '"/subject": {action: remove')
    text = released(cli, data, "out", "--policy", "p.yaml")["messages.jsonl"]
    subjects = {json.loads(line)["subject"] for line in text.splitlines()}
    assert len(subjects) == 1
    assert subjects.pop().startswith("[")


def test_columns_kept_and_coded_by_hand_are(cli, data, tmp_path):
    cli("plan", data, "-o", "p.yaml")
    lines = (
        '"encounters.csv":\n    <<: {}\n'
        '    "diagnosis": {action: keep, operator: keep, reason: "names of diseases"}\n'
        '    "department": {action: replace, operator: code, params: {identifier: other_id}}'
    )
    edited(tmp_path / "p.yaml", '"encounters.csv":\n    <<: {}', lines)
    before = table((data / "encounters.csv").read_text(encoding="utf-8"))
    after = table(released(cli, data, "out", "--policy", "p.yaml")["encounters.csv"])
    departments = {row["department"] for row in after}
    assert all(re.fullmatch(r"<\d+>", department) for department in departments)
    assert len(departments) == len({row["department"] for row in before})
    assert [row["diagnosis"] for row in after] == [row["diagnosis"] for row in before]


def test_without_o_the_policy_is_printed_where_nobody_looks(cli, data):
    ran = cli("plan", data)
    assert yaml.safe_load(ran.out)["extends"] == "safe-harbor"
    assert ran.out == cli("plan", data, "--format", "yaml").out
    assert sorted(p.name for p in data.parent.iterdir()) == ["data"]


def test_on_a_terminal_and_with_o_the_table_is_printed(cli, data, monkeypatch):
    ran = cli("plan", data, "-o", "p.yaml")
    assert ran.out.startswith("decide these: ")
    assert "next: phisweep deid" in ran.out
    assert json.loads(cli("plan", data, "--format", "json").out)["undecided"] >= 1
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    assert cli("plan", data, "--format", "text").out.startswith("decide these: ")


def test_the_profile_is_what_the_policy_extends(cli, data, tmp_path):
    cli("plan", data, "--profile", "limited-data-set", "-o", "p.yaml")
    policy = yaml.safe_load((tmp_path / "p.yaml").read_text(encoding="utf-8"))
    assert (policy["extends"], policy["method"]) == ("limited-data-set", "limited-data-set")
    (tmp_path / "sub").mkdir()
    assert cli("plan", data, "--profile", "p.yaml", "-o", "sub/q.yaml").status == 0
    assert yaml.safe_load((tmp_path / "sub" / "q.yaml").read_text())["extends"] == "../p.yaml"
    assert cli("plan", data, "--profile", "sub/q.yaml").status == 0


def test_a_file_that_is_there_is_written_over_by_force_alone(cli, data, tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("mine")
    ran = cli("plan", data, "-o", path)
    assert (ran.status, path.read_text()) == (2, "mine")
    assert "E147" in ran.err
    assert cli("plan", data, "-o", path, "--force").status == 0
    assert path.read_text() != "mine"
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_into_the_data_or_where_no_folder_is(cli, data, tmp_path):
    before = {p.name: p.read_bytes() for p in data.iterdir()}
    for path in (data / "p.yaml", data / "patients.csv"):
        ran = cli("plan", data, "-o", path, "--force")
        assert (ran.status, "E149" in ran.err) == (2, True)
    ran = cli("plan", data, "-o", tmp_path / "nowhere" / "p.yaml")
    assert (ran.status, "E148" in ran.err) == (2, True)
    assert {p.name: p.read_bytes() for p in data.iterdir()} == before


def test_what_is_not_read_is_told_and_exits_3(cli, data):
    (data / "x.bin").write_bytes(bytes(range(256)) * 9)
    ran = cli("plan", data, "--format", "text")
    assert ran.status == 3
    assert "x.bin: 1 file, no reader" in ran.out
    assert cli("plan", data, "--on-skip", "ignore").status == 0


def test_rows_are_told(cli, data):
    assert "first 5 rows" in cli("plan", data, "--rows", "5", "--format", "text").out
    assert cli("plan", data, "--rows", "0").status == 2
