"""A date becomes its year, and nothing finer comes out."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get

DATE = Context("date", reference_year=2026)


def year(text, reference=2026, **params):
    return get("year")(text, Context("date", reference_year=reference), params)


@pytest.mark.parametrize("text", ["2014", "1937", "2013-2014", "2026"])
def test_a_year_stays_as_it_is(text):
    assert year(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("2014-03-14", "3/14/14", "14.03.2014", "14-Mar-2014", "14MAR2014", "March 14th 2014"),
        *("March 2014", "03/2014", "Mar '14", "Mar \u201914", "20140314", "20140314093000-0500"),
        *("2014-073", "2014-W11-5", "2014W115", "1394755200", "1394755200000", "41712"),
        *("3/4-3/9/2014", "2014-03-14T09:30Z", "2014_03_14", ".20140314", "2014/03", "201403"),
        *("14MAR14", "14-Mar-14", "10 Mar 14", "Mar. 14, 2014", "14th of March, 2014", "140314"),
        *("3/14/2014 9:30 PM", "3/14/14 1930", "2014-03-14 1930", "3/14/14 at 1430"),
        *("20140314T093000", "20140314093000.1999-0500", "2014-03-14 09:30:00.000+00:00"),
        *("spring 2014", "Q3 2014", "early March 2014", "Christmas Eve, 2014", "week 11 of 2014"),
        *("2014-03-04 to 2014-03-09", "March 4-9, 2014", "3/4/14 - 3/9/14", "2014.0", "41712.5"),
        *("Friday, March 14, 2014", "03142014", "14032014", "3142014", "1394755200.25"),
        *(
            "2014\u5e743\u670814\u65e5",
            "\u0663/\u0661\u0664/\u0662\u0660\u0661\u0664",
            "14\u201303\u20132014",
        ),
        *("1394755200000000", "2014-03-14/2014-03-20", "born in '14", "Mar/14/14", "2014073"),
    ],
)
def test_every_form_of_a_date_becomes_its_year(text):
    assert year(text) == "2014"


@pytest.mark.parametrize(
    "text",
    [
        *("3/14", "March 14", "the 14th", "Mon", "next Tuesday", "last Thursday", "Christmas Eve"),
        *(
            "Thanksgiving",
            "Ramadan",
            "Easter Sunday",
            "spring",
            "Q3",
            "early March",
            "her birthday",
        ),
        *("March 10-14", "10 March-14 April", "March 10, 14", "10 Mar 14-16", "10 Mar 14 to 16"),
        *("3/14 1930", "3/14 2014", "Tuesday 1930", "3/4-3/9", "3-4-14-3-9-14", "14:30"),
        *("190112", "2012014", "12345678", "99999999", "00000", "1990s", "'90s", "", "?"),
        *("2027-01-01", "9999-12-31", "00/00/0000", "1753", "31/31/14", "0314", "2", "12345678901"),
    ],
)
def test_no_year_or_a_year_in_doubt_or_to_come_leaves_the_tag(text):
    assert year(text) == "[DATE]"


@pytest.mark.parametrize(
    ("text", "reference", "expect"),
    [
        ("1937-05-06", 2026, "1937"),
        ("1936-05-06", 2026, "<=1936"),
        ("born 1910", 2010, "<=1920"),
        ("1921", 2010, "1921"),
        ("01/02/31", 2026, "<=1936"),
        ("born in '31", 2026, "<=1936"),
        ("1900-01-01", 2026, "<=1936"),
        ("1899", 2026, "<=1936"),
        ("1920-1930", 2026, "<=1936"),
        ("1930-2014", 2026, "[DATE]"),
        ("2014-03-14", 0, "[DATE]"),
    ],
)
def test_a_year_that_tells_ninety_years_is_capped(text, reference, expect):
    assert year(text, reference) == expect


@pytest.mark.parametrize(
    ("text", "pivot", "expect"),
    [
        ("3/14/26", "reference-year", "2026"),
        ("3/14/27", "reference-year", "<=1936"),
        ("3/14/99", "reference-year", "1999"),
        ("3/14/14", 10, "<=1936"),
        ("3/14/50", 60, "[DATE]"),
        ("98-03-14", 26, "1998"),
    ],
)
def test_years_of_two_digits_lie_on_their_side_of_the_pivot(text, pivot, expect):
    assert year(text, pivot=pivot) == expect


def test_a_range_over_two_years_keeps_both():
    assert year("12/30/13-1/4/14") == "2013-2014"


@pytest.mark.parametrize("pivot", ["noon", 100, -1, True])
def test_another_pivot_is_a_rule_error(pivot):
    with pytest.raises(RuleError, match="E174"):
        year("2014", pivot=pivot)
