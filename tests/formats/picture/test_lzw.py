"""The codes of a GIF's pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.formats.picture.bare.lzw import decoded, encoded
from phisweep.formats.picture.bare.model import DamagedError


@given(st.integers(2, 8), st.binary(min_size=1, max_size=3000), st.binary(max_size=9))
def test_codes_give_their_indices_back_and_tell_where_they_end(minimum, data, behind):
    indices = bytes(byte % (1 << minimum) for byte in data)
    codes = encoded(indices, minimum)
    assert decoded(codes + behind, minimum, len(indices)) == (indices, len(codes))


@pytest.mark.parametrize("count", [5_000, 100_000])
def test_a_full_table_begins_anew(count):
    indices = bytes((i * i >> 3) % 251 for i in range(count))
    assert decoded(encoded(indices, 8), 8, count)[0] == indices


def test_too_few_codes_are_damaged_and_too_many_have_no_end():
    codes = encoded(bytes(50), 2)
    with pytest.raises(DamagedError):
        decoded(codes, 2, 51)
    assert decoded(codes, 2, 49) == (bytes(49), None)


@given(st.binary(max_size=60), st.integers(0, 12), st.integers(0, 500))
def test_codes_of_chance_are_damaged_or_read(codes, minimum, count):
    try:
        indices, _ = decoded(codes, minimum, count)
    except DamagedError:
        return
    assert len(indices) == count
