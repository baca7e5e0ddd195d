"""A token is the same for the same value and key, and of no use without the key."""

import re

import pytest

from phisweep import marks
from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.transform.operators import Context, get

KEY = Key(b"k" * 32)


def token(text, identifier="mrn", key=KEY):
    return get("hmac-token")(text, Context(identifier, key=key), {})


@pytest.mark.parametrize("text", ["MRN 0012345", "", "?", "\ud800", "\u00e9"])
def test_it_is_a_mark_of_its_identifier_in_consonants(text):
    assert re.fullmatch(r"\[MRN-[BCDFGHJKLMNPQRSTVWXZ]{16}\]", token(text))
    assert marks.is_mark(token(text))
    assert not marks.is_code(token(text))


@pytest.mark.parametrize("other", ["987654320", "987 65 4320", " 987-65-4320 "])
def test_two_ways_to_write_a_value_have_one_token(other):
    assert token(other) == token("987-65-4320")


@pytest.mark.parametrize(
    "other",
    [
        token("987-65-4321"),
        token("987-65-4320", "ssn"),
        token("987-65-4320", key=Key(b"l" * 32)),
        token("-"),
        token("?"),
    ],
)
def test_another_value_identifier_or_key_has_another_token(other):
    assert other[-17:] != token("987-65-4320")[-17:]


def test_the_token_of_a_key_does_not_change_between_versions():
    assert token("987-65-4320", "ssn") == "[SSN-MLTDPRRXZMQZWZCS]"


def test_its_key_is_its_own():
    assert KEY.derive("hmac-token") not in {KEY.secret, KEY.derive("encrypt"), KEY.derive("codes")}


def test_it_takes_no_params_and_no_key_of_a_policy():
    with pytest.raises(RuleError, match="E174"):
        get("hmac-token")("987-65-4320", Context("mrn"), {"key": "0123456789abcdef"})
