"""What names of columns and keys promise about the values under them."""

import pytest

from phisweep.detect.fields import Fields, normal_name
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_ruleset


@pytest.fixture(scope="module")
def fields(rules_folder):
    return Fields(load_ruleset(rules_folder))


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("", ""),
        ("ssn", "ssn"),
        ("SSN", "ssn"),
        ("SocSecNo", "soc_sec_no"),
        ("Soc.Sec.No", "soc_sec_no"),
        ("soc sec-no ", "soc_sec_no"),
        ("__x__", "x"),
        ("PatientID", "patient_id"),
        ("HTTPServer2Go", "http_server2_go"),
        ("/patient/name", "patient_name"),
        ("Größe", "größe"),
    ],
)
def test_a_name_is_words_in_lower_case(name, normal):
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    ("label", "value", "rule"),
    [
        ("", "Quillfeather", None),
        ("name", "", None),
        ("name", "unknown", None),
        ("comment", "Quillfeather", None),
        ("name", "Quillfeather", "name/field"),
        ("mother_name", "Quillfeather", "name/field"),
        ("MotherName", " Quillfeather ", "name/field"),
        ("name", "12", None),  # has not the shape that the entry asks for
        ("age", "93", "age/field"),
        ("age", "53", None),  # is not the value that the entry asks for
        ("ssn", "987654320", "ssn/field"),
        ("nickname", "x", None),  # whole words only
    ],
)
def test_a_labelled_value_is_found_whole_where_name_shape_and_value_agree(
    fields, label, value, rule
):
    found = fields.find(Text(Location("s", "/x"), value, label, kind="value"))
    assert [f.rule for f in found] == ([rule] if rule else [])
    assert [value[f.start : f.end] for f in found] == ([value.strip()] if rule else [])


def test_names_that_are_data_do_not_fill_the_memory(fields):
    for i in range(10_050):
        fields.named(f"key{i}")
    assert len(fields._known) <= 10_001
