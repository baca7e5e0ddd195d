"""Numbers become ranges, and none splits the ages of 90 and more."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get

EDGES = {"edges": "18,45,65"}


def bucket(identifier, text, label="", reference=2026, **params):
    context = Context(identifier, label=label, reference_year=reference)
    return get("bucket")(text, context, params)


@pytest.mark.parametrize(
    ("identifier", "text", "params"),
    [
        ("age", "45-49", {"width": 5}),
        ("age", "90+", {"width": 5}),
        ("age", "80-89", {"width": 20}),
        ("age", "<=17", EDGES),
        ("age", "65+", EDGES),
        ("age", "45", {"width": 1}),
        ("date", "2010-2014", {"width": 5}),
        ("date", "1937-1939", {"width": 5}),
        ("date", "<=1936", {"width": 5}),
        ("zip", "02100-02199", {"width": 100}),
        ("zip", "<=00999", {"edges": "1000,2000"}),
        ("zip", "02000+", {"edges": "1000,2000"}),
        ("other_id", "60-69", {"width": 10}),
        ("other_id", "<=-1", {"width": 10}),
    ],
)
def test_a_range_stays_as_it_is(identifier, text, params):
    assert bucket(identifier, text, **params) == text


@pytest.mark.parametrize(
    ("text", "params", "expect"),
    [
        ("0", {"width": 5}, "0-4"),
        ("45 y/o", {"width": 5}, "45-49"),
        ("forty-five", {"width": 5}, "45-49"),
        ("18 months", {"width": 5}, "0-4"),
        ("89.9", {"width": 5}, "85-89"),
        ("89", {"width": 20}, "80-89"),
        ("90", {"width": 20}, "90+"),
        ("ninety-two", {"width": 5}, "90+"),
        ("in her nineties", {"width": 1}, "90+"),
        (">89", {"width": 5}, "90+"),
        ("101", EDGES, "65+"),
        ("17", EDGES, "<=17"),
        ("18", EDGES, "18-44"),
        ("70", {**EDGES, "top": 85}, "65-84"),
        ("92", {**EDGES, "top": 85}, "85+"),
        ("17", {"width": 5, "bottom": 17}, "<=17"),
        ("18", {"width": 5, "bottom": 17}, "18-19"),
        ("84", {"width": 10, "top": 85}, "80-84"),
        ("85", {"width": 10, "top": 85}, "85+"),
        ("90", {"edges": "18,90"}, "90+"),
        ("40-52", {"width": 5}, "40-54"),
        ("12-70", EDGES, "[AGE]"),
        ("3/4/1931", {"width": 5}, "<=1936"),
        ("3/4/1980", {"width": 5}, "1980"),
        ("old", {"width": 5}, "[AGE]"),
        ("", {"width": 5}, "[AGE]"),
    ],
)
def test_ages_become_ranges_and_those_from_ninety_on_are_one(text, params, expect):
    assert bucket("age", text, **params) == expect


@pytest.mark.parametrize("age", [*range(90, 126), 999])
@pytest.mark.parametrize("params", [{"width": w} for w in (1, 2, 4, 7, 30, 91)] + [EDGES])
def test_ages_over_89_cannot_be_told_apart(age, params):
    assert bucket("age", str(age), **params) == bucket("age", "90", **params)


@pytest.mark.parametrize(
    ("text", "params", "expect"),
    [
        ("3/4/2014", {"width": 5}, "2010-2014"),
        ("March 2015", {"width": 5}, "2015-2019"),
        ("12/30/14-1/4/15", {"width": 5}, "2010-2019"),
        ("2026-01-01", {"width": 5}, "2025-2026"),
        ("1938", {"width": 5}, "1937-1939"),
        ("1936", {"width": 50}, "<=1936"),
        ("1930", {"edges": "1990,2000"}, "<=1989"),
        ("1930", {"edges": "1920,2000"}, "<=1936"),
        ("1950", {"edges": "1990,2000"}, "<=1989"),
        ("1950", {"edges": "1920,2000"}, "1937-1999"),
        ("1930", {"width": 5, "bottom": 1960}, "<=1960"),
        ("2005", {"edges": "1990,2000"}, "2000+"),
        ("3/14", {"width": 5}, "[DATE]"),
        ("2027", {"width": 5}, "[DATE]"),
        ("1930-2014", {"width": 5}, "[DATE]"),
    ],
)
def test_dates_become_ranges_of_years_that_tell_no_age_over_89(text, params, expect):
    assert bucket("date", text, **params) == expect


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("02139", "02100-02199"),
        ("2139.0", "02100-02199"),
        ("02139-4307", "02100-02199"),
        ("021394307", "02100-02199"),
        ("021", "02100-02199"),
        ("021xx", "02100-02199"),
        ("99999", "99900-99999"),
        ("501", "[ZIP]"),
        ("SW1A 1AA", "[ZIP]"),
        ("02299-02100", "[ZIP]"),
        ("", "[ZIP]"),
    ],
)
def test_zip_codes_become_ranges_with_their_zeros(text, expect):
    assert bucket("zip", text, width=100) == expect


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("63.5", "60-69"),
        ("1,234", "1230-1239"),
        ("0", "0-9"),
        ("-0.5", "<=-1"),
        ("61-72", "60-79"),
        ("72-61", "[OTHER_ID]"),
        ("about 60", "[OTHER_ID]"),
        ("", "[OTHER_ID]"),
        ("9" * 20, "[OTHER_ID]"),
    ],
)
def test_other_numbers_become_ranges_what_is_none_the_tag(text, expect):
    assert bucket("other_id", text, width=10) == expect


@pytest.mark.parametrize(
    ("label", "text", "expect"),
    [
        ("weight_kg", "93", "90-94"),
        ("dosage", "93", "90-94"),
        ("age", "93", "90+"),
        ("PatientAge", "93", "90+"),
        ("age_months", "1092", "90+"),
        ("year_of_birth", "1931", "<=1936"),
        ("zip_code", "2139", "02135-02139"),
    ],
)
def test_the_name_of_a_column_says_what_its_numbers_are(label, text, expect):
    assert bucket("other_id", text, label, width=5) == expect


@pytest.mark.parametrize(
    ("identifier", "params"),
    [
        ("age", {}),
        ("age", {"width": 5, "edges": "18"}),
        *(("age", {"width": n}) for n in (0, -1, True, "5")),
        *(("age", {"edges": e}) for e in ("", "18,18", "45,18", "a", "-1,4", "18;45", "18,45,95")),
        ("age", {"width": 5, "top": 95}),
        ("age", {"width": 5, "top": 17, "bottom": 17}),
        ("age", {"width": 5, "bottom": -1}),
        ("age", {"widht": 5}),
        ("age", {"width": 5, "pivot": 100}),
        ("age", {"width": 5, "bottom": 90}),
        ("age", {"edges": "18", "bottom": 95}),
        ("date", {"width": 5, "pivot": 100}),
        ("date", {"edges": "18,45"}),
        ("date", {"width": 5, "top": 85}),
        ("zip", {"edges": "123456"}),
        ("zip", {"width": 1}),
        ("other_id", {"top": 5}),
    ],
)
def test_other_params_are_rule_errors_that_hold_no_value(identifier, params):
    with pytest.raises(RuleError, match="E174") as error:
        bucket(identifier, "77412", **params)
    assert "77412" not in str(error.value)
