"""Structured reports: what a concept says of a value goes, and the item stays."""

import itertools

import pytest

from formats.imaging.invented import desk, of, part_10, slice_of

NUMBERS = itertools.count(1)  # of instances: no two copies have one name
REPORT = "1.2.840.10008.5.1.4.1.1.88.22"


def item(kind, code, value, keyword="TextValue", system="DCM"):
    """A content item with a concept of DICOM's."""
    name = of(CodeValue=code, CodingSchemeDesignator=system, CodeMeaning="what it is")
    return of(ValueType=kind, ConceptNameCodeSequence=[name], **{keyword: value})


def number(code, value):
    units = of(CodeValue="a", CodingSchemeDesignator="UCUM", CodeMeaning="year")
    measured = of(NumericValue=value, MeasurementUnitsCodeSequence=[units])
    return item("NUM", code, [measured], "MeasuredValueSequence")


def report(*items, around="ContentSequence"):
    inner = of(ValueType="CONTAINER", ContinuityOfContent="SEPARATE", ContentSequence=[*items])
    return part_10(
        slice_of(next(NUMBERS), SOPClassUID=REPORT, Modality="SR", **{around: [inner, *items]})
    )


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory):
    with desk(tmp_path_factory.mktemp("concepts") / "desk") as made:
        yield made


def copied(at_desk, tmp_path, *items, **more):
    copy = at_desk.read(report(*items, **more), f"{tmp_path.name}.dcm")
    return copy[more.get("around", "ContentSequence")].value


@pytest.mark.parametrize("around", ["ContentSequence", "AcquisitionContextSequence"])
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("121022", "RX4471"),  # accession number
        ("121009", "Tall Oaks"),  # organisation of the observer
        ("121121", "Blue 3"),  # room
        ("113880", "QX-7"),  # serial number of a device
        ("121030", "K91"),  # subject
    ],
)
def test_a_value_whose_concept_is_an_identifier_is_gone_on_every_level(
    at_desk, tmp_path, code, value, around
):
    inner, outer = copied(at_desk, tmp_path, item("TEXT", code, value), around=around)
    for found in (outer, inner.ContentSequence[0]):
        assert value not in str(found.TextValue)
        assert found.TextValue
        assert found.ConceptNameCodeSequence[0].CodeValue == code


def test_what_the_table_lets_be_cleaned_is_cleaned(at_desk, tmp_path):
    text = "No focal lesion. Dr. Quillfeather was told."
    _, found = copied(at_desk, tmp_path, item("TEXT", "121071", text))
    assert found.TextValue == "No focal lesion. Dr. [NAME] was told."


def test_what_it_does_not_name_is_searched(at_desk, tmp_path):
    _, found = copied(at_desk, tmp_path, item("TEXT", "999999", "Tall Oaks"))
    assert found.TextValue == "Tall Oaks"


@pytest.mark.parametrize(("age", "left"), [("41", "41"), ("89", "89"), ("90", "0"), ("104.5", "0")])
def test_an_age_over_89_is_gone(at_desk, tmp_path, age, left):
    _, found = copied(at_desk, tmp_path, number("121033", age))
    assert str(found.MeasuredValueSequence[0].NumericValue) == left


def test_a_birth_date_goes_though_the_policy_keeps_dates(tmp_path):
    with desk(tmp_path / "desk", profile="limited-data-set") as made:
        items = [
            item("DATE", "121031", "19700506", "Date"),
            item("DATE", "111060", "20190304", "Date"),
        ]
        copy = made.read(report(*items))
        assert [i.Date for i in copy.ContentSequence[1:]] == ["19000101", "20190304"]


def test_a_sex_stays_with_the_characteristics_of_the_patient(at_desk, tmp_path):
    sex = of(CodeValue="F", CodingSchemeDesignator="DCM", CodeMeaning="Female")
    _, found = copied(at_desk, tmp_path, item("CODE", "121032", [sex], "ConceptCodeSequence"))
    assert found.ConceptCodeSequence[0].CodeMeaning == "Female"
