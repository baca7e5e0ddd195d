"""Numbers of Arrow's are the same as numpy's, and pandas is not asked."""

import subprocess
import sys

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.arrays import flags, numbers


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
        "import sys, pyarrow as pa; from phisweep.arrays import flags, numbers;"
        "kiwi = pa.nulls(2, pa.int32()).cast(pa.string());"
        "import pyarrow.compute as pc; flags(pc.is_null(kiwi)); numbers(pc.cast(pc.is_null(kiwi), 'int32'));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert not subprocess.run([sys.executable, "-c", body], check=False).returncode
