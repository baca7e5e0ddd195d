"""
Measure phisweep beside stock Presidio, as ratios in one run.

    python benchmarks/run.py                          notes, names, start-up, tables
    python benchmarks/run.py --notes FOLDER           on the .txt files of a folder
    python benchmarks/run.py --gigabyte 1             and the peak memory of `deid` on 1 GB of CSV
    python benchmarks/run.py --only start-up tables

Prints a table and keeps it as JSON, with machine and commit, in benchmarks/results/. Speeds are
CPU time of one process on one core; machines differ, so the ratios are what counts. The exit
status is 1 where a figure misses its budget.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

import corpus
from phisweep.detect.detector import Detector, build_detector
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).parents[1]
GIGABYTE = 10**9
POLL = 0.02  # seconds between two looks at the memory of a process
WARM = 20  # notes that are read before the clock runs
STARTS = 5  # the median of so many
COMPONENTS = ("phisweep", "presidio-analyzer", "spacy", "ahocorasick_rs", "pyarrow")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: ours and the peer's in `unit`, their ratio, and the budget it must keep."""

    name: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    budget: str = ""
    kept: bool = True


def against(name: str, unit: str, ours: float, peer: float, least: float) -> Figure:
    """Return a figure whose ratio to the peer must be at least `least`."""
    ratio = ours / peer
    return Figure(name, unit, ours, peer, ratio, f"at least {least:g} x", ratio >= least)


def below(name: str, unit: str, ours: float, most: float) -> Figure:
    """Return a figure that must stay below `most`."""
    return Figure(name, unit, ours, budget=f"below {most:g}", kept=ours < most)


def above(name: str, unit: str, ours: float, least: float) -> Figure:
    """Return a figure that must reach its budget."""
    return Figure(name, unit, ours, budget=f"at least {least:g} {unit}", kept=ours >= least)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def notes(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield megabytes a second over notes: the rule engine and the stock analyzer."""
    import peers  # noqa: PLC0415 - seconds of imports, for the measurements that need them

    texts = (
        corpus.read_notes(options.notes)
        if options.notes
        else corpus.generated_notes(options.megabytes)
    )
    ruleset = load_ruleset()
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    blocks = [Text(Location("benchmark", f"note {i}"), text) for i, text in enumerate(texts)]
    engine = peers.analyzer()
    half = len(texts) // 2
    for block in blocks[:half]:  # both have built what they build once; the rest is new to both
        detector.find(block)
    peers.analyze_notes(engine, texts[: min(half, WARM)])
    texts, blocks = texts[half:], blocks[half:]
    size = sum(len(text.encode()) for text in texts) / 1e6
    ours = cpu(lambda: [detector.find(block) for block in blocks])
    sample = texts[: options.peer_notes]
    peer = cpu(lambda: peers.analyze_notes(engine, sample))
    peer_size = sum(len(text.encode()) for text in sample) / 1e6
    yield against("notes, --engine rules", "MB/s", size / ours, peer_size / peer, 30)


def names(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield words a second of the full engine over notes, and of its network without the gate."""
    from phisweep.detect.bundled import names_model  # noqa: PLC0415 - as above
    from phisweep.detect.names.words import words  # noqa: PLC0415

    texts = (
        corpus.read_notes(options.notes)
        if options.notes
        else corpus.generated_notes(options.megabytes / 8)
    )
    ruleset = load_ruleset()
    full = build_detector(ruleset, load_policy("safe-harbor", ruleset), "full", nlp={})
    model = names_model(ruleset)
    blocks = [Text(Location("benchmark", f"note {i}"), text) for i, text in enumerate(texts)]
    half = len(texts) // 2
    for block in blocks[:half]:
        full.find(block)
    texts, blocks = texts[half:], blocks[half:]
    count = sum(len(text.split()) for text in texts)
    ours = cpu(lambda: [full.find(block) for block in blocks])
    alone = cpu(lambda: [model.scores(text, words(text), gated=False) for text in texts])
    yield against("notes, full, to its network alone", "words/s", count / ours, count / alone, 1)
    yield above("notes, --engine full", "words/s", count / ours, 40_000)


def start_up(_options: argparse.Namespace) -> Iterator[Figure]:
    """Yield the seconds from the shell's call to the end of a scan of a small file."""
    note = ROOT / "sample_data" / "notes" / "ed_note.txt"
    seconds = []
    for _ in range(STARTS):
        start = time.perf_counter()
        _phisweep("scan", "--engine", "rules", "--fail-on", "none", str(note))
        seconds.append(time.perf_counter() - start)
    yield below("start-up, scan of a small note", "s", statistics.median(seconds), 0.5)


def tables(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield cells a second: `scan` of a CSV file, all of it, and `analyze_dict` on a part."""
    import peers  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patients.csv"
        rows = corpus.write_table(path, int(options.table_megabytes * 1e6))
        with path.open(encoding="utf-8", newline="") as source:
            head = list(itertools.islice(csv.DictReader(source), options.peer_rows))
        ours = {
            what: _children(
                "scan",
                "--engine",
                "rules",
                "--jobs",
                "1",
                "--fail-on",
                "none",
                "--format",
                format_,
                str(path),
            )
            for what, format_ in (("counts", "csv"), ("every finding a JSON object", "jsonl"))
        }
    columns = {name: [row[name] for row in head] for name in head[0]}
    engine = peers.analyzer()
    peer = cpu(lambda: peers.analyze_table(engine, columns))
    width = len(columns)
    for what, seconds in ours.items():
        yield against(
            f"tables, whole scan, {what}",
            "cells/s",
            rows * width / seconds,
            len(head) * width / peer,
            100,
        )


def memory(options: argparse.Namespace) -> Iterator[Figure]:
    """Yield the peak resident memory of `deid` on a large CSV file, with all its children."""
    if not options.gigabyte:
        return
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "patients.csv", Path(folder) / "out"
        corpus.write_table(path, int(options.gigabyte * GIGABYTE))
        start = time.perf_counter()
        peak = _peak("deid", "--engine", "rules", "--jobs", "1", str(path), "-o", str(out))
        seconds = time.perf_counter() - start
        size = path.stat().st_size / 1e6
    yield below(f"memory, deid of {options.gigabyte:g} GB of CSV", "MB", peak / 1e6, 500)
    yield Figure("speed, deid and verify of it", "MB/s", size / seconds)


MEASUREMENTS: Mapping[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "notes": notes,
    "names": names,
    "start-up": start_up,
    "tables": tables,
    "memory": memory,
}


def _command(*arguments: str) -> Sequence[str]:
    return (str(Path(sys.executable).with_name("phisweep")), *arguments)


def _phisweep(*arguments: str) -> None:
    """Run the command line as a user does; its output is counted in, and dropped."""
    subprocess.run(_command(*arguments), check=True, stdout=subprocess.DEVNULL)


def _children(*arguments: str) -> float:
    """Return the CPU seconds of a command, start-up and reading included."""
    start = os.times()
    _phisweep(*arguments)
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system


def _peak(*arguments: str) -> int:
    """Run the command line; return the most resident bytes that it and its children held."""
    peak = 0
    with psutil.Popen(_command(*arguments), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, _resident(process))
            time.sleep(POLL)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "phisweep deid")
    return peak


def _resident(process: psutil.Process) -> int:
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


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
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": git.stdout.strip() or "unknown",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "components": {name: version(name) for name in COMPONENTS},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of text."""
    lines = [f"{'':<42}{'ours':>12}{'Presidio':>12}{'ratio':>9}  unit      budget"]
    for each in figures:
        peer = f"{each.peer:,.3g}" if each.peer is not None else ""
        ratio = f"{each.ratio:,.0f} x" if each.ratio is not None else ""
        budget = f"{each.budget}: {'kept' if each.kept else 'MISSED'}" if each.budget else ""
        lines.append(
            f"{each.name:<42}{each.ours:>12,.4g}{peer:>12}{ratio:>9}  {each.unit:<9} {budget}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure, print and keep. Returns 1 where a budget was missed."""
    parser = argparse.ArgumentParser(description="Measure phisweep beside stock Presidio.")
    parser.add_argument("--notes", type=Path, help="a folder of .txt files; else generated notes")
    parser.add_argument("--megabytes", type=float, default=2.0, help="of generated notes")
    parser.add_argument("--peer-notes", type=int, default=100, help="that the peer reads")
    parser.add_argument("--table-megabytes", type=float, default=50.0)
    parser.add_argument("--peer-rows", type=int, default=300, help="that the peer reads")
    parser.add_argument("--gigabyte", type=float, default=0.0, metavar="GB", help="memory, too")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), default=list(MEASUREMENTS))
    options = parser.parse_args(arguments)
    figures = [figure for name in options.only for figure in MEASUREMENTS[name](options)]
    kept = {**provenance(), "figures": [asdict(figure) for figure in figures]}
    path = RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}.json"
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=2) + "\n")
    print(table(figures))
    print(f"kept in {path.relative_to(ROOT)}")
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
