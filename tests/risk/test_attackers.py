"""What attackers may reach, what is estimated of the population, and that no small count is told."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.risk.assess import Asked, assess
from phisweep.risk.attackers import attacks, members_for
from phisweep.risk.candidates import MOST, Spread, candidate, proposed
from phisweep.risk.coding import Coder
from phisweep.risk.matching import matching
from phisweep.risk.population import inverse_sizes, pitman, population, zayatz
from phisweep.risk.sizes import bands, of_table, share, told_below
from risk.counting import HERE, counted, encoded


@pytest.mark.parametrize(
    ("threshold", "members"),
    [(0.09, 11), (0.2, 5), (0.33, 3), (0.05, 20), (0.1, 10), (0.15, 7), (0.075, 14), (1.0, 1), (0.5, 2)],
)  # fmt: skip
def test_a_threshold_is_the_least_class_within_it(threshold, members):
    assert members_for(threshold) == members


def test_the_attackers_of_a_table_are_those_of_the_guide():
    """Classes of 1, 2, 3 and 4: ten people, four classes."""
    found = attacks(of_table(np.array([1, 2, 3, 4])), 0.33, None)
    assert found.members == 3
    assert found.prosecutor.highest == 1.0
    assert math.isclose(found.prosecutor.mean, 4 / 10)  # classes by people
    assert found.prosecutor.above == 3  # of ten people, in classes of one and two
    assert found.journalist == found.prosecutor  # the population is not known
    assert math.isclose(found.marketer, 4 / 10)


def test_in_a_known_population_the_journalist_reaches_less():
    sizes = of_table(np.array([1, 1, 2, 4, 8, 16, 32]))
    people = population(sizes, sizes.all * 50)
    found = attacks(sizes, 0.09, people)
    assert found.journalist.highest < found.prosecutor.highest
    assert found.marketer < found.prosecutor.mean
    assert found.journalist.mean >= found.marketer


@pytest.mark.parametrize("drawn", [0.001, 0.05, 0.3, 0.5, 0.7, 0.99])
def test_the_mean_of_one_by_the_size_in_the_population_is_its_integral(drawn):
    sizes = np.array([1, 2, 3, 7, 40])
    v = (np.arange(2_000_000) + 0.5) / 2_000_000
    for size, told in zip(sizes, inverse_sizes(sizes, drawn), strict=True):
        wanted = drawn * np.mean(v ** (size - 1) / (drawn + (1 - drawn) * v))
        assert told == pytest.approx(wanted, rel=2e-3)


def test_who_is_all_of_the_population_is_not_estimated():
    sizes = of_table(np.array([1, 1, 2, 4]))
    assert inverse_sizes(sizes.sizes, 1.0).tolist() == [1.0, 0.5, 0.25]
    assert zayatz(sizes, sizes.all) == pitman(sizes, sizes.all) == 2 / 8


@pytest.mark.parametrize("drawn", [0.05, 0.3, 0.6])
def test_population_uniqueness_is_estimated_near_the_truth(drawn):
    """Classes of a population of 200,000 people by a power law; the sample is simple and random."""
    rng = np.random.default_rng(5)
    people = rng.zipf(1.25, 200_000) % 80_000
    counts = np.unique(people, return_counts=True)[1]
    truth = (counts == 1).sum() / len(people)
    sample = rng.choice(people, int(drawn * len(people)), replace=False)
    sizes = of_table(np.unique(sample, return_counts=True)[1])
    told = population(sizes, len(people))
    assert told.by == ("pitman" if drawn <= 0.1 else "zayatz")
    assert told.estimate == pytest.approx(truth, rel=0.35)
    assert told.estimate > 0.9 * truth


def test_no_one_is_unique_in_the_population_who_is_not_here():
    sizes = of_table(np.array([5, 9, 20]))
    assert zayatz(sizes, 10_000) == pitman(sizes, 10_000) == 0.0


COUNTS = st.lists(st.integers(1, 60), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(COUNTS)
def test_no_count_of_people_from_1_to_10_is_told_nor_follows(sizes):
    found = of_table(np.array(sizes))
    told = bands(found, (11,))
    hidden = [band for band in told if isinstance(band.people, str)]
    for band in told:
        assert not (isinstance(band.people, int) and 0 < band.people < 11)
        assert isinstance(band.classes, int) == isinstance(band.people, int)
    known = sum(band.people for band in told if isinstance(band.people, int))
    if len(hidden) == 1:  # its count is what is left
        assert found.all - known >= 11
    for size in (2, 3, 5, 11):
        below = told_below(told, size, found.all)
        assert not (isinstance(below, int) and 0 < below < 11)
        if isinstance(below, int):
            assert below == found.below(size)


def test_a_share_is_told_with_its_count_or_not_at_all():
    assert share(50, 200) == 0.25
    assert share("<11", 200) == "<11"


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["x", "y", ""]), st.sampled_from(["1", ""])),
    min_size=2,
    max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_missing_value_may_be_taken_to_agree_with_every_other(rows):
    counts = counted(pd.DataFrame(rows, columns=["one", "two", "three"]), ["one", "two", "three"])
    found = matching(counts.classes().held)
    sizes = [
        sum(all(not a or not b or a == b for a, b in zip(row, other, strict=True)) for other in rows)
        for row in rows
    ]  # fmt: skip
    assert found.least == min(sizes)
    assert found.below(4) == sum(size < 4 for size in sizes)
    assert found.least >= assess(counts, Asked(HERE, suggest=False)).least


def test_missing_values_that_agree_are_what_is_measured_where_that_is_asked_for():
    frame = pd.DataFrame({"a": ["x"] * 12 + ["y"] * 12 + [""] * 2, "b": ["z"] * 26})
    counts = counted(frame, ["a", "b"])
    strict = assess(counts, Asked(HERE, suggest=False))
    loose = assess(counts, Asked(HERE, suggest=False, agrees=True))
    assert (strict.least, strict.loosened.least) == (2, 14)
    assert (loose.least, loose.agrees, loose.loosened) == (14, True, None)


def spread_of(name, values):
    made = Spread(Coder(0, name))
    for at in range(0, len(values), 7):
        made.add(encoded(values[at : at + 7]))
    return made


def test_no_column_is_called_harmless_without_a_reason():
    for role in ("age", "date", "geography", "quasi-identifier", "unknown", "category", "clinical",
                 "code", "measurement", "direct identifier", "free text", "empty"):  # fmt: skip
        told = candidate(spread_of("c", ["a", "b"] * 20), 40, role, "how it was judged")
        assert told.why
        assert told.how
        assert "harmless" not in told.why


def test_a_proposal_tells_how_much_a_column_says():
    told = candidate(spread_of("sex", ["F", "M"] * 50), 100, "quasi-identifier", "its name")
    assert told.use == "quasi"
    assert (told.distinct, told.entropy) == (2, 1.0)
    assert told.rare == 0
    rare = candidate(spread_of("race", ["a"] * 95 + ["b"] * 5), 100, "quasi-identifier", "")
    assert rare.rare == "<11"


def test_a_key_and_a_constant_are_no_quasi_identifiers():
    keys = candidate(spread_of("x", [f"k{i}" for i in range(100)]), 100, "unknown", "")
    assert keys.use == "remove"
    dates = candidate(spread_of("dob", [f"k{i}" for i in range(100)]), 100, "date", "")
    assert dates.use == "quasi"
    one = candidate(spread_of("x", ["a"] * 50), 50, "geography", "")
    assert one.use == "neither"


def test_those_that_tell_most_are_proposed():
    made = [
        candidate(spread_of(f"c{i}", [str(n % (i + 2)) for n in range(60)]), 60, "category", "")
        for i in range(MOST + 3)
    ]
    assert proposed(made) == [f"c{i}" for i in range(3, MOST + 3)]
