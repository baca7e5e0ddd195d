"""What is too much to hold is written down, and gives the same."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest

from phisweep.risk import gathering
from phisweep.risk.assess import Asked, assess
from phisweep.risk.coding import Coder, TooManyValuesError
from phisweep.risk.gathering import Gatherer
from phisweep.risk.grouping import Table
from phisweep.risk.sizes import sizes_of
from risk.counting import HERE, adult_like, counted, encoded


@pytest.fixture
def small_room(monkeypatch):
    """Rooms of 150 distinct rows."""
    monkeypatch.setattr(gathering, "_LEAST", 100)
    monkeypatch.setattr(Gatherer, "__init__", _with_room(Gatherer.__init__))


def _with_room(init):
    def made(self, *given, **named):
        init(self, *given, **named | {"room": 150})

    return made


QUASI = ["age", "education", "race"]


@pytest.mark.parametrize(("subject", "quasi"), [(None, QUASI), ("who", ["age", "race"])])
def test_rows_that_are_written_down_give_the_same_figures(tmp_path, monkeypatch, subject, quasi):
    frame = adult_like(700)
    frame["who"] = np.random.default_rng(1).integers(0, 400, len(frame))
    held = figures(frame, quasi, subject, tmp_path)
    monkeypatch.setattr(gathering, "_LEAST", 100)
    monkeypatch.setattr(Gatherer, "__init__", _with_room(Gatherer.__init__))
    rows = counted(frame, quasi, ["occupation"], subject, folder=tmp_path)
    assert rows.tables.parts
    assert figures(frame, quasi, subject, tmp_path) == held


def figures(frame, quasi, subject, folder):
    rows = counted(frame, quasi, ["occupation", "hours"], subject, folder=folder)
    asked = Asked(HERE, k=5, left_out=0.1, population=90_000, folder=folder)
    found = assess(rows, asked)
    told = [
        (t.diversity.distinct, round(t.diversity.entropy, 9), t.diversity.poor, round(t.closeness.distance, 9))
        for t in found.told
    ]  # fmt: skip
    best = [(b.node, b.loss, b.left_out, b.bands) for b in found.suggestions.best]
    return (
        found.least,
        found.bands,
        found.driven,
        told,
        best,
        round(found.attacks.prosecutor.mean, 9),
    )


def test_what_was_written_down_goes_with_its_last_reader(tmp_path, small_room):
    rows = counted(adult_like(2_000), QUASI, folder=tmp_path)
    assert list(tmp_path.rglob("*.rows"))
    del rows
    assert not list(tmp_path.rglob("*.rows"))


def test_no_value_is_written_down(tmp_path, small_room):
    rows = counted(adult_like(2_000), QUASI, ["occupation"], folder=tmp_path)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.rows"))
    assert rows.tables.parts
    assert not any(word in written for word in (b"Private", b"Bachelor", b"Sales", b"White"))


def test_a_column_of_too_many_values_is_hashed_and_its_classes_are_the_same():
    frame = pd.DataFrame({"a": [f"v{i % 700}" for i in range(2_000)], "b": ["x", "y"] * 1_000})
    with pytest.raises(TooManyValuesError) as told:
        counted(frame, ["a", "b"], most=500)
    assert told.value.column == 0
    wide = counted(frame, ["a", "b"], most=500, wide=frozenset({0}))
    plain = counted(frame, ["a", "b"])
    one, other = (sizes_of(rows, rows.classes()) for rows in (wide, plain))
    assert [each.tolist() for each in astuple(one)] == [each.tolist() for each in astuple(other)]
    found = assess(wide, Asked(HERE, left_out=0.0))
    assert found.columns[0].distinct is None
    assert found.suggestions.best[0].steps[0].words == "removed"


def test_blanks_and_spellings_of_nothing_do_not_make_values():
    coder = Coder(0, "a")
    codes = coder.codes(encoded(["x", " x ", "", "NA", "null", " ? ", "other", "unknown"]))
    assert codes.tolist() == [1, 1, 0, 0, 0, 0, 2, 3]


def test_no_sum_of_weights_is_lost():
    made = Gatherer(1)
    rng = np.random.default_rng(3)
    total = 0
    for _ in range(20):
        codes = rng.integers(0, 50, 1_000)
        weights = rng.integers(1, 1_000, 1_000)
        total += int(weights.sum())
        made.add(Table((codes,), (weights,)))
    assert sum(int(table.rows.sum()) for table in made.finish()) == total
