"""Every written form of a date is read whole, and written some days away as it was."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.ruleset.load import default_folder, read_file
from phisweep.ruleset.schema import RuleFile
from phisweep.transform.dates import LONGEST, read, same, write

PIVOT, REFERENCE = 26, 2026


def reading(text, order="usual"):
    return read(text, pivot=PIVOT, reference=REFERENCE, order=order)


def moved(text, days, order="usual"):
    found = reading(text, order)
    return None if found is None else write(text, found, days)


NOTHING = [
    *("", " ", "?", "12", "1990s", "0314", "12345678901", "99999999", "00/00/0000", "31/31/14"),
    *("the 14th", "the l7th", "Wed the 9th", "the Fourth", "Mon", "next Tuesday", "fri am", "MWF"),
    *("Christmas Eve", "Christmas Eve, 2014", "spring", "spring 2014", "early March", "Lent"),
    *("her birthday", "the week of Passover", "2/29/2023", "2/30", "4/31/2020", "2014-02-30"),
    *("March 10, 14", "3-4-14-3-9-14", "10 Mar 14-16", "March 9-4", "2014-W54-1", "2014-367"),
    *("3/4/2024 Jane", "3/4/2024 7", "DOB 3/4/2024", "3/4/2024, seen", "3/14 1985", "2013-366"),
    *("0314-55", "<=1936", "[DATE]", "<=2014-03-14", "3/4/2024x", "Jane", "MRN 0012345", "1/2/3/4"),
    *("201103", "111111", "20121912-1", "1799-01-01", "2200-01-01", "\u32c0", "3/\u200b4/2024"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_whole_date_or_in_doubt_is_not_read(text):
    found = reading(text)
    assert found is None


#: text, the text 1 day earlier, the text 100 days earlier
FORMS = [
    ("3/4/2024", "3/3/2024", "11/25/2023"),
    ("03/04/24", "03/03/24", "11/25/23"),
    ("12/14/2024", "12/13/2024", "09/05/2024"),
    ("3-4-2024", "3-3-2024", "11-25-2023"),
    ("3 / 4 / 2024", "3 / 3 / 2024", "11 / 25 / 2023"),
    ("3\\4\\2024", "3\\3\\2024", "11\\25\\2023"),
    ("03 14 2014", "03 13 2014", "12 04 2013"),
    ("14.03.2014", "13.03.2014", "04.12.2013"),
    ("07.22.19", "07.21.19", "04.13.19"),
    ("98-03-14", "98-03-13", "97-12-04"),
    ("2024-03-04", "2024-03-03", "2023-11-25"),
    ("2014/03/14", "2014/03/13", "2013/12/04"),
    ("2014_03_14", "2014_03_13", "2013_12_04"),
    ("2014.03.14", "2014.03.13", "2013.12.04"),
    ("2014 03 14", "2014 03 13", "2013 12 04"),
    ("20240304", "20240303", "20231125"),
    (".20140314", ".20140313", ".20131204"),
    ("20240304.0", "20240303.0", "20231125.0"),
    ("20240304101500", "20240303101500", "20231125101500"),
    ("201403140930", "201403130930", "201312040930"),
    ("20140314093000-0500", "20140313093000-0500", "20131204093000-0500"),
    ("20140314093000.1999-0500", "20140313093000.1999-0500", "20131204093000.1999-0500"),
    ("20140314T093000Z", "20140313T093000Z", "20131204T093000Z"),
    ("2014-03-14T09:30Z", "2014-03-13T09:30Z", "2013-12-04T09:30Z"),
    (
        "2014-03-14 09:30:05.123+01:00",
        "2014-03-13 09:30:05.123+01:00",
        "2013-12-04 09:30:05.123+01:00",
    ),
    ("3/14/2014 9:30 PM", "3/13/2014 9:30 PM", "12/4/2013 9:30 PM"),
    ("3/14/14 1930", "3/13/14 1930", "12/4/13 1930"),
    ("3/14/14 at 1430 hrs", "3/13/14 at 1430 hrs", "12/4/13 at 1430 hrs"),
    ("14/Mar/2014:09:30:00 -0500", "13/Mar/2014:09:30:00 -0500", "04/Dec/2013:09:30:00 -0500"),
    ("Mar  4 10:15:00 2025", "Mar  3 10:15:00 2025", "Nov 24 10:15:00 2024"),
    ("Tue Mar  4 10:15:00 2025", "Mon Mar  3 10:15:00 2025", "Sun Nov 24 10:15:00 2024"),
    ("4 Mar 2024", "3 Mar 2024", "25 Nov 2023"),
    ("March 4th, 2024", "March 3rd, 2024", "November 25th, 2023"),
    ("04-MAR-2024", "03-MAR-2024", "25-NOV-2023"),
    ("14MAR2014", "13MAR2014", "04DEC2013"),
    ("14MAR14", "13MAR14", "04DEC13"),
    ("02-MAY-14", "01-MAY-14", "22-JAN-14"),
    ("Mar. 14, 2014", "Mar. 13, 2014", "Dec. 4, 2013"),
    ("Sept. 4th 2024", "Sep. 3rd 2024", "May. 27th 2024"),
    ("MARCH 22ND 2014", "MARCH 21ST 2014", "DECEMBER 12TH 2013"),
    ("Aug 12, '14", "Aug 11, '14", "May 4, '14"),
    ("Aug 12, \u201914", "Aug 11, \u201914", "May 4, \u201914"),
    ("May 4, 2014", "May 3, 2014", "January 24, 2014"),
    ("14th of March, 2014", "13th of March, 2014", "4th of December, 2013"),
    ("the 4th of March", "the 3rd of March", "the 24th of November"),
    ("2019-Aug-05", "2019-Aug-04", "2019-Apr-27"),
    ("5.xi.1948", "4.xi.1948", "28.vii.1948"),
    ("5 XI 1948", "4 XI 1948", "28 VII 1948"),
    ("171945AUG19", "161945AUG19", "091945MAY19"),
    ("041430Z MAR 25", "031430Z MAR 25", "241430Z NOV 24"),
    ("08NOV", "07NOV", "31JUL"),
    ("3/14", "3/13", "12/4"),
    ("7-19", "7-18", "4-10"),
    ("14/3", "13/3", "4/12"),
    ("March 14", "March 13", "December 4"),
    ("march 11ish", "march 10ish", "december 1ish"),
    ("29 February", "28 February", "21 November"),
    ("Mon 3/4", "Sun 3/3", "Sat 11/24"),
    ("W 9/10", "T 9/9", "M 6/2"),
    ("Friday, March 14, 2014", "Thursday, March 13, 2014", "Wednesday, December 4, 2013"),
    ("TUES 7/16", "MON 7/15", "SUN 4/7"),
    ("thrusday 3/14", "wednesday 3/13", "tuesday 12/4"),
    ("2014-073", "2014-072", "2013-338"),
    ("2014-W11-5", "2014-W11-4", "2013-W49-3"),
    ("2014W115", "2014W114", "2013W493"),
    ("1394755200", "1394668800", "1386115200"),
    ("1394755200.25", "1394668800.25", "1386115200.25"),
    ("1394755200000", "1394668800000", "1386115200000"),
    ("1394755200000000", "1394668800000000", "1386115200000000"),
    ("41712", "41711", "41612"),
    ("41712.5", "41711.5", "41612.5"),
    ("03142014", "03132014", "12042013"),
    ("3142014", "3132014", "12042013"),
    ("2014073", "2014072", "2013338"),
    ("140314", "140313", "131204"),
    ("2014\u5e743\u670814\u65e5", "2014\u5e743\u670813\u65e5", "2013\u5e7412\u67084\u65e5"),
    ("fourteenth of March, 2014", "thirteenth of March, 2014", "fourth of December, 2013"),
    (
        "march third nineteen fifty-one",
        "march second nineteen fifty-one",
        "november twenty-third nineteen fifty",
    ),
    (
        "January first two thousand and nine",
        "December thirty-first two thousand and eight",
        "September twenty-third two thousand and eight",
    ),
    ("Oct. twelve", "Oct. eleven", "Jul. four"),
]
SCANNED = [
    ("O7/l4/l4", "07/13/14", "04/05/14"),
    ("O3/l4/l95O", "03/13/1950", "12/04/1949"),
    ("lO/lS/24", "10/14/24", "07/07/24"),
    ("7/l9", "7/18", "4/10"),
    ("July l4", "July 13", "April 5"),
    ("Tues 2O Aug", "Mon 19 Aug", "Sun 12 May"),
    ("AUG-l4-2Ol9", "AUG-13-2019", "MAY-06-2019"),
    ("0ct l2, 2014", "Oct 11, 2014", "Jul 4, 2014"),
    ("Febuary 4, 2014", "February 3, 2014", "October 27, 2013"),
    ("\u0663/\u0661\u0664/\u0662\u0660\u0661\u0664", "3/13/2014", "12/4/2013"),
    ("14\u201303\u20132014", "13\u201303\u20132014", "04\u201312\u20132013"),
]
RANGES = [
    ("3/4-3/9/2014", "3/3-3/8/2014", "11/24-11/29/2013"),
    ("5/2\u20135/19/2014", "5/1\u20135/18/2014", "1/22\u20132/8/2014"),
    ("12/30/13-1/4/14", "12/29/13-1/3/14", "9/21/13-9/26/13"),
    ("12/30-1/4/2014", "12/29-1/3/2014", "9/21-9/26/2013"),
    ("4/8-4/12/2014", "4/7-4/11/2014", "12/29-1/2/2014"),
    ("3/4/2014-3/9", "3/3/2014-3/8", "11/24/2013-11/29"),
    ("11/2/2019 - 1/4/2020", "11/1/2019 - 1/3/2020", "7/25/2019 - 9/26/2019"),
    ("5/4-7/28", "5/3-7/27", "1/24-4/19"),
    ("14/03/2024-04/05/2024", "13/03/2024-03/05/2024", "05/12/2023-25/01/2024"),
    ("11/6-8", "11/5-7", "7/29-31"),
    ("11/9-11", "11/8-10", "8/1-3"),
    ("11/7-9", "11/6-8", "7/30-8/1"),
    ("4/10-12/2014", "4/9-11/2014", "12/31-1/2/2014"),
    ("March 4-9, 2014", "March 3-8, 2014", "November 24-29, 2013"),
    ("March 8-13, 2014", "March 7-12, 2014", "November 28-December 3, 2013"),
    ("8-13 March 2014", "7-12 March 2014", "28 November-3 December 2013"),
    ("June 3 and 5", "June 2 and 4", "February 23 and 25"),
    ("10 March-14 April", "9 March-13 April", "30 November-4 January"),
    ("2024-03-04 to 2024-03-09", "2024-03-03 to 2024-03-08", "2023-11-25 to 2023-11-30"),
    ("2014-03-14/2014-03-20", "2014-03-13/2014-03-19", "2013-12-04/2013-12-10"),
    ("1/11, 2/10", "1/10, 2/9", "10/3, 11/2"),
    ("Mon 3/4 and Wed 3/6", "Sun 3/3 and Tue 3/5", "Sat 11/24 and Mon 11/26"),
]
PARTIAL = [
    ("March 2014", "March 2014", "December 2013"),
    ("May 2014", "May 2014", "February 2014"),
    ("MAY-2014", "MAY-2014", "FEB-2014"),
    ("Mar '14", "Mar '14", "Dec '13"),
    ("March", "March", "December"),
    ("last October", "last October", "last July"),
    ("March to May 2014", "March to May 2014", "December to February 2014"),
    ("03/2014", "03/2014", "12/2013"),
    ("9/2014", "9/2014", "6/2014"),
    ("09.2019", "09.2019", "06.2019"),
    ("2014-03", "2014-03", "2013-12"),
    ("201403", "201403", "201312"),
    ("4/87", "4/87", "1/87"),
    ("11/'04", "11/'04", "08/'04"),
    ("7/xx/2019", "7/xx/2019", "4/xx/2019"),
    ("??/??/2019", "??/??/2019", "??/??/2019"),
    ("Q3 2014", "Q3 2014", "Q2 2014"),
    ("2014-Q1", "2014-Q1", "2013-Q4"),
    ("1Q14", "1Q14", "4Q13"),
    ("Q3", "Q3", "Q2"),
    ("FY19 Q4", "FY19 Q4", "FY19 Q3"),
    ("first quarter of 2019", "first quarter of 2019", "fourth quarter of 2018"),
    ("1st quarter 2019", "1st quarter 2019", "4th quarter 2018"),
    ("H2 2019", "H2 2019", "H1 2019"),
    ("2019H1", "2019H1", "2018H2"),
    ("1H19", "1H19", "2H18"),
    ("2014-W11", "2014-W11", "2013-W49"),
    ("week 11 of 2014", "week 11 of 2014", "week 49 of 2013"),
    ("2014", "2014", "2014"),
    ("'14", "'14", "'14"),
    ("2013-2014", "2013-2014", "2013-2014"),
]
ALL = [*FORMS, *SCANNED, *RANGES, *PARTIAL]


@pytest.mark.parametrize(("text", "day", "hundred"), ALL)
def test_every_form_is_written_as_it_was(text, day, hundred):
    assert (moved(text, -1), moved(text, -100)) == (day, hundred)


@pytest.mark.parametrize("text", [text for text, _, _ in [*FORMS, *SCANNED, *RANGES]])
def test_moved_by_nothing_it_is_the_same_date(text):
    found = reading(text)
    assert same(found, 0, reading(moved(text, 0), found.order))


@given(st.sampled_from([text for text, _, _ in ALL]), st.integers(-400, 400))
def test_what_is_written_is_read_as_what_was_meant(text, days):
    found = reading(text)
    new = write(text, found, days)
    again = reading(new, found.order)
    short = re.search(r"\d{6}\b|\d\d$|'\d\d|nineteen|two thousand", text)
    assert same(found, days, again) or short  # '27 is 1927, and six digits may read otherwise


DATES = ["2014-03-14", "3/14/2014", "20140314", "14 Mar 2014", "Fri, March 14th, 2014", "3/14"]
TIMES = [
    *("T09:30", "T09:30Z", " 09:30", " 9:30 PM", " 9:30pm", " 09:30:05.123+01:00", " 23:59:60"),
    *(" 1930", ", 1930", " at 1930", " @1930", " 1930 hrs", " 7 am", " at 7 p.m.", "T0930"),
    *("T093000Z", "T093000.5-0500", " 09:30 EST", " morning", " 24:00"),
]


@given(st.sampled_from(DATES), st.sampled_from(TIMES), st.integers(-400, 400))
def test_a_time_of_day_stays_as_it_stands(date, time, days):
    assert moved(date + time, days) == moved(date, days) + time


@pytest.mark.parametrize(
    ("text", "order", "expect"),
    [
        ("3/4/2024", "usual", dt.date(2024, 3, 4)),
        ("3/4/2024", "day-first", dt.date(2024, 4, 3)),
        ("3.4.2024", "usual", dt.date(2024, 4, 3)),
        ("3.4.2024", "month-first", dt.date(2024, 3, 4)),
        ("14/3/2024", "month-first", dt.date(2024, 3, 14)),
        ("3/14/2024", "day-first", dt.date(2024, 3, 14)),
        ("01022014", "day-first", dt.date(2014, 2, 1)),
        ("2024-03-04", "day-first", dt.date(2024, 3, 4)),
    ],
)
def test_numbers_are_read_in_the_order_that_is_asked_for_or_else_possible(text, order, expect):
    assert reading(text, order).dates == (expect,)


@pytest.mark.parametrize(
    ("text", "pivot", "year"), [("3/14/26", 26, 2026), ("3/14/27", 26, 1927), ("3/14/50", 60, 2050)]
)
def test_years_of_two_digits_lie_on_their_side_of_the_pivot(text, pivot, year):
    assert read(text, pivot=pivot, reference=REFERENCE).dates[0].year == year


@pytest.mark.parametrize(
    ("reference", "expect"), [(2026, 2024), (2024, 2024), (1903, 1896), (2100, 2096)]
)
def test_29_february_lies_in_the_last_year_that_has_one(reference, expect):
    assert read("2/29", pivot=26, reference=reference).dates == (dt.date(expect, 2, 29),)


def test_without_a_year_of_reference_a_date_without_a_year_is_not_read():
    assert read("3/14", pivot=0, reference=0) is None
    assert read("3/14/2014", pivot=0, reference=0) is not None


def test_a_story_is_not_read():
    assert reading("3/4, " * (LONGEST // 5) + "3/4") is None
    assert reading("3/4, 3/5") is not None


def test_every_example_of_the_rules_is_moved_unless_it_names_no_day_of_a_month():
    rule = read_file(default_folder() / "identifiers" / "C-dates.yaml", RuleFile)
    told = [e.expect for e in rule.examples.found if e.kind != "code"]
    examples = {expect if isinstance(expect, str) else expect[0] for expect in told}
    for text in sorted(examples):
        # Nor of which a scanner has left no figure, nor in another language: those are removed.
        alone = re.fullmatch(r"\D*(?:[\dl]{1,2}(?:st|nd|rd|th))?|[lIOo]{1,3}/.*", text)
        if re.fullmatch(r"\d{1,2} de [a-z]+", text):
            assert moved(text, -200) is None
        else:
            assert alone or moved(text, -200) not in {None, text}


@given(st.text(st.sampled_from("0123456789OlI/-.: ',TZWQaprmichJunx"), max_size=24))
def test_whatever_is_read_can_be_written(text):
    found = reading(text)
    if found is not None:
        assert isinstance(write(text, found, -200), str)


def test_nothing_of_a_date_is_shown():
    assert "2014" not in repr(reading("3/14/2014"))
