"""Numbers of Arrow's are the same as numpy's, and pandas is not asked."""

import subprocess
import sys

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.arrays import alike, flags, numbers


@settings(deadline=None)
@given(st.lists(st.integers(-(2**31), 2**31 - 1)), st.integers(0, 5))
def test_numbers_are_those_of_the_array(values, start):
    array = pa.array(values, pa.int32())[start:]
    assert numbers(array).tolist() == values[start:]


@settings(deadline=None)
@given(st.lists(st.booleans()), st.integers(0, 9))
def test_flags_are_those_of_the_array_and_may_be_changed(values, start):
    found = flags(pa.array(values, pa.bool_())[start:])
    assert found.tolist() == values[start:]
    found |= True


def test_a_null_is_no_number():
    assert str(numbers(pa.array([1, None]))[1]) == "nan"


def test_pandas_is_not_imported():
    body = (
        "import sys, pyarrow as pa; from phisweep.arrays import alike, flags, numbers;"
        "kiwi = pa.nulls(2, pa.int32()).cast(pa.string());"
        "import pyarrow.compute as pc; flags(pc.is_null(kiwi)); numbers(pc.cast(pc.is_null(kiwi), 'int32'));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert not subprocess.run([sys.executable, "-c", body], check=False).returncode


@settings(deadline=None)
@given(st.sets(st.sampled_from(["a1", "a2", "b1", "b22", "a", "c", "", "1"])), st.integers(0, 2))
def test_values_that_are_alike_share_one_that_is_asked(values, start):
    given_ = sorted(values)
    which, asked = alike(pa.array(given_, pa.string())[start:], "^(?P<part>[ab])[0-9]$")
    like = {"a1": "a", "a2": "a", "b1": "b"}
    told = [like.get(value, f"alone {value}") for value in given_[start:]]
    assert [like.get(asked[i], f"alone {asked[i]}") for i in which.tolist()] == told
    assert len(asked) == len(set(told))
