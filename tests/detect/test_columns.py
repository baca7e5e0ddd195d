"""A column is judged whole, and no value of it is let through for that."""

import pytest

from phisweep.detect.columns import ColumnJudge
from phisweep.detect.detector import Detector
from phisweep.ruleset.load import load_policy, load_ruleset
from phisweep.ruleset.schema import Treatment


@pytest.fixture(scope="module")
def detector(rules_folder):
    ruleset = load_ruleset(rules_folder)
    return Detector(ruleset, load_policy("safe-harbor", ruleset))


def found(judge, value):
    return [(f.identifier, value[f.start : f.end]) for f in judge.find(value)]


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("diagnosis_code", [f"K5{i % 10}.{i:02}" for i in range(40)]),
        ("icd10", [f"S72.{i:03}A" for i in range(40)]),
        ("loinc_code", [f"{10000 + 7 * i}-{i % 10}" for i in range(40)]),
        ("snomed", [str(271737000 + 31 * i) for i in range(40)]),
        ("charge_usd", [f"{217.44 * (i + 1):.2f}" for i in range(40)]),
        ("total", [str(617550100 + i) for i in range(40)]),  # nine digits are no SSN by themselves
        ("quantity", [str(i) for i in range(40)]),
        ("sex", ["F", "M"] * 20),
        ("state", ["NM", "NJ", "MA"] * 10),
        ("diagnosis", ["Crohn disease of small intestine", "Parkinson disease"] * 10),
        ("year", [str(1980 + i) for i in range(40)]),
        ("empty", [""] * 10),
        ("nothing", []),
        ("dob", ["NA", "unknown", "-", "", "n/a", "NULL"]),
    ],
)
def test_what_is_no_identifier_is_left_alone(detector, label, values):
    judge = ColumnJudge(detector, label, values)
    assert {v: found(judge, v) for v in values if found(judge, v)} == {}


@pytest.mark.parametrize(
    ("label", "values", "identifier"),
    [
        ("mrn", [str(41776 + i) for i in range(9)], "mrn"),
        ("MRN", ["A-1", "B-2", "C-3"], "mrn"),
        ("patient_name", ["Quillfeather", "de la Quill", "QUILL"], "name"),
        ("ssn", ["987654320", "987-65-4321"], "ssn"),
        ("visitDate", ["2024-03-04", "3/5/2024", "5 Mar 2024"], "date"),
        ("dob", ["19240304"] * 3, "date"),
        ("phone", ["6175550123", "(617) 555-0124"], "phone"),
    ],
)
def test_a_header_that_says_so_takes_every_value_whole(detector, label, values, identifier):
    judge = ColumnJudge(detector, label, values)
    assert judge.verdict.identifier == identifier
    for value in values:
        assert found(judge, value) == [(identifier, value)]
        assert found(judge, f" {value} ") == [(identifier, value)]


@pytest.mark.parametrize(
    "nothing", ["", " ", "NA", "n/a", "NULL", "None", "unknown", "-", "not on file", "[SSN]"]
)
def test_a_value_that_says_nothing_is_left_whatever_the_header_says(detector, nothing):
    judge = ColumnJudge(detector, "ssn", ["987-65-4320", "987-65-4321"])
    assert found(judge, nothing) == []


def test_a_header_needs_values_that_look_like_it(detector):
    judge = ColumnJudge(detector, "mrn", ["see the other sheet", "as told by phone"] * 5)
    assert judge.verdict is None
    assert found(judge, "see 987-65-4320") == [("ssn", "987-65-4320")]


def test_values_outvote_a_header_that_says_nothing(detector):
    judge = ColumnJudge(detector, "x7", [f"987-65-4{i:03}" for i in range(20)])
    assert judge.verdict.identifier == "ssn"
    assert found(judge, "987654320") == [("ssn", "987654320")]


def test_a_minority_hit_is_never_voted_away(detector):
    values = ["routine visit"] * 1000 + [f"visit {i}" for i in range(50)]
    judge = ColumnJudge(detector, "remark", values)
    assert judge.verdict is None
    assert found(judge, "ssn 987-65-4320") == [("ssn", "987-65-4320")]
    assert found(judge, "987-65-4320") == [("ssn", "987-65-4320")]
    assert found(judge, "call 617-555-0123") == [("phone", "617-555-0123")]


def test_a_hit_among_numbers_that_is_no_number_is_found(detector):
    judge = ColumnJudge(detector, "total", [str(i * 37) for i in range(100)])
    assert judge.numeric
    assert found(judge, "12345") == []
    assert found(judge, "987-65-4320") == [("ssn", "987-65-4320")]


def test_a_bare_number_needs_its_context_even_among_words(detector):
    judge = ColumnJudge(detector, "comment", ["fine", "good", "better", "well"] * 5)
    assert found(judge, "987654320") == []
    assert found(judge, "ssn 987654320") == [("ssn", "987654320")]


@pytest.mark.parametrize(
    ("label", "n", "coded", "identifier"),
    [
        ("key7", 40, True, "other_id"),
        ("key7", 19, True, None),  # too few to tell
        ("loinc_code", 40, True, None),
        ("drug_code", 40, True, None),
        ("gene", 40, True, None),
        ("key7", 40, False, None),
    ],
)
def test_a_code_of_its_own_for_each_record_under_an_unknown_name_is_r(
    detector, label, n, coded, identifier
):
    values = [f"QX{i * 7919:06}Z{i % 10}" if coded else f"word{chr(97 + i % 26)}" for i in range(n)]
    judge = ColumnJudge(detector, label, values)
    assert (judge.verdict.identifier if judge.verdict else None) == identifier
    if identifier:
        assert judge.verdict.rule == "other_id/unique-column"


def test_codes_that_come_back_are_no_code_of_each_record(detector):
    judge = ColumnJudge(detector, "key7", [f"QX{i:06}Z1" for i in range(40)] * 2)
    assert judge.verdict is None


@pytest.mark.parametrize(
    ("action", "operator", "identifier", "expect"),
    [
        ("remove", "tag", "name", [("name", "abc")]),
        ("replace", "code", "mrn", [("mrn", "abc")]),
        ("keep", "keep", "other_id", []),
    ],
)
def test_the_policys_word_on_a_column_is_the_last(detector, action, operator, identifier, expect):
    treatment = Treatment(
        action=action, operator=operator, reason="x", params={"identifier": identifier}
    )
    judge = ColumnJudge(detector, "x", ["abc", "def"], treatment)
    assert found(judge, "abc") == expect


def test_what_an_operator_has_written_is_found_no_more(detector):
    judge = ColumnJudge(detector, "dob", ["1950", "<=1936", "2001"])
    assert [found(judge, v) for v in ("1950", "<=1936", "[DATE]", "[REMOVED]")] == [[]] * 4
    judge = ColumnJudge(detector, "zip", ["599", "000", "021"])
    assert [found(judge, v) for v in ("599", "000")] == [[]] * 2


def test_one_value_is_judged_alike_before_and_after_the_cache_is_full(detector, monkeypatch):
    monkeypatch.setattr("phisweep.detect.columns._CACHED", 3)
    judge = ColumnJudge(detector, "remark", ["fine"] * 9)
    values = [f"ssn 987-65-43{i:02}" for i in range(10)] * 2
    assert [found(judge, v) for v in values] == [[("ssn", v[4:])] for v in values]
