"""Typed tables: what the bare readers take, to compare."""

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

ROWS = 20_000
PATIENTS = 20_000  # memory also grows with these, some 200 bytes each
#: Rows that make a megabyte of such a file, about.
ROWS_A_MEGABYTE = {"parquet": 130_000, "arrow": 13_000, "stats": 14_000}


def rows(first, count):
    numbers = range(first, first + count)
    return pa.table(
        {
            "mrn": [f"{7_000_000 + number % PATIENTS}" for number in numbers],
            "visit_date": pa.array([17_000 + number % 900 for number in numbers], pa.int32()).cast(
                pa.date32()
            ),
            "zip": [f"0{2000 + number % 700}" for number in numbers],
            "result": [number % 97 / 10 for number in numbers],
            "code": [("E11.9", "I10", "Z00.00")[number % 3] for number in numbers],
            "note": [f"Called 617-555-01{number % 100:02d}, feels well." for number in numbers],
        }
    )


def chunks(name, megabytes):
    left, first = ROWS_A_MEGABYTE[name] * megabytes, 0
    while left > 0:
        yield rows(first, min(left, ROWS))
        first, left = first + ROWS, left - ROWS


def make_parquet(path, megabytes):
    with pq.ParquetWriter(path, rows(0, 1).schema) as writer:
        for table in chunks("parquet", megabytes):
            writer.write_table(table)


def bare_parquet(path):
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            batch.to_pydict()


def make_arrow(path, megabytes):
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows(0, 1).schema) as writer:
        for table in chunks("arrow", megabytes):
            writer.write_table(table)


def bare_arrow(path):
    with pa.OSFile(str(path)) as source:
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            reader.get_batch(number).to_pydict()


def make_stats(path, megabytes):
    frame = pa.concat_tables(chunks("stats", megabytes)).to_pandas()
    pyreadstat.write_sav(frame, str(path))


def bare_stats(path):
    pyreadstat.read_sav(str(path), output_format="dict")


CASES = [
    ("parquet", make_parquet, bare_parquet),
    ("arrow", make_arrow, bare_arrow),
    ("stats", make_stats, bare_stats),
]
