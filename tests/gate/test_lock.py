"""Drift: what nobody has approved is told, and what is gone is none."""

import pytest

from phisweep.errors import UsageError
from phisweep.gate.lock import SCHEMA, Lock, Place, drift, load

BEFORE = Lock({"a.csv": {"name": Place("direct identifier", ("A",)), "dose": Place("measurement")}})


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({}, []),
        ({"a.csv": {"name": Place("direct identifier", ("A",))}}, []),
        ({"b.csv": {}}, ["b.csv: no such file was approved"]),
        (
            {"a.csv": {"phone": Place("direct identifier", ("D",))}},
            ["a.csv: phone is new, it holds (D)"],
        ),
        ({"a.csv": {"arm": Place("category")}}, ["a.csv: arm is new"]),
        (
            {"a.csv": {"dose": Place("measurement", ("C", "G"))}},
            ["a.csv: dose holds (C), (G), which it did not"],
        ),
        ({"a.csv": {"dose": Place("text")}}, ["a.csv: dose was measurement and is text"]),
    ],
)
def test_what_is_new_is_told(after, told):
    assert list(drift(BEFORE, Lock(after))) == told


def test_it_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "phisweep.lock"
    for lock in (BEFORE, Lock(), Lock({"a": {}})):
        path.write_text(lock.dump())
        assert load(path) == lock
        assert load(path).dump() == lock.dump()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": "phisweep-lock/9", "files": {}}', f'{{"schema": "{SCHEMA}"}}',
             f'{{"schema": "{SCHEMA}", "files": {{"a": {{"b": 1}}}}}}']
)  # fmt: skip
def test_what_is_no_lock_is_an_error(tmp_path, text):
    path = tmp_path / "phisweep.lock"
    path.write_text(text)
    with pytest.raises(UsageError, match="E190"):
        load(path)


def test_the_gate_fails_on_a_new_column_until_it_is_approved(run, tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "a.csv"
    path.write_text("dose,unit\n" + "12,mg\n" * 5)
    assert run("gate", "data", "--approve").status == 0
    assert run("gate", "data").status == 0
    path.write_text("dose,unit,ward\n" + "12,mg,north\n" * 5)
    ran = run("gate", "data")
    assert ran.status == 1
    assert "data/a.csv: ward is new" in ran.err
    assert run("gate", "data", "--approve").status == 0
    assert run("gate", "data").status == 0
    assert "north" not in (tmp_path / "phisweep.lock").read_text()
