"""Many files of one kind: what they share is told once, what one has can still be told."""

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from phisweep.model import Linking, Run, Survey
from phisweep.report import base, html, json_, markdown
from phisweep.report.inventory import FEW, LISTED, told_of
from phisweep.report.record import RunRecord, load_record
from report import runs

PLACES = [runs.tally(f"(0010,00{n:02}) Name{n}", "name", 1) for n in range(30)]


def met(number, **other):
    return runs.outcome(f"slices/{number}.dcm", "changed", PLACES, **other)


@cache
def record_of(count):
    manifest = replace(runs.MANIFEST, configuration={})
    linking = Linking(("/id",), keyed=1)
    many = [met(n, linking=linking) for n in range(count)]
    many[count // 2] = runs.outcome("held.dcm", "incomplete")
    return runs.record_of_run(Run(manifest, tuple(many), survey=Survey()))


def test_a_file_more_costs_one_line_of_the_record_and_nothing_of_the_pages():
    few, many = record_of(LISTED + 100), record_of(LISTED + 1_100)
    assert len(json_.render(many)) - len(json_.render(few)) < 1_000 * 1_500
    for rendering in (html, markdown):
        assert abs(len(rendering.render(many)) - len(rendering.render(few))) < 1_000


def test_the_places_of_many_files_are_told_once_with_their_number():
    record = record_of(LISTED + 100)
    assert [(p.files, p.count) for p in record.places] == [(LISTED + 99, LISTED + 99)] * 30
    for text in (html.render(record), markdown.render(record)):
        assert text.count("Name7") <= 2  # the table, and the chart
        assert f"{LISTED + 99:,}" in text


def test_those_that_a_person_has_to_look_at_are_listed_whatever_the_number():
    record = record_of(3 * LISTED)
    last = record.files[-1].path
    for text in (html.render(record), markdown.render(record)):
        assert "held.dcm" in text
        assert last.rpartition("/")[2] not in text
        assert f"{LISTED:,} of {3 * LISTED:,} files stand here" in text


@pytest.mark.parametrize("count", [3, FEW + 5])
def test_of_every_file_it_can_be_told_what_was_done_to_it(count, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json_.render(record_of(count)), encoding="utf-8")
    record = load_record(path)
    for file in (record.files[0], record.files[-1]):
        assert [(t.place, t.identifier, t.operator, t.count) for t in told_of(file, record.places)] == [
            (t.place, t.identifier, t.operator, t.count) for t in PLACES
        ]  # fmt: skip
        assert record.subjects.linked[file.linked].keys == ("/id",)
    assert record.files[count // 2].found == ()


def test_every_other_rendering_tells_of_every_file():
    renderers, record = base.load(), record_of(FEW + 5)
    for name in ("csv", "junit", "gitlab", "sarif"):
        assert f"slices/{FEW + 4}.dcm" in renderers[name](record)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["places"][0].update(files=1),
        lambda d: d["places"][0].update(count=1),
        lambda d: d["places"][0].update(max_score=0.1),
        lambda d: d["places"].pop(),
        lambda d: d["files"][0]["found"].pop(),
        lambda d: d["files"][0]["found"][0].__setitem__(0, 999),
        lambda d: d["files"][0].update(linked=None),
        lambda d: d["files"][0].update(linked=5),
        lambda d: d["subjects"]["linked"][0].update(files=1),
    ],
)
def test_places_and_files_that_tell_otherwise_are_refused(change):
    data = json.loads(json_.render(record_of(3)))
    change(data)
    with pytest.raises(ValidationError):
        RunRecord.model_validate_json(json.dumps(data))


TALLIES = st.lists(
    st.builds(
        runs.tally,
        st.sampled_from(["column 1", "column 2"]),
        st.sampled_from(["ssn", "name"]),
        st.integers(1, 99),
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=40)
@given(st.lists(TALLIES, max_size=5))
def test_places_are_the_sums_of_what_stands_in_the_files(tallies):
    outcomes = tuple(runs.outcome(f"{n}.csv", "changed", each) for n, each in enumerate(tallies))
    record = runs.record_of_run(Run(runs.MANIFEST, outcomes))
    for file, each in zip(record.files, tallies, strict=True):
        assert [(t.place, t.count) for t in told_of(file, record.places)] == [
            (t.place, t.count) for t in each
        ]
    for number, place in enumerate(record.places):
        rows = [[f for f in file.found if f.place == number] for file in record.files]
        assert place.files == sum(bool(row) for row in rows)
        assert place.count == sum(found.findings for row in rows for found in row)
        assert place.min_score == min(found.min_score for row in rows for found in row)
