"""Tables of three kinds: whole commands beside the bare reader, and beside Presidio's cells."""

from __future__ import annotations

import csv
import itertools
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import elsewhere
from figures import Figure, cheaper, children, command, cpu, faster

import corpus

READ = """
import sys, pyarrow as pa, pyarrow.csv as pc, pyarrow.parquet as pq
pa.set_cpu_count(1)
path = sys.argv[1]
if path.endswith(".csv"):
    names = open(path, encoding="utf-8").readline().strip().split(",")
    batches = pc.open_csv(
        path,
        read_options=pc.ReadOptions(use_threads=False),
        convert_options=pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
else:
    batches = pq.ParquetFile(path).iter_batches(use_threads=False)
print(sum(len(batch) for batch in batches))
"""
TIMES = 3


def least(measured, *given) -> float:
    """Return the least of some measurements: what a load adds, it adds to any of them."""
    return min(measured(*given) for _ in range(TIMES))


def tables(options) -> Iterator[Figure]:
    """Yield CPU seconds of scan and deid beyond start-up, of the reader, and cells a second."""
    import peers  # noqa: PLC0415

    size = int(options.table_megabytes * 1e6)
    engine = peers.analyzer()
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        empty = folder / "empty.csv"
        empty.write_text("value,unit\n1,mg\n")
        start = {what: least(_ours, what, empty, folder) for what in DO}
        bare = least(_reader, empty)
        for what, make in KINDS.items():
            path = folder / f"{what.partition(',')[0]}.csv"
            rows, width = make(path, size if what != PEOPLE else size // 3)
            columns = _head(path, options.peer_rows)
            yield from _beside_reader(what, path, folder, start, bare)
            used = {do: least(_ours, do, path, folder) - start[do] for do in DO}
            yield from _beside_cells(what, rows * width, used, columns, engine)
            path.unlink()


def _beside_reader(what, path, folder, start, bare) -> Iterator[Figure]:
    """Yield a scan beside the reader; of CSV and of Parquet, start-up taken off both."""
    import pyarrow.csv as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    other = path.with_suffix(".parquet")
    pq.write_table(pc.read_csv(path), other)
    for each, most in ((path, 4.0), (other, 0.0)):
        ours = least(_ours, "scan", each, folder) - start["scan"]
        reader = max(0.01, least(_reader, each) - bare)
        kind = "CSV" if most else "Parquet"
        against = f"pyarrow's {kind} reader{', as strings' if most else ''}"
        megabytes = each.stat().st_size / 1e6
        work = f"scan, {what}, {kind} of {megabytes:.0f} MB"
        yield cheaper("tables", work, "CPU s", ours, against, reader, most)
    other.unlink()


def _beside_cells(what, cells, used, columns, engine) -> Iterator[Figure]:
    import peers  # noqa: PLC0415

    some = sum(map(len, columns.values()))
    found = some / least(cpu, lambda: peers.analyze_table(engine, columns))
    made = some / least(cpu, lambda: peers.anonymize_table(engine, columns))
    scan, deid = (cells / max(used[do], 0.01) for do in ("scan", "deid"))
    yield faster("cells", f"scan, {what}", "cells/s", scan, "BatchAnalyzerEngine", found, 0)
    against = "BatchAnalyzerEngine and BatchAnonymizerEngine"
    yield faster("cells", f"deid, {what}", "cells/s", deid, against, made, 300)
    if what == PEOPLE:
        for name in elsewhere.TABLES:
            told = elsewhere.seconds(name, columns)
            if told is not None:
                yield faster("cells", f"deid, {what}", "cells/s", deid, name, some / told[0])


def _ours(what: str, path: Path, folder: Path) -> float:
    more = ["--fail-on", "none"] if what == "scan" else ["-o", str(folder / "out" / path.stem)]
    out = folder / "out" / path.stem
    line = command(what, "--engine", "rules", "--jobs", "1", *more, str(path))
    used = children(*line)[0]
    if out.exists():
        _removed(out)
    return used


def _removed(folder: Path) -> None:
    import shutil  # noqa: PLC0415

    shutil.rmtree(folder)


def _reader(path: Path) -> float:
    return children(sys.executable, "-c", READ, str(path))[0]


def _head(path: Path, rows: int) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as source:
        head = list(itertools.islice(csv.DictReader(source), rows))
    return {name: [row[name] for row in head] for name in head[0]}


def _people(path: Path, size: int) -> tuple[int, int]:
    return corpus.write_table(path, size), len(corpus.header())


DO = ("scan", "deid")
PEOPLE = "patients, nearly every cell an identifier"
KINDS = {
    "labs, long and clean but for a date": corpus.write_labs,
    "wide, 105 columns of few values": corpus.write_wide,
    PEOPLE: _people,
}
