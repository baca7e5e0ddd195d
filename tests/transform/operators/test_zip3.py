"""A ZIP code becomes three digits that many people share, or 000."""

import pytest

from phisweep.transform.operators import Context, get

ALLOWED = frozenset({"021", "100", "601", "006", "005"})


def zip3(text):
    return get("zip3")(text, Context("zip", zip3=ALLOWED), {})


@pytest.mark.parametrize("text", ["021", "100", "000"])
def test_what_is_general_already_stays(text):
    assert zip3(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("02139", "02139-1234", "021391234", "02139 1234", "02139\u20131234", "02139-", " 02139 "),
        *("2139", "2139.0", "02139.0", "2139-1234", "21391234", "21391234.0", "021XX", "021**"),
        "\uff10\uff12\uff11\uff13\uff19",
    ],
)
def test_lost_zeros_and_added_digits_do_not_matter(text):
    assert zip3(text) == "021"


@pytest.mark.parametrize("text", ["82101", "00000", "99999-0000", "036", "3601", "203XX"])
def test_a_prefix_of_few_people_or_of_none_is_zeroed(text):
    assert zip3(text) == "000"


@pytest.mark.parametrize("text", ["601", "501", "544", "987"])
def test_three_digits_that_can_be_a_whole_zip_are_zeroed(text):
    assert zip3(text) == "000"


@pytest.mark.parametrize(
    "text", ["K1A 0B1", "SW1A 1AA", "110001", "1", "12", "", "1010", "D-10115", "0213-9"]
)
def test_what_is_no_zip_code_of_the_united_states_leaves_the_tag(text):
    assert zip3(text) == ("[ZIP]" if text != "1010" else "000")
