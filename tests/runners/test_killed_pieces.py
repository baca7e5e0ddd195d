"""What a run of copies promises where the system kills processes that share one document."""

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, pathlib, signal, sys, time
import phisweep.ruleset.load as load
load.default_folder = lambda: pathlib.Path({rules!r})
from dataclasses import replace
from phisweep.pipeline import pieces
from phisweep.runs import dividing
from phisweep.session import Session
dividing.LARGE, dividing._SHARES = 1, 2
begin = Session.__init__
def small(self, *given, **more):
    begin(self, *given, **more)
    self.spec = replace(self.spec, options=replace(self.spec.options, chunk_bytes=512))
Session.__init__ = small
run = pieces.PiecePass.run
def deadly(self):
    told, number = pathlib.Path({folder!r}), self.piece.piece.number
    mark = told / str(number)
    if self.worker.spec.write and os.environ.get("DIES") in (str(number), "all"):
        if os.environ["DIES"] == "all" or not mark.exists():
            mark.touch()
            self.job.target.with_name(f".{{self.job.target.name}}.part").write_text("half-written")
            os.kill(os.getpid(), signal.SIGKILL)
    if self.worker.spec.write and os.environ.get("INTERRUPT") and number == 2:
        (told / "here").touch()
        os.killpg(0, signal.SIGINT)  # as a terminal does, to all processes
        time.sleep(600)
    run(self)
pieces.PiecePass.run = deadly
from phisweep.cli import main
if __name__ == "__main__":
    main(sys.argv[1:])
"""
ROW = "{0},Bo Larkspur{0},1961-03-1{1},Ms. Quillfeather came 2024-03-0{1}\n"
pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="kill -9 is POSIX")


def run(tmp_path, rules_folder, name, *options, **environment):
    """De-identify in two processes, with a temporary folder and a process group of its own."""
    data, folder = tmp_path / "data", tmp_path / name
    data.mkdir(exist_ok=True)
    for each in (folder, folder / "tmp", folder / "died"):
        each.mkdir(exist_ok=True)
    rows = "".join(ROW.format(4100000 + i, i % 9) for i in range(400))
    (data / "people.csv").write_text("mrn,name,dob,note\n" + rows)
    (data / "note.txt").write_text("Seen 2024-03-04.\n")
    program = folder / "program.py"
    program.write_text(PROGRAM.format(rules=str(rules_folder), folder=str(folder / "died")))
    ran = subprocess.run(
        [sys.executable, program, "deid", data, "-o", folder / "out", "--engine", "rules",
         "--runner", "pool", "--jobs", "2", *options],
        env={**os.environ, "TMPDIR": str(folder / "tmp"), **environment},
        capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip
    assert list((folder / "tmp").iterdir()) == []
    return ran, folder


@pytest.mark.parametrize("dies", ["1", "all"])
def test_a_killed_process_loses_nothing_of_a_document_in_pieces(tmp_path, rules_folder, dies):
    ran, folder = run(tmp_path, rules_folder, "run", DIES=dies)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert list((folder / "died").iterdir())
    files = json.loads((folder / "out" / "phisweep-report" / "run.json").read_text())["files"]
    told = {file["path"]: (file["status"], file["rows"]) for file in files}
    assert told == {"people.csv": ("changed", 400), "note.txt": ("changed", None)}
    copy = (folder / "out" / "people.csv").read_text().splitlines()
    assert len(copy) == 401
    assert not any("Larkspur" in line or "Quillfeather" in line for line in copy)
    assert {p.name for p in (folder / "out").iterdir()} == {*told, "phisweep-report"}


def test_an_interruption_amid_pieces_says_one_word_and_leaves_nothing(tmp_path, rules_folder):
    ran, folder = run(tmp_path, rules_folder, "run", INTERRUPT="1")
    assert (folder / "died" / "here").exists()
    assert ran.returncode == 130
    assert ran.stderr.strip() == "phisweep: interrupted; nothing half-written is left"
    assert sorted(p.name for p in folder.iterdir()) == ["died", "program.py", "tmp"]


def test_what_was_interrupted_amid_pieces_goes_on(tmp_path, rules_folder):
    ran, folder = run(tmp_path, rules_folder, "run", "--resume", INTERRUPT="1")
    assert (ran.returncode, (folder / "died" / "here").exists()) == (130, True)
    ran, folder = run(tmp_path, rules_folder, "run", "--resume")
    assert ran.returncode == 0
    assert len((folder / "out" / "people.csv").read_text().splitlines()) == 401
    names = {p.name for p in (folder / "out").iterdir()}
    assert names == {"people.csv", "note.txt", "phisweep-report"}
    assert sorted(p.name for p in folder.iterdir()) == ["died", "out", "program.py", "tmp"]
