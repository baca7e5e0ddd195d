"""Texts and tables to measure on: notes of a folder, or of sample_data's templates scaled up."""

from __future__ import annotations

import csv
import importlib
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
SEED = 20261030
PATIENTS = 2_000


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
