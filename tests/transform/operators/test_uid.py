"""A UID becomes another, the same one for the same UID, and is known again as ours."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep import marks
from phisweep.errors import InternalError, RuleError
from phisweep.keys import Key
from phisweep.transform.codes import random_codes
from phisweep.transform.derived import DerivedSeeds
from phisweep.transform.operators import Context, get

KEY = Key(b"k" * 32)
PLACE = "other_id/dicom-uid"
VALID = re.compile(r"2\.25\.[1-9]\d{0,38}")
STUDY = "1.2.826.0.1.3680043.8.498.4711"

uids = st.lists(st.integers(0, 10**9), min_size=2, max_size=6).map(
    lambda parts: ".".join(map(str, parts))
)


def new(text, seeds=None, rule=PLACE, **told):
    context = Context("other_id", rule=rule, seeds=seeds or DerivedSeeds(KEY), **told)
    return get("uid")(text, context, {})


@pytest.fixture
def drawn():
    with random_codes(KEY) as codes:
        yield codes


@given(uid=uids)
def test_it_is_a_valid_uid_and_says_nothing_of_the_old_one(uid):
    made = new(uid)
    assert VALID.fullmatch(made)
    assert len(made) <= 44
    told = uuid.UUID(int=int(made.removeprefix("2.25.")))
    assert (told.version, told.variant) == (8, uuid.RFC_4122)
    assert marks.is_uid(made)


@given(one=uids, other=uids)
def test_two_uids_stay_two(one, other):
    assert (new(one) == new(other)) == (one == other)


@pytest.mark.parametrize(("one", "other"), [("1.2.11.1", "1.2.1.11"), ("1.23", "12.3")])
def test_dots_tell_uids_apart(one, other, drawn):
    assert new(one) != new(other)
    assert new(one, drawn) != new(other, drawn)


def test_one_uid_has_one_other_however_it_is_padded(drawn):
    assert len({new(text, drawn) for text in (STUDY, STUDY + "\0", f" {STUDY} ")}) == 1


def test_under_the_key_every_process_makes_the_same():
    assert new(STUDY, DerivedSeeds(Key(b"k" * 32))) == new(STUDY)
    assert new(STUDY, DerivedSeeds(Key(b"l" * 32))) != new(STUDY)


def test_drawn_it_is_the_same_in_a_run_and_another_in_the_next(drawn):
    with random_codes(KEY) as later:
        assert new(STUDY, later) != new(STUDY, drawn) == new(STUDY, drawn)


def test_under_a_key_it_does_not_change_between_versions():
    assert new(STUDY) == "2.25.51119756595981352026565596698378496653"


@pytest.mark.parametrize(
    "text", ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.4.90", "", " ", "[OTHER_ID]"]
)
def test_uids_of_the_standard_and_marks_stay(text):
    assert new(text) == text


@given(uid=uids)
def test_a_second_pass_changes_nothing(uid):
    made = new(uid)
    assert new(made) == made
    assert marks.is_mark(made)
    assert marks.is_general("other_id", made)


@given(number=st.integers(0, 2**128 - 1))
def test_the_uid_of_somebody_else_is_not_taken_for_ours(number):
    assert not marks.is_uid(f"2.25.{number}")


def test_a_number_of_a_patient_under_the_root_of_the_standard_does_not_stay():
    assert VALID.fullmatch(new("1.2.840.10008.271828182"))


def test_what_is_no_uid_gets_a_code_and_where_a_uid_must_stand_a_uid(drawn):
    assert marks.is_code(new("A-4711", drawn, "other_id/object-identifier-field", codes=drawn))
    assert VALID.fullmatch(new("A-4711", drawn))


def test_it_takes_no_params_and_needs_something_to_draw_from():
    with pytest.raises(RuleError, match="E174"):
        get("uid")(STUDY, Context("other_id"), {"root": "1.2.3"})
    with pytest.raises(InternalError, match="E705"):
        get("uid")(STUDY, Context("other_id"), {})
