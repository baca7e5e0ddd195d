"""What becomes of a table is the same, whether its values are done at once or one by one."""

import dataclasses
import random
import re

import numpy as np
import pytest

from phisweep.config import Config
from phisweep.detect import screening
from phisweep.detect.columns import ColumnJudge
from phisweep.keys import Key
from phisweep.ruleset.schema import Treatment
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings

KEY = Key(b"k" * 32, "the test")
HEADER = "mrn,last_name,dob,visit_date,zip,ssn,phone,note"
#: By column: what most values are, and what some are.
SOME = {
    "last_name": ["Quillfeather", "N/A", "[NAME]", '"Quill, ""Ana"""', "Zoë", "", " Bo "],
    "dob": ["1931-05-02", "2031-01-01", "1990-02-30", "3/4/1990", "1990", "<=1936", "unknown"],
    "visit_date": ["2014-03-05 10:11:12", "2014-03-05T10:11:12Z", "05.03.2014", "2014-12-31"],
    "zip": ["02139-1234", "501", "036", "0213", "K1A 0B1", ""],
    "ssn": ["000471234", "000-47-12", ""],
    "phone": ["(617) 555-0123", "555-0123", ""],
    "note": ["seen 2014-03-05", "fine", "Quillfeather called"],
}
OPERATORS = [
    {},
    {"date": "date-shift", "mrn": "hmac-token", "zip": "redact", "name": "hmac-token"},
    {"date": "month", "phone": "tag", "ssn": "redact", "mrn": "tag"},
]


def table(chance, rows):
    """Rows of some people; one value in five is an odd one."""

    def row(number):
        plain = {
            "last_name": f"Quillfeather{'abcdefghij'[number % 10]}",
            "dob": f"{1940 + number % 70}-{number % 12 + 1:02}-{number % 31 % 28 + 1:02}",
            "visit_date": f"2014-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "zip": f"{10_000 + 37 * number}",
            "ssn": f"000-47-{1000 + number}",
            "phone": f"617-555-{100 + number % 100:04}",
            "note": "ok",
        }
        odd = {name: chance.choice(SOME[name]) for name in plain if chance.random() < 0.2}
        return ",".join([f"{41_000 + number // 2:07}", *(plain | odd).values()])

    return "\n".join([HEADER, *map(row, range(rows))]) + "\n"


@pytest.fixture
def copied(small_rules, tmp_path):
    """De-identify a table; return its copy, and what the report tells of it."""
    count = 0

    def copied_(text, operators):
        nonlocal count
        count += 1
        source, out = tmp_path / f"data{count}" / "t.csv", tmp_path / f"out{count}"
        source.parent.mkdir()
        source.write_text(text, encoding="utf-8")
        treatments = {
            name: Treatment(action="generalize" if name == "date" else "replace", operator=each)
            for name, each in operators.items()
        }
        values = {"profile": "expert", "treatments": treatments, "engine": "rules", "jobs": 1}
        settings = Settings(config=Config(**values), key=KEY, reference_year=2026)
        (outcome,) = deidentify([str(source.parent)], out, settings).outcomes
        told = outcome.tallies, outcome.linking, outcome.kept, outcome.unsearchable
        return (out / outcome.output).read_text(encoding="utf-8"), [
            dataclasses.asdict(each) if dataclasses.is_dataclass(each) else each for each in told
        ]

    return copied_


@pytest.mark.parametrize("operators", OPERATORS)
def test_a_table_becomes_the_same_at_once_and_one_by_one(copied, monkeypatch, operators):
    text = table(random.Random(1), 90)  # noqa: S311 - the same each time
    at_once = copied(text, operators)
    asked = []

    def one_by_one(judge, values):
        asked.append(len(values))
        return np.full(len(values), screening.ASK, np.int64)

    monkeypatch.setattr(ColumnJudge, "screened", one_by_one)
    assert _without_codes(copied(text, operators)) == _without_codes(at_once)
    assert asked


def _without_codes(told):
    """Random codes are others in each run: they are numbered as they come."""
    text, rest = told
    seen = {}
    pattern = re.compile(r"\[([A-Z_]+)-[B-Z]{10}\]")
    return pattern.sub(lambda m: f"[{m[1]} {seen.setdefault(m[0], len(seen))}]", text), rest
