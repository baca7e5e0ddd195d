"""Numbers keep their shape and belong to nobody."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import checksums
from phisweep.keys import fold, shape
from phisweep.transform.surrogates import numbers
from phisweep.transform.surrogates.alike import alike, digits, read, resembles
from phisweep.transform.surrogates.checks import passes
from phisweep.transform.surrogates.draws import Draw

#: Area 900-999 with a group that is no ITIN's and no ATIN's, and a serial that is not 0000.
NEVER_ISSUED = re.compile(r"9\d\d(?:0[1-9]|[1-4]\d|6[6-9]|89)(?!0000)\d{4}")
CODES = st.from_regex(r"[A-Z]{0,3}-?[0-9]{6,9}(?:[-/ ][0-9A-Z]{1,4})?", fullmatch=True)
SEEDS = st.binary(min_size=32, max_size=32)


@given(CODES)
def test_a_code_keeps_its_shape_and_nothing_of_its_number(draw_of, pools, text):
    made = numbers.number(text, draw_of, pools)
    assert shape(made) == shape(text)
    assert fold(made) != fold(text)
    assert not any(a == b for a, b in zip(runs(text), runs(made), strict=True))
    assert numbers.number(text, draw_of, pools) == made


def runs(text):
    number = digits(text)
    return [number[i : i + 4] for i in range(len(number) - 3)]


@given(st.text(max_size=20), SEEDS)
def test_what_is_drawn_alike_has_the_shape_whatever_the_script(text, seed):
    assert shape(alike(text, Draw(seed))) == shape(text)


@pytest.mark.parametrize(
    "text",
    ["219-09-9999", "219099999", "219 09 9999", "219.09.9999", "219-099999", "2l9-O9-9999"],
)
def test_an_ssn_becomes_one_that_was_never_issued_the_same_in_every_layout(draw_of, pools, text):
    made = numbers.ssn(text, draw_of, pools)
    assert NEVER_ISSUED.fullmatch(digits(made))
    assert digits(made) == digits(numbers.ssn("219099999", draw_of, pools))
    assert re.sub(r"\d", "", made) == re.sub(r"[\dlO]", "", text)


@given(st.integers(0, 999_999_999))
def test_no_ssn_becomes_one_that_may_be_somebodys(draw_of, pools, number):
    made = numbers.ssn(f"{number:09}", draw_of, pools)
    assert NEVER_ISSUED.fullmatch(made)
    assert made != f"{number:09}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1234", r"\d{4}"),
        ("xxx-xx-1234", r"xxx-xx-\d{4}"),
        ("***-**-1234", r"\*{3}-\*\*-\d{4}"),
        ("219099999.0", r"9\d{8}\.0"),
    ],
)
def test_what_is_left_of_an_ssn_keeps_its_mask(draw_of, pools, text, form):
    made = numbers.ssn(text, draw_of, pools)
    assert re.fullmatch(form, made)
    assert "1234" not in made


@pytest.mark.parametrize("text", ["", "?", "12345678", "nine one nine", "219-09-Jane"])
def test_what_is_no_ssn_has_none(draw_of, pools, text):
    assert numbers.ssn(text, draw_of, pools) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("MRN 0012345", r"MRN 0\d{6}"),
        ("INV-2024-0117", r"INV-\d{4}-\d{4}"),
        ("Acct# 1020304", r"Acct# [1-9]\d{6}"),
        ("00112233-4455-4677-8899-aabbccddeeff", r"\d{8}-\d{4}-\d{4}-\d{4}-[a-f]{12}"),
        ("1.2.840.99999999.1.10203040", r"1\.2\.[1-9]\d\d\.[1-9]\d{7}\.[1-9]\.[1-9]\d{7}"),
        ("(01)51022222233336(21)1020304", r"\(01\)\d{14}\(21\)\d{7}"),
        ("1EG4-TE5-MK73", r"[1-9][SLBZ][A-Z]\d-[A-Z]{2}\d-[A-Z]{2}\d\d"),
        ("1HGCM82633A004352", r"[A-HJ-NPR-Z\d]{17}"),
        ("219-09-9999A", r"9\d\d-\d\d-\d{4}[A-Z]"),
        ("QGROVE1", r"(?!QGROVE)[A-Z]{6}\d"),
    ],
)
def test_a_number_keeps_what_says_its_kind(draw_of, pools, text, form):
    assert re.fullmatch(form, numbers.number(text, draw_of, pools))


@pytest.mark.parametrize("text", ["219-09-9999A", "219099999A", "219 09 9999"])
def test_what_holds_an_ssn_holds_one_never_issued(draw_of, pools, text):
    assert NEVER_ISSUED.fullmatch(digits(numbers.number(text, draw_of, pools)))


def test_a_number_is_one_however_it_is_labelled_or_spaced(draw_of, pools):
    made = {
        digits(numbers.number(text, draw_of, pools))
        for text in ("1020304", "MRN 1020304", "mrn1020304", "102-0304", "10 20 304")
    }
    assert len(made) == 1


@pytest.mark.parametrize(
    "text", ["the governor of Ohio", "the first 2 transplants of the state", "", "--"]
)
def test_prose_has_no_surrogate(draw_of, pools, text):
    assert numbers.number(text, draw_of, pools) is None


CHECKED = (
    (r"[3-6][0-9]{15}", checksums.luhn),
    (r"[0-9]{15}", checksums.luhn),
    (r"[12][0-9]{9}", lambda n: checksums.luhn("80840" + n)),
    (r"[0-9]{9}", lambda n: checksums.weighted(n, (3, 7, 1)) % 10 == 0),
    (r"[A-HJ-NPR-Z0-9]{17}", checksums.vin_digit),
    (r"[A-Z]{2}[0-9]{2}[A-Z0-9]{18}", checksums.mod97),
)


@pytest.mark.parametrize(("form", "check"), CHECKED)
def test_what_passes_a_check_is_what_detection_says_passes(form, check):
    @given(st.from_regex(form, fullmatch=True))
    def law(code):
        assert passes(code) or not check(code)

    law()


@pytest.mark.parametrize(
    "text",
    ["4111 1111 1111 1111", "1234567893", "121042882", "AB1234563", "1M8GDM9AXKP042788"],
)
@given(seed=SEEDS)
def test_no_surrogate_passes_the_check_of_its_kind(pools, text, seed):
    made = numbers.number(text, lambda _purpose, _value: Draw(seed), pools)
    assert passes(fold(text).upper())
    assert not passes(fold(made).upper())


def test_no_value_of_the_data_is_written(draw_of, pools):
    first = numbers.number("1020304", draw_of, pools)
    second = numbers.number(
        "1020304", draw_of, replace(pools, occurs=lambda text: fold(text) == first)
    )
    assert second not in {None, first}
    assert numbers.number("1020304", draw_of, replace(pools, occurs=lambda _text: True)) is None
    assert numbers.ssn("219099999", draw_of, replace(pools, occurs=lambda _text: True)) is None


@pytest.mark.parametrize(
    ("before", "after", "alike_"),
    [
        ("12-34", "1234", True),
        ("123456", "923459", True),
        ("123456", "123956", False),
        ("?", "-", True),
        ("12345", "1234", False),
    ],
)
def test_four_digits_in_a_row_are_a_trace(before, after, alike_):
    assert resembles(before, after) is alike_


@pytest.mark.parametrize(
    ("text", "plainly"),
    [("2l9-O9", "219-09"), ("Illinois", "Illinois"), ("Ol", "Ol"), ("B0x 7l", "B0x 71")],
)
def test_letters_are_read_as_digits_among_digits_only(text, plainly):
    assert read(text) == plainly
