"""Which keys are one subject's, however many there are, and in whatever order they came."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.subjects import groups


def key(number):
    """Keys that differ in their first byte, or their last, which may be zero."""
    return bytes([number % 7, *bytes(10), number // 7])


def joined(edges, own, folder):
    """The key that stands for each that is joined, and how many stand for several own keys."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(groups.TABLES)
        connection.executemany("INSERT OR IGNORE INTO edges VALUES (?, ?)", edges)
        several = groups.join(connection, own, folder)
        found = dict(connection.execute("SELECT key, root FROM roots"))
    return {k: found.get(k, k) for edge in edges for k in edge}, several


def connected(edges):
    """The groups that edges make, by going from one to the next."""
    left = {k for edge in edges for k in edge}
    while left:
        group, new = set(), {min(left)}
        while new:
            group |= new
            new = {k for edge in edges if group & {*edge} for k in edge} - group
        left -= group
        yield group


def test_keys_of_one_record_are_one_subject_through_any_chain(tmp_path):
    a, b, c, x, y, z = map(key, range(6))
    roots, several = joined([(b, x), (x, y), (c, z), (y, a)], [b + c], tmp_path)
    assert roots == {a: b, b: b, x: b, y: b, c: c, z: c}
    assert several == 0
    roots, several = joined([(b, x), (c, x)], [b + c], tmp_path)
    assert roots == {b: b, c: b, x: b}
    assert several == 1


@pytest.mark.parametrize("at_once", [1, 3, 1 << 14])
@given(
    edges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40),
    own=st.lists(st.integers(0, 40), max_size=20),
    r=st.randoms(use_true_random=False),
)
def test_the_key_that_stands_for_a_subject_is_the_same_in_any_order(
    edges, own, r, at_once, tmp_path_factory
):
    folder = tmp_path_factory.getbasetemp()
    pairs = [(key(a), key(b)) for a, b in edges]
    kept = [key(k) for k in own]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_AT_ONCE", at_once)
        once, several = joined(pairs, [b"".join(kept)], folder)
        turned = [(b, a) if r.random() < 0.5 else (a, b) for a, b in pairs]
        r.shuffle(turned)
        assert joined(turned, kept, folder) == (once, several)
    expected = {k: min(group & {*kept} or group) for group in connected(pairs) for k in group}
    assert once == expected
    assert several == sum(len(group & {*kept}) > 1 for group in connected(pairs))
