"""Gold for tables: by column and by cell; and gold that says where its spans stand."""

import csv
import json

import pytest

import invented_gold as invented
from phisweep.config import Config
from phisweep.errors import PhisweepError
from phisweep.evaluate import columns
from phisweep.runs.evaluating import Asked, evaluate
from phisweep.runs.settings import Settings

ROWS = (
    ("name", "dob", "age", "arm", "note"),
    ("Ada Quillfeather", "2024-03-04", "93", "a", "came"),
    ("Bo Larkspur", "2023-01-02", "41", "b", "call 617-555-0123"),
    ("", "N/A", "", "a", ""),
)
GOLD = {"people.csv": {"name": "NAME", "dob": "date", "age": "AGE", "arm": None, "note": "none"}}


@pytest.fixture
def table(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with (folder / "people.csv").open("w", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return folder


def found(folder, *places):
    """Findings of a search in that table, by row and column from 1, over the whole cell."""
    rows = [
        {"path": "data/people.csv", "where": f"record {row}, line {row + 1}, column {column}",
         "start": 0, "end": len(ROWS[row][column - 1]), "identifier": identifier, "score": 0.9,
         "rule": "x/y"}
        for row, column, identifier in places
    ]  # fmt: skip
    return invented.jsonl(folder.parent / "found.jsonl", *rows)


def measured(gold, folder, *places, tool="pred"):
    tools = {tool: found(folder, *places) if tool == "pred" else None}
    settings = Settings(config=Config(engine="rules"))
    return evaluate(Asked(gold, tools, data=folder, draws=20), settings)


def as_json(tmp_path, gold=GOLD):
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(gold))
    return path


def as_csv(tmp_path):
    path = tmp_path / "gold.csv"
    lines = ["file,column,identifier"]
    lines += [f"people.csv,{column},{told or ''}" for column, told in GOLD["people.csv"].items()]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("make", [as_json, as_csv])
def test_both_forms_say_the_same(tmp_path, make):
    path = make(tmp_path)
    assert columns.looks_so(path)
    assert columns.read(path) == {
        "people.csv": {"name": "NAME", "dob": "date", "age": "AGE", "arm": "", "note": ""}
    }


def test_cells_and_columns_by_hand(tmp_path, table):
    record = measured(
        as_json(tmp_path), table, (1, 1, "name"), (2, 1, "name"), (1, 2, "date"), (2, 5, "phone")
    )
    (tool,) = record.tools
    # Cells: two names and two dates and one age over 89; the age of 41 may stay.
    assert (record.unit, record.documents, record.words, record.ignored) == ("cell", 5, 11, 1)
    assert tool.total.gold == 5
    assert tool.total.blind.covered.recall.hits == 3
    assert tool.total.false == 1
    # Columns: name whole, dob in part, age not at all; note is none and was touched.
    shares = tool.column_shares
    assert [getattr(shares, r).recall.hits for r in ("strict", "covered", "touched")] == [1, 1, 2]
    assert (shares.covered.recall.of, shares.touched.precision.hits) == (3, 2)
    assert shares.touched.precision.of == 3
    assert (tool.leaked.hits, tool.leaked.of) == (2, 3)
    told = {c.place: (c.name, c.cells, c.ignored, c.covered, c.touched) for c in tool.columns}
    assert told == {
        "column 1 (name)": ("NAME", 2, 0, 2, 2),
        "column 2 (dob)": ("DATE", 2, 0, 1, 1),
        "column 3 (age)": ("AGE", 2, 1, 0, 0),
        "column 4 (arm)": ("none", 3, 0, 0, 0),
        "column 5 (note)": ("none", 2, 0, 0, 1),
    }


def test_columns_that_are_not_named_are_left_out(tmp_path, table):
    path = as_json(tmp_path, {"people.csv": {"NAME ": "name"}})
    record = measured(path, table, (2, 5, "phone"))
    assert (record.documents, record.tools[0].total.predicted) == (1, 0)


def test_phisweep_itself(tmp_path, table, small_rules):
    record = measured(as_json(tmp_path), table, tool="ours")
    classes = {group.name: group for group in record.tools[0].classes}
    assert classes["NAME"].blind.covered.recall.hits == 2
    assert classes["DATE"].blind.covered.recall.hits == 2
    assert record.tools[0].about["engine"] == "rules"


@pytest.mark.parametrize(
    ("gold", "code"),
    [
        ({"people.csv": {"absent": "NAME"}}, "E177"),
        ({"others.csv": {"name": "NAME"}}, "E176"),
        ({"people.csv": {"name": "KENNEL"}}, "E179"),
    ],
)
def test_gold_that_is_of_other_tables(tmp_path, table, gold, code):
    with pytest.raises(PhisweepError) as stop:
        measured(as_json(tmp_path, gold), table, (1, 1, "name"))
    assert stop.value.code == code
    assert "Quillfeather" not in str(stop.value)


@pytest.mark.parametrize(
    "text", ["file,column,class\npeople.csv,name\n", "file,column,class\na,b,C\na,b,D\n"]
)
def test_tables_of_columns_that_are_broken(tmp_path, table, text):
    (tmp_path / "gold").write_text(text)
    with pytest.raises(PhisweepError) as stop:
        measured(tmp_path / "gold", table)
    assert stop.value.code == "E176"


def test_predictions_by_document_are_no_predictions_for_cells(tmp_path, table):
    path = invented.jsonl(tmp_path / "p.jsonl", {"id": "a", "spans": []})
    with pytest.raises(PhisweepError) as stop:
        evaluate(Asked(as_json(tmp_path), {"p": path}, data=table))
    assert stop.value.code == "E178"


def test_a_sheet_of_a_workbook(tmp_path, small_rules):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["anything"])
    sheet = book.create_sheet("People")
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    path = as_json(tmp_path, {"book.xlsx!People": {"name": "NAME", "dob": "DATE"}})
    record = measured(path, tmp_path, tool="ours")
    assert record.tools[0].total.gold == 4
    assert record.tools[0].total.blind.covered.recall.hits == 4


def test_gold_by_place_reads_the_texts_where_they_lie(tmp_path):
    (tmp_path / "a.txt").write_text(invented.TEXT)
    where = {"path": "a.txt", "where": "text", "identifier": "name"}
    gold = invented.jsonl(tmp_path / "g.jsonl", {**where, "start": 4, "end": 20})
    pred = invented.jsonl(
        tmp_path / "p.jsonl", {**where, "start": 4, "end": 7}, {**where, "start": 8, "end": 20}
    )
    record = evaluate(Asked(gold, {"p": pred}, draws=20))
    assert (record.documents, record.words) == (1, len(invented.TEXT.split()))
    assert record.tools[0].total.blind.covered.recall.hits == 1
    (tmp_path / "a.txt").unlink()  # without the text the space between counts
    record = evaluate(Asked(gold, {"p": pred}, draws=20))
    assert record.tools[0].total.blind.covered.recall.hits == 0
