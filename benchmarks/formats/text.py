"""Delimited tables, JSON, JSON lines and texts of any size."""

import csv
import json
import random

_WORDS = [
    "seen",
    "today",
    "with",
    "cough",
    "and",
    "fever",
    "plan",
    "rest",
    "fluids",
    "return",
    "if",
    "worse",
    "lungs",
    "clear",
    "no",
    "rash",
]


def _row(chance, number):
    day = f"{chance.randrange(1990, 2024)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
    return [
        f"{number:07d}",
        day,
        f"{chance.uniform(36, 40):.1f}",
        " ".join(chance.choices(_WORDS, k=8)),
    ]


def _delimited(path, megabytes):
    path = path.with_suffix(".csv")
    chance = random.Random(1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["mrn", "visit_date", "temperature", "note"])
        number = 0
        while file.tell() < megabytes * 1_000_000:
            number += 1
            writer.writerow(_row(chance, number))
    return path


def _lines(path, megabytes):
    path = path.with_suffix(".jsonl")
    chance = random.Random(2)
    with path.open("w") as file:
        number = 0
        while file.tell() < megabytes * 1_000_000:
            number += 1
            mrn, day, degrees, note = _row(chance, number)
            file.write(
                json.dumps({"mrn": mrn, "date": day, "temperature": float(degrees), "note": note})
                + "\n"
            )
    return path


def _plain(path, megabytes):
    path = path.with_suffix(".txt")
    chance = random.Random(3)
    with path.open("w") as file:
        while file.tell() < megabytes * 1_000_000:
            file.write(
                " ".join(chance.choices(_WORDS, k=14)) + ".\n" + "\n" * (chance.random() < 0.1)
            )
    return path


def _bare_csv(path):
    with path.open(newline="") as file:
        for _ in csv.reader(file):
            pass


def _bare_lines(path):
    with path.open() as file:
        for line in file:
            json.loads(line)


CASES = [
    ("delimited", _delimited, _bare_csv),
    ("jsonl", _lines, _bare_lines),
    ("plain", _plain, lambda path: path.read_text()),
]
