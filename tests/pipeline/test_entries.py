"""What stands in the place of many values is held once, and in the rows as it should."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.model import Column, Location
from phisweep.pipeline.entries import Entries

VALUES = ["a", "b", "c", "d"]


def entries(rows):
    indices = pa.array(rows, pa.int32())
    values = pa.DictionaryArray.from_arrays(indices, pa.array(VALUES))
    return Entries(Column(Location("t", "column 1"), "x", values, index=0, first=1))


def now(made, rows):
    replaced = made.replaced()
    if replaced is None:
        return [VALUES[i] for i in rows]
    return [
        VALUES[row] if (new := replaced.values[at]) is None else new
        for row, at in zip(rows, replaced.indices.tolist(), strict=True)
    ]


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=1),
    st.lists(st.tuples(st.sets(st.integers(0, 3)), st.sampled_from(["x", "y", ""]))),
)
def test_the_last_text_that_was_put_stands_in_the_place_of_a_value(rows, puts):
    made, expected = entries(rows), dict(enumerate(VALUES))
    for places, text in puts:
        made.put(np.array(sorted(places), np.int64), text)
        expected |= dict.fromkeys(places, text)
    assert now(made, rows) == [expected[i] for i in rows]
    after = made.after()
    told = [None] * len(VALUES) if after is None else after.to_pylist()
    assert [new if new is not None else VALUES[i] for i, new in enumerate(told)] == [
        *expected.values()
    ]


def test_several_texts_are_put_by_their_number():
    made = entries([0, 1, 2, 3, 0])
    made.put(3, "z")
    made.put_all(np.array([0, 2]), ["x", "y"], np.array([1, 0]))
    assert now(made, [0, 1, 2, 3, 0]) == ["y", "b", "x", "z", "y"]


def test_where_nothing_is_put_nothing_is_replaced():
    made = entries([0, 1])
    assert (made.replaced(), made.after()) == (None, None)


def test_a_value_of_a_subject_is_another_entry():
    rows = [0, 1, 0]
    made = entries(rows)
    first = made.append(["a", "a"])
    made.indices = np.array([first, 1, first + 1])
    made.put(first, "one")
    made.put(first + 1, "other")
    assert now(made, rows) == ["one", "b", "other"]
    assert made.column().values.to_pylist() == ["a", "b", "a"]
    assert made.value(first) == "a"
