"""What an operator has coarsened is left alone, and nothing else is."""

import pytest

from phisweep.model import Decision, Finding, Location
from phisweep.transform.operators import Context
from phisweep.transform.settled import DAYS, coarse, is_settled, is_year


def settled(text, covered, operator, identifier="date", **params):
    start = text.index(covered)
    finding = Finding(Location("a", "b"), start, start + len(covered), identifier, "rule/x", 0.9)
    given = {name.replace("_", "-"): value for name, value in params.items()}
    decision = Decision(finding, "generalize", operator, given, "")
    return is_settled(text, decision, lambda f: Context(f.identifier, reference_year=2026))


@pytest.mark.parametrize(
    ("text", "covered", "operator", "identifier", "params"),
    [
        ("seen 2024-03-04 again", "2024-03-04", "month", "date", {}),
        ("seen 2024-03 again", "2024-03", "quarter", "date", {}),
        ("born 1931-05,", "1931-05", "month", "date", {}),
        ("Mr. Jane came", "Jane", "mask", "name", {}),
        ("Mr. Jane came", "Jane", "mask", "name", {"keep_last": 4}),
        ("J***/Jane", "Jane", "mask", "name", {"keep_first": 1}),
        ("Mr. Jane came", "Jane", "truncate", "name", {"first": 4}),
        ("Mr. Jane.. came", "Jane", "truncate", "name", {"first": 4}),
        ("aged 46", "46", "bucket", "age", {"width": 5}),
        ("aged 40-49", "40-49", "bucket", "age", {"width": 20}),
    ],
)
def test_what_would_be_changed_is_not_settled(text, covered, operator, identifier, params):
    assert not settled(text, covered, operator, identifier, **params)


@pytest.mark.parametrize(
    ("text", "covered", "operator", "identifier", "params"),
    [
        ("seen 2024-03 again", "2024-03", "month", "date", {}),
        ("(2024-03/2024-05).", "2024-05", "month", "date", {}),
        ("seen 2024-Q1.", "2024-Q1", "quarter", "date", {}),
        ("seen 2024-Q1,", "Q1", "quarter", "date", {}),
        ("SSN ***-**-4320.", "***-**-4320", "mask", "ssn", {"keep_last": 4}),
        ("SSN ***-**-4320,", "4320", "mask", "ssn", {"keep_last": 4}),
        ("Mr. J*** D** came", "J", "mask", "name", {"keep_first": 1}),
        ("Mr. Qui... came", "Qui", "truncate", "name", {"first": 3}),
        ("Mr. Qui..., came", "Qui", "truncate", "name", {"first": 3}),
        ("phone ...0123", "0123", "truncate", "phone", {"last": 4}),
        ("aged 45-49;", "45", "bucket", "age", {"width": 5}),
    ],
)
def test_an_operators_own_result_is_settled_though_a_rule_finds_a_part_of_it(
    text, covered, operator, identifier, params
):
    assert settled(text, covered, operator, identifier, **params)


def test_operators_that_leave_nothing_to_be_read_are_not_coarse():
    assert {"mask", "truncate", "month", "quarter", "bucket"} <= coarse()
    assert not {"tag", "redact", "code", "keep", "hmac-token", "encrypt", "year"} & coarse()


@pytest.mark.parametrize(
    ("text", "rule", "operator", "told"),
    [
        ("20140101", DAYS, "year", True),
        ("20140101000000.000000+0100", DAYS, "year", True),
        ("20140102", DAYS, "year", False),
        ("20140101093000", DAYS, "year", False),
        ("19300101", DAYS, "year", False),  # tells an age over 89
        ("20140101", "date/compact", "year", False),
        ("20140101", DAYS, "date-shift", False),
        ("20140101", DAYS, "tag", False),
    ],
)
def test_the_first_of_january_stands_for_its_year_where_the_policy_writes_years(
    text, rule, operator, told
):
    finding = Finding(Location("a", "b"), 0, len(text), "date", rule, 0.9)
    decision = Decision(finding, "generalize", operator, {}, "")
    assert is_year(text, decision, lambda f: Context(f.identifier, reference_year=2026)) is told
