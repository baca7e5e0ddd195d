"""
Measure phisweep beside its peers, as ratios in one run.

    python benchmarks/run.py                        all of it, some minutes
    python benchmarks/run.py --notes FOLDER         on the .txt files of a folder
    python benchmarks/run.py --only memory --gigabyte 1 10      `deid` on 1 and 10 GB of CSV
    python benchmarks/run.py --only start-up tables

Prints the figures, keeps them as JSON, with machine and commit, in benchmarks/results/, and, when
all was measured, writes the tables and the chart of docs/performance.md; where memory alone was, on
large tables, its table of that. Speeds are CPU time of one process unless it says wall; machines
differ, so the ratios are what counts. The exit status is 1 where something that is asked for is
missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import page
import tabular
import texts
import where
import whole
from figures import ROOT, Figure, provenance

RESULTS = Path(__file__).parent / "results"
MEASUREMENTS: Mapping[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "notes": texts.notes,
    "names": texts.names,
    "tables": tabular.tables,
    "start-up": whole.start_up,
    "mixed": whole.mixed,
    "one-table": whole.one_table,
    "memory": whole.memory,
}


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description="Measure phisweep beside its peers.")
    parser.add_argument("--notes", type=Path, help="a folder of .txt files; else generated notes")
    parser.add_argument("--megabytes", type=float, default=1.0, help="of generated notes")
    parser.add_argument("--table-megabytes", type=float, default=60.0)
    parser.add_argument("--mixed-megabytes", type=int, default=10)
    parser.add_argument("--peer-rows", type=int, default=100, help="that a peer reads")
    parser.add_argument("--gigabyte", type=float, nargs=2, metavar="GB", help="memory at these")
    parser.add_argument("--scratch", help="a folder with room for the large tables")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), default=list(MEASUREMENTS))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Measure, print and keep. Returns 1 where something that is asked for was missed."""
    options = options_of(arguments)
    began, figures = time.perf_counter(), []
    for name in options.only:
        for figure in MEASUREMENTS[name](options):
            figures.append(figure)
            print(page.line(figure), flush=True)
    whole_run = set(options.only) == set(MEASUREMENTS)
    shares = where.profiles(options) if whole_run else {}
    now = dt.datetime.now(dt.UTC)
    told = {
        "date": now.isoformat(timespec="seconds"),
        **provenance(),
        "seconds": round(time.perf_counter() - began),
        "figures": [asdict(figure) for figure in figures],
        "shares": shares,
    }
    RESULTS.mkdir(exist_ok=True)
    large = bool(options.gigabyte) and options.only == ["memory"]
    kind = "memory-" if large else ""
    path = RESULTS / f"{kind}{now:%Y-%m-%d}.json"
    path.write_text(json.dumps(told, indent=2) + "\n")
    print(f"kept in {path.relative_to(ROOT)}")
    if whole_run:
        page.write(told)
    elif large:
        page.write_large(told)
    return 0 if all(figure.kept is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
