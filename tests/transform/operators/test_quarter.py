"""A date becomes its quarter, and nothing finer comes out."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get


def quarter(text, reference=2026, **params):
    return get("quarter")(text, Context("date", reference_year=reference), params)


@pytest.mark.parametrize(
    "text", ["2024-Q1", "2024-Q4", "2024-Q1/2024-Q2", "2023-Q4/2024-Q1", "2024", "<=1936"]
)
def test_a_quarter_a_year_and_ranges_of_them_stay_as_they_are(text):
    assert quarter(text) == text


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        *((f"2014-{month:02}-14", f"2014-Q{(month + 2) // 3}") for month in range(1, 13)),
        *(
            (text, "2014-Q3")
            for text in ("Q3 2014", "2014 Q3", "2014q3", "3Q 2014", "3rd qtr 2014")
        ),
        *((text, "2014-Q3") for text in ("third quarter of 2014", "Quarter 3, 2014", "Aug '14")),
        ("January-March 2014", "2014-Q1"),
        ("12/30/13-1/4/14", "2013-Q4/2014-Q1"),
        ("Q1-Q3 2014", "2014-Q1/2014-Q3"),
        ("summer 2014", "2014"),
        ("Q5 2014", "2014"),
        ("Q4-Q1 2014", "2014"),
        ("Q3", "[DATE]"),
        ("3/14", "[DATE]"),
        ("2027-01-01", "[DATE]"),
    ],
)
def test_a_date_becomes_its_quarter_else_its_year_else_the_tag(text, expect):
    assert quarter(text) == expect


@pytest.mark.parametrize("text", ["1936-12-31", "Q3 1931", "1/2/31"])
def test_a_date_that_tells_ninety_years_is_capped_as_year_does(text):
    assert quarter(text) == "<=1936"


def test_which_number_is_the_month_can_be_told():
    assert quarter("3/4/2014") == "2014-Q1"
    assert quarter("3/4/2014", order="day-first") == "2014-Q2"


@pytest.mark.parametrize("params", [{"pivot": 100}, {"order": "dmy"}, {"width": 1}])
def test_other_params_are_rule_errors(params):
    with pytest.raises(RuleError, match="E174"):
        quarter("2014-03-14", **params)
