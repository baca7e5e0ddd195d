"""Days, ages and places: what the checks accept, and what they leave to be something else."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import days
from phisweep.detect.validators import VALIDATORS
from phisweep.ruleset.load import default_folder

LISTS = default_folder() / "lists"
CITIES = frozenset({"springfield", "mobile", "santa cruz", "st. louis"})
WORDS = frozenset({"mobile", "pain", "the", "wound", "general", "clinic"})


def check(name, text, *lists):
    return VALIDATORS[name](text, lists)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("calendar_date", "2014-13-14"),
        ("calendar_date", "2/30/2014"),
        ("calendar_date", "45/45/2014"),
        ("calendar_date", "20141340"),
        ("calendar_date", "20140314996100"),
        ("calendar_date", "I/O/ll"),
        ("calendar_date", "no digits"),
        ("month_day", "2/30"),
        ("month_day_no_score", "3/6"),
        ("month_day_no_score", "5/5"),
        ("month_day_no_score", "1/2"),
        ("month_day_no_score", "6/12"),
        ("month_day_no_score", "5/7"),
        ("date_range", "4/5 to 5/5"),
        ("date_range", "3/9-3/4"),
        ("date_range", "3/4"),
        ("month_days_no_scores", "4/5, 5/5"),
        ("month_days_no_scores", "1/9, 2/31"),
        ("has_two_digits", "Oct l, lO"),
        ("calendar_date", "SO/ZS/2O"),
        ("age_90", "89"),
        ("age_90", "89.9"),
        ("age_90", "126"),
        ("age_90", "90 days"),
        ("age_90", "1,079 months"),
        ("age_90", "no digits"),
        ("over_89_value", "89"),
        ("over_89_value", ">80"),
        ("months_or_days_90", "1079"),
        ("months_or_days_90", "32872"),
        ("birth_year_90", "1990-01-02"),
        ("birth_year_90", "no digits"),
        ("coordinates", "91.5, 10.5"),
        ("coordinates", "41.9, 181.5"),
        ("coordinates", "41.9"),
        ("five_digits", "75 99"),
    ],
)
def test_what_is_no_such_thing_is_rejected(name, text):
    assert not check(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("calendar_date", "2014-03-14"),
        ("calendar_date", "2014-03-14T09:30Z"),
        ("calendar_date", "3/14/14"),
        ("calendar_date", "14.03.2014"),
        ("calendar_date", "29/02/2012"),
        ("calendar_date", "20140314"),
        ("calendar_date", "20140314093000-0500"),
        ("calendar_date", "O7/l4/2Ol4"),
        ("calendar_date", "14-03-02"),
        ("month_day", "2/29"),
        ("month_day_no_score", "3/14"),
        ("month_day_no_score", "9/2"),
        ("month_day_no_score", "7/ l6"),
        ("date_range", "3/4-3/9/2014"),
        ("date_range", "10/14/24-10/16/24"),
        ("month_days_no_scores", "1/9, 2/8"),
        ("has_two_digits", "FEB-l1-2Ol5"),
        ("calendar_date", "1O/1S/24"),
        ("calendar_date", "3\\4\\25"),
        ("date_range", "12/28 to 1/3"),
        ("age_90", "90"),
        ("age_90", "1O1"),
        ("age_90", "9l"),
        ("age_90", "1,092 months"),
        ("age_90", "33,238 days"),
        ("over_89_value", ">89"),
        ("over_89_value", "94 y"),
        ("months_or_days_90", "1,092"),
        ("months_or_days_90", "33,238"),
        ("birth_year_90", "March 4, 1930"),
        ("birth_year_90", "01/02/31"),
        ("birth_year_90", "19310102"),
        ("birth_year_90", "'31"),
        ("coordinates", "41.931653, -71.294503"),
        ("five_digits", "75 999"),
        ("five_digits", "7599O"),
    ],
)
def test_what_is_such_a_thing_is_accepted(name, text):
    assert check(name, text)


@pytest.mark.parametrize(
    ("name", "text", "expect"),
    [
        ("listed_place", "Springfield", True),
        ("listed_place", "santa  CRUZ", True),
        ("listed_place", "St. Louis,", True),
        ("listed_place", "Mobile", False),
        ("listed_place", "Elsewhere", False),
        ("unlisted_place", "Specimen Flats", True),
        ("unlisted_place", "General Ward", False),
        ("unlisted_place", "Pain", False),
        ("proper_name", "Westbrook Clinic", True),
        ("proper_name", "the wound clinic", False),
        ("proper_name", "Clinic", False),
        ("proper_name_or_one", "Westbrook", True),
        ("proper_name_or_one", "the pain clinic", False),
        ("facility_small", "westbrook clinic", True),
        ("facility_small", "st. brede clinic", True),
        ("facility_small", "wound clinic", False),
    ],
)
def test_places_are_judged_by_their_lists(name, text, expect):
    lists = (CITIES, WORDS) if name == "listed_place" else (WORDS,)
    assert check(name, text, *lists) is expect


@pytest.mark.parametrize(
    ("birth_year", "this_year", "old"),
    [(1937, 2026, False), (1936, 2026, True), (1910, 2010, True), (1890, 2026, False)],
)
def test_a_birth_year_is_capped_from_ninety_years_on(birth_year, this_year, old):
    assert days.tells_old_age(birth_year, this_year) is old


@pytest.mark.parametrize(
    ("text", "this_year", "year"),
    [
        ("01/02/31", 2026, 1931),
        ("01/02/26", 2026, 2026),
        ("01/02/27", 2026, 1927),
        ("'31", 2026, 1931),
        ("12-May-1931", 2026, 1931),
        ("19310102", 2026, 1931),
        ("010231", 2026, 1931),
        ("", 2026, None),
    ],
)
def test_a_year_of_two_digits_is_the_latest_that_has_come(text, this_year, year):
    assert days.last_year(text, this_year) == year


@given(st.dates(dt.date(1850, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["-", "/", ".", "_"]))
def test_every_day_is_read_in_every_order(day, mark):
    year, month, date = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    for order in ([year, month, date], [month, date, year], [date, month, year]):
        assert days.names_day(mark.join(order))
    assert days.names_day(year + month + date)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Quillmoor Eye", True),
        ("Lantern Hill Hospice", True),
        ("Otters Daycare", True),
        ("Post-Op Eye", False),
        ("X-ray Spine", False),
        ("Walked Clinic", False),
        ("Left Eye", False),
        ("Eye", False),
        ("Ob Eye", False),
        ("", False),
    ],
)
def test_a_place_is_named_by_a_word_that_is_no_other(text, named):
    kinds = frozenset({"eye", "hospice", "spine", "clinic", "daycare"})
    known = frozenset({"post", "op", "ray", "walk", "left", "lantern", "hill"})
    assert check("named_place", text, kinds, known, frozenset({"lantern", "otter"})) is named


def test_a_place_in_small_letters_is_named_by_four_letters():
    assert check("named_place_small", "quillmoor drug", WORDS, frozenset({"drug"}))
    assert not check("named_place_small", "oxy drug", WORDS, frozenset({"drug"}))


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text):
    for name in (
        "calendar_date",
        "month_day",
        "month_day_no_score",
        "date_range",
        "age_90",
        "over_89_value",
        "months_or_days_90",
        "birth_year_90",
        "coordinates",
        "five_digits",
        "named_place",
        "named_place_small",
    ):
        assert check(name, text, WORDS, CITIES) in (True, False)


def test_the_zip_table_is_that_of_the_2020_census():
    rows = [line.split(",") for line in (LISTS / "zip3-2020.csv").read_text().split()[1:]]
    people = {zip3: int(count) for zip3, count in rows}
    assert len(people) == 894
    assert sum(people.values()) == 334_726_586
    small = sorted(zip3 for zip3, count in people.items() if count <= 20_000)
    expect = "036 059 102 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893"
    assert " ".join(small) == expect
    assert people["063"] > 20_000
    assert people["999"] == 21_178
    assert people["036"] == 13_153
    assert "100" in people
    assert "005" not in people


def test_the_union_of_three_censuses_holds_23_prefixes():
    union = set((LISTS / "zip3-small-union.txt").read_text().split())
    assert len(union) == 23
    assert {"036", "059", "063", "203", "821", "890"} <= union
    assert not union & {"100", "999"}
