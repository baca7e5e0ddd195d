"""The order in which codes are given: FF1, in which no code comes twice."""

import numpy as np

from phisweep.transform.shuffle import Shuffle

#: NIST, examples of FF1, sample 1: AES-128, radix 10, no tweak.
NIST_KEY, NIST_PLAIN, NIST_SEALED = "2B7E151628AED2A6ABF7158809CF4F3C", 123456789, 2433477484


def test_numbers_are_those_of_nist():
    assert Shuffle(bytes.fromhex(NIST_KEY), 10).numbers(NIST_PLAIN, 1).tolist() == [NIST_SEALED]


def test_no_number_comes_twice_and_each_has_ten_letters():
    numbers = Shuffle(b"k" * 32).numbers(0, 100_000)
    assert len(np.unique(numbers)) == len(numbers)
    assert int(numbers.max()) < 20**10


def test_a_place_has_its_number_whatever_is_asked_for_with_it():
    shuffle = Shuffle(b"k" * 32)
    assert shuffle.numbers(7, 5).tolist() == shuffle.numbers(0, 20).tolist()[7:12]
    assert not {*shuffle.numbers(0, 99).tolist()} & {*Shuffle(b"l" * 32).numbers(0, 99).tolist()}


def test_every_letter_stands_at_every_place_as_often_and_neighbours_are_not_alike():
    numbers = Shuffle(b"k" * 32).numbers(0, 100_000)
    for place in range(10):
        digits = (numbers // np.uint64(20**place) % np.uint64(20)).astype(int)
        assert np.abs(np.bincount(digits, minlength=20) / 5_000 - 1).max() < 0.1
        assert abs(np.corrcoef(digits[:-1], digits[1:])[0, 1]) < 0.02
