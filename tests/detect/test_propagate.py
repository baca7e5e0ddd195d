"""Where the words of a found name stand: the same places however they are looked up."""

from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.propagate import _WORD, _places

PIECES = ["Rose", "rose", "O'Neil", "Neil", "\u2019s", "'s", "'", "D", "\u0301", "5", "_", " ", "-"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_the_places_of_words_are_those_of_a_reading_from_the_start(text: str) -> None:
    for words in ({"Neil"}, {"Rose", "O'Neil", "D"}, set(_WORD.findall(text))):
        spans = [m.span() for m in _WORD.finditer(text) if m.group() in words]
        assert _places(text, words) == spans
