"""Where keys of subjects stand."""

import pytest

from phisweep.detect.linking import Key, Links, Pointers, missing, record_of
from phisweep.errors import UsageError


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("mrn", Key("column", "mrn")),
        (" patient id ", Key("column", "patient id")),
        ("visit:visit_id", Key("column", "visit_id", "visit")),
        ("/patient/id", Key("pointer", "/patient/id")),
        ("visit:/visit/id", Key("pointer", "/visit/id", "visit")),
        (r"name:^(\d+)_", Key("name", r"^(\d+)_")),
        (r"visit:name:_v(\d+)", Key("name", r"_v(\d+)", "visit")),
        (r"text:Case no: (\d+)", Key("text", r"Case no: (\d+)")),
    ],
)
def test_a_key_is_a_column_a_pointer_or_a_pattern_of_name_or_text(written, key):
    assert Links.of({"x": written}).of_file("x") == (key,)
    assert key.shown == written.strip()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "E145"),
        ("visit:", "E145"),
        ("Visit:id", "E145"),
        (r"name:(\d+", "E117"),
        (r"name:\d+", "E146"),
        ("text:(a)(b)", "E146"),
    ],
)
def test_what_is_no_key_is_an_error_that_names_its_place(written, code):
    with pytest.raises(UsageError, match=rf"{code}.*subject-key\.notes/\*"):
        Links.of({"notes/*": written})


def test_the_first_pattern_of_file_names_that_fits_holds():
    links = Links.of({"visits.csv": "visit", "*.csv": "mrn"})
    assert [k.expression for k in links.of_file("in/visits.csv") or ()] == ["visit"]
    assert [k.expression for k in links.of_file("in/patients.csv") or ()] == ["mrn"]
    assert links.of_file("in/note.txt") is None


def test_columns_are_known_however_their_names_are_written():
    key = Key("column", "patientId")
    assert key.is_column("PATIENT_ID")
    assert key.is_column("Patient Id")
    assert not key.is_column("patient")


@pytest.mark.parametrize(
    ("expression", "pointer", "record"),
    [
        ("/patient/id", "/patient/id", ""),
        ("/patients/*/id", "/patients/3/id", "/patients/3"),
        ("/a/*/b/*/id", "/a/1/b/22/id", "/a/1/b/22"),
        ("/*/id", "/0/id", "/0"),
        ("/patients/*/id", "/patients/x/id", None),
        ("/patient/id", "/patient/id/0", None),
    ],
)
def test_a_pointer_says_which_record_a_key_is_of(expression, pointer, record):
    assert record_of(expression, pointer) == record


def test_a_leaf_belongs_to_the_nearest_record_that_has_a_key():
    pointers = Pointers([Key("pointer", "/patients/*/id"), Key("pointer", "/batch", "batch")])
    pointers.enter("", "/patients/3/id", " 12 ")
    pointers.enter("", "/batch", "B1")
    assert pointers.of("", "/patients/3/name/0/given") == {"": "12"}
    assert pointers.of("", "/patients/4/name") == {"batch": "B1"}
    assert pointers.of("line 2: ", "/patients/3/name") == {}


def test_a_bare_name_in_json_is_the_member_of_its_line_or_object():
    pointers = Pointers([Key("column", "mrn")])
    pointers.enter("line 1: ", "/visit/mrn", "7")
    pointers.enter("", "/patients/0/MRN", "8")
    assert pointers.of("line 1: ", "/note") == {"": "7"}
    assert pointers.of("", "/patients/0/note") == {"": "8"}
    assert pointers.of("", "/note") == {}


def test_a_missing_column_is_named_with_one_that_is_near():
    error = missing(Key("column", "patient_id"), ["patientid", "note"], "x.csv")
    assert error.code == "E214"
    assert "patientid" in str(error)
