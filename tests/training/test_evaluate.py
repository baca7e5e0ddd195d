"""The measuring script measures what it says: whole entities, false finds, what may stay."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

import evaluate
from corpus.marks import unmarked
from phisweep.model import Finding, Location

IDENTIFIER_CLASSES = """NAME LOCATION DATE AGE PHONE FAX EMAIL SSN MRN HEALTH_PLAN ACCOUNT LICENSE
VEHICLE DEVICE URL IP BIOMETRIC PHOTO OTHER_ID IGNORE"""
NOTE = "Dr. [[NAME:Ada Quill]] of [[LOCATION:Northmere, OH]] on [[IGNORE:2024]], [[DATE:3/4]]."


def finding(text, part, identifier="name"):
    start = text.index(part)
    return Finding(Location("t", "text"), start, start + len(part), identifier, "r/x", 0.9)


def measured(tmp_path, note, *found):
    path = tmp_path / "notes.txt"
    path.write_text(note, encoding="utf-8")
    plain, _ = unmarked(note)
    return evaluate.measure(path, lambda _: [finding(plain, *f) for f in found], 0)


def test_marks_leave_the_text_and_name_its_entities():
    text, gold = unmarked(NOTE)
    assert text == "Dr. Ada Quill of Northmere, OH on 2024, 3/4."
    assert [(text[a:b], label) for a, b, label in gold] == [
        ("Ada Quill", "NAME"), ("Northmere, OH", "LOCATION"), ("2024", "IGNORE"), ("3/4", "DATE"),
    ]  # fmt: skip


def test_an_entity_counts_only_whole(tmp_path):
    figures = measured(tmp_path, NOTE, ("Quill",), ("Northmere",), ("3/4", "date"))
    assert figures["recall"] == pytest.approx(1 / 3, abs=1e-3)
    assert figures["recall_but_titles_and_states"] == pytest.approx(2 / 3, abs=1e-3)


def test_what_touches_nothing_is_false_and_what_touches_what_is_ignored_is_not(tmp_path):
    figures = measured(tmp_path, NOTE, ("Ada Quill",), ("2024", "date"), ("of",))
    assert figures["false"] == {"name": 1}
    assert figures["precision"] == pytest.approx(2 / 3, abs=1e-3)


def test_texts_without_identifiers_tell_how_many_were_touched(tmp_path):
    clean = "Foley out, Babinski down.\n%%\nRose from bed.\n"
    path = tmp_path / "notes.txt"
    path.write_text(clean)
    figures = evaluate.measure(
        path, lambda text: [finding(text, "Rose")] if "Rose" in text else [], 0
    )
    assert figures["touched_without_gold"] == "1/2"


def test_json_lines_are_read_too(tmp_path):
    row = {"text": "Ada came", "spans": [{"start": 0, "end": 3, "class": "NAME"}]}
    (tmp_path / "x.jsonl").write_text(json.dumps(row) + "\n")
    assert list(evaluate.texts(tmp_path / "x.jsonl")) == [("Ada came", [(0, 3, "NAME")])]


MARKED = sorted((ROOT / "training").glob("heldout/*.txt")) + sorted(
    (ROOT / "training").glob("notes/*.txt")
)


@pytest.mark.parametrize("path", MARKED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_notes_are_marked_with_known_classes_alone(path):
    known = set(IDENTIFIER_CLASSES.split())
    notes = list(evaluate.texts(path))
    assert len(notes) >= 20
    assert {label for _, gold in notes for *_, label in gold} <= known
    assert all("[[" not in text and "]]" not in text for text, _ in notes)


def test_no_note_is_both_learned_from_and_measured_on():
    learned, measured = (
        {text for path in MARKED if path.parent.name == which for text, _ in evaluate.texts(path)}
        for which in ("notes", "heldout")
    )
    assert learned
    assert measured
    assert not learned & measured
