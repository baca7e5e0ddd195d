"""The house on a folder of small rules, and its commands run in this process."""

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fake_rules import write_rules
from phisweep.cli import main

# Hundreds of processes are started here: each would compile the house anew, and pytest each test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status and both its streams."""

    status: int
    out: str = field(repr=False)
    err: str = field(repr=False)

    @property
    def findings(self):
        """The objects of `--format jsonl`."""
        return [json.loads(line) for line in self.out.splitlines()]

    def spans(self):
        """Where and what, without what a key of the run changes."""
        return [
            (f["path"], f["where"], f["start"], f["end"], f["identifier"]) for f in self.findings
        ]


@pytest.fixture(scope="session")
def rules_folder(tmp_path_factory):
    """A folder of rules with one or two patterns an identifier."""
    return write_rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def small_rules(rules_folder, monkeypatch):
    """Have the house use the small rules."""
    for module in ("phisweep.ruleset.load", "phisweep.runs.checking", "phisweep.detect.selfcheck"):
        monkeypatch.setattr(f"{module}.default_folder", lambda: rules_folder)
    return rules_folder


@pytest.fixture
def run(small_rules, capsys, monkeypatch, tmp_path):
    """Run a command by the door that users come in by, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "PHISWEEP_CONFIG", "PRE_COMMIT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run_(*arguments, stdin=None):
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(a) for a in arguments])
        streams = capsys.readouterr()
        return Ran(stop.value.code, streams.out, streams.err)

    return run_


@pytest.fixture
def scan(run):
    """Scan by rules, and return the findings as JSON lines."""
    return lambda *arguments, **more: run(
        "scan", *arguments, "--engine", "rules", "--format", "jsonl", **more
    )


@pytest.fixture
def deid(run):
    """De-identify by rules into `out`."""
    return lambda *arguments, out="out", **more: run(
        "deid", *arguments, "-o", out, "--engine", "rules", **more
    )


@pytest.fixture(scope="module")
def _made(tmp_path_factory):
    """Folders that the tests of a module have made, by what made them."""
    return tmp_path_factory.mktemp("made"), set()


@pytest.fixture
def made_once(_made, tmp_path):
    """Fill the test's folder by a function, or with what it made for a test before in the module."""
    folder, names = _made

    def made_once_(make):
        whole = folder / make.__qualname__
        if whole.name in names:
            shutil.copytree(whole, tmp_path, dirs_exist_ok=True, symlinks=True)
            return
        make()
        shutil.copytree(tmp_path, whole, symlinks=True)
        names.add(whole.name)

    return made_once_


@pytest.fixture
def key_file(tmp_path_factory):
    """A key that outlives the run."""
    path = Path(tmp_path_factory.mktemp("key")) / "key"
    path.write_text("a secret that is long enough")
    path.chmod(0o600)
    return path


@pytest.fixture
def on_terminal(tmp_path):
    """Run a command in a process of its own on a terminal, with what is typed: status and text."""
    pty = pytest.importorskip("pty", reason="a terminal of this kind is POSIX")

    def run_(*arguments, typed="", **environment):
        controller, terminal = pty.openpty()
        settings = {name: value for name, value in os.environ.items() if name != "CI"}
        process = subprocess.Popen(
            [sys.executable, "-m", "phisweep", *map(str, arguments)],
            stdin=terminal, stdout=terminal, stderr=subprocess.DEVNULL, cwd=tmp_path,
            env={**settings, "TERM": "dumb", **environment},
        )  # fmt: skip
        os.close(terminal)
        os.write(controller, typed.encode())
        seen = b""
        try:
            while block := os.read(controller, 65536):
                seen += block
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(controller)
        return process.wait(timeout=60), seen.replace(b"\r\n", b"\n").decode()

    return run_
