"""What is gathered of pieces, joined, is what is gathered of the whole."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.usefulness import spread
from phisweep.usefulness.distinct import Distinct
from phisweep.usefulness.intervals import Sample, ranks

PARTS = st.lists(st.lists(st.integers(0, 40), max_size=30), min_size=1, max_size=5)


def of(values):
    return np.array(values, np.uint64) * np.uint64(0x9E3779B97F4A7C15)


@settings(max_examples=200, deadline=None)
@given(PARTS, st.integers(1, 60))
def test_distinct_values_are_counted_alike(parts, exact):
    whole, joined = Distinct(exact), Distinct(exact)
    for values in parts:
        whole.add(of(values))
        piece = Distinct(exact)
        piece.add(of(values))
        joined.join(piece)
    assert (joined.count(), joined.estimated) == (whole.count(), whole.estimated)


@settings(max_examples=100, deadline=None)
@given(PARTS, st.integers(1, 50))
def test_the_same_rows_are_sampled(parts, size):
    whole, joined, first = Sample(size), Sample(size), 0
    for values in parts:
        rank, told = ranks(first, len(values)), np.array(values, np.int64)
        whole.add(rank, told)
        piece = Sample(size)
        piece.add(rank, told)
        joined.join(piece)
        first += len(values)
    assert joined.quantiles(1000) == whole.quantiles(1000)


def test_spreads_are_added():
    whole, joined = spread.of_years(2026), spread.of_years(2026)
    for begin in (0, 40, 80):
        bands = np.arange(begin, begin + 60) % 70 + 100
        rows = np.full(60, 11)
        piece = spread.of_years(2026)
        for each in (whole, piece):
            each.add(bands, bands, rows)
        joined.join(piece)
    assert joined.figures("column 1") == whole.figures("column 1") is not None
