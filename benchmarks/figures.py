"""What is measured, against what, and how a command is timed: ratios in one run."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
POLL = 0.02  # seconds between two looks at the memory of a process
COMPONENTS = ("phisweep", "presidio-analyzer", "spacy", "ahocorasick_rs", "pyarrow")


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measurement: ours and the peer's in `unit`, their ratio, and the ratio or bound asked for.

    `group` is the table of the page that it stands in, `work` what was done on what.
    """

    group: str
    work: str
    unit: str
    ours: float
    against: str = ""
    peer: float | None = None
    ratio: float | None = None
    asked: str = ""
    kept: bool | None = None


def faster(group, work, unit, ours, against, peer, least=0.0) -> Figure:  # noqa: PLR0917 - a figure has as many parts
    """Return a figure where more is better, and at least `least` times the peer is asked."""
    ratio = ours / peer
    asked = f"at least {least:g} x" if least else ""
    return Figure(
        group, work, unit, ours, against, peer, ratio, asked, ratio >= least if least else None
    )


def cheaper(group, work, unit, ours, against, peer, most=0.0) -> Figure:  # noqa: PLR0917 - a figure has as many parts
    """Return a figure where less is better, and at most `most` times the peer is asked."""
    ratio = ours / peer
    asked = f"at most {most:g} x" if most else ""
    return Figure(
        group, work, unit, ours, against, peer, ratio, asked, ratio <= most if most else None
    )


def below(group, work, unit, ours, most, against="", peer=None) -> Figure:  # noqa: PLR0917 - a figure has as many parts
    """Return a figure that must stay below `most`."""
    return Figure(
        group, work, unit, ours, against, peer, None, f"below {most:g} {unit}", ours < most
    )


def cpu(work: Callable[[], object]) -> float:
    """
    Return the CPU seconds of one call.

    What is loaded by then, ours and the peers', is not looked through for garbage meanwhile: they
    share a process here alone, and one would pay for the others' objects.
    """
    gc.collect()
    gc.freeze()
    start = time.process_time()
    work()
    return time.process_time() - start


def command(*arguments: str) -> Sequence[str]:
    """Return our command line, as a user calls it."""
    return (str(Path(sys.executable).with_name("phisweep")), *map(str, arguments))


def children(*line: str, codes: Sequence[int] = (0, 1)) -> tuple[float, float]:
    """Run a command; return its CPU and wall seconds, start-up and all its processes included."""
    # What is installed has its bytecode, whatever is asked of the process that measures.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        line, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env
    )
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode not in codes:
        raise SystemExit(f"{line[:3]}: exit {done.returncode}: {done.stderr.decode()[-300:]}")
    return (
        after.children_user + after.children_system - before.children_user - before.children_system,
        wall,
    )


def peak(*line: str) -> tuple[int, float]:
    """Run a command; return the most bytes that one of its processes held, and wall seconds."""
    most, began = 0, time.perf_counter()
    with psutil.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, _resident(process))
            time.sleep(POLL)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{line[:3]}: exit {process.returncode}")
    return most, time.perf_counter() - began


def _resident(process: psutil.Process) -> int:
    most = 0
    try:
        for each in (process, *process.children(recursive=True)):
            most = max(most, each.memory_info().rss)
    except psutil.NoSuchProcess:
        pass
    return most


def provenance() -> Mapping[str, object]:
    """Return the machine, the commit and the versions that the figures belong to."""
    git = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": git.stdout.strip() or "unknown",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load": round(os.getloadavg()[0], 1),
        "components": {name: version(name) for name in COMPONENTS},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
