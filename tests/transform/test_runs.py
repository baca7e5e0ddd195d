"""Runs of pages: what is in them is found, and nothing else."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.transform import runs


@pytest.fixture(name="file")
def _file():
    with closing(sqlite3.connect(":memory:")) as file:
        file.executescript(runs.TABLES)
        yield file


def digest(number: int) -> bytes:
    return (number * 0x9E3779B97F4A7C15 % (1 << 128)).to_bytes(16, "little")


ENTRIES = st.dictionaries(st.binary(min_size=16, max_size=16), st.integers(0, (1 << 64) - 1))


@given(ENTRIES)
def test_entries_are_the_same_when_they_are_unpacked(entries):
    assert dict(runs.unpacked(runs.packed(entries))) == entries


def test_each_digest_is_found_while_runs_become_one(file):
    entries = [{digest(n): n for n in range(first, first + 500)} for first in range(0, 6_000, 500)]
    for each in entries:
        runs.seal(file, each)
    every = {key: value for each in entries for key, value in each.items()}
    asked = [*sorted(every), *(digest(n) for n in range(7_000, 7_100))]
    for _ in range(300):
        runs.merge(file)
        assert runs.find(file, asked[::7]) == {
            key: every[key] for key in asked[::7] if key in every
        }
    assert runs.find(file, asked) == every
    # Twelve of the least: three fours.
    assert file.execute("SELECT level, COUNT(*) FROM runs GROUP BY level").fetchall() == [(1, 3)]
    assert file.execute("SELECT SUM(LENGTH(entries)) FROM pages").fetchone() == (6_000 * 24,)


def test_a_digest_that_stands_across_two_others_is_told_from_one_that_is_there(file):
    one, two = bytes(15) + b"\1", bytes(16)
    across, absent = (one + two)[1:17], (one + two)[2:18]
    runs.seal(file, {one: 1, two: 2, across: 3})
    assert runs.find(file, [one, two, across, absent]) == {one: 1, two: 2, across: 3}
