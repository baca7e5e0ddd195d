"""What `phisweep deid --resume` promises: a run that was ended early goes on, and ends the same."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from phisweep.pipeline import Worker
from phisweep.runs import resuming
from phisweep.spool import held

NAMES = [f"n{i}.txt" for i in range(6)]
NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 00{}1776,\nssn 987-65-43{}0; call 617-555-0123.\n"
PLANTED = ["Quillfeather", "0041776", "987-65-43", "617-555-0123"]
UNFINISHED = ".out.phisweep-unfinished"
PROGRAM = """
import multiprocessing, os, pathlib, signal, sys
import phisweep.ruleset.load as load
load.default_folder = lambda: pathlib.Path({rules!r})
from phisweep.pipeline import Worker
from phisweep.runs import resuming
resuming._EVERY, resuming._TIMES = -1, 0
done = Worker.__call__
def counted(self, job):
    if self.spec.write:
        with open({log!r}, "a") as log:
            print(job.source.name, file=log)
        if job.source.name == os.environ.get("DIE_AT"):
            alone = multiprocessing.parent_process() is None
            os.kill(os.getpid() if alone else os.getppid(), signal.SIGKILL)
            signal.pause()
    return done(self, job)
Worker.__call__ = counted
from phisweep.cli import main
if __name__ == "__main__":
    main(sys.argv[1:])
"""


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for i, name in enumerate(NAMES):
        (folder / name).write_text(NOTE.format(4, i))
    (folder / "t.csv").write_text("mrn,dob,n\n0041776,2024-03-04,1\n0041777,1999-01-02,2\n")
    return folder


@pytest.fixture
def stopped(deid, data, tmp_path, monkeypatch):
    """A run that was interrupted when half of its notes were done; the names of what it did."""
    monkeypatch.setattr(resuming, "_EVERY", -1)
    seen = []
    done = Worker.__call__

    def until(self, job):
        if self.spec.write:
            if job.source.name == "n3.txt" and "t.csv" not in seen:
                raise KeyboardInterrupt
            seen.append(job.source.name)
        return done(self, job)

    monkeypatch.setattr(Worker, "__call__", until)
    ran = deid(data, "--resume", "--jobs", "1")
    assert ran.status == 130, ran.err
    assert "goes on" in ran.err
    monkeypatch.setattr(
        Worker, "__call__", lambda self, job: seen.append(job.source.name) or done(self, job)
    )
    before = [*seen]
    seen.clear()
    assert before == NAMES[:3]
    return seen


def told(out):
    """The record of a release, without what differs between any two runs."""
    record = json.loads((Path(out) / "phisweep-report" / "run.json").read_text())
    for part in (record, record["manifest"], record["custody"], *record["files"]):
        for name in ("run_id", "started", "finished", "seconds", "key_id", "command", "jobs"):
            part.pop(name, None)
    return record


def codes_out(record):
    for file in record["files"]:
        file.pop("output_sha256")
    return record


def test_a_run_goes_on_and_nothing_of_what_was_kept_is_left(deid, data, tmp_path, stopped):
    assert not (tmp_path / "out").exists()
    kept = tmp_path / UNFINISHED
    assert kept.stat().st_mode & 0o777 == 0o700
    assert not [p for p in kept.rglob("*") if p.stat().st_mode & 0o077]
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, ran.err) == (0, "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "out"]
    written = stopped[: len(NAMES) - 3 + 1]
    assert written == ["n3.txt", "n4.txt", "n5.txt", "t.csv"]


def test_it_ends_as_one_that_was_not_interrupted(deid, data, tmp_path, stopped):
    deid(data, "--resume", "--jobs", "1")
    deid(data, "--jobs", "1", out="whole")
    assert codes_out(told("out")) == codes_out(told("whole"))
    assert told("out")["totals"]["files"] == len(NAMES) + 1


def test_one_value_has_one_code_before_and_after_the_interruption(deid, data, tmp_path, stopped):
    deid(data, "--resume", "--jobs", "1")
    before, after = (
        (tmp_path / "out" / name).read_text().split("MRN ")[1][:16] for name in ("n0.txt", "n5.txt")
    )
    assert before == after
    assert before in (tmp_path / "out" / "t.csv").read_text()


def test_what_is_kept_holds_no_value(stopped, tmp_path):
    kept = [p.read_bytes() for p in (tmp_path / UNFINISHED).rglob("*") if p.is_file()]
    assert not [value for value in PLANTED if any(value.encode() in data for data in kept)]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: (data / "n0.txt").write_text(NOTE.format(4, 9) + "more"),
        lambda data: os.utime(data / "n5.txt", (1, 1)),
        lambda data: (data / "new.txt").write_text("new"),
    ],
    ids=["done", "time", "more"],
)
def test_where_the_data_have_changed_it_is_refused(deid, data, tmp_path, stopped, change):
    change(data)
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E309" in ran.err) == (3, True)
    assert not (tmp_path / "out").exists()
    assert (tmp_path / UNFINISHED / "copies" / "n0.txt").exists()


def test_a_source_of_the_same_size_and_time_is_known_to_be_another(deid, data, tmp_path, stopped):
    about = (data / "n0.txt").stat()
    (data / "n0.txt").write_text(NOTE.format(5, 0))
    os.utime(data / "n0.txt", ns=(about.st_atime_ns, about.st_mtime_ns))
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E309" in ran.err) == (3, True)


@pytest.mark.parametrize(
    "given",
    [["--profile", "limited-data-set"], ["--strict"], ["--no-verify"], ["--key-file", "KEY"]],
    ids=lambda given: given[0],
)
def test_where_it_is_asked_for_otherwise_it_is_refused(
    deid, data, tmp_path, stopped, key_file, given
):
    given = [str(key_file) if each == "KEY" else each for each in given]
    ran = deid(data, "--resume", "--jobs", "1", *given)
    assert (ran.status, "E447" in ran.err) == (4, True)
    assert not (tmp_path / "out").exists()
    assert deid(data, "--resume", "--jobs", "2").status == 0  # the number of processes is free


def of_state(path, query):
    with sqlite3.connect(path) as connection:
        connection.execute(query)
    connection.close()


def done_by(path):
    with sqlite3.connect(path) as connection:
        lines = connection.execute("SELECT line FROM lines WHERE number > 1").fetchall()
    connection.close()
    return {NAMES[i] for (line,) in lines for i, _ in json.loads(line)["done"]}


def cut(path):
    of_state(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: of_state(path, "UPDATE lines SET line = replace(line, 'changed', 'clean')"),
        lambda path: of_state(path, "DELETE FROM lines WHERE number = 3"),
        lambda path: of_state(path, "UPDATE pieces SET data = x'00'"),
        lambda path: of_state(path, "UPDATE lines SET line = '[' WHERE number = 0"),
        lambda path: of_state(path, "UPDATE codes SET code = 'Ms. Quillfeather'"),
        cut,
        lambda path: path.write_bytes(b"no database"),
    ],
    ids=["word", "line", "file", "first", "code", "cut", "other"],
)  # fmt: skip
def test_what_was_changed_or_cut_is_refused(deid, data, tmp_path, stopped, harm):
    state = tmp_path / UNFINISHED / "state.sqlite"
    of_state(state, "PRAGMA wal_checkpoint(TRUNCATE)")
    before = state.read_bytes()
    harm(state)
    assert state.read_bytes() != before or harm is not cut
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E448" in ran.err) == (4, True), ran.err
    assert not (tmp_path / "out").exists()


def test_another_key_in_its_place_is_refused(deid, data, tmp_path, stopped):
    (tmp_path / UNFINISHED / "key").write_text("00" * 32)
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E447" in ran.err) == (4, True)


def test_two_runs_at_once_are_refused(deid, data, tmp_path, stopped):
    with held(tmp_path / UNFINISHED) as alone:
        assert alone
        ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E448" in ran.err) == (4, True)
    assert deid(data, "--resume", "--jobs", "1").status == 0


def test_a_folder_that_others_may_enter_is_refused(deid, data, tmp_path, stopped):
    (tmp_path / UNFINISHED).chmod(0o755)
    ran = deid(data, "--resume", "--jobs", "1")
    assert (ran.status, "E448" in ran.err) == (4, True)


def test_a_copy_that_is_not_as_it_was_written_is_done_anew(deid, data, tmp_path, stopped):
    copies = tmp_path / UNFINISHED / "copies"
    whole = (copies / "n1.txt").read_bytes()
    (copies / "n1.txt").write_text("changed")
    (copies / "n2.txt").unlink()
    (copies / "strange.txt").write_text("of nobody")
    assert deid(data, "--resume", "--jobs", "1").status == 0
    assert (tmp_path / "out" / "n1.txt").read_bytes() == whole
    assert not (tmp_path / "out" / "strange.txt").exists()
    assert {"n1.txt", "n2.txt"} <= {*stopped}


def test_a_run_that_is_interrupted_before_its_first_copy_leaves_nothing(
    deid, data, tmp_path, monkeypatch
):
    def at_once(self, job):
        raise KeyboardInterrupt

    monkeypatch.setattr(Worker, "__call__", at_once)
    assert deid(data, "--resume", "--jobs", "1").status == 130
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_one_that_is_interrupted_while_copies_are_searched_goes_on(
    deid, data, tmp_path, monkeypatch
):
    done = Worker.__call__

    def until(self, job):
        if not self.spec.write:
            raise KeyboardInterrupt
        return done(self, job)

    monkeypatch.setattr(Worker, "__call__", until)
    assert deid(data, "--resume", "--jobs", "1").status == 130
    monkeypatch.setattr(Worker, "__call__", done)
    assert deid(data, "--resume", "--jobs", "1").status == 0
    deid(data, "--jobs", "1", out="whole")
    assert codes_out(told("out")) == codes_out(told("whole"))


def test_what_is_fetched_from_a_store_is_known_by_its_content(deid, data, tmp_path, monkeypatch):
    fsspec = pytest.importorskip("fsspec", reason="the extra cloud")
    store = fsspec.filesystem("memory")
    for path in data.iterdir():
        store.pipe_file(f"/resume/{path.name}", path.read_bytes())
    done = Worker.__call__

    def until(self, job):
        if self.spec.write and job.source.name == "n3.txt":
            raise KeyboardInterrupt
        return done(self, job)

    try:
        with monkeypatch.context() as patch:
            patch.setattr(Worker, "__call__", until)
            assert deid("memory://resume", "--resume", "--jobs", "1").status == 130
        store.pipe_file("/resume/n5.txt", NOTE.format(4, 9).encode())
        ran = deid("memory://resume", "--resume", "--jobs", "1")
        assert (ran.status, "E309" in ran.err) == (3, True)
        store.pipe_file("/resume/n5.txt", (data / "n5.txt").read_bytes())
        assert deid("memory://resume", "--resume", "--jobs", "1").status == 0
    finally:
        store.rm("/resume", recursive=True)


def test_every_finding_stands_once_in_the_records(deid, data, tmp_path, stopped):
    shutil.rmtree(tmp_path / UNFINISHED)
    done = Worker.__call__
    calls = []

    def until(self, job):
        calls.append(job)
        if self.spec.write and len(calls) == 4:
            raise KeyboardInterrupt
        return done(self, job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "__call__", until)
        assert deid(data, "--resume", "--jobs", "1", "--records").status == 130
    assert deid(data, "--resume", "--jobs", "1", "--records").status == 0
    deid(data, "--jobs", "1", "--records", out="whole")

    def lines(out):
        found = (tmp_path / out / "phisweep-report" / "records.jsonl").read_text().splitlines()
        return [{k: v for k, v in json.loads(line).items() if k in {"path", "where", "start"}}
                for line in found]  # fmt: skip

    assert lines("out") == lines("whole")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_was_killed_goes_on_and_under_a_vault_ends_in_the_same_bytes(
    tmp_path, rules_folder, key_file, jobs
):
    data, temporary, log = (tmp_path / name for name in ("data", "tmp", "log"))
    data.mkdir()
    temporary.mkdir()
    for i, name in enumerate(NAMES):
        (data / name).write_text(NOTE.format(4, i) * (60 - i))
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(rules=str(rules_folder), log=str(log)))

    def run(*arguments, **more):
        command = [sys.executable, str(program), *arguments, "--key-file", str(key_file)]
        environment = {**os.environ, "TMPDIR": str(temporary), **more}
        return subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, cwd=tmp_path
        )

    assert run("vault", "init", "v").returncode == 0
    common = ["deid", "data", "--engine", "rules", "--vault", "v", "--jobs", str(jobs),
              "--runner", "pool" if jobs > 1 else "local"]  # fmt: skip
    killed = run(*common, "-o", "out", "--resume", DIE_AT="n4.txt")
    assert killed.returncode == -signal.SIGKILL
    kept = done_by(tmp_path / UNFINISHED / "state.sqlite")
    assert len(kept) >= 3
    log.write_text("")
    ran = run(*common, "-o", "out", "--resume")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {*log.read_text().split()} == {*NAMES} - kept
    assert run(*common, "-o", "whole").returncode == 0
    assert told(tmp_path / "out") == told(tmp_path / "whole")
    assert list(temporary.iterdir()) == []  # of the killed one too
