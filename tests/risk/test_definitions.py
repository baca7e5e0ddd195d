"""Every figure is what its definition says, computed here the long way, and laws hold."""

import math
from collections import Counter as Times

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.risk.closeness import closeness
from phisweep.risk.diversity import diversity
from phisweep.risk.sizes import sizes_of
from risk.counting import counted, grid_of

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", ""]),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from(["1", "2", "5", "10", ""]),
        st.sampled_from(["p1", "p2", "p3", "p4", "p5"]),
    ),
    min_size=2,
    max_size=60,
)
FAST = settings(max_examples=60, deadline=None)


def frame_of(rows):
    return pd.DataFrame(rows, columns=["one", "two", "told", "who"])


def classes_of(rows):
    out = {}
    for one, two, told, _ in rows:
        out.setdefault((one, two), []).append(told)
    return out


@FAST
@given(ROWS)
def test_classes_and_diversity_are_those_of_the_definitions(rows):
    counts = counted(frame_of(rows), ["one", "two"], ["told"], chunk=7)
    found = sizes_of(counts, counts.classes())
    classes = classes_of(rows)
    assert found.least == min(map(len, classes.values()))
    assert dict(zip(found.sizes.tolist(), found.classes.tolist(), strict=True)) == Times(
        map(len, classes.values())
    )
    ours = diversity(counts.told(0), 2)
    assert ours.distinct == min(len(set(values)) for values in classes.values())
    assert math.isclose(ours.entropy, min(map(entropy, classes.values())), rel_tol=1e-9)
    for level, least in ours.recursive:
        wanted = max(recursive(values, level) for values in classes.values())
        assert least == wanted or math.isclose(least, wanted)
    assert ours.poor == sum(len(v) for v in classes.values() if len(set(v)) == 1)


def entropy(values):
    shares = [n / len(values) for n in Times(values).values()]
    return math.exp(-sum(p * math.log(p) for p in shares))


def recursive(values, level):
    counts = sorted(Times(values).values(), reverse=True)
    rest = sum(counts[level - 1 :])
    return counts[0] / rest if rest else math.inf


@FAST
@given(ROWS)
def test_closeness_is_the_earth_movers_distance(rows):
    numbers = [row for row in rows if row[2]]
    if len({row[2] for row in numbers}) < 2:
        return
    counts = counted(frame_of(numbers), ["one", "two"], ["told"])
    ours = closeness(counts.told(0), 2, counts.sensitive[0])
    assert ours.ordered
    everything = [float(row[2]) for row in numbers]
    wanted = max(
        moved([float(v) for v in values], everything) for values in classes_of(numbers).values()
    )
    assert math.isclose(ours.distance, wanted, abs_tol=1e-9)
    words = [(a, b, f"v{told}", who) for a, b, told, who in numbers]
    counts = counted(frame_of(words), ["one", "two"], ["told"])
    ours = closeness(counts.told(0), 2, counts.sensitive[0])
    assert not ours.ordered
    everything = [row[2] for row in words]
    wanted = max(apart(values, everything) for values in classes_of(words).values())
    assert math.isclose(ours.distance, wanted, abs_tol=1e-9)


def moved(mine, everything):
    places = sorted(set(everything))
    upto = total = 0.0
    for place in places:
        upto += mine.count(place) / len(mine) - everything.count(place) / len(everything)
        total += abs(upto)
    return total / (len(places) - 1)


def apart(mine, everything):
    return 0.5 * sum(
        abs(mine.count(v) / len(mine) - everything.count(v) / len(everything))
        for v in set(everything)
    )


def test_a_missing_number_counts_by_whether_there_is_one():
    frame = pd.DataFrame({"g": ["a"] * 4 + ["b"] * 4, "n": ["1", "2", "1", "2", "", "", "", ""]})
    counts = counted(frame, ["g"], ["n"])
    ours = closeness(counts.told(0), 1, counts.sensitive[0])
    assert ours.ordered
    assert math.isclose(ours.distance, 0.5)  # all of b lack it, half of all do


@FAST
@given(ROWS)
def test_people_count_once_in_a_class_and_by_their_smallest_one(rows):
    counts = counted(frame_of(rows), ["one", "two"], subject="who", chunk=7)
    found = sizes_of(counts, counts.classes())
    members = {}
    for one, two, _, who in rows:
        members.setdefault((one, two), set()).add(who)
    assert found.least == min(map(len, members.values()))
    smallest = Times(
        min(len(people) for people in members.values() if who in people)
        for who in {row[3] for row in rows}
    )
    told = zip(found.sizes.tolist(), found.people.tolist(), strict=True)
    assert {size: n for size, n in told if n} == smallest
    assert counts.people == len({row[3] for row in rows})
    assert counts.rows == len(rows)


def test_rows_without_a_key_count_as_one_person():
    frame = pd.DataFrame({"g": ["a"] * 5, "who": ["", "NA", "p1", "p1", "p2"]})
    counts = counted(frame, ["g"], subject="who")
    assert (counts.people, counts.keyless) == (3, 2)


@FAST
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, chance):
    other = rows.copy()
    chance.shuffle(other)
    made = []
    for each in (rows, other):
        counts = counted(frame_of(each), ["one", "two"], ["told"], chunk=11)
        found = sizes_of(counts, counts.classes())
        told = counts.told(0)
        near = closeness(told, 2, counts.sensitive[0])
        made.append(
            (
                found.sizes.tolist(),
                found.classes.tolist(),
                found.people.tolist(),
                diversity(told, 2),
                round(near.distance, 9),
            )
        )
    assert made[0][:3] == made[1][:3]
    assert made[0][3].distinct == made[1][3].distinct
    assert math.isclose(made[0][3].entropy, made[1][3].entropy)
    assert made[0][4] == made[1][4]


@FAST
@given(ROWS, st.integers(1, 9))
def test_parts_that_are_merged_are_the_whole(rows, chunk):
    whole = counted(frame_of(rows), ["one", "two"], ["told"], chunk=len(rows))
    parts = counted(frame_of(rows), ["one", "two"], ["told"], chunk=chunk)
    assert table_of(whole) == table_of(parts)


def table_of(counts):
    """The distinct rows by their values, and how many there are of each."""
    columns = (*counts.quasi, *counts.sensitive)
    return {
        tuple(column.values[int(code)] for column, code in zip(columns, codes, strict=True)): int(n)  # noqa: PD011 - no frame of pandas
        for table in counts.tables
        for *codes, n in zip(*table.columns, table.rows, strict=True)
    }


@FAST
@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.sampled_from(["12345", "12399", "90210", "54321"]), st.dates()),
        min_size=5,
        max_size=50,
    ),
    st.data(),
)  # fmt: skip
def test_a_coarser_generalisation_never_lowers_k(rows, data):
    frame = pd.DataFrame(rows, columns=["age", "zip", "dob"]).astype(str)
    grid = grid_of(counted(frame, ["age", "zip", "dob"]))
    fine = tuple(data.draw(st.integers(0, top)) for top in grid.top)
    coarse = tuple(
        data.draw(st.integers(step, top)) for step, top in zip(fine, grid.top, strict=True)
    )
    finer, coarser = grid.sizes(fine), grid.sizes(coarse)
    assert coarser.least >= finer.least
    assert coarser.count <= finer.count
    assert coarser.below(5) <= finer.below(5)


@pytest.mark.parametrize("columns", [1, 2, 3, 8])
def test_any_number_of_columns_groups_as_their_tuples_do(columns):
    rng = np.random.default_rng(columns)
    frame = pd.DataFrame({f"c{i}": rng.integers(0, 10 ** (i % 5), 3_000) for i in range(columns)})
    counts = counted(frame, list(frame))
    found = sizes_of(counts, counts.classes())
    wanted = Times(frame.itertuples(index=False, name=None))
    assert found.count == len(wanted)
    assert found.least == min(wanted.values())
