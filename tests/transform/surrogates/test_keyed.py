"""Surrogates of keys: one to one, in the shape of the key, whether drawn or derived."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.keys import Key, fold, shape
from phisweep.transform.codes import random_codes
from phisweep.transform.derived import DerivedSeeds
from phisweep.transform.surrogates import keyed, numbers
from phisweep.transform.vault import Vault

KEY = Key(b"k" * 32, "a test")
DERIVED = DerivedSeeds(KEY)


@pytest.fixture(params=["drawn", "derived", "vault"])
def seeds(request, tmp_path):
    if request.param == "derived":
        yield DERIVED
    elif request.param == "drawn":
        with random_codes(KEY) as codes:
            yield codes
    else:
        with Vault.create(tmp_path / "v.vault", KEY) as vault:
            yield vault


def key(text, seeds, pools):
    return keyed.key(text, numbers.places(text), seeds, pools)


@pytest.mark.parametrize("text", ["0012345", "12345", "AB-1234567", "MRN 10203040", "12 34 56"])
def test_a_key_keeps_its_shape_and_label_and_is_another(seeds, pools, text):
    made = key(text, seeds, pools)
    assert shape(made) == shape(text)
    assert fold(made) != fold(text)
    assert made[:3] == text[:3] or not text.startswith("MRN")
    assert key(text, seeds, pools) == made


def test_a_key_is_one_however_it_is_written(seeds, pools):
    forms = ("1020304", "MRN 1020304", "102-0304", "10 20 304")
    assert len({"".join(filter(str.isdigit, key(t, seeds, pools))) for t in forms}) == 1


def test_no_two_keys_become_one_though_half_of_all_that_there_are_occur(seeds, pools):
    count = 300 if isinstance(seeds, Vault) else 4_000
    keys = [f"{n:04d}" for n in range(1_000, 1_000 + count)]
    made = [m for k in keys if (m := key(k, seeds, pools)) is not None]
    assert len(set(made)) == len(made) >= count * 0.9


def test_a_key_that_occurs_in_the_data_is_nobodys_surrogate(seeds, pools):
    taken = {f"{n}" for n in range(1_000, 9_000)}
    some = replace(pools, occurs=taken.__contains__)
    for n in range(1_000, 1_100):
        made = key(f"{n}", seeds, some)
        assert made is None or made not in taken


@pytest.mark.parametrize("text", ["17", "E12", "", "\u0661\u0662\u0663\u0664\u0665"])
def test_what_is_too_short_or_not_latin_has_none(seeds, pools, text):
    assert key(text, seeds, pools) is None


@given(st.integers(1, 5_000), st.binary(min_size=32, max_size=32))
@settings(max_examples=30, deadline=None)
def test_a_permutation_has_every_number_once(size, secret):
    assert sorted(keyed.permuted(n, size, secret) for n in range(size)) == list(range(size))


def test_another_key_of_the_run_gives_another_surrogate(pools):
    other = DerivedSeeds(Key(b"o" * 32, "a test"))
    texts = [f"{n}" for n in range(1_000_000, 1_000_050)]
    assert sum(key(t, DERIVED, pools) == key(t, other, pools) for t in texts) == 0
