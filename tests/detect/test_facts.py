"""What columns say of a subject: whose a value is, and which part of a record it plays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.facts import part_of, person_of, sex_of
from phisweep.detect.fullnames import day_of, split_name
from phisweep.detect.nameforms import PersonName
from phisweep.detect.roster import Known


@pytest.mark.parametrize(
    ("label", "identifier", "part"),
    [
        ("first_name", "name", "given"),
        ("fname", "name", "given"),
        ("given", "name", "given"),
        ("FIRST", "name", "given"),
        ("PatientFirstName", "name", "given"),
        ("patient.name.0.given", "name", "given"),
        ("nickname", "name", "given"),
        ("middle_initial", "name", "middle"),
        ("last_name", "name", "surname"),
        ("LName", "name", "surname"),
        ("surname", "name", "surname"),
        ("family", "name", "surname"),
        ("LAST", "name", "surname"),
        ("last", "", "surname"),
        ("MAIDEN", "name", "maiden"),
        ("patient_name", "name", "full-name"),
        ("name", "name", "full-name"),
        ("patient", "name", "full-name"),
        ("name", "", ""),  # of what, nobody says
        ("mother_maiden_name", "name", "relative"),
        ("mothers_name", "name", "relative"),
        ("next_of_kin", "name", "relative"),
        ("nok_name", "name", "relative"),
        ("spouse_first_name", "name", "relative"),
        ("emergency_contact", "name", "relative"),
        ("guardian", "name", "relative"),
        ("provider_name", "name", ""),
        ("attending", "name", ""),
        ("provider_first_name", "name", ""),
        ("organization_name", "name", ""),
        ("signed_by", "name", ""),
        ("dob", "", "birth"),
        ("dob", "date", "birth"),
        ("BIRTHDATE", "date", "birth"),
        ("date_of_birth", "date", "birth"),
        ("pt_dob", "date", "birth"),
        ("BENE_BIRTH_DT", "date", "birth"),
        ("birth_datetime", "date", "birth"),
        ("guarantor_dob", "date", "event"),
        ("dob_month", "date", "event"),
        ("DEATHDATE", "date", "death"),
        ("START", "date", "event"),
        ("admit_date", "date", "event"),
        ("age", "", "age"),
        ("age_at_visit", "age", "age"),
        ("birth_year", "age", ""),
        ("sex", "", "sex"),
        ("GENDER", "", "sex"),
        ("sex_at_birth", "", "sex"),
        ("gender_source_value", "", "sex"),
        ("gender_identity", "", ""),
        ("mother_education", "", ""),
        ("notes", "", ""),
        ("PATIENT", "mrn", "mrn"),
        ("Id", "mrn", "mrn"),
        ("SSN", "ssn", "ssn"),
        ("mother_ssn", "ssn", "id:ssn"),
        ("member_id", "health_plan", "id:health_plan"),
        ("encounter_id", "other_id", "id:other_id"),
        ("ZIP", "zip", "id:zip"),
        ("home_phone", "phone", "phone"),
        ("emergency_contact_phone", "phone", "phone"),
        ("fax", "fax", "phone"),
        ("provider_phone", "phone", ""),
        ("email", "email", "email"),
        ("ADDRESS", "location", "street"),
        ("street1", "location", "street"),
        ("line1", "location", "street"),
        ("CITY", "location", "city"),
        ("birth_place", "location", "city"),
        ("COUNTY", "location", "city"),
        ("facility_city", "location", ""),
        ("room", "location", ""),
        ("", "", ""),
    ],
)
def test_a_label_says_the_part_that_its_values_play(label, identifier, part):
    assert part_of(label, identifier) == part


@pytest.mark.parametrize(
    ("value", "sex"),
    [("F", "F"), ("female", "F"), (" Male ", "M"), ("8507", "M"), ("1", ""), ("other", "")],
)
def test_a_sex_is_told_where_it_is_one(value, sex):
    assert sex_of(value) == sex


@pytest.mark.parametrize(
    ("value", "given_names", "surnames", "suffix"),
    [
        ("Quillfeather, Ana B", ("Ana", "B"), ("Quillfeather",), ""),
        ("Ana B. Quillfeather Jr.", ("Ana", "B"), ("Quillfeather",), "Jr"),
        ("Dr. Maria de la Cruz, MD", ("Maria",), ("de la Cruz",), ""),
        ("QUILLFEATHER^ANA^B^JR", ("ANA", "B"), ("QUILLFEATHER",), "JR"),
        ("Quillfeather", (), ("Quillfeather",), ""),
        ("van der Berg, Anna", ("Anna",), ("van der Berg",), ""),
        ("Ana Quillfeather, III", ("Ana",), ("Quillfeather",), "III"),
        ("Quillfeather Jr., Ana", ("Ana",), ("Quillfeather",), "Jr"),
        ("Ana46 Quillfeather12", ("Ana",), ("Quillfeather",), ""),
        ("Baby Boy Quillfeather", (), ("Quillfeather",), ""),
        ("Kim Do", ("Kim",), ("Do",), ""),
        ("DO, KIM", ("KIM",), ("DO",), ""),
        ("Al Quillfeather", ("Al",), ("Quillfeather",), ""),
        ("Ana Bea Quillfeather MD", ("Ana", "Bea"), ("Quillfeather",), ""),
        ("Quillfeather, Ana, RN", ("Ana",), ("Quillfeather",), ""),
        ("", (), (), ""),
        ("^^", (), (), ""),
    ],
)
def test_a_full_name_has_its_parts(value, given_names, surnames, suffix):
    assert split_name(value) == PersonName(given_names, surnames, suffix)


@given(st.text(max_size=60))
def test_any_text_can_be_taken_for_a_name_and_a_day(value):
    split_name(value)
    day_of(value)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1961-03-14", dt.date(1961, 3, 14)),
        ("1961-03-14T05:06:07Z", dt.date(1961, 3, 14)),
        ("1961-03-14 00:00:00.000", dt.date(1961, 3, 14)),
        ("3/14/1961", dt.date(1961, 3, 14)),
        ("14/3/1961", dt.date(1961, 3, 14)),
        ("03-14-1961", dt.date(1961, 3, 14)),
        ("19610314", dt.date(1961, 3, 14)),
        ("19610314050607", dt.date(1961, 3, 14)),
        ("14-Mar-1961", dt.date(1961, 3, 14)),
        ("14 MARCH 1961", dt.date(1961, 3, 14)),
        ("March 14, 1961", dt.date(1961, 3, 14)),
        ("2/30/1961", None),
        ("3/14/61", None),  # of which century
        ("14-Xyz-1961", None),
        ("0001-01-01", None),
        ("1961", None),
        ("", None),
    ],
)
def test_a_day_is_read_or_left_out(value, day):
    assert day_of(value) == day


def test_a_record_is_put_together():
    known = person_of(
        {
            "given": ["Ana", "Ana"],
            "middle": ["B."],
            "surname": ["Quillfeather"],
            "maiden": ["Larkspur", "NA"],
            "full-name": ["Quillfeather, Ana"],
            "relative": ["Cy Larkspur"],
            "birth": ["unknown", "1961-03-14", "3/14/1961"],
            "mrn": ["123456"],
            "id:account": ["7741"],
            "sex": ["F", "female"],
            "phone": ["202-555-0142; 202-555-0143"],
            "email": ["aq@example.org"],
            "street": ["12 Larkspur Ave"],
            "city": ["Exampleton"],
            "age": ["61"],
            "event": ["2020-01-01"],
        }
    )
    assert known == Known(
        names=(
            PersonName(("Ana", "B"), ("Quillfeather", "Larkspur")),
            PersonName(("Ana",), ("Quillfeather",)),
            PersonName(("Cy",), ("Larkspur",)),
        ),
        ids=(("mrn", "123456"), ("account", "7741")),
        births=(dt.date(1961, 3, 14),),
        phones=("202-555-0142", "202-555-0143"),
        emails=("aq@example.org",),
        addresses=("12 Larkspur Ave", "Exampleton"),
        sex="F",
    )


def test_the_first_name_is_never_a_relatives():
    names = person_of({"relative": ["Cy Larkspur"]}).names
    assert names == (PersonName(), PersonName(("Cy",), ("Larkspur",)))


def test_two_sexes_are_none_and_nothing_is_nobody():
    assert person_of({"sex": ["F", "M"]}).sex == ""
    assert person_of({}) == person_of({"given": ["", "N/A"]}) == Known()
