"""
Measure every format: speed beside its bare parser in the same run, and memory at two sizes.

    python benchmarks/by_format.py                      all formats, 4 and 16 MB
    python benchmarks/by_format.py hl7v2 parquet        these
    python benchmarks/by_format.py --sizes 8 64         at other sizes, in MB

Speed is megabytes a CPU second of a scan, memory the peak of `deid`. Prints a table and keeps it as JSON in benchmarks/results/. The bare parser is the limit: it reads
all there is, and looks at nothing. Memory that does not grow with the file is bounded.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
_SCAN = """
import sys, time
from pathlib import Path
from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.keys import Key
from phisweep.model import Source
from phisweep.pipeline import Worker
from phisweep.session import Session
from dataclasses import replace
path = Path(sys.argv[1])
session = Session(Config(engine="rules", jobs=1), Key.draw())
worker = Worker(replace(session.spec, records=False), session.detector)
source = Source(path, path.name, path.stat().st_size, path.name)
worker(Job(source))  # rules are read and libraries imported at the first
began = time.process_time()
outcome = worker(Job(source))
print(time.process_time() - began, outcome.status, outcome.findings)
"""
_PEAK = """
import resource, sys
from phisweep.cli import main
try:
    main(["deid", sys.argv[1], "-o", sys.argv[2], "--engine", "rules", "--jobs", "1", "--no-verify"])
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def cases():
    for path in sorted((HERE / "formats").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"formats_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from module.CASES


def scanned(path):
    done = subprocess.run(
        [sys.executable, "-c", _SCAN, str(path)], capture_output=True, text=True, check=True
    )
    seconds, status, findings = done.stdout.split()[-3:]
    return float(seconds), status, int(findings)


def bare_seconds(bare, path):
    bare(path)
    began = time.process_time()
    bare(path)
    return max(time.process_time() - began, 1e-4)


def peak(path, folder):
    out = folder / "out"
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    subprocess.run(["rm", "-rf", str(out)], check=True)
    told = [line for line in done.stderr.splitlines() if line.startswith("peak ")]
    return int(told[-1].split()[1]) if told else 0


def measured(name, make, bare, sizes):
    row = {"format": name}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = make_one(make, Path(folder), name, size)
            megabytes = path.stat().st_size / 1e6
            seconds, status, findings = scanned(path)
            limit = bare_seconds(bare, path)
            row[str(size)] = {
                "mb": round(megabytes, 2),
                "scan_mb_s": round(megabytes / seconds, 2),
                "bare_mb_s": round(megabytes / limit, 2),
                "times": round(seconds / limit, 1),
                "status": status,
                "findings": findings,
                "peak_mb": peak(path, Path(folder)),
            }
            path.unlink()
    return row


def make_one(make, folder, name, size):
    """The file that a case makes; it chooses its own suffix, or is called after its format."""
    path = folder / f"large.{name}"
    made = make(path, size)
    return Path(made) if made else path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sizes", nargs=2, type=int, default=(4, 16))
    given = parser.parse_args()
    rows = []
    print(
        "| format | MB | scan MB/s | bare MB/s | times | peak MB at both sizes |\n|---|---|---|---|---|---|"
    )
    for name, make, bare in cases():
        if given.names and name not in given.names:
            continue
        row = measured(name, make, bare, given.sizes)
        small, large = (row[str(size)] for size in given.sizes)
        rows.append(row)
        print(
            f"| {name} | {large['mb']} | {large['scan_mb_s']} | {large['bare_mb_s']} | {large['times']} |"
            f" {small['peak_mb']}, {large['peak_mb']} |",
            flush=True,
        )
    result = HERE / "results" / f"formats-{dt.datetime.now(dt.UTC).date()}.json"
    about = {
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
    }
    result.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
