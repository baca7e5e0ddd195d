"""One value of a person has one surrogate, wherever it stands; a key has one in all records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.keys import Key, fold
from phisweep.model import IDENTIFIERS
from phisweep.transform.codes import random_codes
from phisweep.transform.derived import DerivedSeeds
from phisweep.transform.operators import Context, Person
from phisweep.transform.surrogates.surrogates import OurSurrogates

SEEDS = DerivedSeeds(Key(b"s" * 32))
SPECIMENS = {
    "name": "Doe, Jane",
    "location": "12 Sample St",
    "phone": "(617) 555-0123",
    "fax": "(617) 555-0124",
    "email": "jane@clinic.example",
    "ssn": "219-09-9999",
    "mrn": "MRN 0012345",
    "health_plan": "1EG4-TE5-MK73",
    "account": "4111 1111 1111 1111",
    "license": "AB1234563",
    "vehicle": "1M8GDM9AXKP042788",
    "device": "02:00:5E:10:20:30",
    "url": "https://portal.example.net/chart/1020304",
    "ip": "10.20.30.40",
    "other_id": "CT24-102030",
}


@pytest.fixture(scope="module")
def surrogates(pools):
    return OurSurrogates(SEEDS, pools)


@pytest.mark.parametrize("identifier", SPECIMENS)
def test_every_identifier_that_the_law_permits_has_surrogates(surrogates, identifier):
    text = SPECIMENS[identifier]
    context = Context(identifier, subject="p1")
    made = surrogates.replace(text, context)
    assert made is not None
    assert fold(made) != fold(text)
    assert surrogates.replace(text, context) == made
    assert surrogates.replace(f" {text}\n", context) == f" {made}\n"


@given(
    st.sampled_from([*SPECIMENS]),
    st.one_of(st.text(max_size=30), st.text("0123456789 .-/@:#+,()AbXox\n", max_size=30)),
)
def test_no_text_stays_as_it_was_and_none_is_too_strange(surrogates, identifier, text):
    made = surrogates.replace(text, Context(identifier, subject="p1"))
    assert made is None or made != text
    assert made is None or not fold(text) or fold(made) != fold(text)


@pytest.mark.parametrize("identifier", sorted({*IDENTIFIERS} - {*SPECIMENS}))
def test_what_has_a_generalisation_has_none(surrogates, identifier):
    assert surrogates.replace("2024", Context(identifier)) is None


@pytest.mark.parametrize("identifier", SPECIMENS)
def test_nothing_becomes_nothing(surrogates, identifier):
    assert surrogates.replace("  ", Context(identifier)) is None


def test_two_subjects_have_two_surrogates_of_one_value_but_one_of_a_key(surrogates):
    def of(subject, identifier, text, rule=""):
        return surrogates.replace(text, Context(identifier, rule=rule, subject=subject))

    assert of("p1", "name", "Jane Doe") != of("p2", "name", "Jane Doe")
    assert of("p1", "account", "9876543210") != of("p2", "account", "9876543210")
    assert of("p1", "mrn", "1020304") == of("p2", "mrn", "1020304")
    key = "00000000-1111-2222-3333-888888888888"
    assert of("p1", "other_id", key, "other_id/key") == of("p2", "mrn", key)
    link = of("p1", "url", f"Patient/{key}", "url/fhir-reference")
    assert link == f"Patient/{of('p2', 'mrn', key)}"


def test_a_short_key_has_none_and_a_parameter_is_a_number(surrogates):
    assert surrogates.replace("Patient/123", Context("url", rule="url/fhir-reference")) is None
    assert surrogates.replace("1020304", Context("url", rule="url/parameter")).isdigit()


def test_the_address_of_a_person_holds_the_surrogate_of_the_name(surrogates):
    context = Context("name", subject="p1", person=Person(("Jane",), ("Doe",), "F"))
    name = surrogates.replace("Jane Doe", context)
    mail = Context("email", subject="p1", person=context.person)
    given, surname = fold(name.split()[0]), fold(name.split()[1])
    made = surrogates.replace("jane.doe@clinic.example", mail)
    assert made.startswith(f"{given}.{surname}@example.")


def test_the_pattern_of_a_place_is_told(surrogates):
    short = surrogates.replace("MGH", Context("location", rule="location/facility-short"))
    assert len(short) == 3
    assert surrogates.replace("a.b.c", Context("location", rule="location/what3words")) is None


def test_drawn_seeds_serve_as_well(pools):
    with random_codes(Key.draw()) as codes:
        drawn = OurSurrogates(codes, pools)
        context = Context("mrn", subject="p1")
        made = drawn.replace("1020304", context)
        assert made == drawn.replace("MRN 1020304", context).removeprefix("MRN ")
        assert made != "1020304"


def test_its_repr_tells_nothing(surrogates):
    assert "seeds" not in repr(surrogates)
    assert "pools" not in repr(surrogates)
