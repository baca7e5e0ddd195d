"""Where keys stand in the file of subjects, however many there are."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from phisweep.subjects import pages

KEYS = st.lists(
    st.one_of(
        st.binary(min_size=pages.KEY_BYTES, max_size=pages.KEY_BYTES),
        st.sampled_from([bytes(12), b"a" * 11 + b"\0", b"\xff" * 12]),
    ),
    max_size=200,
)


@given(rows=st.lists(KEYS, max_size=4), at_once=st.sampled_from([1, 7, 1 << 19]))
def test_every_key_is_found_where_it_was_entered_and_no_other_is(rows, at_once):
    expect: dict[bytes, list] = {}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(pages.TABLES)
        for number, keys in enumerate(rows):
            count = -(-len(keys) // pages.BLOCK)
            blocks = [bytes([number, i]).ljust(pages.KEY_BYTES, b"\0") for i in range(count)]
            name = bytes([number])
            pages.enter(connection, "facts", (name, b"".join(keys), b"".join(blocks)))
            for i, key in enumerate(keys):
                place = blocks[i // pages.BLOCK], i % pages.BLOCK
                expect.setdefault(key, []).append(place)
        before, pages._AT_ONCE, pages._PAGE = (pages._AT_ONCE, pages._PAGE), at_once, 3
        try:
            pages.build(connection, "facts", Path(tempfile.gettempdir()))
        finally:
            pages._AT_ONCE, pages._PAGE = before
        for key, places in expect.items():
            assert sorted(pages.places(connection, "facts", key)) == sorted(places)
        assert pages.places(connection, "facts", b"nobody's key") == []
        assert pages.places(connection, "own", b"nobody's key") == []


def test_all_keys_are_read_once_however_many_parts_they_are_sorted_in(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "_AT_ONCE", 10)
    asked = []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(pages.TABLES)
        for number in range(50):
            keys = b"".join(bytes([5 * number + i]) * 12 for i in range(5))
            pages.enter(connection, "own", (bytes([number]), keys, b""))
        connection.set_trace_callback(asked.append)
        pages.build(connection, "own", tmp_path)
        connection.set_trace_callback(None)
        assert all(pages.places(connection, "own", bytes([n]) * 12) for n in range(250))
    assert sum(each.startswith("SELECT keys, blocks FROM told") for each in asked) == 1
    assert not [*tmp_path.iterdir()]
