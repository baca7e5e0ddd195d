"""What a trigger promises: every match holds one of its literals, at one of its distances."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invented_patterns import ALPHABET, PATTERNS
from phisweep.detect.literals import FAR
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.triggers import read
from phisweep.detect.views import KIN, View, project


def tries(regex, flags, text):
    """The places where the prefilter says that a match may start."""
    spans = [span for _, found in Prefilter([read(regex, flags)]).spans(text) for span in found]
    return {place for span in spans for place in range(*span)}


@settings(max_examples=1500, deadline=None)
@given(PATTERNS, st.sampled_from([0, re.IGNORECASE]), st.text(ALPHABET, max_size=40))
@example("k(?:a){0,3}s", 0, "ks")
@example("k(?:a-){0,3}(?:s|1)?:", 0, "k:")
@example("(?:a{0,3}-|k)(?:s{1,2}|1{0,3})A", 0, "kA")
@example("(?:a|s)?k", re.IGNORECASE, "\u212a")
@example(r"(?<![a-z])sa", re.IGNORECASE, "\u017fsa sa")
@example(r"(?<![^\n])k", 0, "k\nk")
def test_every_match_starts_where_the_prefilter_says_that_it_may(regex, flags, text):
    found = tries(regex, flags, text)
    pattern = re.compile(regex, flags)
    starts = {at for at in range(len(text) + 1) if pattern.match(text, at)}
    assert starts - found - {len(text)} == set()


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.sampled_from([0, re.IGNORECASE]), st.text(ALPHABET, max_size=40))
def test_nothing_beyond_the_reach_decides_about_a_match(regex, flags, text):
    reading = read(regex, flags)
    pattern = re.compile(regex, flags)
    for at in range(len(text) + 1):
        whole = pattern.match(text, at)
        near = pattern.match(text, at, at + reading.reach)
        assert (whole and whole.span()) == (near and near.span())
        assert whole is None or whole.end() - at <= reading.width


@pytest.mark.parametrize(
    ("regex", "flags", "expect"),
    [
        ("a?", 0, None),
        (r"[^a]", 0, None),
        ("kiwi", 0, {b"kiwi"}),
        ("kiwi", re.IGNORECASE, {b"kiwi"}),
        (r"\d{3}-\d{2}", 0, {b"000 00"}),
        ("(?:kiwi|lychee) jam", 0, {b"kiwi jam", b"lychee jam"}),
        ("kiwis?", 0, {b"kiwi"}),
        ("[a-z]{2,30}@", 0, {b"aa@"}),
        (r"(?<![A-Za-z])mom ", 0, {b" mom ", b"0mom ", b"?mom "}),
        ("(?:x|)", 0, None),
    ],
)
def test_a_trigger_is_short_and_rare(regex, flags, expect):
    trigger = read(regex, flags).trigger
    assert (trigger and set(trigger.literals)) == expect


@pytest.mark.parametrize(
    ("regex", "width", "reach"),
    [
        ("", 0, 2),
        ("ab?", 2, 4),
        ("a{2,5}(?=b{9})", 5, 16),
        (r"(?<=x{1})y(?!z(?=w))", 1, 5),
        (r"(a{1,3})-\1", 7, 9),
        ("(a)?b(?(1)cc|d)", 4, 6),
    ],
)
def test_widths_are_counted_in_code_points(regex, width, reach):
    reading = read(regex)
    assert (reading.width, reading.reach >= reach) == (width, True)


@pytest.mark.parametrize("regex", ["a*", "a+b", "(?:ab?)+"])
def test_what_has_no_bound_says_so(regex):
    assert read(regex).width >= FAR


def test_a_list_is_one_code_point_in_a_pattern():
    lists = {0xF0000: ("Apia", "Suva"), 0xF0001: ("Oslo",)}
    trigger = read("(?:\U000f0000|\U000f0001), [A-Z]{2}", 0, lists).trigger
    assert {literal[:4].lower() for literal in trigger.literals} == {b"apia", b"suva", b"oslo"}


def test_one_pattern_does_not_change_how_another_is_read():
    memo = {}
    for regex in ("(a)(?:x\\1|y)", "(abc)(?:x\\1|y)", "(?:k|s(?=a))"):
        assert read(regex, memo=memo) == read(regex)


def test_the_kin_of_ascii_letters_are_those_that_re_knows():
    letters = re.compile("[a-z]", re.IGNORECASE)
    found = {chr(p) for p in range(0x80, 0x110000) if letters.match(chr(p))}
    assert found == set(KIN)


@given(st.text(max_size=50))
def test_every_view_is_as_long_as_the_text_and_its_two_pads(text):
    views = project(text)
    assert {len(view) for view in views} == {len(text) + 2}
    assert len(views) == len(View)
    assert all(view.isascii() for view in views)
