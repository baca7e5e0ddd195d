"""Spark data frames give what the same frames of pandas give."""

import datetime as dt
import decimal
import warnings

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import phisweep
import phisweep.spark
from phisweep.errors import ComponentError, UsageError
from phisweep.frames.partition import FIELDS
from spark_jobs import CANARY

KEY = b"a secret that is long enough"
SCHEMA = (
    "mrn string, full_name string, dob date, seen timestamp, age int, weight double, ok boolean,"
    " cost decimal(9,2), note string"
)
NAMES = [name for name, _ in FIELDS if name != "explain"]
DAYS = st.dates(dt.date(1925, 1, 1), dt.date(2020, 12, 31))
NOTES = st.sampled_from(
    [
        "Seen on 03/04/2021, call 212-555-0187.",
        "No complaints, sleeps well.",
        "SSN 219-09-9999 is on file for Ida Featherstone.",
        "",
        None,
    ]
)


@st.composite
def rows(draw):
    """Rows of two people and more, of every type, some cells missing."""
    count = draw(st.integers(10, 30))
    clock = dt.time(10, 30) if draw(st.booleans()) else dt.time()
    broken = draw(st.booleans())
    made = []
    for i in range(count):
        weight = draw(st.one_of(st.none(), st.integers(40, 120)))
        seen = draw(st.one_of(st.none(), DAYS))
        made.append(
            (
                f"A10{draw(st.integers(0, 5)):05}",
                draw(st.sampled_from(["Ida Featherstone", "Tom Brightwater", None])),
                draw(st.one_of(st.none(), DAYS)),
                None if seen is None else dt.datetime.combine(seen, clock),
                draw(st.integers(1, 104)),
                None if weight is None else weight + 0.5 * broken,
                draw(st.booleans()),
                decimal.Decimal(i) / 4,
                draw(NOTES),
            )
        )
    return made


def pandas_of(frame):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pyspark asks pandas for is old
        return frame.toPandas()


def texts(frame):
    """The cells of a pandas frame as texts, None where nothing is."""
    return {
        name: [None if pd.isna(value) else str(value) for value in frame[name]]
        for name in frame.columns
    }


@settings(
    max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
)
@given(rows())
def test_what_is_found_and_what_is_left_is_that_of_pandas(session, made):
    frame = session.createDataFrame(made, SCHEMA).repartition(2).cache()
    same = pandas_of(frame)
    there, here = phisweep.spark.scan(frame, key=KEY), phisweep.scan_frame(same, key=KEY)
    assert sorted(tuple(row[name] for name in NAMES) for row in there.collect()) == sorted(
        tuple(getattr(record, name) for name in NAMES) for record in here
    )
    columns = {"mrn": {"action": "tag"}}
    new = phisweep.spark.deidentify(frame, key=KEY, profile="expert", columns=columns)
    expected, _ = phisweep.deidentify_frame(same, key=KEY, profile="expert", columns=columns)
    assert texts(pandas_of(new)) == texts(expected)
    frame.unpersist()
    new.unpersist()


def test_one_value_has_one_code_and_untouched_columns_keep_their_types(session):
    made = [(f"A10{i % 3:05}", i, [i], f"MRN A10{i % 3:05}", dt.date(1960, 1, 1)) for i in range(9)]
    schema = "mrn string, n long, several array<int>, note string, `dob of Ida Featherstone` date"
    frame = session.createDataFrame(made, schema).repartition(3)
    new = phisweep.spark.deidentify(frame, key=KEY)
    kinds = dict(new.dtypes)
    assert (kinds["mrn"], kinds["n"], kinds["several"]) == ("string", "bigint", "array<int>")
    done = new.collect()
    pairs = {(row["mrn"], row["note"]) for row in done}
    assert len(pairs) == 3
    assert all(note == f"MRN {mrn}" for mrn, note in pairs)
    assert sorted(row["several"][0] for row in done) == [*range(9)]
    new.unpersist()


def test_the_names_model_finds_in_a_frame_what_it_finds_in_that_of_pandas(session):
    note = "Ulrica Penhallow was seen by Agnes Quillfeather today."
    rows = [(1, note), (2, "No complaints."), (3, None)]
    frame = session.createDataFrame(rows, "n long, note string").coalesce(1).cache()
    same = pandas_of(frame)
    there = phisweep.spark.scan(frame, key=KEY, engine="full").collect()
    here = phisweep.scan_frame(same, key=KEY, engine="full")
    assert sorted(tuple(row[name] for name in NAMES) for row in there) == sorted(
        tuple(getattr(record, name) for name in NAMES) for record in here
    )
    assert any(row["rule"].startswith("names-model/") for row in there)
    new = phisweep.spark.deidentify(frame, key=KEY, engine="full")
    expected, _ = phisweep.deidentify_frame(same, key=KEY, engine="full")
    assert texts(pandas_of(new)) == texts(expected)
    assert not any("Penhallow" in (note or "") for note in texts(expected)["note"])
    frame.unpersist()
    new.unpersist()


def test_what_nobody_can_search_is_refused_and_no_error_holds_a_value(session):
    frame = session.createDataFrame([(CANARY.encode(),)], "picture binary")
    with pytest.raises(ComponentError, match="E446"):
        phisweep.spark.deidentify(frame, key=KEY)
    frame = session.createDataFrame([(CANARY,)], "name string")
    with pytest.raises(UsageError) as caught:
        phisweep.spark.scan(frame, columns={"nome": {"action": "tag"}})
    assert CANARY not in str(caught.value)


def test_an_empty_frame_stays_one(session):
    frame = session.createDataFrame([], "mrn string, n long")
    assert phisweep.spark.scan(frame, key=KEY).collect() == []
    new = phisweep.spark.deidentify(frame, key=KEY)
    assert new.collect() == []
    assert new.columns == ["mrn", "n"]
