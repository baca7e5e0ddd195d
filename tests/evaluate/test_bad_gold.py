"""Gold that cannot be true is an error with its document, and without what stands in it."""

import json

import pytest

import invented_gold as invented
from invented_gold import CANARIES, TEXT, spans
from phisweep.errors import PhisweepError
from phisweep.evaluate import gold
from phisweep.evaluate.labels import Labels

SPAN = {"start": 4, "end": 20, "class": "NAME"}


def fault(path, code, *said, labels=None):
    with pytest.raises(PhisweepError) as stop:
        list(gold.read(path, labels or Labels.load()))
    told = str(stop.value)
    assert stop.value.code == code, told
    assert stop.value.status == 2
    assert stop.value.__suppress_context__ or stop.value.__context__ is None
    for piece in said:
        assert piece in told
    assert not any(canary in told for canary in CANARIES)
    return told


@pytest.mark.parametrize(
    "bad",
    [
        {**SPAN, "end": len(TEXT) + 1},
        {**SPAN, "start": -1},
        {**SPAN, "start": 20},
        {**SPAN, "start": "4"},
        {**SPAN, "start": True},
        {**SPAN, "start": 4.5},
        {"end": 20, "class": "NAME"},
        {**SPAN, "score": 2},
        "Quillfeather",
    ],
)
def test_offsets_that_cannot_be(tmp_path, bad):
    good = {"id": "a1", "text": TEXT, "spans": spans()}
    path = invented.jsonl(tmp_path / "x", good, {"id": "a2", "text": TEXT, "spans": [SPAN, bad]})
    fault(path, "E177", "span 2", "2")


def test_the_document_is_named_by_number_and_id(tmp_path):
    row = {"id": "note-17", "text": TEXT, "spans": [{**SPAN, "end": 4000}]}
    fault(invented.jsonl(tmp_path / "x.jsonl", row), "E177", "x.jsonl: document 1 (id note-17)")


def test_an_id_that_could_be_anything_is_not_repeated(tmp_path):
    row = {"id": "Quillfeather\u202e\x1b[2J", "text": TEXT, "spans": [{**SPAN, "end": 4000}]}
    assert "\x1b" not in fault(invented.jsonl(tmp_path / "x", row), "E177", "document 1")


@pytest.mark.parametrize("other", [(4, 20), (7, 30), (10, 12), (0, 5)])
def test_one_piece_cannot_be_of_two_classes(tmp_path, other):
    start, end = other
    row = {"id": "d", "text": TEXT, "spans": [SPAN, {"start": start, "end": end, "class": "DATE"}]}
    fault(invented.jsonl(tmp_path / "x", row), "E177", "NAME", "DATE")


def test_a_piece_cannot_be_ignored_and_not(tmp_path):
    row = {"text": TEXT, "spans": [SPAN, {**SPAN, "class": "IGNORE"}]}
    fault(invented.jsonl(tmp_path / "x", row), "E177", "ignored")


def test_what_stands_twice_is_one_and_neighbours_are_two(tmp_path):
    row = {"text": TEXT, "spans": [SPAN, SPAN, {"start": 20, "end": 25, "class": "DATE"}]}
    (document,) = gold.read(invented.jsonl(tmp_path / "x", row), Labels.load())
    assert len(document.spans) == 2


def test_a_quote_that_stands_elsewhere(tmp_path):
    folder = invented.brat(tmp_path / "n")
    (folder / "a.ann").write_text("T1\tNAME 0 5\tAda Quillfeather\n")
    fault(folder, "E177", "quotes")
    path = invented.i2b2_2014(tmp_path / "x.xml")
    path.write_text(path.read_text().replace('start="4"', 'start="2"'))
    fault(path, "E177", "quotes")


def test_an_unknown_label(tmp_path):
    row = {"text": TEXT, "spans": [{"start": 4, "end": 20, "label": "KENNEL"}]}
    fault(invented.jsonl(tmp_path / "x", row), "E179", "KENNEL", "--labels")
    row["spans"][0]["label"] = "Quillfeather 617-555-0123"
    fault(invented.jsonl(tmp_path / "x", row), "E179", "a label is in no list")
    row["spans"] = [{"start": 4, "end": 20}]
    fault(invented.jsonl(tmp_path / "x", row), "E179")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"text": "Quillfeather \xff", "spans": []}\n', "line 1 is not valid utf-8"),
        (b'{"text": "a", "spans": []}\n{"text": "Quillfeather\n', "line 2"),
        (b'{"text": "Quillfeather", "entities": []}\n', "no list of spans"),
        (b'{"id": 1, "spans": []}\n', "no text"),
        (b'{"text": "a", "spans": []}\n["Quillfeather"]\n', "no object"),
        (b'{"id": ["Quillfeather"], "text": "a", "spans": []}\n', "its id"),
        (b'[{"full_text": "Quillfeather", "spans": []}, {"full', "malformed"),
        (b'[{"full_text": "Quillfeather", "spans": []} {}]', "malformed"),
        (b'[{"full_text": "Quill\xff", "spans": []}]', "not valid utf-8"),
        (b"<ROOT><TEXT>Quillfeather</ROOT>", "well-formed"),
        (b"<ROOT><NOTE>Quillfeather</NOTE></ROOT>", "no TEXT"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ROOT><TEXT>&a;</TEXT></ROOT>', "entities"),
        (b"<ROOT><TEXT>Quillfeather \xff</TEXT></ROOT>", "well-formed"),
        (b"Quillfeather came\nand went\n", "no corpus"),
        (b"Quillfeather B-PER\nbroken\n", "token and tag"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no corpus"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, data, said):
    (tmp_path / "x").write_bytes(data)
    if said == "token and tag":  # beyond the lines that say which column is which
        (tmp_path / "x").write_bytes(b"Ada B-PER\n" * 500 + data)
    fault(tmp_path / "x", "E176", said)


def test_marks_without_offsets_in_xml(tmp_path):
    path = invented.i2b2_2014(tmp_path / "x.xml")
    path.write_text(path.read_text().replace('start="4"', 'start="Quillfeather"'))
    fault(path, "E177", "whole numbers")


def test_brat_wants_both_files_and_its_own_lines(tmp_path):
    folder = invented.brat(tmp_path / "n")
    (folder / "lone.txt").write_text("Quillfeather")
    fault(folder, "E176", "lone.txt")
    (folder / "lone.txt").unlink()
    (folder / "a.ann").write_text("T1 NAME 4 20 Quillfeather\n")
    fault(folder, "E176", "line 1")
    (folder / "a.ann").write_text("Quillfeather\n")
    fault(folder, "E176", "line 1")


def test_an_error_of_a_nested_monster_is_one_too(tmp_path):
    (tmp_path / "x").write_text('{"text": "a", "spans": []}\n' + '{"a":' * 100_000 + "\n")
    fault(tmp_path / "x", "E176")


def test_labels_of_a_user_must_lead_to_an_identifier(tmp_path):
    (tmp_path / "own.yaml").write_text("labels:\n  KENNEL: dog\n")
    with pytest.raises(PhisweepError) as stop:
        Labels.load(tmp_path / "own.yaml")
    assert "labels.KENNEL" in str(stop.value)


def test_labels_of_a_user_come_first(tmp_path):
    (tmp_path / "own.yaml").write_text(
        "title: ours\nlabels:\n  kennel-name: other_id\n  PERSON: ignore\n"
        "  AGE: {is: age, unless: '\\d', why: children}\n"
    )
    labels = Labels.load(tmp_path / "own.yaml")
    assert labels.gold("KENNEL NAME", "x", "here") == "OTHER_ID"
    assert labels.gold("PERSON", "x", "here", "presidio") == "IGNORE"
    assert [labels.gold("AGE", age, "here") for age in ("7", "17")] == ["IGNORE", "AGE"]


def test_json_is_quoted_by_nobody(tmp_path):
    path = invented.jsonl(tmp_path / "x", {"text": TEXT, "spans": [dict(SPAN, end=9000)]})
    assert json.dumps(TEXT)[1:10] not in fault(path, "E177")
