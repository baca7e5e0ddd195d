"""Texts and tables to measure on: notes of a folder, or of sample_data's templates scaled up."""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import itertools
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import count
from pathlib import Path
from types import ModuleType

import numpy as np

ROOT = Path(__file__).parents[1]
SEED = 20261030
PATIENTS = 2_000
_BLOCK = 20_000  # rows that are made; more are these again


def _sample() -> ModuleType:
    """Return sample_data/generate.py as a module; its neighbours are imported beside it."""
    folder = str(ROOT / "sample_data")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module("generate")


def read_notes(folder: Path) -> list[str]:
    """Return every .txt file of a folder."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))]


def generated_notes(megabytes: float) -> list[str]:
    """Return so many megabytes of notes of all kinds, each about another patient."""
    sample = _sample()
    chance = random.Random(SEED)
    people = sample.hospital.patients(chance, PATIENTS)
    notes: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        for _, text, _ in sample.notes(chance, people):
            notes.append(text)
            size += len(text.encode())
    return notes


def patient_rows(seed: int = SEED) -> Iterator[Sequence[str]]:
    """Yield rows of patients.csv without end; the people come round again, their numbers do not."""
    sample = _sample()
    chance = random.Random(seed)
    people = sample.hospital.patients(chance, PATIENTS)
    rows = [[sample.unmarked(cell)[0] for cell in sample.patient_row(each)] for each in people]
    for number in count():
        first, *rest = rows[number % PATIENTS]
        yield [f"{int(first) + number:08d}", *rest]


def header() -> Sequence[str]:
    """Return the names of the columns of `patient_rows`."""
    columns: Sequence[str] = _sample().PATIENT_COLUMNS
    return columns


def write_table(path: Path, size: int) -> int:
    """Write patient rows as CSV until the file holds `size` bytes; return how many rows."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header())
        for rows, row in enumerate(patient_rows()):
            if rows % 1_000 == 0 and out.tell() >= size:
                return rows
            writer.writerow(row)
    raise AssertionError


def short_texts(notes: Sequence[str]) -> list[str]:
    """Return the lines of notes, each a text of its own."""
    return [line.strip() for note in notes for line in note.splitlines() if line.strip()]


def write_labs(path: Path, size: int) -> tuple[int, int]:
    """Write a long table of laboratory results, clean but for its dates; return rows and columns."""
    chance = random.Random(SEED)
    codes = ["2345-7", "718-7", "4548-4", "2160-0", "2951-2", "2823-3", "6299-2", "1742-6"]
    names = ["Glucose in Serum or Plasma", "Hemoglobin in Blood", "Sodium in Serum or Plasma"]
    start = dt.date(2015, 1, 1)

    def row() -> list[object]:
        at = chance.randrange(len(codes))
        day = start + dt.timedelta(days=chance.randrange(3_000))
        value = round(chance.gauss(100, 40), 2)
        flag, unit = chance.choice(["", "H", "L", "N"]), ("mg/dL", "g/dL", "mmol/L")[at % 3]
        low, high = chance.choice([60, 3.5, 0.6]), chance.choice([100, 5.5, 1.2])
        where = chance.choice(["serum", "plasma", "whole blood"])
        return [codes[at], names[at % 3], value, unit, low, high, flag, where, day.isoformat()]

    columns = ["loinc", "test", "value", "unit", "low", "high", "flag", "specimen", "collected"]
    return _repeated(path, size, columns, row)


def write_wide(path: Path, size: int) -> tuple[int, int]:
    """Write a table of 105 clinical columns with few distinct values; return rows and columns."""
    chance = random.Random(SEED)
    codes = ["E11.9", "I10", "J45.909", "K21.9", "N18.3", "F32.9", "M54.5", "Z79.4"]

    def row() -> list[object]:
        answers = chance.choices(["yes", "no", "unknown", ""], k=40)
        scores = [chance.randrange(30) for _ in range(40)]
        states = chance.choices(["mild", "moderate", "severe", "none"], k=22)
        place = [chance.choice(["Cardiology", "Surgery"]), chance.choice(["3A", "4B", "ICU"])]
        return [*answers, *scores, *states, *place, chance.choice(codes)]

    columns = [f"q{n}" for n in range(40)] + [f"score_{n}" for n in range(40)]
    columns += [f"status_{n}" for n in range(22)] + ["dept", "ward", "diagnosis"]
    return _repeated(path, size, columns, row)


def _repeated(
    path: Path, size: int, columns: Sequence[str], row: Callable[[], Sequence[object]]
) -> tuple[int, int]:
    """Write a block of rows until the file holds `size` bytes."""
    block = StringIO()
    writer = csv.writer(block, lineterminator="\n")
    writer.writerows(row() for _ in range(_BLOCK))
    data = block.getvalue().encode()
    times = max(1, round(size / len(data)))
    with path.open("wb") as out:
        out.write((",".join(columns) + "\n").encode())
        for _ in range(times):
            out.write(data)
    return _BLOCK * times, len(columns)


def write_people(path: Path, size: int) -> int:
    """Write patient rows like `write_table`, gigabytes of them: only their numbers are made anew."""
    rows = [f"{row[0]},{','.join(row[1:])}\n" for row in _plain_rows()]
    data = np.frombuffer("".join(rows).encode("ascii", "replace"), dtype=np.uint8).copy()
    starts = np.cumsum([0, *(len(row.encode("ascii", "replace")) for row in rows[:-1])])
    places = starts[:, None] + np.arange(8)
    with path.open("wb") as out:
        out.write((",".join(header()) + "\n").encode())
        first = 10_000_000
        while out.tell() < size:
            numbers = first + np.arange(len(rows))
            digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10
            data[places] = digits + ord("0")
            out.write(data.tobytes())
            first += len(rows)
    return first - 10_000_000


def _plain_rows() -> list[list[str]]:
    """Return rows without what would have to be quoted."""
    rows = itertools.islice(patient_rows(), 10 * PATIENTS)
    return [[cell.replace(",", "").replace('"', "") for cell in row] for row in rows]
