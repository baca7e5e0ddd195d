from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.review.passages import LONGEST, around, kept, left, passages, words

TEXTS = st.text(st.sampled_from("ab Z9.,!?'\n\r\t-é_"), max_size=900)


@given(TEXTS)
def test_passages_hold_every_letter_and_digit_once_and_in_order(text):
    found = passages(text)
    assert all(a < b for a, b in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    seen = "".join(c for a, b in found for c in text[a:b] if c.isalnum())
    assert seen == "".join(c for c in text if c.isalnum())


@given(TEXTS)
def test_no_passage_is_longer_than_may_be_or_runs_over_a_line(text):
    for start, end in passages(text):
        assert end - start <= LONGEST
        assert not {"\n", "\r"} & {*text[start:end]}


def test_a_long_line_ends_behind_a_sentence():
    text = "He came home from work. " * 40
    assert all(text[end - 1] == "." for _, end in passages(text))


@given(TEXTS)
def test_words_lie_in_their_passage_and_begin_and_end_with_a_letter_or_digit(text):
    for start, end in passages(text):
        for a, b in words(text, start, end):
            assert start <= a < b <= end
            assert text[a].isalnum()
            assert text[b - 1].isalnum()


@given(TEXTS, st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=6))
def test_what_is_kept_is_what_no_span_covers(text, spans):
    spans = [(min(s), max(s)) for s in spans]
    alone = sum(c.isalnum() and not any(a <= i < b for a, b in spans) for i, c in enumerate(text))
    assert kept(text, 0, len(text), spans) == alone


@pytest.mark.parametrize(
    ("text", "marked", "removed", "expect"),
    [
        ("seen by Smith today", ["Smith"], [], ["Smith"]),
        ("seen by Smith today", ["Smith"], ["Smith"], []),
        ("in Smith's house", ["Smith's"], ["Smith"], []),  # the s tells nothing
        ("in Smith-Jones house", ["Smith-Jones"], ["Smith"], ["Smith-Jones"]),
        ("by John Smith, today", ["John", "Smith"], [], ["John Smith"]),  # one stretch
        ("John and Smith", ["John", "Smith"], [], ["John", "Smith"]),
        ("see J. there", ["J"], [], ["J"]),  # a whole initial was left
    ],
)
def test_what_was_left_is_marked_and_was_not_removed(text, marked, removed, expect):
    spans = [(text.index(word), text.index(word) + len(word)) for word in marked]
    gone = [(text.index(word), text.index(word) + len(word)) for word in removed]
    assert [text[a:b] for a, b in left(text, spans, gone, [])] == expect


def test_what_is_drawn_by_itself_is_no_miss_of_its_passage():
    assert left("lot WK123456 here", [(4, 12)], [], [(4, 12)]) == []


def test_the_passages_around_a_span_are_whole():
    text = "one line\nand two\nlines"
    assert around(text, 13, 19) == (9, 22)
    assert around("...", 0, 1) == (0, 1)
