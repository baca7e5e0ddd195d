"""What becomes of a data frame: its dtypes, its index, its names, and what nobody sees of it."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import phisweep
from phisweep.detect.columns import ColumnJudge
from phisweep.frames.encoding import Table, cells_of

SSN = ["987-65-4320", "987-65-4321", "987-65-4320"]
SHIFT = """
id: shift
extends: limited-data-set
method: limited-data-set
treatments: {date: {action: generalize, operator: date-shift}}
"""


@pytest.fixture(autouse=True)
def _small(small_rules):
    pass


@pytest.fixture
def deid():
    return lambda frame, **more: phisweep.deidentify_frame(frame, **more)[0]


@pytest.fixture
def shift(tmp_path):
    """De-identify a frame with dates moved, and what is not about dates as it was."""
    path = tmp_path / "shift.yaml"
    path.write_text(SHIFT)
    detector = phisweep.Detector(policy=str(path), key=b"k" * 32)
    return lambda frame: detector.deidentify_frame(frame, subject="mrn")[0]


# Texts


@pytest.mark.parametrize(
    "column",
    [
        pd.to_datetime(["2024-03-04", None, "1999-01-02"]),
        pd.to_datetime(["2024-03-04 10:11:12.5", None, "1999-01-02"], format="mixed"),
        pd.to_datetime(["2024-03-04", "1999-01-02"]).tz_localize("America/New_York"),
        pd.to_timedelta(["3 days", "4 days 01:00:00"]),
        pd.period_range("2024-01", periods=2, freq="M"),
        [1.5, 2, None],
        [1e20, 1e-7, 0.1 + 0.2],
        pd.array([1, None], dtype="Int64"),
        pd.array([True, None], dtype="boolean"),
        pd.array(["x", None, "x"], dtype="string"),
        pd.Categorical(["b", None, "a"], categories=["c", "b", "a"]),
        pd.Series([dt.date(2024, 1, 2), None, 1, 1.0, True], dtype=object),
    ],
    ids=lambda c: str(getattr(c, "dtype", "list")),
)
def test_a_column_is_read_as_it_would_be_written(column):
    series = pd.Series(column)
    cells = cells_of(series)
    written = series.to_csv(index=False, header=False).replace('""', "").splitlines()
    assert [cells.texts[code] for code in cells.codes] == written
    assert cells.missing.tolist() == series.isna().tolist()


def test_whole_floats_of_which_some_are_missing_are_whole_numbers():
    assert cells_of(pd.Series([41776.0, None])).texts == ["41776", ""]
    assert cells_of(pd.Series([70.0, 71.0])).texts == ["70.0", "71.0"]
    assert cells_of(pd.Series([np.inf, None])).texts == ["inf", ""]


@pytest.mark.parametrize(
    "values", [["a,b", 'q"u\r\no', "", " "], ["", ""], ["x"], ["ü", "\ufeffz"]]
)
def test_a_csv_holds_every_cell_as_it_is(values):
    frame = pd.DataFrame({"a,\n": values})
    found = phisweep.deidentify_frame(frame)[0]
    pd.testing.assert_frame_equal(found, frame)


def test_what_no_text_file_holds_is_searched_all_the_same(deid):
    frame = pd.DataFrame({"w": pd.Series(["\ud800 ssn 987-65-4320", "a\0b"], dtype=object)})
    assert deid(frame)["w"].tolist() == ["\ufffd ssn [SSN]", "a\0b"]


# Dtypes


def test_dates_become_years_as_text_and_what_is_missing_stays_so(deid):
    after = deid(pd.DataFrame({"dob": pd.to_datetime(["1920-01-02", None, "1980-02-03"])}))
    assert after["dob"].isna().tolist() == [False, True, False]
    assert after["dob"][0].startswith("<=")
    assert after["dob"][2] == "1980"


@pytest.mark.parametrize(
    "dtype",
    [
        "datetime64[ns]",
        "datetime64[s]",
        "datetime64[us, America/New_York]",
        "datetime64[ns, UTC]",
        pd.ArrowDtype(pa.timestamp("us")),
    ],
    ids=str,
)
def test_moved_dates_stay_dates_of_their_unit_zone_and_time_of_day(shift, dtype):
    dates = pd.Series(pd.to_datetime(["2024-07-04 23:30", "2024-07-11 08:00", None]))
    if ", " in str(dtype):
        dates = dates.dt.tz_localize(str(dtype).partition(", ")[2].rstrip("]"))
    frame = pd.DataFrame({"mrn": ["4177601", "4177601", "4177602"], "admit_date": dates})
    frame["admit_date"] = frame["admit_date"].astype(dtype)
    after = shift(frame)["admit_date"]
    assert after.dtype == frame["admit_date"].dtype
    assert after.isna().tolist() == [False, False, True]
    walls = [v.tz_localize(None) if v.tzinfo else v for v in map(pd.Timestamp, after[:2])]
    assert walls[1] - walls[0] == pd.Timedelta("6 days 08:30:00")
    assert walls[0].time() == dt.time(23, 30)
    assert not (after[:2] == frame["admit_date"][:2]).any()


def test_dates_that_are_objects_are_moved_as_objects(shift):
    dates = [dt.date(2024, 7, 4), None, dt.date(2024, 7, 11)]
    frame = pd.DataFrame({"mrn": ["4177601"] * 3, "admit_date": pd.Series(dates, dtype=object)})
    after = shift(frame)["admit_date"].tolist()
    assert after[2] - after[0] == dt.timedelta(days=7)
    assert after[0] != dates[0]
    assert after[1] is None


@pytest.mark.parametrize("dtype", ["object", "str", "string", pd.ArrowDtype(pa.string())], ids=str)
def test_text_stays_text_of_its_kind(deid, dtype):
    frame = pd.DataFrame({"ssn": pd.Series([*SSN[:2], None], dtype=dtype)})
    after = deid(frame)["ssn"]
    assert after.dtype == frame["ssn"].dtype
    assert after.tolist()[:2] == ["[SSN]", "[SSN]"]
    assert after.isna()[2]


def test_numbers_become_text_where_one_of_them_changes(deid):
    frame = pd.DataFrame({"age": pd.array([45, 93, None], dtype="Int64"), "n": [1, 2, 3]})
    after = deid(frame)
    assert after["age"].tolist()[:2] == ["45", "90+"]
    assert after["age"].isna()[2]
    pd.testing.assert_series_equal(after["n"], frame["n"])


def test_objects_that_stay_are_the_same_objects(deid):
    frame = pd.DataFrame({"o": [1, True, ["ssn 987-65-4320"], {"a": 1}, None, "x"]})
    assert deid(frame)["o"].tolist() == [1, True, "['ssn [SSN]']", {"a": 1}, None, "x"]


def test_categories_are_those_that_rows_have_now(deid):
    frame = pd.DataFrame(
        {
            "ssn": pd.Categorical([SSN[0], None], categories=SSN[:2]),
            "ward": pd.Categorical(["B", "A"], categories=["A", "B", SSN[1]], ordered=True),
        }
    )
    after = deid(frame)
    assert after["ssn"].cat.categories.tolist() == ["[SSN]"]
    assert after["ward"].cat.categories.tolist() == ["A", "B"]
    assert after["ward"].cat.ordered


# Index and names


def test_an_index_is_searched_like_a_column(deid):
    frame = pd.DataFrame({"x": [1, 2, 3]}, index=pd.Index(SSN, name="ssn"))
    after, records = phisweep.deidentify_frame(frame)
    assert after.index.tolist() == ["[SSN]"] * 3
    assert after.index.name == "ssn"
    assert [r.where for r in records][:1] == ["record 1, column 2"]
    pd.testing.assert_frame_equal(after.reset_index(drop=True), frame.reset_index(drop=True))


def test_levels_of_an_index_forget_what_no_row_has(deid):
    index = pd.MultiIndex.from_arrays([SSN, ["a", "b", "c"]], names=["ssn", "k"])
    after = deid(pd.DataFrame({"x": [1, 2, 3]}, index=index)[:2])
    assert after.index.tolist() == [("[SSN]", "a"), ("[SSN]", "b")]
    clean = pd.MultiIndex.from_arrays([["x", SSN[0]], [1, 2]])
    after = deid(pd.DataFrame({"x": [1, 2]}, index=clean)[:1])
    assert [list(level) for level in after.index.levels] == [["x"], [1]]


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(3),
        pd.RangeIndex(5, 8),
        pd.Index([7, 8, 9]),
        pd.Index(["a", "b", "c"], name="k"),
    ],
    ids=str,
)
def test_an_index_in_which_nothing_is_found_stays(deid, index):
    frame = pd.DataFrame({"ssn": SSN}, index=index)
    pd.testing.assert_index_equal(deid(frame).index, index, exact=True)


def test_names_of_columns_are_searched(deid):
    frame = pd.DataFrame([[1, 2, 3]], columns=["Ms. Quillfeather", "2024-03-04", 7])
    assert list(deid(frame).columns) == ["Ms. [NAME]", "2024", 7]
    dates = pd.DataFrame([[1, 2]], columns=pd.to_datetime(["2024-03-04", "2025-03-04"]))
    assert list(deid(dates).columns) == ["2024", "2025"]


def test_names_that_look_like_data_are_names_all_the_same(deid):
    frame = pd.DataFrame({"2019": [2019, 2020], "ssn": SSN[:2], "7": [1, 2]})
    assert Table.of(frame).header == ("column 2019", "ssn", "column 7")
    after = deid(frame)
    assert list(after.columns) == ["2019", "ssn", "7"]
    assert after["ssn"].tolist() == ["[SSN]"] * 2


def test_a_name_of_several_levels_is_read_as_one(deid):
    columns = pd.MultiIndex.from_tuples([("visit", "admit_date"), ("", "ssn"), ("x", "y")])
    frame = pd.DataFrame([["2024-03-04", SSN[0], 1], ["2023-03-04", SSN[1], 2]], columns=columns)
    after = deid(frame, columns={"x_y": {"action": "tag"}})
    assert after.to_numpy().tolist() == [
        ["2024", "[SSN]", "[OTHER_ID]"],
        ["2023", "[SSN]", "[OTHER_ID]"],
    ]
    pd.testing.assert_index_equal(after.columns, columns)


def test_what_nobody_looked_at_stays_behind(deid):
    frame = pd.DataFrame({"x": [1]})
    frame.attrs["patient"] = "Ms. Quillfeather"
    assert deid(frame).attrs == {}
    assert frame.attrs


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(index=[1, 2]),
        pd.DataFrame({"dob": pd.Series([], dtype="datetime64[ns]"), "ssn": []}),
        pd.DataFrame({"c": pd.Categorical([None, None])}),
        pd.DataFrame({"ssn": [None, None]}, index=["a", "b"]),
    ],
)
def test_frames_without_values_come_back_equal(deid, frame):
    pd.testing.assert_frame_equal(deid(frame), frame)


# Size, and records


def test_a_distinct_value_is_examined_once(monkeypatch):
    seen = []
    find = ColumnJudge.find
    monkeypatch.setattr(
        ColumnJudge, "find", lambda judge, value: (seen.append(value), find(judge, value))[1]
    )
    frame = pd.DataFrame({"note": ["ssn 987-65-4320", "well", "fax 617-555-0123"] * 20_000})
    after, records = phisweep.deidentify_frame(frame)
    assert len(records) == 40_000
    assert after["note"].nunique() == 3
    assert len(seen) < 30


def test_records_are_a_sequence_that_is_made_when_it_is_asked_for():
    frame = pd.DataFrame({"ssn": SSN, "note": ["x", "ssn 987-65-4320, 617-555-0123", None]})
    records = phisweep.scan_frame(frame)
    assert len(records) == 5
    assert [r.where for r in records] == [
        "record 1, column 1",
        "record 2, column 1",
        "record 3, column 1",
        "record 2, column 2",
        "record 2, column 2",
    ]
    assert records[-1] == records[4] == [*records][4]
    assert records[3].start == 4
    assert records[1:3] == [records[1], records[2]]
    assert records == list(records)
    assert records != [*records][:4]
    assert "987" not in repr([*records])
    with pytest.raises(IndexError):
        records[5]


def test_frames_with_names_that_are_no_file_names_are_done():
    frame = pd.DataFrame({"ssn": SSN})
    frames = {"../x": frame, "a/b": frame, 3: frame, "frame 1": frame, "A": frame, "a": frame}
    done = phisweep.deidentify_frames(frames)
    assert list(done.frames) == list(frames)
    assert all(f["ssn"].tolist() == ["[SSN]"] * 3 for f in done.frames.values())
    assert len({r.source for r in done.records}) == len(frames)
    assert len(phisweep.scan_frames(frames)) == len(done.records)
