"""Dates that were moved: sentences of the shift itself, and counts no more exact than known."""

from dataclasses import replace

import pytest

from phisweep.model import Linking, Run, Survey
from phisweep.report import base, moved, phrases
from phisweep.ruleset.schema import PolicyFile, Treatment
from phisweep.transform.shifting import properties
from report import runs

RENDERERS = base.load()


def policy(*params):
    columns = {
        f"column{i}": Treatment(action="generalize", operator="date-shift", params=given)
        for i, given in enumerate(params)
    }
    return PolicyFile(id="x", method="expert", columns={"a.csv": columns} if columns else {})


def by(operator, count, place="column 2", identifier="date"):
    return replace(runs.tally(place, identifier, count), operator=operator)


def told(*met, params=({},), keeping="key", monkeypatch=None):
    run = Run(replace(runs.MANIFEST, policy="x"), met, survey=Survey())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(runs.POLICIES, "x", policy(*params))
        return runs.record_of_run(run, keeping)


def table(*tallies, **linking):
    return runs.table("a.csv", tallies, 30, 3, linking=Linking(("column 1",), **linking))


def test_a_policy_that_moves_no_dates_has_no_such_section():
    record = told(params=())
    assert record.moved is None
    assert "Dates that were moved" not in RENDERERS["html"](record)
    assert "Dates that were moved" not in RENDERERS["md"](record)


def test_a_run_that_found_no_date_says_zero():
    record = told().moved
    assert (record.found, moved.dates_moved(record), moved.dates_alone(record)) == (0, "0", "0")


@pytest.mark.parametrize(
    ("met", "shown"),
    [
        (table(by("date-shift", 30), keyed=27, unkeyed=3, alone=3), ("27", "3")),
        (table(by("date-shift", 30), by("surrogate", 2), keyed=28, alone=3), ("27", "3")),
        (table(by("date-shift", 30), by("surrogate", 9), keyed=30, alone=0), ("30", "0")),
        (table(by("date-shift", 30), by("surrogate", 9), keyed=9, alone=39), ("0", "30")),
        (runs.table("a.csv", [by("date-shift", 30)], 30, 3, linking=Linking()), ("0", "30")),
        (runs.table("a.csv", [by("date-shift", 30)], 30, 3), ("0", "30")),
        (table(by("date-shift", 1, "filename"), keyed=1), ("0", "0")),
        (table(by("year", 30), keyed=30), ("0", "0")),
    ],
)
def test_moved_and_not_moved_are_all_that_were_found(met, shown):
    record = told(met).moved
    assert (moved.dates_moved(record), moved.dates_alone(record)) == shown
    assert record.found == sum(
        t.count for t in met.tallies if (t.operator, t.place) == ("date-shift", "column 2")
    )


@pytest.mark.parametrize(
    "params", [{}, {"weekday": True}, {"max-days": 30, "direction": "both"}, {"partial": "tag"}]
)
@pytest.mark.parametrize("name", ["html", "md", "json"])
def test_what_is_kept_and_changed_is_what_the_shift_says(name, params):
    record = told(params=(params,))
    assert (record.moved.kept, record.moved.changed) == (
        properties(params).kept,
        properties(params).changed,
    )
    text = RENDERERS[name](record).replace("&#39;", "'")
    for sentence in (*record.moved.kept, *record.moved.changed):
        assert sentence in text


def test_two_shifts_say_once_what_they_share():
    record = told(params=({"weekday": True}, {}, {"weekday": True})).moved
    assert [shift.subjects for shift in record.shifts] == [
        ("a.csv: column0", "a.csv: column2"), ("a.csv: column1",),
    ]  # fmt: skip
    first, second = record.shifts
    assert first.kept == ("The day of the week.",)
    assert not {*record.changed} & {*first.changed, *second.changed}
    for shift, params in ((first, {"weekday": True}), (second, {})):
        assert {*record.kept, *shift.kept} == {*properties(params).kept}
        assert {*record.changed, *shift.changed} == {*properties(params).changed}


@pytest.mark.parametrize(
    ("params", "weekdays", "instead"),
    [
        (({},), "not kept", "removed"),
        (({"weekday": True, "without-subject": "year"},), "kept", "left as their year"),
        (({"weekday": True}, {"without-subject": "year"}), "kept in part", "removed or left as their year"),
    ],
)  # fmt: skip
def test_weekdays_and_dates_of_nobody_are_told(params, weekdays, instead):
    record = told(params=params).moved
    assert (moved.weekdays(record), moved.instead(record)) == (weekdays, instead)


@pytest.mark.parametrize("keeping", sorted(phrases.OFFSET))
def test_it_is_said_what_the_offset_is_derived_from(keeping):
    offset = told(keeping=keeping).moved.offset
    assert runs.MANIFEST.key_id in offset
    assert ("vault" in offset) == (keeping in {"vault", "not told"})
    assert ("nobody can undo it" in offset) == (keeping == "run")


def test_the_params_of_a_shift_stand_beside_its_identifier_and_column():
    record = runs.record_of_run(runs.linked())
    text = RENDERERS["md"](record)
    assert "| date | generalize | `date-shift` | max-days = 100 |" in text
    assert "| visits.csv: seen | generalize | `date-shift` | " in text
    assert "weekday = True" in text
    assert "max-days = 100" in RENDERERS["html"](record)
