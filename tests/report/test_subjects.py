"""Whose record it is: every count is explicit, and adds up."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.model import Linking, Run, Survey
from phisweep.report import base, phrases
from report import runs

RENDERERS = base.load()


def told(*met, several=0, **configuration):
    manifest = replace(runs.MANIFEST, configuration=configuration)
    run = Run(manifest, met, survey=Survey((), several))
    return runs.record_of_run(run).subjects


def keyed(*keys, name="a.csv", rows=9, tallies=(), **counts):
    return runs.table(name, tallies, rows, 3, linking=Linking(keys, **counts))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("column 1", "column 1 (mrn)"),
        ("column 2", "column 2"),
        ("/patient/id", "/patient/id"),
        ("visit:/visit/id", "/visit/id (visit)"),
        ("name:No(.+)", "the file's name"),
        ("visit:name:No(.+)", "the file's name (visit)"),
        ("text:Case (.+)", "the head of the text"),
        ("the medical record number in the text", "the medical record number in the text"),
    ],
)
def test_where_a_key_stands_is_said_in_words(key, words):
    met = keyed(key, tallies=[runs.tally("column 1 (mrn)", "mrn", 9)], keyed=9)
    assert told(met).linked[0].keys == (words,)


def test_the_name_of_a_key_column_that_was_kept_is_told_too():
    met = keyed("column 5", keyed=9)
    assert told(replace(met, kept=runs.KEPT)).linked[0].keys == ("column 5 (age)",)


def test_zeros_are_explicit_where_nobody_was_linked():
    text = RENDERERS["md"](runs.record_of_run(runs.linked()))
    assert "| Texts with the numbers of two people | 0 |" in text
    assert "| `patients.csv` | column 1 (mrn) | 108 | 0 | 0 | 0 |" in text


def test_a_table_without_a_key_has_all_of_its_rows_without_a_subject():
    shifted = replace(runs.tally("column 2", "date", 30), operator="date-shift")
    (file,) = told(keyed(rows=30, tallies=[shifted])).linked
    assert (file.keys, file.keyed, file.unkeyed, file.alone) == ((), 0, 30, 30)


def test_what_stands_in_a_name_of_a_file_wanted_no_subject():
    named = replace(runs.tally("filename", "date", 1), operator="date-shift")
    assert told(keyed(rows=3, tallies=[named])).alone == 0


@pytest.mark.parametrize(
    ("configuration", "by", "how"),
    [
        ({}, "medical record numbers", ("medical record numbers",)),
        ({"subject-key": "{}"}, "medical record numbers", ("medical record numbers",)),
        ({"subject-key": json.dumps({"a.csv": "mrn"})}, "configuration", ("configuration",)),
        ({"subject-key": json.dumps({"b.csv": ["mrn"]})}, "medical record numbers", ("medical record numbers",)),
    ],
)  # fmt: skip
def test_it_is_said_what_told_whose_record_it_is(configuration, by, how):
    record = told(keyed("column 1", keyed=9), **configuration)
    assert record.linked[0].by == by
    assert record.how == " ".join((*(phrases.LINKED_BY[name] for name in how), phrases.NOBODY_GUESSED))  # fmt: skip


def test_a_run_in_which_no_key_was_asked_for_says_so():
    met = runs.table("a.csv", [], 9, 3)
    record = told(met)
    assert record.how == phrases.NOT_LINKED
    assert (record.linked[0].by, record.unkeyed) == ("nothing", 9)


def test_files_that_were_skipped_are_not_counted():
    record = told(keyed(keyed=1), runs.TROUBLED[1])
    assert [each.files for each in record.linked] == [1]


@pytest.mark.parametrize(("several", "expect"), [(0, 0), (1, "<11"), (10, "<11"), (11, 11)])
def test_a_small_count_of_subjects_is_not_shown(several, expect):
    assert told(keyed(), several=several).several_keys == expect


@pytest.mark.parametrize("name", ["searched", "empty"])
def test_a_search_says_nothing_of_subjects(name):
    record = runs.record_of_run(runs.RUNS[name]())
    assert (record.subjects, record.leaks, record.moved) == (None, None, None)
    assert (record.surrogates, record.codes) == (None, None)
    for rendering in ("html", "md"):
        assert "Subjects" not in RENDERERS[rendering](record)


COUNTS = st.integers(0, 10**6)
LINKINGS = st.none() | st.builds(
    Linking, st.just(("column 1",)), COUNTS, COUNTS, COUNTS, COUNTS
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(st.lists(LINKINGS, max_size=4))
def test_sums_are_those_of_the_files(linkings):
    met = [runs.outcome("a.txt", linking=linking) for linking in linkings]
    record = told(*met)
    for name in ("keyed", "unkeyed", "several", "alone"):
        expect = sum(getattr(linking, name) for linking in linkings if linking)
        told_ = sum(each.files * getattr(each, name) for each in record.linked)
        assert getattr(record, name) == told_ == expect
