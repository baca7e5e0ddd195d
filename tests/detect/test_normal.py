"""One spelling for digits, spaces, dashes and quotes, at the same places."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.normal import normalise


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("", ""),
        ("plain 12-34", "plain 12-34"),
        ("caf\u00e9", "caf\u00e9"),
        ("O`Fictus", "O'Fictus"),
        ("\u0661\uff12\U000104a3", "123"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\u2028b\u0085c", "a\nb\nc"),
        ("555\u20130100 \u2212", "555-0100 -"),
        ("\u2018a\u2019 \u201cb\u201d", "'a' \"b\""),
        ("12\u200b3\u00ad4", "1234"),
        ("a\ud800b", "a?b"),
        ("\u0130\u0131\u017f\u212a", "\u0130\u0131\u017f\u212a"),
    ],
)
def test_what_looks_alike_is_written_alike(text, expect):
    assert normalise(text).text == expect


def test_every_digit_and_space_that_re_knows_becomes_one_of_ascii():
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1))))
    text = normalise("".join(re.findall(r"[\d\s]", every))).text
    assert text.isascii()
    assert re.fullmatch(r"[\d\s]+", text)


@given(st.text(st.characters(codec=None), max_size=60))
def test_every_place_leads_back_to_its_source(text):
    normal = normalise(text)
    for i, char in enumerate(normal.text):
        start, end = normal.source_span(i, i + 1)
        assert end == start + 1
        assert normalise(text[start]).text == char


@given(st.text(max_size=60))
def test_once_is_enough(text):
    normal = normalise(text).text
    assert normalise(normal).text == normal
