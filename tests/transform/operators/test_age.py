"""Ages of 90 or more become one category, whatever they are written like."""

import pytest

from phisweep.transform.operators import Context, get


def age(text, label="", **params):
    return get("age")(text, Context("age", label=label, reference_year=2026), params)


@pytest.mark.parametrize(
    "text",
    [
        *("89 y/o", "age 89.9", "89-year-old", "95 minutes", "96 hours of life", "90 days old"),
        *("GA 39w", "39w2d", "age: 0", "0", "72", "18mo", "eighty-nine", "80s", "octogenarian"),
        *(
            "095M",
            "120D",
            "012W",
            "P18M",
            "89 years 11 months",
            "ninety minutes",
            "ninety-two days",
        ),
        *("forty-five", ">85", "over 88", "two"),
    ],
)
def test_ages_under_ninety_stay_as_they_are(text):
    assert age(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("90 yo", "ninety-two", "92F", "92 y.o. M", "in her nineties", "nonagenarian", "90"),
        *(
            "centenarian",
            "supercentenarian",
            "turned 100",
            "age 1O1",
            "mother died at 94",
            ">89",
            ">=89",
        ),
        *("1,092 months", "33,238 days", "her nineties", "one hundred and two", "a hundred"),
        *("90-95", "over 89", "older than 89", "92M", "101M", "092Y", "P92Y", "P1092M", "90's"),
        *("9O", "92.0", "90th birthday", "92W", "92-yo", "92yo", "92y", "l01", "Ninety Three"),
        *("\u0669\u0662", "ninty", "his ninetieth", "92-year-old", "120", "age:92"),
    ],
)
def test_ages_of_ninety_and_more_become_one_category(text):
    assert age(text) == "90+"


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        *(("1931", "<=1936"), ("'31", "<=1936"), ("\u201931", "<=1936"), ("1/2/31", "<=1936")),
        *(("January 2, 1929", "<=1936"), ("01/02/1931", "<=1936"), ("1936.0", "<=1936")),
        *(("2 Jan 1950", "1950"), ("3/31", "[AGE]"), ("2 January", "[AGE]"), ("1899", "<=1936")),
        *(("90/60", "[AGE]"), ("31.12.", "[AGE]"), ("19310102", "<=1936"), ("2-1-31", "<=1936")),
        *(("2 1 31", "[AGE]"), ("2.1.1931", "<=1936"), ("1-Feb-31", "<=1936"), ("1092", "90+")),
    ],
)
def test_a_birth_date_that_tells_the_age_becomes_its_year(text, expect):
    assert age(text) == expect


@pytest.mark.parametrize(
    ("label", "text", "expect"),
    [
        ("age_days", "1931", "1931"),
        ("age_months", "95", "95"),
        ("age_months", "1092", "90+"),
        ("AgeDays", "33238", "90+"),
        ("age_in_days", "900", "900"),
        ("AGE_MO", "1,080", "90+"),
        ("age", "92", "90+"),
        ("age_months", "92 years", "90+"),
    ],
)
def test_the_label_gives_the_unit_of_a_bare_number(label, text, expect):
    assert age(text, label) == expect


def test_a_param_gives_the_unit_before_the_label():
    assert age("95", "age", unit="weeks") == "95"
    assert age("95", "age_weeks", unit="years") == "90+"


@pytest.mark.parametrize("text", ["", "?", "unknown", "very old"])
def test_what_cannot_be_read_leaves_the_tag(text):
    assert age(text) == "[AGE]"
