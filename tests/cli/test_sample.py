"""`phisweep sample`: what it writes and says, and what it refuses."""

import json
import stat

import pytest

from review import hospital


@pytest.fixture
def release(deid, tmp_path):
    hospital.write(tmp_path / "data")
    done = deid("data")
    assert done.status == 0, done.err
    return tmp_path / "out"


def test_a_sample_is_written_for_its_owner_and_the_next_command_is_told(run, release, tmp_path):
    done = run("sample", "out", "--data", "data", "-n", "20", "--seed", "3")
    assert done.status == 0
    path = tmp_path / "sample.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sample = json.loads(path.read_text())
    assert (len(sample["units"]), sample["seed"]) == (20, 3)
    assert "next: phisweep review sample.json --data data" in done.err
    assert all(len(line) <= 80 for line in done.out.splitlines())
    for value in (*hospital.FOUND, *hospital.NAMES, *hospital.MISSED):
        assert value not in done.out + done.err + path.read_text()


@pytest.mark.parametrize("run_", ["out", "out/phisweep-report", "out/phisweep-report/run.json"])
def test_a_release_its_report_or_its_record_name_the_run(run, release, run_):
    assert run("sample", run_, "--data", "data", "-n", "5").status == 0


def test_a_seed_is_drawn_and_told_where_none_is_given(run, release, tmp_path):
    seeds = set()
    for name in ("a.json", "b.json"):
        assert run("sample", "out", "--data", "data", "-n", "5", "-o", name).status == 0
        seeds.add(json.loads((tmp_path / name).read_text())["seed"])
    assert len(seeds) == 2


def test_originals_that_are_missing_are_named(run, release, tmp_path):
    (tmp_path / "data/visits.csv").unlink()
    done = run("sample", "out", "--data", "data")
    assert done.status == 5
    assert "error[E505]: visits.csv: " in done.err
    assert not (tmp_path / "sample.json").exists()


def test_originals_that_changed_are_named(run, release, tmp_path):
    path = tmp_path / "data/note.txt"
    path.write_text(path.read_text().replace("knee", "foot"))
    done = run("sample", "out", "--data", "data")
    assert done.status == 5
    assert "error[E505]: note.txt: " in done.err


def test_other_files_beside_the_originals_do_not_matter(run, release, tmp_path):
    (tmp_path / "data/new.txt").write_text("Nothing of the run.")
    assert run("sample", "out", "--data", "data", "-n", "5").status == 0


def test_nothing_to_draw_is_an_error_of_its_own(run, deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/empty.txt").write_text("--\n")
    assert deid("data").status == 0
    done = run("sample", "out", "--data", "data")
    assert done.status == 2
    assert "error[E196]" in done.err
    assert not (tmp_path / "sample.json").exists()


def test_what_is_no_record_of_a_run_is_told(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.txt").write_text("Ms. Quillfeather")
    (tmp_path / "run.json").write_text('{"name": "Ms. Quillfeather"}')
    done = run("sample", "run.json", "--data", "data")
    assert done.status == 2
    assert "error[E132]" in done.err
    assert "Quillfeather" not in done.err


def test_a_sample_is_never_written_where_it_cannot_be(run, release):
    done = run("sample", "out", "--data", "data", "-n", "5", "-o", "nowhere/sample.json")
    assert done.status == 2
    assert "error[E122]" in done.err
