"""Parquet: searched whole, and written so that nothing of what was removed is left."""

import base64
import datetime as dt
import decimal
import io
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from formats.reading import open_bytes
from formats.typed_copies import (
    blocks_of,
    cells_of,
    copied,
    error_of,
    parquet,
    read_parquet,
)
from phisweep.formats.base import ReadOptions, cell_address
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Source

GONE = "quillfeather"
moment = dt.datetime.fromisoformat
DAY = dt.date(2019, 3, 4)
TYPED = [
    (pa.int64(), [2155, None, -7], ["2155", "", "-7"]),
    (pa.float64(), [123456789.0, None, 6.1], ["123456789", "", "6.1"]),
    (pa.float64(), [float("nan"), 1e300, -0.5], ["", "1e+300", "-0.5"]),
    (pa.float32(), [1.1, None, 2.0], ["1.1", "", "2"]),
    (pa.decimal128(8, 2), [decimal.Decimal("12.50"), None, None], ["12.50", "", ""]),
    (pa.bool_(), [True, None, False], ["true", "", "false"]),
    (pa.date32(), [DAY, None, DAY], ["2019-03-04", "", "2019-03-04"]),
    (pa.timestamp("us"), [moment("2019-03-04"), None, None], ["2019-03-04", "", ""]),
    (
        pa.timestamp("ms", "America/New_York"),
        [dt.datetime(2019, 3, 4, 10, 5, tzinfo=dt.UTC), None, None],
        ["2019-03-04 10:05:00Z", "", ""],
    ),
    (pa.time64("us"), [dt.time(10, 5), None, None], ["10:05:00", "", ""]),
    (pa.string(), ["02155", "", None], ["02155", "", ""]),
    (pa.large_string(), ["02155", None, "a\nb"], ["02155", "", "a\nb"]),
    (pa.binary(), [b"02155", None, b"x"], ["02155", "", "x"]),
    (pa.null(), [None, None, None], ["", "", ""]),
]


@pytest.mark.parametrize(("type_", "values", "texts"), TYPED, ids=lambda x: str(x)[:30])
def test_every_type_is_read_as_text_and_stays_as_it_was_without_changes(type_, values, texts):
    table = pa.table({"x": pa.array(values, type_), "beside": ["a", "b", "c"]})
    data = parquet(table)
    assert cells_of("t.parquet", data)["x"] == texts
    copy, warnings = copied("t.parquet", data, {"b": "new"})
    made = read_parquet(copy)
    assert made.schema.equals(read_parquet(data).schema)
    assert str(made.column("x").to_pylist()) == str(read_parquet(data).column("x").to_pylist())
    assert (made.column("beside").to_pylist(), warnings) == (["a", "new", "c"], [])


def test_uuids_are_read_as_their_text_and_kept():
    one = uuid.UUID("12345678-1234-5678-1234-567812345678")
    table = pa.table({"x": pa.array([one.bytes, None], pa.uuid())})
    data = parquet(table)
    assert cells_of("t.parquet", data)["x"] == [str(one), ""]
    other = "00000000-0000-4000-8000-000000000001"
    made = read_parquet(copied("t.parquet", data, {str(one): other})[0])
    assert made.schema == table.schema
    assert str(made.column("x")[0].as_py()) == other


@pytest.mark.parametrize(
    ("type_", "value", "new", "expect"),
    [
        (pa.date32(), DAY, "2018-12-31", pa.date32()),
        (pa.date32(), DAY, "2019", pa.string()),
        (
            pa.timestamp("ns"),
            moment("2019-03-04T01:02"),
            "2018-12-31 01:02:00",
            pa.timestamp("ns"),
        ),
        (pa.timestamp("us"), moment("2019-03-04T01:02"), "[DATE]", pa.string()),
        (pa.int64(), 20190304, "20181231", pa.int64()),
        (pa.int32(), 2155, "021", pa.string()),
        (pa.int8(), 90, "900", pa.string()),
        (pa.float64(), 2155.0, "21", pa.float64()),
        (pa.float64(), 2155.0, "021", pa.string()),
        (pa.bool_(), True, "false", pa.bool_()),
        (pa.time32("ms"), dt.time(10, 5), "11:00:00", pa.time32("ms")),
        (pa.decimal128(6, 2), decimal.Decimal("1.50"), "1.5", pa.string()),
        (pa.large_string(), "a", "b", pa.large_string()),
        (pa.binary(), b"a", "b", pa.binary()),
        (pa.binary(1), b"a", "bcd", pa.binary()),
    ],
    ids=str,
)
def test_a_type_stays_where_it_holds_every_replacement_exactly(type_, value, new, expect):
    table = pa.table({"x": pa.array([value, None, value], type_)})
    data = parquet(table)
    (text,) = set(cells_of("t.parquet", data)["x"]) - {""}
    copy, warnings = copied("t.parquet", data, {text: new})
    made = read_parquet(copy)
    assert made.schema.field("x").type == expect
    assert cells_of("t.parquet", copy)["x"] == [new, "", new]
    assert made.column("x").null_count == 1
    said = expect == pa.string() or type_ == pa.binary(1)
    assert bool(warnings) == said


def test_a_column_that_must_become_text_in_its_last_rows_is_text_in_all():
    days = [dt.date(2019, 3, day) for day in range(1, 9)]
    data = parquet(pa.table({"x": days}), row_group_size=2)
    copy, _ = copied("t.parquet", data, {"2019-03-01": "2019-02-01", "2019-03-08": "[DATE]"})
    expect = ["2019-02-01", *map(str, days[1:-1]), "[DATE]"]
    assert read_parquet(copy).column("x").to_pylist() == expect


def test_no_removed_value_is_left_in_statistics_dictionaries_indexes_and_metadata():
    gone = pd.Categorical([GONE, "kept", GONE], categories=[GONE, "kept", "unused-" + GONE])
    frame = pd.DataFrame({f"of {GONE}": [GONE, "m", "a"], "c": gone})
    table = pa.Table.from_pandas(frame)
    table = table.replace_schema_metadata({**table.schema.metadata, "by": GONE})
    bloom = {f"of {GONE}": True}
    data = parquet(table, write_page_index=True, compression="none", bloom_filter_options=bloom)
    assert data.count(GONE.encode()) > 5
    new = {GONE: "[NAME]", f"of {GONE}": "of [NAME]"}
    copy, _ = copied("t.parquet", data, new)
    with pq.ParquetFile(io.BytesIO(copy)) as file:
        told = file.metadata.row_group(0).column(0)
        schema = file.metadata.metadata[b"ARROW:schema"]
    assert GONE.encode() not in copy + base64.b64decode(schema)
    assert told.statistics.max == "m"
    assert told.has_column_index


def test_a_dictionary_of_a_copy_holds_no_entry_that_no_row_uses():
    entries = pa.array([GONE, "b", "a"])
    coded = pa.DictionaryArray.from_arrays(pa.array([1, 2, None], pa.int8()), entries, ordered=True)
    data = parquet(pa.table({"x": coded}), compression="none")
    assert GONE.encode() in data
    copy, _ = copied("t.parquet", data, {})
    assert GONE.encode() not in copy
    made = read_parquet(copy).column("x")
    assert made.type == coded.type
    assert made.chunk(0).dictionary.to_pylist() == ["b", "a"]


def test_a_renamed_column_is_renamed_in_the_metadata_of_pandas_too():
    frame = pd.DataFrame({f"of {GONE}": [1, 2]}, index=pd.Index(["p", "q"], name=GONE))
    data = parquet(pa.Table.from_pandas(frame))
    new = {f"of {GONE}": "a", GONE: "b"}
    made = pd.read_parquet(io.BytesIO(copied("t.parquet", data, new)[0]))
    assert (list(made.columns), made.index.name, list(made.index)) == (["a"], "b", ["p", "q"])


def test_row_groups_codecs_and_versions_are_kept():
    table = pa.table({"a": ["x", "y", "z"], "b": [1, 2, 3]})
    how = {"compression": {"a": "zstd", "b": "none"}, "row_group_size": 2, "use_dictionary": ["a"]}
    data = parquet(table, **how)
    copy, _ = copied("t.parquet", data, {"x": "new", "a": "renamed"})
    with pq.ParquetFile(io.BytesIO(copy)) as file:
        told = file.metadata
        chunks = [told.row_group(0).column(i) for i in (0, 1)]
    assert [told.row_group(i).num_rows for i in range(told.num_row_groups)] == [2, 1]
    assert [chunk.compression for chunk in chunks] == ["ZSTD", "UNCOMPRESSED"]
    assert [chunk.has_dictionary_page for chunk in chunks] == [True, False]


@pytest.mark.parametrize("version", ["1.0", "2.6"])
def test_old_timestamps_of_twelve_bytes_stay_what_they_are(version):
    table = pa.table({"x": pa.array([moment("2019-03-04"), moment("9999-12-31")])})
    data = parquet(table, use_deprecated_int96_timestamps=True, version=version)
    assert cells_of("t.parquet", data)["x"] == ["2019-03-04", "9999-12-31"]
    copy, _ = copied("t.parquet", data, {"2019-03-04": "2019-01-01"})
    assert cells_of("t.parquet", copy)["x"] == ["2019-01-01", "9999-12-31"]
    with pq.ParquetFile(io.BytesIO(copy)) as file:
        assert file.metadata.row_group(0).column(0).physical_type == "INT96"


def test_rows_are_counted_through_the_file_and_groups_are_named():
    data = parquet(pa.table({"a{b}": list("vwxyz")}), row_group_size=2)
    columns = [b for b in blocks_of("t.parquet", data) if isinstance(b, Column)]
    assert cell_address(columns[1], 1) == "row group 2, row 4, column 1"
    assert [b.first for b in columns] == [1, 3, 5]


def test_the_memory_is_bounded_by_a_batch_and_not_by_a_row_group():
    data = parquet(pa.table({"a": [f"{i:0100d}" for i in range(5_000)]}), compression="none")
    options = ReadOptions(chunk_bytes=4_096)
    columns = [b for b in blocks_of("t.parquet", data, options) if isinstance(b, Column)]
    assert max(len(b.values) for b in columns) < 1_000
    copy, _ = copied("t.parquet", data, {f"{9:0100d}": "x"}, options)
    with pq.ParquetFile(io.BytesIO(copy)) as file:
        assert (file.metadata.num_row_groups, file.metadata.num_rows) == (1, 5_000)


def test_a_table_without_rows_or_columns_is_read_by_its_names():
    for table in (pa.table({GONE: pa.array([], pa.int8())}), pa.table({})):
        copy, _ = copied("t.parquet", parquet(table), {GONE: "x"})
        assert read_parquet(copy).schema.names == ["x"][: len(table.schema)]


def test_the_content_decides_before_the_suffix(tmp_path):
    data = parquet(pa.table({"x": [1]}))
    for name in ("a.csv", "a", "a.parquet"):
        source = Source(tmp_path / name, name, len(data), name, data)
        assert choose_format(source, ReadOptions()).name == "parquet"


def test_what_cannot_be_read_whole_is_an_error():
    data = parquet(pa.table({"x": [GONE] * 9}), compression="none")
    assert error_of("t.parquet", data[:-20]) == "E221"
    assert error_of("t.parquet", b"not that") == "E221"
    assert error_of("t.parquet", b"") == "E221"
    assert error_of("t.parquet", b"PARE" + data[4:-4] + b"PARE") == "E222"
    assert error_of("t.parquet", data[:4] + bytes(40) + data[44:]) == "E221"


def test_text_that_is_not_utf_8_is_an_error_and_not_quoted():
    entries = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 2], np.int32)), pa.py_buffer(b"\xff\xfe")]
    )
    assert error_of("t.parquet", parquet(pa.table({"x": entries}))) == "E203"


def test_a_source_that_changes_between_reading_and_writing_gets_no_copy(tmp_path):
    path = tmp_path / "t.parquet"
    path.write_bytes(parquet(pa.table({"x": ["a"]})))
    source = Source(path, path.name, path.stat().st_size, path.name)
    document = choose_format(source, ReadOptions()).open(source, ReadOptions())
    for part in document.parts():
        list(part.chunks())
    path.write_bytes(parquet(pa.table({"x": ["abc"]})))
    with pytest.raises(Exception, match="E201"):
        list(document.finish())
    document.close()


def test_a_copy_is_never_the_source_in_which_bytes_may_hide():
    document = open_bytes("t.parquet", parquet(pa.table({"x": [1]})))
    assert document.fidelity == "always"
    document.close()
