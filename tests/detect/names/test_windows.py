"""No text is too long: windows are bounded, hold every word, and each word has its answer."""

from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.names.windows import APART, LENGTH, REACH, around, centred, needed, whole

SIZES = st.lists(st.integers(1, 9) | st.integers(1, LENGTH) | st.just(3 * LENGTH), max_size=300)


@st.composite
def some(draw):
    """Sizes of words, and the sorted indices of some of them."""
    sizes = draw(st.lists(st.integers(1, 9) | st.integers(1, 2 * LENGTH), max_size=300))
    chosen = draw(st.sets(st.integers(0, max(len(sizes) - 1, 0)))) if sizes else set()
    return sizes, sorted(chosen)


@given(SIZES)
def test_every_word_lies_in_a_window(sizes):
    held = {i for start, end in whole(sizes) for i in range(start, end)}
    assert held == set(range(len(sizes)))


@given(SIZES)
def test_a_window_is_bounded_unless_it_is_one_long_word(sizes):
    for start, end in whole(sizes):
        assert 0 <= start < end <= len(sizes)
        assert sum(sizes[start:end]) <= LENGTH or end == start + 1


@given(SIZES)
def test_windows_go_forward(sizes):
    starts = [start for start, _ in whole(sizes)]
    assert starts == sorted(set(starts))


@given(SIZES)
def test_every_word_has_an_answer_from_a_window_that_holds_it(sizes):
    windows = list(whole(sizes))
    for i, w in enumerate(centred(windows, len(sizes))):
        start, end = windows[w]
        assert w >= 0
        assert start <= i < end


def test_a_word_takes_the_window_in_which_it_stands_farthest_from_an_edge():
    windows = [(0, 10), (6, 16)]
    best = centred(windows, 16)
    assert best == [0] * 8 + [1] * 8


def test_what_no_window_holds_has_no_answer():
    assert centred([(2, 4)], 6) == [-1, -1, 0, 0, -1, -1]


@given(some())
def test_around_holds_all_that_is_asked(drawn):
    sizes, asked = drawn
    windows = list(around(sizes, asked))
    held = {i for start, end in windows for i in range(start, end)}
    assert held >= set(asked)
    assert all(0 <= start < end <= len(sizes) for start, end in windows)


@given(some())
def test_around_is_bounded_unless_one_word_is_long(drawn):
    sizes, asked = drawn
    for start, end in around(sizes, asked):
        longest = max(sizes[start:end])
        assert sum(sizes[start:end]) <= LENGTH or longest > LENGTH - REACH


def test_around_nothing_is_nothing():
    assert list(around([1] * 500, [])) == []


def test_around_a_word_gives_it_its_context():
    ((start, end),) = around([1] * 500, [250])
    assert (start, end) == (250 - REACH, 251 + REACH)


def test_words_far_apart_do_not_share_a_window_and_near_ones_do():
    sizes = [1] * 500
    assert list(around(sizes, [100, 100 + APART + 2])) == [
        (100 - REACH, 101 + REACH),
        (102 + APART - REACH, 103 + APART + REACH),
    ]
    assert list(around(sizes, [100, 100 + APART])) == [(100 - REACH, 101 + APART + REACH)]


def test_where_half_of_a_text_must_be_read_all_of_it_is():
    sizes = [1] * 400
    few, many = range(0, 400, 100), range(0, 400, 40)
    assert needed(sizes, few) == list(around(sizes, few))
    assert needed(sizes, many) == list(whole(sizes))
    assert needed(sizes, ()) == []
