"""Whole runs: memory at two sizes, one process and two, what a start costs, a mixed folder."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hook
from figures import ROOT, Figure, below, cheaper, children, command, faster, peak

import corpus

STARTS = 5  # the median of so many
GIGABYTE = 10**9
SHARED = 40.0  # megabytes: smaller tables are not shared
QUICK = (0.008, 0.032)  # gigabytes


def start_up(_options) -> Iterator[Figure]:
    """Yield the CPU seconds of a scan of a small note beyond those of `python -c pass`."""
    note = str(ROOT / "sample_data" / "notes" / "ed_note.txt")
    line = command("scan", "--engine", "rules", "--fail-on", "none", note)
    ours = [children(*line) for _ in range(STARTS)]
    bare = statistics.median(children(sys.executable, "-c", "pass")[0] for _ in range(STARTS))
    used = statistics.median(cpu for cpu, _ in ours)
    wall = statistics.median(seconds for _, seconds in ours)
    work = "a small note: CPU beyond that of python -c pass"
    yield below("whole runs", work, "s", used - bare, 0.25, "python -c pass", bare)
    yield below("whole runs", "a small note: from call to end", "s", wall, 0.5)


def mixed(options) -> Iterator[Figure]:
    """Yield megabytes a second of a mixed folder, beside ripgrep and Presidio, and of two jobs."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "mixed"
        folder.mkdir()
        paths = hook.mixed(folder, options.mixed_megabytes)
        size = sum(path.stat().st_size for path in paths) / 1e6
        line = ("scan", "--engine", "rules", "--fail-on", "none", str(folder), "--jobs")
        one, two = children(*command(*line, "1")), children(*command(*line, "2"))
        if shutil.which("rg"):
            files, took, of = hook.patterns(Path(kept))
            texts = [str(path) for path in paths]
            used = sum(children("rg", "-j1", "-P", "-c", "-f", str(f), *texts)[0] for f in files)
            name = f"ripgrep -P, {took} of the {of} patterns"
            yield faster("whole runs", "mixed folder", "MB/s", size / one[0], name, size / used)
        work = "mixed folder, wall: 2 jobs"
        yield faster("whole runs", work, "MB/s", size / two[1], "1 job", size / one[1], 1.8)


def one_table(options) -> Iterator[Figure]:
    """Yield megabytes a second, by wall, of two jobs that share one table, beside one job."""
    with tempfile.TemporaryDirectory(dir=options.scratch) as kept:
        path, out = Path(kept) / "patients.csv", Path(kept) / "out"
        corpus.write_people(path, int(max(options.table_megabytes, SHARED) * 1e6))
        size = path.stat().st_size / 1e6
        for what, more in (("scan", ("--fail-on", "none")), ("deid", ("-o", str(out)))):
            walls = []
            for jobs in ("1", "2"):
                line = command(what, "--engine", "rules", "--jobs", jobs, str(path), *more)
                walls.append(children(*line)[1])
                shutil.rmtree(out, ignore_errors=True)
            work = f"{what}, one CSV of {size:.0f} MB, wall: 2 jobs"
            asked = (size / walls[1], "1 job", size / walls[0], 1.8)
            yield faster("whole runs", work, "MB/s", *asked)


def memory(options) -> Iterator[Figure]:
    """Yield the most memory that one process holds while `deid` reads a small and a large table."""
    sizes = options.gigabyte or QUICK
    told = []
    with tempfile.TemporaryDirectory(dir=options.scratch) as kept:
        for gigabytes in sizes:
            path, out = Path(kept) / "patients.csv", Path(kept) / "out"
            corpus.write_people(path, int(gigabytes * GIGABYTE))
            line = command("deid", "--engine", "rules", "--jobs", "1", str(path), "-o", str(out))
            most, wall = peak(*line)
            told.append(most / 1e6)
            size = path.stat().st_size / 1e6
            work = f"deid of {gigabytes:g} GB of patients, one process"
            yield below("memory", work, "MB", most / 1e6, 600)
            yield Figure("memory", f"{work}, verified", "MB/s", size / wall)
            shutil.rmtree(out, ignore_errors=True)
            path.unlink()
    first, last = told[0], told[-1]
    work = f"memory at {sizes[-1]:g} GB beside {sizes[0]:g} GB"
    # Small tables differ by what is loaded from a number of codes on: see the page.
    most = 1.2 if sizes[0] >= 1 else 0.0
    yield cheaper("memory", work, "MB", last, "the smaller", first, most)
