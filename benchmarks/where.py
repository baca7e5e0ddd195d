"""Where our time goes: a profile of whole commands, by the rooms of the house."""

from __future__ import annotations

import pstats
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import corpus

_RUN = """
import cProfile, sys
from phisweep.cli import main
profile = cProfile.Profile()
try:
    profile.runcall(main, sys.argv[2:])
except SystemExit:
    pass
profile.dump_stats(sys.argv[1])
"""
ROOMS = {
    "formats": "reading and writing the format",
    "detect": "finding: patterns, columns, names",
    "survey": "first pass: who is who",
    "subjects": "first pass: who is who",
    "leaks": "first pass: who is who",
    "transform": "operators and codes",
    "splicing": "operators and codes",
    "decide": "deciding",
    "analysis": "deciding",
    "pipeline": "one document's way",
    "records": "records and counts",
    "usefulness": "figures of what a copy kept",
    "ruleset": "reading the rules",
    "report": "the report",
    "runs": "the rest of the run",
}
START = "start: importing"
REST = "the rest of the run"
MOST_STEPS = 40


def profiles(options) -> dict[str, list[tuple[str, float]]]:
    """Return, for each command, the shares of its time by room, the largest first."""
    told = {}
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        labs, people, notes = folder / "labs.csv", folder / "patients.csv", folder / "notes"
        size = int(options.table_megabytes * 1e6 / 3)
        corpus.write_labs(labs, size)
        corpus.write_table(people, size // 3)
        notes.mkdir()
        for number, text in enumerate(corpus.generated_notes(options.megabytes / 2)):
            (notes / f"{number}.txt").write_text(text)
        rules = ("--engine", "rules", "--jobs", "1")
        commands = {
            "scan of notes": ("scan", *rules, "--fail-on", "none", str(notes)),
            "scan of labs": ("scan", *rules, "--fail-on", "none", str(labs)),
            "deid of labs": ("deid", *rules, str(labs), "-o", str(folder / "one")),
            "deid of patients": ("deid", *rules, str(people), "-o", str(folder / "two")),
        }
        for name, line in commands.items():
            path = folder / "profile"
            subprocess.run(
                [sys.executable, "-c", _RUN, str(path), *line],
                check=False,
                capture_output=True,
            )
            told[name] = _shares(pstats.Stats(str(path)))
    return told


def _shares(stats: pstats.Stats) -> list[tuple[str, float]]:
    """Return shares of the whole: what a library takes counts for the room that called it."""
    own: dict[str, float] = defaultdict(float)
    table = stats.stats  # type: ignore[attr-defined]
    for function, (_, _, spent, _, callers) in table.items():
        for room, share in _rooms(function, callers, table, MOST_STEPS).items():
            own[room] += share * spent
    total = sum(own.values())
    return sorted(((room, spent / total) for room, spent in own.items()), key=lambda x: -x[1])


def _rooms(function, callers, table, left) -> dict[str, float]:
    """Return the rooms that a function works for, by their shares."""
    path = function[0]
    if "importlib" in path or "marshal" in function[2]:
        return {START: 1.0}
    if "/phisweep/" in path:
        room = path.partition("/phisweep/")[2].partition("/")[0].removesuffix(".py")
        return {ROOMS.get(room, REST): 1.0}
    weights = {caller: told[2] + 1e-12 for caller, told in callers.items() if caller != function}
    if not weights or not left:
        return {REST: 1.0}
    caller = max(weights, key=weights.get)  # the one that it works for most
    return _rooms(caller, table[caller][4], table, left - 1) if caller in table else {REST: 1.0}
