"""
Measure the hook beside what else people put into one: CPU seconds of whole processes, in one run.

    python benchmarks/hook.py              20 small files, and 500 mixed files of 50 MB
    python benchmarks/hook.py --megabytes 5

phisweep searches by rules, as the hook does. detect-secrets looks for other things, with its own
rules, and is what a team has in its hooks already. ripgrep searches with our patterns, as many as
PCRE2 takes, without their checks, contexts and scores; it is given them in parts, for all together
are too large for it. An interpreter that does nothing is what a start costs at least. Needs
`pip install detect-secrets` and ripgrep; what is absent is left out. Prints a table, and keeps it
as JSON in benchmarks/results/.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus
from phisweep.detect.rules import Pattern
from phisweep.ruleset.load import load_ruleset
from phisweep.ruleset.schema import PatternEntry

RESULTS = Path(__file__).parent / "results"
TIMES = 5  # runs of what is short; the best counts
SHORT = 10.0  # seconds
UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
MODULE = '"""Doses of {name}."""\n\nLIMIT = {limit}\n\n\ndef dose_{n}(weight_kg, per_kg={per}):\n'
BODY = "    return min(LIMIT, weight_kg * per_kg)\n\n\nassert dose_{n}(70) <= LIMIT\n"


def small(folder: Path) -> list[Path]:
    """Write twenty modules of some hundred bytes."""
    paths = []
    for n in range(20):
        path = folder / f"dose_{n}.py"
        head = MODULE.format(name=f"drug {n}", limit=100 + n, n=n, per=0.1 * n)
        path.write_text((head + BODY.format(n=n)) * 4)
        paths.append(path)
    return paths


def mixed(folder: Path, megabytes: int) -> list[Path]:
    """Write 500 files: source code, notes, CSV, JSON lines, Markdown, with invented people."""
    size = megabytes * 1_000_000 // 500
    chance = random.Random(3)
    notes = corpus.generated_notes(max(1.0, megabytes / 4))
    paths = []
    for n in range(500):
        kind = ("py", "txt", "csv", "jsonl", "md")[n % 5]
        path = folder / kind / f"f{n}.{kind}"
        path.parent.mkdir(exist_ok=True)
        if kind == "csv":
            corpus.write_table(path, size)
        elif kind == "py":
            one = MODULE + BODY
            text = "".join(
                one.format(name=f"drug {i}", limit=i, n=i, per=i / 7)
                for i in range(size // len(one))
            )
            path.write_text(text)
        else:
            some = "\n\n".join(chance.choices(notes, k=1 + size // len(notes[0])))[:size]
            lines = (json.dumps({"id": i, "text": t}) for i, t in enumerate(some.split("\n\n")))
            path.write_text("\n".join(lines) if kind == "jsonl" else some)
        paths.append(path)
    return paths


def patterns(folder: Path) -> tuple[list[Path], int, int]:
    """Write our patterns for PCRE2, in parts; return the files, and how many it takes of how many."""
    ruleset = load_ruleset()
    ours = [
        Pattern(rule, entry, ruleset)
        for rule in ruleset.rules
        for entry in rule.detect
        if isinstance(entry, PatternEntry)
    ]
    good = []
    for pattern in ours:
        source = UNICODE.sub(lambda m: rf"\x{{{m[1] or m[2]}}}", pattern.regex.pattern)
        source = "(?i)" + source if pattern.regex.flags & re.IGNORECASE else source
        source = re.sub(r"\(\?P<\w+>", "(", source)  # a name may stand once
        if "\n" not in source and taken([source]):
            good.append(f"(?:{source})")
    paths = []
    for i, part in enumerate(parts(good)):
        path = folder / f"part{i}.txt"
        path.write_text("\n".join(part) + "\n")
        paths.append(path)
    return paths, len(good), len(ours)


def taken(sources: list[str]) -> bool:
    """Say whether PCRE2 takes these patterns together."""
    command = ["rg", "-P", "-q", *(x for source in sources for x in ("-e", source)), os.devnull]
    return subprocess.run(command, capture_output=True, check=False).returncode <= 1


def parts(sources: list[str]) -> list[list[str]]:
    """Halve the patterns until PCRE2 takes each part."""
    if taken(sources):
        return [sources]
    half = len(sources) // 2
    return parts(sources[:half]) + parts(sources[half:])


def seconds(commands: list[list[str]], folder: Path) -> tuple[float, float]:
    """Return CPU and wall seconds of commands one after another: the best of some runs."""
    best = None
    for _ in range(TIMES):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        for command in commands:
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
            if done.returncode > 1:
                raise SystemExit(f"{command[0]}: {done.stderr.decode()[-300:]}")
        after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        best = min(best, (cpu, wall)) if best else (cpu, wall)
        if wall > SHORT:
            break
    return best


def tools(names: list[str], files: list[Path]) -> dict[str, list[list[str]]]:
    """Return the commands of each tool that is there."""
    found = {
        "python -c pass": [[sys.executable, "-c", "pass"]],
        "phisweep": [
            [sys.executable, "-m", "phisweep", "scan", *names, "--engine", "rules", "--jobs", "1"]
        ],
    }
    if shutil.which("detect-secrets-hook"):
        found["detect-secrets"] = [["detect-secrets-hook", *names]]
    if files:
        found["ripgrep"] = [["rg", "-j1", "-P", "-c", "-f", str(p), *names] for p in files]
    return found


def main() -> None:
    """Measure both sets of files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=50)
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as kept:
        root = Path(kept)
        files, took, ours = patterns(root) if shutil.which("rg") else ([], 0, 0)
        sets = (("small", small), ("mixed", lambda f: mixed(f, given.megabytes)))
        for title, make in sets:
            folder = root / title
            folder.mkdir()
            paths = make(folder)
            size = sum(path.stat().st_size for path in paths)
            names = [str(path.relative_to(folder)) for path in paths]
            print(
                f"\n{len(paths)} files, {size / 1e6:.2f} MB (ripgrep: {took} of {ours} patterns in {len(files)} parts)"
            )
            print("| tool | CPU s | wall s |\n|---|---|---|")
            for tool, commands in tools(names, files).items():
                cpu, wall = seconds(commands, folder)
                rows.append({"files": title, "bytes": size, "tool": tool, "cpu": cpu, "wall": wall})
                print(f"| {tool} | {cpu:.2f} | {wall:.2f} |", flush=True)
    about = {"machine": platform.machine(), "python": platform.python_version(), "patterns": took}
    path = RESULTS / f"hook-{dt.datetime.now(dt.UTC).date()}.json"
    path.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
