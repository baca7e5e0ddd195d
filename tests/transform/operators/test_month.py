"""A date becomes its month, and nothing finer comes out."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get


def month(text, reference=2026, **params):
    return get("month")(text, Context("date", reference_year=reference), params)


@pytest.mark.parametrize(
    "text",
    ["2024-03", "2024-03/2024-05", "2023-12/2024-01", "2024", "2023-2024", "<=1936", "1937-01"],
)
def test_a_month_a_year_and_ranges_of_them_stay_as_they_are(text):
    assert month(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("2014-03-14", "3/14/14", "14.03.2014", "14-Mar-2014", "14MAR2014", "March 14th 2014"),
        *("March 2014", "03/2014", "Mar '14", "Mar \u201914", "20140314", "20140314093000-0500"),
        *("2014-073", "2014-W11-5", "2014W115", "1394755200", "1394755200000", "41712"),
        *("3/4-3/9/2014", "2014-03-14T09:30Z", "2014_03_14", ".20140314", "2014/03", "201403"),
        *("14MAR14", "14-Mar-14", "10 Mar 14", "Mar. 14, 2014", "14th of March, 2014", "140314"),
        *("3/14/2014 9:30 PM", "3/14/14 1930", "2014-03-14 1930", "3/14/14 at 1430", "2014-W11"),
        *("20140314T093000", "20140314093000.1999-0500", "2014-03-14 09:30:00.000+00:00"),
        *("2014-03-04 to 2014-03-09", "March 4-9, 2014", "3/4/14 - 3/9/14", "41712.5"),
        *("Friday, March 14, 2014", "03142014", "14032014", "3142014", "1394755200.25"),
        *("early March 2014", "2014-03-14/2014-03-20", "Mar/14/14", "2014073", "14-03-14"),
        "2014\u5e743\u670814\u65e5",
        "\u0663/\u0661\u0664/\u0662\u0660\u0661\u0664",
        "14\u201303\u20132014",
    ],
)
def test_every_form_of_a_date_becomes_its_month(text):
    assert month(text) == "2014-03"


@pytest.mark.parametrize(
    "text",
    [
        *("Christmas Eve, 2014", "spring 2014", "Q3 2014", "week 11 of 2014", "born in '14"),
        *("2014.0", "2014-W01-1", "Dec 30 - Jan 4, 2014", "12/30-1/4/2014", "2014-03-14 no. 7"),
    ],
)
def test_where_no_month_is_certain_the_year_is_told(text):
    assert month(text) == "2014"


@pytest.mark.parametrize(
    "text", ["", "?", "3/14", "March 14", "the 14th", "Christmas Eve", "14:30", "2027-01-01", "Q3"]
)
def test_where_there_is_no_year_or_one_to_come_stands_the_tag(text):
    assert month(text) == "[DATE]"


@pytest.mark.parametrize(
    ("text", "reference", "expect"),
    [
        ("1937-05-06", 2026, "1937-05"),
        ("1936-12-31", 2026, "<=1936"),
        ("1931-05", 2026, "<=1936"),
        ("May 1910", 2010, "<=1920"),
        ("01/02/31", 2026, "<=1936"),
        ("1920-05-06 - 1930-01-01", 2026, "<=1936"),
        ("1930-05 to 2014-03", 2026, "[DATE]"),
        ("2014-03-14", 0, "[DATE]"),
    ],
)
def test_a_date_that_tells_ninety_years_is_capped_as_year_does(text, reference, expect):
    assert month(text, reference) == expect


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("12/30/13-1/4/14", "2013-12/2014-01"),
        ("30 Dec 2013 - 4 Jan 2014", "2013-12/2014-01"),
        ("March 10 - May 4, 2014", "2014-03/2014-05"),
        ("2014-03-10 to 2014-05-04", "2014-03/2014-05"),
        ("2/4-3/9/2014", "2014-02/2014-03"),
    ],
)
def test_a_range_over_months_keeps_its_ends(text, expect):
    assert month(text) == expect


@pytest.mark.parametrize(
    ("text", "usual", "month_first", "day_first"),
    [
        ("3/4/2014", "2014-03", "2014-03", "2014-04"),
        ("3-4-14", "2014-03", "2014-03", "2014-04"),
        ("3.4.2014", "2014-04", "2014-03", "2014-04"),
        ("03042014", "2014-03", "2014-03", "2014-04"),
        ("3/14/2014", "2014-03", "2014-03", "2014-03"),
        ("14/3/2014", "2014-03", "2014-03", "2014-03"),
        ("2014-03-04", "2014-03", "2014-03", "2014-03"),
    ],
)
def test_which_number_is_the_month_can_be_told(text, usual, month_first, day_first):
    assert month(text) == month(text, order="usual") == usual
    assert month(text, order="month-first") == month_first
    assert month(text, order="day-first") == day_first


@pytest.mark.parametrize("params", [{"pivot": "noon"}, {"order": "mdy"}, {"order": 1}, {"form": 1}])
def test_other_params_are_rule_errors(params):
    with pytest.raises(RuleError, match="E174"):
        month("2014-03-14", **params)
