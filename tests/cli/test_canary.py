"""`phisweep canary` by the door that users come in by, under the small rules."""

import json
import stat

import pytest

from canary import hospital
from phisweep.report.companions.canary import Record


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "note.txt").write_text(hospital.NOTE)
    return folder


@pytest.fixture
def canary(run, data):
    return lambda *more, **kw: run(
        "canary", "data", "--engine", "rules", "--per-letter", "3", *more, **kw
    )


def test_the_table_fits_eighty_columns_and_says_what_it_is_not(canary):
    ran = canary()
    assert ran.status == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "(P) biometric" in ran.out
    assert "cannot be planted" in ran.out
    assert "planted identifiers were found whole" in ran.out
    assert "invented by phisweep" in ran.out
    assert not [secret for secret in hospital.SECRETS if secret in ran.out + ran.err]


def test_json_is_the_record(canary):
    record = Record.model_validate_json(canary("--format", "json").out)
    assert record.schema_ == "phisweep-canary/1"
    assert record.per_letter == 3
    assert record.total.planted == 48


def test_markdown_and_html_go_to_files(canary, tmp_path):
    assert canary("--format", "md", "-o", "x.md").out == ""
    assert (tmp_path / "x.md").read_text().startswith("# Recall on this data")
    assert canary("--format", "html", "-o", "x.html").status == 0
    page = (tmp_path / "x.html").read_text()
    assert "<svg" in page
    assert "://" not in page
    assert stat.S_IMODE((tmp_path / "x.html").stat().st_mode) == 0o600


def test_a_rendering_is_not_written_over_the_data(canary, data):
    ran = canary("-o", "data/note.txt")
    assert (ran.status, "E122" in ran.err) == (2, True)
    assert (data / "note.txt").read_text() == hospital.NOTE


def test_a_recall_below_what_is_asked_for_exits_1(canary):
    assert canary("--min-recall", "1").status == 1
    assert canary("--min-recall", "0").status == 0


def test_an_ignored_rule_is_no_rule_of_this_measurement(canary):
    found = Record.model_validate_json(canary("--format", "json").out)
    without = Record.model_validate_json(canary("--format", "json", "--ignore-rule", "ssn").out)

    def of(record):
        return next(e.rate.found for e in record.letters if e.letter == "G")

    assert of(found) > of(without) == 0


def test_what_was_missed_is_shown_to_nobody_but_a_person(canary):
    ran = canary("--show-missed")
    assert ran.status == 2
    assert "E169" in ran.err


def test_what_was_missed_is_shown_without_the_text_around_it(canary, monkeypatch):
    monkeypatch.setattr("phisweep.cli.canary._may_show", lambda **_: None)
    ran = canary("--show-missed")
    assert ran.status == 0
    assert "missed  (" in ran.out
    assert not [secret for secret in hospital.SECRETS if secret in ran.out]


def test_copies_are_kept_with_a_warning(canary, tmp_path):
    ran = canary("--keep", "kept")
    assert "remove the folder" in ran.err
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    lines = (tmp_path / "kept/phisweep-canaries.jsonl").read_text().splitlines()
    assert len(lines) == 48
    assert {json.loads(line)["outcome"] for line in lines} <= {
        *("found", "elsewhere", "partly", "missed"),
    }
    assert canary("--keep", "kept").status == 2  # never into what is there


def test_a_file_that_cannot_be_read_exits_3(canary, data):
    (data / "broken.json").write_text('{"a": ')
    ran = canary()
    assert ran.status == 3
    assert "broken.json" in ran.out


def test_nothing_to_plant_in_is_an_error(run, tmp_path):
    (tmp_path / "blank.txt").write_text("\n")
    ran = run("canary", "blank.txt", "--engine", "rules")
    assert ran.status == 2
    assert "E170" in ran.err


@pytest.mark.parametrize("option", [("--per-letter", "0"), ("--min-recall", "2"), ("--seed", "x")])
def test_what_an_option_does_not_take_is_refused(canary, option):
    assert canary(*option).status == 2
