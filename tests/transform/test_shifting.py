"""How far dates move: the subject's own secret, and what it keeps, in words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import page, rows
from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.transform.shifting import (
    DAYS_A_YEAR,
    MOST_DAYS,
    PARAMS,
    Shift,
    properties,
    whole_years,
)

KEY = Key(b"a key of the tests, 32 bytes long")
SUBJECTS = st.text(min_size=1, max_size=12)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "max-days": st.integers(7, 2000),
        "weekday": st.booleans(),
        "direction": st.sampled_from(["back", "both"]),
    },
)


@given(SUBJECTS, CHOSEN)
def test_an_offset_lies_in_its_range_and_is_never_nothing(subject, params):
    days = Shift.of(params).offset(KEY, subject)
    most = params.get("max-days", 365)
    assert 1 <= abs(days) <= most
    assert days < 0 or params.get("direction") == "both"
    assert days % 7 == 0 or not params.get("weekday")
    assert not whole_years(abs(days))


@given(SUBJECTS, CHOSEN)
def test_the_same_key_and_subject_have_the_same_offset(subject, params):
    shift = Shift.of(params)
    assert shift.offset(KEY, subject) == shift.offset(Key(KEY.secret, "another file"), subject)


def test_a_subject_is_the_same_one_however_it_is_written():
    offsets = {Shift().offset(KEY, name) for name in ("MRN-0012345", "mrn 0012345", "Mrn0012345")}
    assert len(offsets) == 1


def test_signs_alone_are_subjects_too():
    assert len({Shift().offset(KEY, "*" * n) for n in range(1, 40)}) > 20


def test_other_subjects_have_other_offsets():
    offsets = [Shift().offset(KEY, f"patient {n}") for n in range(3000)]
    assert len({*offsets}) > 355
    assert max(offsets.count(days) for days in {*offsets}) < 30
    assert abs(sum(offsets) / 3000 + 182.5) < 10


def test_another_key_gives_other_offsets():
    other = Key(b"another key of the tests, as long")
    alike = sum(Shift().offset(KEY, f"{n}") == Shift().offset(other, f"{n}") for n in range(3000))
    assert alike < 30


def test_both_directions_are_taken():
    shift = Shift.of({"direction": "both"})
    later = sum(shift.offset(KEY, f"patient {n}") > 0 for n in range(1000))
    assert 400 < later < 600


def test_a_whole_number_of_years_is_never_drawn_for_it_keeps_month_and_day():
    day = dt.date(1890, 1, 1)
    dates = [day + dt.timedelta(days=n) for n in range(45_000)]
    whole = {
        (later - date).days
        for date in dates[:5000:7]
        for year in range(date.year + 1, date.year + 41)
        if (date.month, date.day) != (2, 29)
        for later in [date.replace(year=year)]
    }
    assert all(whole_years(days) for days in whole)
    assert not any(whole_years(days) for days in (*range(1, 365), *range(367, 730), 3640))
    assert [n for n in range(1, 1100) if whole_years(n)] == [365, 366, 730, 731, 1095, 1096]


@pytest.mark.parametrize(
    "params",
    [
        *({"max-days": value} for value in (0, -1, MOST_DAYS + 1, True, "365")),
        *({"weekday": value} for value in (1, "true")),
        {"weekday": True, "max-days": 6},
        *({"direction": "forward"}, {"without-subject": "keep"}, {"partial": "month"}),
        *({"order": "mdy"}, {"max_days": 30}, {"jitter": 3}),
    ],
)
def test_what_is_no_parameter_of_it_is_a_rule_error(params):
    with pytest.raises(RuleError, match="E174"):
        Shift.of(params)
    with pytest.raises(RuleError, match="E174"):
        properties(params)


WEEKDAY = "The day of the week."


def test_the_properties_say_whether_weekdays_are_kept():
    assert WEEKDAY in properties({}).changed
    assert WEEKDAY not in properties({}).kept
    assert WEEKDAY in properties({"weekday": True}).kept
    assert WEEKDAY not in properties({"weekday": True}).changed


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({}, "each subject's dates are 1 to 365 days earlier."),
        ({"max-days": 30}, "each subject's dates are 1 to 30 days earlier."),
        ({"weekday": True}, "each subject's dates are 1 to 52 weeks earlier."),
        ({"direction": "both"}, "each subject's dates are 1 to 365 days earlier or later."),
        ({"partial": "tag"}, "Months, quarters and years without a day: they are removed."),
        ({"without-subject": "year"}, "their year stays, unshifted, and fits no shifted date."),
    ],
)
def test_the_properties_say_what_changes(params, sentence):
    assert sum(line.endswith(sentence) for line in properties(params).changed) == 1


def test_the_properties_name_intervals_first():
    assert properties({}).kept[0].startswith("Intervals between two full dates of one subject")


def test_every_parameter_is_told_in_the_documents_with_its_default():
    told = page("docs/policies.md").partition("## Shifting dates")[2].partition("\n## ")[0]
    defaults = {row[0].strip("`"): row[2].strip("`") for row in rows(told)}
    assert tuple(defaults) == PARAMS
    assert defaults["max-days"] == str(DAYS_A_YEAR)
    assert str(MOST_DAYS) in told
