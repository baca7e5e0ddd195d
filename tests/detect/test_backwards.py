"""What Hyperscan reads from behind: no match of `re` starts where it says nothing."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invented_patterns import ALPHABET, PATTERNS
from phisweep.detect.backwards import backwards, place, turned

hyperscan = pytest.importorskip("hyperscan")


def met(regex, flags, text, least=None):
    """The places where Hyperscan says that a match may start."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    written = backwards(regex, flags, least)
    database.compile(expressions=[written], ids=[0], flags=[hyperscan.HS_FLAG_ALLOWEMPTY])
    places = set()

    def seen(_index, _start, end, _flags, _context):
        places.add(place(end, len(text)))

    database.scan(turned(text), match_event_handler=seen)
    return places


@settings(max_examples=1000, deadline=None)
@given(
    PATTERNS,
    st.sampled_from([0, re.IGNORECASE, re.MULTILINE, re.DOTALL]),
    st.text(ALPHABET, max_size=40),
    st.none() | st.integers(1, 4),
)
@example("(?:abcdef|x)gh", 0, "xgh", 4)
@example("k", re.IGNORECASE, "\u212a", None)
@example("a(?![^k])", re.IGNORECASE, "a\u212a", None)
@example(r"(?<![a-z])sa", re.IGNORECASE, "\u017fsa sa", None)
@example("(?:(?<=[ -])|^)k$", re.MULTILINE, "k\nk", None)
@example(r"(a|k)-\1", 0, "k-k", 3)
def test_every_match_starts_where_hyperscan_says_that_it_may(regex, flags, text, least):
    pattern = re.compile(regex, flags)
    starts = {at for at in range(len(text) + 1) if pattern.match(text, at)}
    assert starts <= met(regex, flags, text, least)


@pytest.mark.parametrize(
    ("regex", "text", "expect"),
    [
        (r"(?<!\w)\d{3}-\d{4}(?!\d)", "555-0142, 1555-0142, 555-01425", {0}),
        (r"(?<=\()\d+(?=\))", "12 (34) 56", {4}),
        (r"kiwi(?= jam)", "kiwi, kiwi jam", {6}),
        (r"^kiwi$", "kiwi", {0}),
        (r"(?:a|(?<!k)i)wi", "kiwi awi", {5}),
        (r"(?i:Mrs?)\. [A-Z]", "MR. B\u00e9, mr. b", {0}),
    ],
)
def test_what_stands_beside_a_match_is_read_too(regex, text, expect):
    assert met(regex, 0, text) == expect


def test_a_beginning_is_no_longer_than_it_has_to_be():
    assert met("[a-z]{2,9}@kiwi", 0, "lychee@jam", 2) == {0, 1, 2, 3, 4, 7, 8}
    assert backwards("(?:ab|cd)+kiwi", 0, 3) == backwards("(?:ab|cd)+k")
