"""Draws: what one seed decides, always the same, each number as likely as the next."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.transform.surrogates.draws import Draw

SEEDS = st.binary(min_size=32, max_size=32)


@given(seed=SEEDS, limits=st.lists(st.integers(1, 10**30), max_size=20))
def test_the_same_seed_gives_the_same_numbers_below_their_limits(seed, limits):
    one, other = Draw(seed), Draw(seed)
    numbers = [one.below(n) for n in limits]
    assert numbers == [other.below(n) for n in limits]
    assert all(0 <= number < n for number, n in zip(numbers, limits, strict=True))


@given(seed=SEEDS, n=st.integers(0, 200))
def test_a_shuffle_has_each_number_once(seed, n):
    order = list(Draw(seed).shuffled(n))
    assert sorted(order) == list(range(n))
    assert order == list(Draw(seed).shuffled(n))


def test_a_shuffle_is_only_done_as_far_as_it_is_asked_for():
    assert len(list(islice(Draw(bytes(32)).shuffled(10**12), 5))) == 5


def test_each_number_is_about_as_likely_as_the_others():
    draw = Draw(bytes(range(32)))
    counts = Counter(draw.below(6) for _ in range(6000))
    assert sorted(counts) == list(range(6))
    assert all(850 < count < 1150 for count in counts.values())


def test_another_seed_gives_another_order():
    orders = {tuple(Draw(bytes([n]) * 32).shuffled(20)) for n in range(50)}
    assert len(orders) == 50


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_length_is_refused(seed):
    with pytest.raises(ValueError, match="32 bytes"):
        Draw(seed)


def test_nothing_is_below_nothing():
    with pytest.raises(ValueError, match="no number"):
        Draw(bytes(32)).below(0)
