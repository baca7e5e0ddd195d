"""A run whose driver is killed goes on, by Spark or by a pool, whichever did it at first."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import spark_jobs as jobs
from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.runs import working
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
from phisweep.staging import unfinished_folder

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX"),
]
SECRET = b"a secret that is long enough"
CODE = re.compile(r"\[[A-Z_]+-[B-Z]{10}\]")
RUN = """
import os, signal, sys
from pathlib import Path
import spark_jobs
from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.runs import resuming, working
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
written = resuming.Entered.write
def deadly(self):
    done = bool(self._waiting)
    written(self)
    if done:
        os.kill(os.getpid(), signal.SIGKILL)
resuming.Entered.write = deadly
if __name__ == "__main__":
    working.Worker = spark_jobs.Mishap
    config = Config(engine="rules", runner=sys.argv[1], master="local[1]", jobs=2)
    key = key_from_bytes(b"a secret that is long enough", "a test")
    settings = Settings(config=config, key=key, records=False, verify=False, resume=True)
    deidentify(["data"], Path("out"), settings)
"""


def settings(runner, *, resume=True):
    config = Config(engine="rules", runner=runner, master="local[2]", jobs=2)
    key = key_from_bytes(SECRET, "a test")
    return Settings(config=config, key=key, records=False, verify=False, resume=resume)


def by_code(out):
    """The copies, codes by the order in which they first stand."""
    paths = (path for path in out.rglob("*") if path.is_file())
    files = {
        path.relative_to(out).as_posix(): path.read_text()
        for path in paths
        if "phisweep-report" not in path.parts
    }
    seen = {}
    text = json.dumps(dict(sorted(files.items())))
    return CODE.sub(lambda match: f"<{seen.setdefault(match[0], len(seen))}>", text)


@pytest.fixture
def data(tmp_path):
    """Notes, each with a code of its own and with one that stands in all."""
    (tmp_path / "data").mkdir()
    for i in range(6):
        text = f"MRN: A10000{i:02}, beside MRN: A1000077, was seen on 2021-04-05.\n"
        (tmp_path / "data" / f"of{i}.txt").write_text(text)
    return tmp_path / "data"


@pytest.mark.parametrize("first", ["spark", "pool"])
def test_what_is_done_stays_and_what_is_not_is_done_once(
    first, data, tmp_path, monkeypatch, mishaps, spark_settings
):
    (tmp_path / "notes").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "run.py").write_text(RUN)
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(spark_settings),
        "PYTHONPATH": os.environ["PYTHONPATH"],
        "MISHAPS": str(tmp_path / "notes"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    command = [sys.executable, "run.py", first]
    killed = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(working, "Worker", jobs.Mishap)
    monkeypatch.setenv("MISHAPS", str(mishaps))
    deidentify([str(data)], tmp_path / "whole", settings("local", resume=False))
    for then in ("spark", "pool") if first == "spark" else ("spark",):
        place = tmp_path / then
        shutil.copytree(
            tmp_path, place, ignore=shutil.ignore_patterns("whole", "tmp", "spark", "pool")
        )
        monkeypatch.chdir(place)
        copies = unfinished_folder(Path("out")) / "copies"
        done = {path.stem for path in copies.glob("*.txt")}
        before = {path.name for path in mishaps.iterdir()}
        run = deidentify(["data"], Path("out"), settings(then))
        new = {path.name for path in mishaps.iterdir()} - before
        tried = {name.partition("-")[0] for name in new}
        assert [o.status for o in run.outcomes] == ["changed"] * 6
        assert by_code(Path("out")) == by_code(tmp_path / "whole")
        assert len(tried) < 6
        assert {f"of{i}" for i in range(6)} - done <= tried
        assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []
