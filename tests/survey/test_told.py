"""What rows say of subjects, taken in by columns, is what it would be row by row."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.linking import Links
from phisweep.keys import Key
from phisweep.model import Column, Location
from phisweep.subjects.store import Naming, Subjects
from phisweep.subjects.whose import Whose
from phisweep.survey.told import Told

NAMING = Naming.of(Key(b"k" * 32))
KEYS = st.sampled_from(["0012", "12", " 34", "34", "x-9", "N/A", "", "unknown"])
WORDS = st.sampled_from(["", " ", "Quill", "Quill ", "Feather", "Ash"])


def column(label, values, index, dictionary=()):
    encoded = pa.array([*dictionary, *values]).dictionary_encode()[len(dictionary) :]
    return Column(Location("a.csv", f"column {index + 1}"), label, encoded, index=index, first=1)


def rows_of(keys, *, unused=()):
    whose = Whose(Links(), "a.csv")
    columns = [column("mrn", keys, 0, unused)]
    return whose.rows(columns, lambda _: "mrn", "a.csv")


@pytest.mark.parametrize("keys", [["1", "2", "1"], ["1", "N/A", " 2"], ["N/A"], ["0", "0", ""]])
def test_each_row_has_its_own_key_and_values_of_no_row_are_none(keys):
    rows = rows_of(keys, unused=["77", "-"])
    wanted = [None if key in {"N/A", ""} else key.strip() for key in keys]
    assert [rows.keys[i] if i >= 0 else None for i in rows.indices.tolist()] == wanted
    assert len(rows) == len(rows.keys) == len(set(keys))


@given(st.lists(st.tuples(KEYS, WORDS, WORDS), min_size=1, max_size=12))
def test_columns_tell_what_the_rows_tell_one_by_one(table):
    keys, surnames, cities = zip(*table, strict=True)
    rows = rows_of(list(keys))
    digests = NAMING.digests(rows.kind, rows.keys)
    told = Told(lambda _: None)
    parts = [("surname", column("a", surnames, 1)), ("city", column("b", cities, 2))]
    told.table(parts, rows, digests)
    found: dict[bytes, dict[str, set[str]]] = {}
    for digest, (names, values) in told.taken():
        for part, value in zip(names, values, strict=True):
            some = {value} if isinstance(value, str) else {*value}
            found.setdefault(digest, {}).setdefault(part, set()).update(some - {""})
    wanted: dict[bytes, dict[str, set[str]]] = {}
    for i, surname, city in zip(rows.indices.tolist(), surnames, cities, strict=True):
        if i >= 0:
            of = wanted.setdefault(digests[i], {"surname": set(), "city": set()})
            of["surname"] |= {surname.strip()} - {""}
            of["city"] |= {city.strip()} - {""}
    assert found == {digest: of for digest, of in wanted.items() if any(of.values())}


def test_digests_of_many_are_those_of_each():
    values = ["0012", "12", "AB-1", "\u0130x", "--", ""]
    assert NAMING.digests("", values) == [NAMING.digest("", v) if v else b"" for v in values]


def test_facts_of_rows_come_back_as_those_of_records(tmp_path):
    subjects = Subjects.create(tmp_path / "subjects.sqlite", Key(b"k" * 32))
    one, other = (subjects.naming.digest("", key) for key in ("1", "2"))
    listed = (("surname", "city"), (("Quill", "Ash"), ""))
    subjects.enter([], [one, other], [(one, listed), (other, {"city": "Saltmarsh"})])
    subjects.join()
    assert subjects.facts(one.hex()) == {"surname": ["Ash", "Quill"]}
    assert subjects.facts(other.hex()) == {"city": ["Saltmarsh"]}
    assert subjects.values(["city"], 9) == {"city": ["Saltmarsh"]}
    subjects.close()


def test_rows_without_a_subject_are_nobodys():
    rows = rows_of(["N/A", "", "unknown"])
    assert np.array_equal(rows.indices, [-1, -1, -1])
