from hypothesis import given
from hypothesis import strategies as st

from phisweep.review.strata import GROUPS, Stratum, allocate, filled

STRATA = [Stratum(group, letter) for group in GROUPS for letter in ("", "A", "C")]
SIZES = st.dictionaries(st.sampled_from(STRATA), st.integers(0, 5_000), max_size=len(STRATA))


@given(SIZES, st.integers(1, 2_000))
def test_all_is_drawn_that_was_asked_for_or_all_there_is_and_none_beyond_its_size(sizes, n):
    drawn = allocate(sizes, n)
    assert sum(drawn.values()) == min(n, sum(sizes.values()))
    assert all(0 <= count <= sizes[stratum] for stratum, count in drawn.items())


@given(SIZES, st.integers(1, 2_000))
def test_every_stratum_is_told_so_that_what_was_not_seen_counts(sizes, n):
    assert {*allocate(sizes, n)} == {stratum for stratum, size in sizes.items() if size}


@given(SIZES)
def test_with_room_enough_no_stratum_goes_without(sizes):
    drawn = allocate(sizes, 600)
    assert all(drawn[stratum] for stratum, size in sizes.items() if size)


def test_a_rare_letter_is_seen_and_the_common_ones_keep_most():
    sizes = {Stratum("removed", "A"): 100_000, Stratum("removed", "J"): 4}
    drawn = allocate(sizes, 80)
    assert drawn == {Stratum("removed", "A"): 76, Stratum("removed", "J"): 4}


@given(
    st.dictionaries(st.integers(0, 9), st.tuples(st.integers(1, 100), st.integers(0, 50))),
    st.integers(0, 400),
)
def test_what_one_cannot_take_others_get(given_, n):
    weights = {key: weight for key, (weight, _) in given_.items()}
    caps = {key: cap for key, (_, cap) in given_.items()}
    assert sum(filled(weights, caps, n).values()) == min(n, sum(caps.values()))
