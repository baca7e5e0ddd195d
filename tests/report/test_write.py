import stat
import sys

import pytest

from phisweep.errors import UsageError
from phisweep.report.record import load_record
from phisweep.report.write import write_private, write_record
from report import runs

FILES = ["custody.jsonl", "report.html", "report.md", "run.json"]


def test_the_report_is_its_files_and_the_page_is_returned(tmp_path):
    folder = tmp_path / "out" / "phisweep-report"
    path = write_record(runs.record_of_run(runs.searched()), folder)
    assert path == folder / "report.html"
    assert sorted(entry.name for entry in folder.iterdir()) == FILES
    assert load_record(folder / "run.json").totals.findings == 46_998


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX modes")
def test_only_the_owner_can_read_it(tmp_path):
    folder = tmp_path / "report"
    write_record(runs.record_of_run(runs.searched()), folder)
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()} == {0o600}


def test_a_second_report_replaces_the_first(tmp_path):
    for run in (runs.empty(), runs.searched()):
        write_record(runs.record_of_run(run), tmp_path / "report")
    assert load_record(tmp_path / "report" / "run.json").totals.files == 9
    assert sorted(entry.name for entry in (tmp_path / "report").iterdir()) == FILES


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="E134"):
        write_record(runs.record_of_run(runs.empty()), tmp_path / "file" / "report")


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "run.json").mkdir()
    with pytest.raises(OSError, match=r"run\.json"):
        write_private(tmp_path / "run.json", b"{}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]
