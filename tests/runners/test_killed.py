"""What a run of copies promises where the system kills its processes."""

import json
import os
import signal
import subprocess
import sys

import pytest

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"
PROGRAM = """
import os, pathlib, signal, sys, threading, time
import phisweep.ruleset.load as load
load.default_folder = lambda: pathlib.Path({rules!r})
from phisweep.pipeline import Worker
done = Worker.__call__
def deadly(self, job):
    part = pathlib.Path({folder!r}) / job.source.name
    if self.spec.write and (part.stem == "always" or part.stem == "once" and not part.exists()):
        part.touch()
        job.target.with_name(f".{{job.target.name}}.part").write_text("half-written")
        os.kill(os.getpid(), signal.SIGKILL)
    return done(self, job)
Worker.__call__ = deadly
def interrupt():
    os.killpg(0, signal.SIGINT)  # as a terminal does, to all processes, while one is starting
if __name__ == "__mp_main__" and os.environ.get("INTERRUPT"):
    interrupt()
from phisweep.cli import main
if __name__ == "__main__":
    if os.environ.get("START") == "spawn":  # where a thread runs, nothing is forked
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    elif os.environ.get("INTERRUPT"):
        os.register_at_fork(after_in_child=interrupt)
    main(sys.argv[1:])
"""


def run(tmp_path, rules_folder, data, **environment):
    """De-identify in two processes, with a temporary folder and a process group of its own."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "died").mkdir()
    program = tmp_path / "program.py"
    folder = str(tmp_path / "died")
    program.write_text(PROGRAM.format(rules=str(rules_folder), folder=folder))
    return subprocess.run(
        [sys.executable, program, "deid", data, "-o", tmp_path / "out", "--engine", "rules",
         "--runner", "pool", "--jobs", "2"],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), **environment},
        capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_killed_process_loses_nothing_and_what_kills_every_process_is_told(
    tmp_path, rules_folder, start
):
    data = tmp_path / "data"
    data.mkdir()
    for name in ("a", "b", "once", "always", "c", "d"):
        (data / f"{name}.txt").write_text(NOTE)
    ran = run(tmp_path, rules_folder, data, START=start)
    assert (ran.returncode, ran.stderr) == (3, "")
    files = json.loads((tmp_path / "out" / "phisweep-report" / "run.json").read_text())["files"]
    told = {file["path"]: file["status"] for file in files}
    assert told.pop("always.txt") == "incomplete"
    assert told == dict.fromkeys(["a.txt", "b.txt", "c.txt", "d.txt", "once.txt"], "changed")
    (lost,) = (file for file in files if file["status"] == "incomplete")
    assert "E302" in json.dumps(lost)
    names = {p.name for p in (tmp_path / "out").glob("**/*") if p.suffix in {".txt", ".part"}}
    assert names == {*told}
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_an_interruption_of_all_processes_while_some_start_says_one_word_and_leaves_nothing(
    tmp_path, rules_folder, start
):
    data = tmp_path / "data"
    data.mkdir()
    for i in range(4):
        (data / f"{i}.txt").write_text(NOTE)
    ran = run(tmp_path, rules_folder, data, INTERRUPT="yes", START=start)
    assert ran.returncode == 130
    assert ran.stderr.strip() == "phisweep: interrupted; nothing half-written is left"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "died", "program.py", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []
