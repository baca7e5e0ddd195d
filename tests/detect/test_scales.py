"""A column of scores is one of scores, and no column of days is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.columns import ColumnJudge
from phisweep.detect.detector import Detector
from phisweep.detect.scales import ends_of_scales, is_score
from phisweep.ruleset.load import default_folder, load_policy, load_ruleset

APGAR = ["8/9", "9/9", "7/9", "7/8", "8/8", "9/10", "6/8", "5/8", "6/9"]
DAYS = [(month, day) for month in range(1, 13) for day in range(1, 29)]


@pytest.fixture(scope="module")
def judged():
    ruleset = load_ruleset(default_folder())
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    return lambda values, label="c7": ColumnJudge(detector, label, values)


def found(judge, values):
    return [value for value in values if judge.find(value)]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([f"{n}/10" for n in range(11)] + ["8/9"] + [str(n) for n in range(3, 16)], {9, 10}),
        ([f"{n}/15" for n in range(3, 16)], {15}),
        ([f"{n}/30" for n in range(7, 31)], {30}),
        (APGAR, {8, 9, 10}),
        (APGAR[:7], ()),  # too few to tell
        ([*APGAR, "3/14"], ()),  # the fourteenth of March
        ([*APGAR, "9/2"], ()),
        ([*APGAR, "03/04"], ()),
        ([*APGAR, "3/4/2024"], ()),
        ([f"{n}/12" for n in range(1, 13)], ()),  # the twelfth of each month
        ([f"1/{n}" for n in range(1, 13)], ()),  # the first days of January
        ([], ()),
    ],
)
def test_the_ends_of_scales_show_in_the_column_as_a_whole(values, ends):
    assert ends_of_scales(values) == set(ends)


@given(st.lists(st.sampled_from(DAYS), min_size=1, max_size=60), st.booleans())
def test_a_column_with_a_day_after_the_twelfth_or_before_its_month_is_one_of_days(days, turned):
    telling = any(day > 12 or day < month for month, day in days)
    pairs = [(day, month) if turned else (month, day) for month, day in days]
    ends = ends_of_scales([f"{a}/{b}" for a, b in pairs])
    if telling and not turned:
        assert ends == frozenset()
    if turned and any(day > 12 or day > month for month, day in days):
        assert ends == frozenset()


@given(st.sampled_from(DAYS), st.permutations(APGAR))
def test_a_day_that_the_sample_did_not_show_is_found(day, scores):
    ends = ends_of_scales(scores)
    month, day = day
    if day not in ends:
        assert not is_score(f"{month}/{day}", ends)


def test_scores_are_left_and_days_beside_them_are_found(judged):
    judge = judged(APGAR * 3)
    assert found(judge, APGAR) == []
    assert found(judge, ["3/14", "8/9/2024", "seen 8/9", "08/09"]) == [
        *("3/14", "8/9/2024", "seen 8/9", "08/09")
    ]


@pytest.mark.parametrize("label", ["c7", "x", ""])
def test_a_column_of_months_and_days_is_found_whole(judged, label):
    values = [f"{month}/{day}" for month, day in DAYS]
    likely = [v for (m, d), v in zip(DAYS, values, strict=True) if d > 12 or m > d]
    assert set(likely) <= set(found(judged(values, label), values))


def test_under_the_name_of_a_date_every_pair_is_a_day(judged):
    assert found(judged(APGAR, "visit_date"), APGAR) == APGAR
