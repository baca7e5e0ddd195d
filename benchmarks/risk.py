"""
`phisweep risk` on ten million rows, and beside pycanon on a size that it can do.

    python benchmarks/risk.py [--rows 10000000] [--beside 100000] [--only NAME]

Needs pycanon (`pip install --no-deps pycanon beartype tabulate`) for the comparison. Each figure is
of a process of its own: wall seconds, and the most memory that it held at once. Figures of one day
stand in one file, so that cases may be measured one by one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RESULTS = Path(__file__).parent / "results"
QUASI = ["age", "zip3", "sex", "race", "admitted"]
#: What is measured: the quasi-identifiers, and further options.
CASES = {
    "five quasi-identifiers, by month": (["age", "zip3", "sex", "race", "month"], []),
    "five quasi-identifiers, by day (nearly every row its own class)": (QUASI, []),
    "the same, without suggestions": (QUASI, ["--no-suggest"]),
    "events of people, by key": (["age", "zip3", "sex", "race", "month"], ["--subject-key", "person"]),
}  # fmt: skip
CHILD = """
import json, resource, sys, time
started = time.perf_counter()
from phisweep.cli import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    status = stop.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([status, time.perf_counter() - started, peak]), file=sys.stderr)
"""
PYCANON = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from pycanon import anonymity
path, quasi, sensitive = sys.argv[1], sys.argv[2].split(","), sys.argv[3]
started = time.perf_counter()
frame = pd.read_parquet(path, columns=[*quasi, sensitive]).astype({name: str for name in quasi})
for name, measure in (
    ("k", lambda: anonymity.k_anonymity(frame, quasi)),
    ("l", lambda: anonymity.l_diversity(frame, quasi, [sensitive])),
    ("t", lambda: anonymity.t_closeness(frame, quasi, [sensitive])),
):
    told = float(measure())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps([name, told, time.perf_counter() - started, peak]), flush=True)
"""


def generated(path, rows, seed=7):
    """Write an invented table of visits: five quasi-identifiers, a diagnosis, a person."""
    rng = np.random.default_rng(seed)
    writer = None
    for at in range(0, rows, 1 << 20):
        n = min(1 << 20, rows - at)
        days = np.datetime64("2018-01-01") + rng.integers(0, 2_000, n)
        codes = np.char.add("I", (rng.zipf(1.5, n) % 60).astype(str))
        table = pa.table(
            {
                "age": np.clip(rng.normal(48, 22, n), 0, 99).astype(np.int32),
                "zip3": np.char.zfill((rng.zipf(1.3, n) % 900).astype(str), 3),
                "sex": np.array(["F", "M"])[rng.integers(0, 2, n)],
                "race": np.array(list("ABCDE"))[np.minimum(rng.geometric(0.5, n) - 1, 4)],
                "month": days.astype("datetime64[M]").astype(str),
                "admitted": days.astype("datetime64[D]"),
                "diagnosis": codes,
                "person": rng.integers(0, max(2, rows // 4), n),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def ours(path, quasi, options):
    """Run the command in a process, and return seconds, bytes and what it found."""
    arguments = ["risk", str(path), "--qi", ",".join(quasi), "--sensitive", "diagnosis"]
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments, *options, "--format", "json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    status, seconds, peak = json.loads(ran.stderr.splitlines()[-1])
    (one,) = json.loads(ran.stdout)["assessments"]
    told = one["suggestions"]
    return {
        "status": status, "seconds": round(seconds, 1), "peak_mb": round(peak / 1e6),
        "rows": one["rows"], "people": one["people"], "classes": one["classes"], "k": one["k"],
        "distinct_l": one["sensitive"][0]["distinct_l"], "t": one["sensitive"][0]["closeness"],
        "combinations": None if told is None else told["nodes"],
        "counted": None if told is None else told["judged"],
        "loss": told["best"][0]["loss"] if told and told["best"] else None,
    }  # fmt: skip


def pycanon(path, quasi, limit):
    """Run pycanon on the same file in a process: k, then l, then t, as far as it comes in time."""
    child = subprocess.Popen(
        [sys.executable, "-c", PYCANON, str(path), ",".join(quasi), "diagnosis"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    timer = threading.Timer(limit, child.kill)
    timer.start()
    found = {}
    for line in child.stdout:
        name, told, seconds, peak = json.loads(line)
        found[name] = {"is": told, "seconds": round(seconds, 2), "peak_mb": round(peak / 1e6)}
    timer.cancel()
    child.wait()
    return found


def same(mine, theirs):
    """Say of each figure whether both have it alike."""
    keys = {"k": "k", "l": "distinct_l", "t": "t"}
    return {name: abs(mine[keys[name]] - told["is"]) < 1e-5 for name, told in theirs.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--beside", type=int, nargs="*", default=[5_000, 50_000, 500_000])
    parser.add_argument("--limit", type=int, default=600, help="seconds that pycanon may take")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    given = parser.parse_args()
    path = RESULTS / f"risk-{dt.datetime.now(dt.UTC).date().isoformat()}.json"
    found = json.loads(path.read_text()) if path.is_file() else {"large": {}, "beside": {}}
    found["machine"] = {
        "cpu": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
    }
    with tempfile.TemporaryDirectory(prefix="phisweep-bench-") as folder:
        large = Path(folder) / "large.parquet"
        cases = {name: case for name, case in CASES.items() if given.only in name}
        if cases and given.rows:
            generated(large, given.rows)
            found["file_mb"] = round(large.stat().st_size / 1e6)
        for name, (quasi, options) in cases.items() if given.rows else ():
            found["large"][name] = ours(large, quasi, options)
            print(name, found["large"][name], flush=True)
        for rows in given.beside:
            small = Path(folder) / f"{rows}.parquet"
            generated(small, rows)
            quasi = ["age", "zip3", "sex", "race"]
            mine = ours(small, quasi, ["--no-suggest"])
            theirs = pycanon(small, quasi, given.limit)
            found["beside"][f"{rows}"] = {
                "phisweep, everything": mine,
                "pycanon, one after the other": theirs,
                "limit": given.limit,
                "same": same(mine, theirs),
                "times": {n: round(t["seconds"] / mine["seconds"], 1) for n, t in theirs.items()},
            }
            print(rows, found["beside"][f"{rows}"], flush=True)
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(path)


if __name__ == "__main__":
    main()
