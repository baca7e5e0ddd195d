"""SQLite, DuckDB and dumps of SQL of any size."""
# ruff: noqa: S608 - statements are made here

import random
import sqlite3
from contextlib import closing

_WORDS = ["seen", "today", "with", "cough", "and", "fever", "plan", "rest", "fluids", "clear"]
_BATCH = 5_000


def _rows(chance, first):
    return [
        (
            first + number,
            f"{chance.randrange(1990, 2024)}-{chance.randrange(1, 13):02d}-15",
            round(chance.uniform(36, 40), 1),
            " ".join(chance.choices(_WORDS, k=12)),
        )
        for number in range(_BATCH)
    ]


def _sqlite(path, megabytes):
    path = path.with_suffix(".sqlite")
    chance, first = random.Random(1), 1_000_000
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE visits (mrn, visit_date TEXT, temperature REAL, note TEXT)")
        while db.execute("PRAGMA page_count").fetchone()[0] * 4096 < megabytes * 1_000_000:
            db.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", _rows(chance, first))
            first += _BATCH
    return path


def _duckdb(path, megabytes):
    import duckdb  # noqa: PLC0415 - an extra

    path = path.with_suffix(".duckdb")
    with closing(duckdb.connect(str(path))) as db:
        db.execute(
            "CREATE TABLE visits AS SELECT i AS mrn, DATE '1990-01-01' + (i % 12000)::INT AS day,"
            " md5(i::VARCHAR) || ' ' || md5((i * 7)::VARCHAR) AS note"
            f" FROM range({megabytes * 11_000}) r(i)"
        )
    return path


def _dump(path, megabytes):
    path = path.with_suffix(".sql")
    chance, first = random.Random(3), 1_000_000
    with path.open("w") as file:
        file.write("-- MySQL dump 10.13\nCREATE TABLE `visits` (`mrn` int, `visit_date` date,")
        file.write(" `temperature` double, `note` text);\n")
        while file.tell() < megabytes * 1_000_000:
            rows = ",".join(f"({m},'{d}',{t},'{n}')" for m, d, t, n in _rows(chance, first))
            file.write(f"INSERT INTO `visits` VALUES {rows};\n")
            first += _BATCH
        file.write("-- Dump completed on the day\n")
    return path


def _bare_sqlite(path):
    with closing(sqlite3.connect(path)) as db:
        for _ in db.execute("SELECT * FROM visits"):
            pass


def _bare_duckdb(path):
    import duckdb  # noqa: PLC0415 - an extra

    with closing(duckdb.connect(str(path), read_only=True)) as db:
        db.sql("SELECT * FROM visits").to_arrow_table()


CASES = [
    ("sqlite", _sqlite, _bare_sqlite),
    ("duckdb", _duckdb, _bare_duckdb),
    ("sql", _dump, lambda path: path.read_text()),
]
