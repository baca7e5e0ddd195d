"""No value of the data leaves by any door but the copies that nobody was told to change."""

import json
import logging
import re

import pytest

from fake_rules import RULES
from phisweep.keys import Key
from phisweep.model import Column, Edit, Location, Record, Source, Text

#: What must not be seen again: the value that each identifier's own example holds.
CANARIES = {identifier: rule[2][1] for identifier, rule in RULES.items()}
TEXT = "".join(f"{rule[2][0]}.\n" for rule in RULES.values())
#: Any six digits of a value are half of it.
RUNS = sorted(
    {digits[i : i + 6] for value in CANARIES.values() for digits in re.findall(r"\d{6,}", value) for i in range(len(digits) - 5)}
)  # fmt: skip


def seen_in(text):
    """Return the identifiers whose canary stands in a text; ages are too short to tell."""
    hits = [i for i, value in CANARIES.items() if i != "age" and value in text]
    # Digests and run ids hold runs of digits by chance; what is a word of its own does not.
    words = set(re.findall(r"(?<![0-9a-zA-Z])\d{6,}(?![0-9a-zA-Z])", text))
    return hits + [run for run in RUNS if any(run in word for word in words)]


@pytest.fixture
def data(tmp_path):
    """Every identifier in text, table, JSON, JSON lines, names, headers and keys."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "note.txt").write_text(TEXT)
    head = ",".join(f"c{i}" for i in range(len(RULES)))
    cells = ",".join(f'"{rule[2][0]}"' for rule in RULES.values())
    (folder / "table.csv").write_text(f"{head}\n{cells}\n{cells}\n")
    (folder / "header.csv").write_text(f"{cells}\n" + ",".join("x" for _ in RULES) + "\n")
    texts = {identifier: rule[2][0] for identifier, rule in RULES.items()}
    (folder / "x.json").write_text(json.dumps({"a": [texts, dict.fromkeys(texts.values(), 1)]}))
    (folder / "x.jsonl").write_text((json.dumps(texts) + "\n") * 3)
    (folder / "ssn 987-65-4320 Ms. Quillfeather.txt").write_text("see 2024-03-04")
    (folder / "cut.json").write_text(json.dumps(texts)[:-9])
    (folder / "ragged.csv").write_text(f"a,b\n{cells}\n")
    (folder / "code.txt").write_bytes(TEXT.encode() + b"\xff\x81\xfe")
    return folder


def files(folder):
    return {p: p.read_bytes().decode("utf-8", "replace") for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    "format_", ["text", "jsonl", "json", "sarif", "junit", "github", "gitlab", "md", "html", "csv"]
)
def test_no_rendering_of_a_scan_holds_a_value(run, data, caplog, format_):
    caplog.set_level(logging.DEBUG)
    ran = run("scan", data, "--engine", "rules", "--format", format_)
    assert ran.status == 1
    assert seen_in(ran.out) == []
    assert seen_in(ran.err) == []
    assert seen_in(caplog.text) == []


def test_no_byte_of_a_release_and_no_word_about_it_holds_a_value(
    deid, run, data, tmp_path, caplog, monkeypatch, key_file
):
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    ran = deid(data, "--key-file", key_file)
    assert ran.status == 3  # three files are broken
    texts = files(tmp_path / "out")
    assert len(texts) == 4 + 7
    assert {str(p.relative_to(tmp_path)): seen_in(t) for p, t in texts.items() if seen_in(t)} == {}
    assert seen_in(" ".join(str(p.relative_to(tmp_path)) for p in texts)) == []
    assert seen_in(ran.out + ran.err + caplog.text) == []
    assert list(temporary.iterdir()) == []
    checked = run("verify", "out", "--engine", "rules", "--key-file", key_file)
    assert checked.status == 0
    assert seen_in(checked.out + checked.err) == []


@pytest.mark.parametrize(
    "place",
    [
        "phisweep.detect.detector.Detector.find",
        "phisweep.detect.columns.ColumnJudge.find",
        "phisweep.analysis.decide",
        "phisweep.analysis.edits_for",
        "phisweep.records.Ledger.text",
        "phisweep.records.Ledger.column",
        "phisweep.detect.known.Collector.add",
        "phisweep.verification.gather",
        "phisweep.runs.copying.write_record",
    ],
)
@pytest.mark.parametrize("kind", [ValueError, KeyError, OSError, RecursionError, MemoryError])
def test_a_failure_anywhere_tells_its_place_and_no_value(
    deid, data, tmp_path, monkeypatch, caplog, place, kind
):
    (data / "ssn 987-65-4320 Ms. Quillfeather.txt").unlink()  # names come before the documents
    for name in ("x.json", "x.jsonl", "cut.json", "ragged.csv", "code.txt", "header.csv"):
        (data / name).unlink()
    caplog.set_level(logging.DEBUG)

    def broken(*_, **__):
        raise kind(TEXT)

    naming = "phisweep.naming.Naming.shown"
    monkeypatch.setattr(naming, lambda _self, name: name)
    monkeypatch.setattr(place, broken)
    ran = deid(data, "--no-verify" if place.startswith("phisweep.analysis") else "--verify")
    assert ran.status in {3, 70}
    assert seen_in(ran.out + ran.err + caplog.text) == []
    assert "Traceback" not in ran.out + ran.err
    if ran.status == 70:
        assert not (tmp_path / "out").exists()
    else:
        assert [t for t in files(tmp_path / "out").values() if seen_in(t)] == []


def test_the_repr_of_a_value_holds_nothing_of_the_data(tmp_path):
    secret = "Quillfeather 987-65-4320"  # noqa: S105 - a canary
    where = Location("s", "text")
    values = [
        Source(tmp_path / secret, secret, 1, "shown", secret.encode()),
        Text(where, secret, secret, secret, owner=secret),
        Column(where, secret, secret, 0, 1, (), ()),
        Edit(0, 1, secret),
        Record(
            "s", "w", "p", 0, 1, 1, 1, "ssn", "G", "ssn/x", 1.0, "high", "d", "f", (), reveal=secret
        ),
        Key(secret.encode()),
    ]
    assert [seen_in(repr(value)) for value in values] == [[]] * len(values)


def test_an_error_that_crosses_processes_holds_no_value(run, data, monkeypatch):
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 0)
    ran = run("scan", data, "--engine", "rules", "--jobs", 2)
    assert ran.status == 1
    assert seen_in(ran.out + ran.err) == []


def test_values_are_seen_where_they_do_stand():
    assert set(seen_in(TEXT)) >= {*CANARIES} - {"age"}
