"""What sample_data promises: it is what its generator writes, and its gold is right."""

from __future__ import annotations

import csv
import importlib
import itertools
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from phisweep.model import IDENTIFIERS

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
KEYS = {"path", "where", "start", "end", "identifier", "letter"}


@pytest.fixture(scope="module")
def generate():
    names = ("generate", "hospital", "marks", "templates")
    sys.path.insert(0, str(SAMPLE))
    try:
        yield importlib.import_module("generate")
    finally:
        sys.path.remove(str(SAMPLE))
        for name in names:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def gold():
    return [json.loads(line) for line in (SAMPLE / "gold.jsonl").read_text().splitlines()]


def cells(path):
    """Every cell of a CSV file by its address: data records and columns from 1."""
    with path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        line = rows.line_num + 1
        for record, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                yield f"record {record}, line {line}, column {column}", value
            line = rows.line_num + 1


def strings(value, pointer):
    """Every string of a JSON value by its pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, f"{pointer}/{index}")


@pytest.fixture(scope="module")
def blocks():
    """Every block of text of the sample, read without the generator."""
    found = {}
    for path in sorted((SAMPLE / "notes").iterdir()):
        found[f"notes/{path.name}", "text"] = path.read_text(encoding="utf-8")
    for name in ("patients.csv", "encounters.csv"):
        found |= {(name, where): value for where, value in cells(SAMPLE / name)}
    lines = (SAMPLE / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        for pointer, value in strings(json.loads(line), ""):
            found["messages.jsonl", f"line {number}: {pointer}"] = value
    return found


def test_the_files_are_what_the_generator_writes(generate):
    assert generate.main(["--check"]) == 0


def test_another_seed_makes_other_files_of_the_same_names(generate):
    one, other = generate.generate(), generate.generate(seed=7)
    assert one.files.keys() == other.files.keys()
    assert all(one.files[name] != other.files[name] for name in one.files)


@pytest.mark.parametrize(
    ("identifier", "text", "expect"),
    [
        ("age", "89", False),
        ("date", "2019", False),
        ("age", "90", True),
        ("date", "1931", True),
        ("date", "3/4/2025", True),
        ("name", "Wren", True),
    ],
)
def test_only_ages_and_birth_years_of_the_very_old_count(generate, identifier, text, expect):
    assert generate.render(f"{{{{{identifier}|{text}}}}}", {})[1] == (
        [generate.Span(0, len(text), identifier)] if expect else []
    )


def test_every_expected_finding_lies_in_a_block_and_names_its_letter(gold, blocks):
    for finding in gold:
        assert finding.keys() == KEYS
        assert finding["letter"] == IDENTIFIERS[finding["identifier"]]
        text = blocks[finding["path"], finding["where"]]
        assert 0 <= finding["start"] < finding["end"] <= len(text)
        assert (
            text[finding["start"] : finding["end"]].strip()
            == (text[finding["start"] : finding["end"]])
        )


def test_expected_findings_do_not_overlap(gold):
    places = {}
    for finding in gold:
        span = (finding["start"], finding["end"])
        places.setdefault((finding["path"], finding["where"]), []).append(span)
    for spans in places.values():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def test_no_identifier_of_a_patient_stands_outside_the_expected_findings(gold, blocks):
    with (SAMPLE / "patients.csv").open(encoding="utf-8", newline="") as source:
        patients = list(csv.DictReader(source))
    columns = ("mrn", "last_name", "ssn", "street", "city", "zip", "phone", "email")
    values = {
        row[name].casefold() for row in patients for name in (*columns, "insurance_member_id")
    }
    known = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))))
    spans = {}
    for finding in gold:
        spans.setdefault((finding["path"], finding["where"]), []).append(finding)
    for place, text in blocks.items():
        rest = list(text)
        for finding in spans.get(place, ()):
            start, end = finding["start"], finding["end"]
            rest[start:end] = "\0" * (end - start)
        assert not known.search("".join(rest).casefold()), place


def test_every_kind_of_identifier_that_stands_in_text_is_there(gold):
    found = Counter(finding["identifier"] for finding in gold)
    assert set(IDENTIFIERS) - set(found) == {"photo"}


SPECIMENS = {
    "ssn": r"(000|666|9\d\d)-(0[1-9]|[1-4]\d)-\d{4}|219-09-9999",
    "phone": r"(\+1 )?\(?\d{3}\)?[ .-]555[ .-]01\d\d( ext\. \d+)?",
    "fax": r"(\(\d{3}\) |\d{3}-)555-01\d\d",
    "email": r"\S+@example\.(org|com)",
    "url": r"https://\w+\.example\.(org|com)/\S+",
    "ip": r"192\.0\.2\.\d{1,3}",
    "health_plan": r"ZZH\d{9}|1EG4-TE5-MK73|GRP-00417",
    "license": r"1234567893|AB1234563|S99988801",
    "vehicle": r"1M8GDM9AXKP042788|ZZZ 0417",
}


@pytest.mark.parametrize("identifier", SPECIMENS)
def test_numbers_and_addresses_lie_in_specimen_ranges(gold, blocks, identifier):
    texts = [
        blocks[f["path"], f["where"]][f["start"] : f["end"]]
        for f in gold
        if f["identifier"] == identifier
    ]
    assert texts
    assert all(re.fullmatch(SPECIMENS[identifier], text) for text in texts)


def test_tables_have_what_breaks_careless_readers(blocks):
    values = [value for (path, _), value in blocks.items() if path.endswith(".csv")]
    assert any("\n" in value for value in values)
    assert any('"' in value for value in values)
    assert any("," in value for value in values)
    assert any(not value.isascii() for value in values)
    assert any(re.fullmatch(r"0\d{4}", value) for value in values)
    assert any(value == "" for value in values)
