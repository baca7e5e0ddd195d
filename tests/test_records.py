"""What the ledger promises: counts and places, never a value, and bounded memory."""

import json

import numpy as np
import pyarrow as pa
import pytest

from phisweep import records
from phisweep.keys import Key
from phisweep.model import Column, Decision, Finding, Location, Text
from phisweep.places import looks_like_data, place_of
from phisweep.records import Keeping, Ledger, Lines

KEY = Key(b"k" * 32)


def decision(start, end, identifier="ssn", score=0.9, rule="x"):
    finding = Finding(Location("s", "text"), start, end, identifier, f"{identifier}/{rule}", score)
    return Decision(finding, "remove", "tag", {}, "45 CFR")


def text(value, address="text", **more):
    return Text(Location("s", address), value, line=1, col=1, **more)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("text", "text"),
        ("text@8000", "text"),
        ("filename", "filename"),
        ("/a/b", "/a/b"),
        ("/a/0/b/12", "/a/*/b/*"),
        ("line 3: /patient/name", "/patient/name"),
        ("line 31: ", ""),
        ("column 3, from record 1", "column 3"),
        ("/2020-01/1x", "/2020-01/1x"),
    ],
)
def test_a_place_is_an_address_without_the_numbers_of_rows(address, place):
    assert place_of(address) == place


def test_lines_and_columns_are_those_of_the_source():
    block = text("ab\ncdé\n\nf")
    lines = Lines(block)
    assert [lines.at(i) for i in (0, 1, 3, 5, 7, 8)] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 3),
        (3, 1),
        (4, 1),
    ]


def test_a_line_feed_inside_a_string_of_json_is_none_of_its_source():
    block = Text(Location("s", "/a"), "x\ny", line=7, col=3)
    assert Lines(block).at(2) == (7, 5)


def test_a_block_without_a_place_has_no_line():
    assert Lines(Text(Location("s", "meta"), "x")).at(0) == (None, None)


def test_counts_are_by_place_rule_and_outcome_with_the_range_of_scores():
    ledger = Ledger("s", KEY, Keeping(records=False))
    ledger.text(text("987654320 987654321"), [decision(0, 9, score=0.5), decision(10, 19)])
    ledger.text(text("x", "/a/1/b"), [decision(0, 1)])
    ledger.text(text("x", "/a/2/b"), [decision(0, 1)])
    tallies = ledger.tallies()
    assert [(t.place, t.count, t.min_score, t.max_score) for t in tallies] == [
        ("/a/*/b", 2, 0.9, 0.9), ("text", 2, 0.5, 0.9),
    ]  # fmt: skip
    assert ledger.close() == ((), None)
    assert tallies[0].action == ""


def test_scores_are_counted_in_bins_of_which_the_last_holds_one():
    ledger = Ledger("s", KEY, Keeping(records=False))
    scores = [0.0, 0.049, 0.05, 0.15, 0.35, 0.55, 0.849, 0.85, 0.95, 1.0]
    ledger.text(text("x"), [decision(0, 1, score=score) for score in scores])
    (tally,) = ledger.tallies()
    assert tally.scores == ((0, 2), (1, 1), (3, 1), (7, 1), (11, 1), (16, 1), (17, 1), (19, 2))
    assert (tally.count, tally.min_score, tally.max_score) == (10, 0.0, 1.0)


def test_places_beyond_a_number_are_counted_together(monkeypatch):
    monkeypatch.setattr(records, "GROUPS", 5)
    ledger = Ledger("s", KEY, Keeping(records=False))
    for n in range(9):
        ledger.text(text("x", f"/k{n}"), [decision(0, 1)])
    ledger.text(text("x", "/k1"), [decision(0, 1)])
    counts = {tally.place: tally.count for tally in ledger.tallies()}
    assert counts == {"/k0": 1, "/k1": 2, "/k2": 1, "/k3": 1, "/k4": 1, "other places": 4}


def test_a_record_has_shape_and_fingerprint_and_the_value_only_where_it_was_asked_for():
    for reveal in (False, True):
        ledger = Ledger("s", KEY, Keeping(reveal=reveal, actions=True))
        ledger.text(text("is 987-65-4320"), [decision(3, 14)])
        (record,), _ = ledger.close()
        assert (record.shape, record.line, record.col) == ("ddd-dd-dddd", 1, 4)
        assert record.fingerprint == KEY.fingerprint("ssn/x", "987654320")
        assert (record.action, record.operator) == ("remove", "tag")
        assert record.reveal == ("987-65-4320" if reveal else "")
        assert "987" not in repr(record)


def column(values, label="ssn", first=1):
    array = pa.array(values).dictionary_encode()
    rows = np.arange(len(values))
    where = Location("s", f"column 2, from record {first}")
    return Column(where, label, array, 1, first, rows + 1 + first, rows * 0 + 5)


def test_each_row_of_a_column_has_its_record_and_counts_are_those_of_the_rows():
    ledger = Ledger("s", KEY, Keeping())
    ledger.column(column(["a 1", "b", "a 1", "c"]), {0: [decision(2, 3)]})
    ledger.column(column(["x\ny 1"], first=5), {0: [decision(4, 5)]})
    found, _ = ledger.close()
    assert [(r.where, r.place, r.line, r.col) for r in found] == [
        ("record 1, line 2, column 2", "column 2 (ssn)", 2, 7),
        ("record 3, line 4, column 2", "column 2 (ssn)", 4, 7),
        ("record 5, line 6, column 2", "column 2 (ssn)", 6, None),
    ]
    assert [t.count for t in ledger.tallies()] == [3]


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("dob", "column 2 (dob)"),
        ("Date of birth", "column 2 (Date of birth)"),
        ("", "column 2"),
        ("id 00417768", "column 2"),
        ("987-65-4320", "column 2"),
        ("x" * 60, "column 2"),
        ("a\nb", "column 2"),
        ("hidden", "column 2"),
    ],
)
def test_a_columns_name_is_shown_where_it_cannot_be_data(label, place):
    ledger = Ledger("s", KEY, Keeping())
    ledger.hide("hidden")
    assert ledger.column_place(column(["x"], label)) == place


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("text", "text"),
        ("/a/b", "/a/b"),
        ("/Ms. Q/b", "/[KEY 1]/b"),
        ("line 2: /x/Ms. Q (key)", "line 2: /x/[KEY 1] (key)"),
        ("/987~165/x", "/[KEY 2]/x"),
        ("header, column 2", "header, column 2"),
    ],
)
def test_a_key_that_may_be_data_is_numbered_in_addresses(address, shown):
    ledger = Ledger("s", KEY, Keeping())
    ledger.hide("Ms. Q")
    ledger.hide("987/65")
    assert ledger.shown(address) == shown


@pytest.mark.parametrize(
    ("name", "data"),
    [("dob", False), ("v2", False), ("t123", False), ("0041776", True), ("id_4320", True)],
)
def test_a_long_number_in_a_name_may_be_data(name, data):
    assert looks_like_data(name) == data


def test_what_is_too_much_to_hold_goes_to_a_file_of_its_owners(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "LIMIT", 3)
    ledger = Ledger("s", KEY, Keeping(reveal=True, spool=tmp_path))
    ledger.text(text("0123456789"), [decision(i, i + 1) for i in range(8)])
    held, path = ledger.close()
    assert held == ()
    assert path.stat().st_mode & 0o777 == 0o600
    stored = [json.loads(line) for line in path.read_text().splitlines()]
    assert [r["start"] for r in stored] == list(range(8))
    assert all("reveal" not in r for r in stored)


def test_up_to_the_limit_all_are_held(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "LIMIT", 3)
    for keeping, n in ((Keeping(spool=tmp_path), 3), (Keeping(), 8)):
        ledger = Ledger("s", KEY, keeping)
        ledger.text(text("0123456789"), [decision(i, i + 1) for i in range(n)])
        held, path = ledger.close()
        assert (len(held), path) == (n, None)


def test_findings_of_a_scan_come_out_of_the_file_too(scan, tmp_path, monkeypatch):
    (tmp_path / "n.txt").write_text("ssn 987-65-4320\n" * 9)
    whole = scan("n.txt").spans()
    monkeypatch.setattr(records, "LIMIT", 3)
    assert scan("n.txt").spans() == whole
