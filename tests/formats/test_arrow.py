"""Arrow files and streams: each batch as it was, dictionaries without what was removed."""

import io
import warnings

import pyarrow as pa
import pytest
from pyarrow import feather

from formats.typed_copies import cells_of, copied, error_of, ipc, texts_of
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.typed.messages import codec_of
from phisweep.model import Source

GONE = "quillfeather"
PERIOD = {"ARROW:extension:name": "pandas.period", "ARROW:extension:metadata": '{"freq": "M"}'}
KINDS = [
    ("t.arrow", pa.ipc.new_file, pa.ipc.open_file),
    ("t.arrows", pa.ipc.new_stream, pa.ipc.open_stream),
]
kinds = pytest.mark.parametrize(("name", "make", "opens"), KINDS, ids=["file", "stream"])


def table():
    entries = pa.array([GONE, "b", "a"])
    coded = pa.DictionaryArray.from_arrays(pa.array([1, 2, None], pa.int8()), entries, ordered=True)
    return pa.table(
        {
            "id": [1, 2, 3],
            "coded": coded,
            "view": pa.array(["q", None, "r"], pa.string_view()),
            "in lists": pa.array(
                [["x"], None, ["y", "x"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))
            ),
        }
    )


@kinds
@pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
def test_batches_types_and_codec_are_kept(name, make, opens, codec):
    data = ipc(table(), make, compression=codec)
    copy, warnings_ = copied(name, data, {})
    made = opens(io.BytesIO(copy)).read_all()
    assert (made.schema, made.to_pydict(), warnings_) == (table().schema, table().to_pydict(), [])
    assert codec_of(pa.BufferReader(copy), 8 if name == "t.arrow" else 0) == codec
    assert copied(name, copy, {})[0] == copy


@kinds
def test_a_dictionary_holds_only_what_rows_use_in_the_order_it_had(name, make, opens):
    data = ipc(table(), make)
    assert GONE.encode() in data
    copy, _ = copied(name, data, {"b": "new"})
    assert GONE.encode() not in copy
    made = opens(io.BytesIO(copy)).read_all().column("coded")
    assert made.to_pylist() == ["new", "a", None]
    assert made.type.ordered


def test_dictionaries_that_differ_from_batch_to_batch_are_one_in_a_copy():
    name, make, opens = KINDS[1]
    batches = [
        pa.record_batch([pa.array(words).dictionary_encode()], names=["x"])
        for words in (["a", "b"], ["c", GONE], ["a"])
    ]
    sink = io.BytesIO()
    with make(sink, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    copy, _ = copied(name, sink.getvalue(), {GONE: "[N]"})
    read = opens(io.BytesIO(copy)).read_all()
    assert [batch.to_pydict()["x"] for batch in read.to_batches()] == [
        ["a", "b"],
        ["c", "[N]"],
        ["a"],
    ]


@kinds
def test_what_is_said_of_a_batch_is_searched_and_kept(name, make, opens):
    batch = pa.record_batch({"x": ["a"]})
    sink = io.BytesIO()
    with make(sink, batch.schema) as writer:
        writer.write_batch(batch, custom_metadata={"by": GONE})
        writer.write_batch(batch, custom_metadata={"by": "nobody"})
    assert texts_of(name, sink.getvalue())["batch 1, metadata 1"] == GONE
    copy, _ = copied(name, sink.getvalue(), {GONE: "[N]"})
    reader = opens(io.BytesIO(copy))
    if name == "t.arrow":
        told = [reader.get_batch_with_custom_metadata(i)[1] for i in range(2)]
    else:
        told = [each[1] for each in reader.iter_batches_with_custom_metadata()]
    assert [dict(each) for each in told] == [{b"by": b"[N]"}, {b"by": b"nobody"}]


def test_what_is_said_of_a_file_is_searched_and_kept():
    batch = pa.record_batch({"x": ["a"]})
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, batch.schema, metadata={"by": GONE}) as writer:
        writer.write_batch(batch)
    copy, _ = copied("t.arrow", sink.getvalue(), {GONE: "[N]"})
    assert dict(pa.ipc.open_file(io.BytesIO(copy)).metadata) == {b"by": b"[N]"}


def test_a_column_of_runs_is_written_without_runs():
    runs = pa.compute.run_end_encode(pa.array(["a", "a", GONE]))
    copy, _ = copied("t.arrow", ipc(pa.table({"x": runs})), {GONE: "[N]"})
    assert pa.ipc.open_file(io.BytesIO(copy)).read_all().to_pydict() == {"x": ["a", "a", "[N]"]}


def test_feather_of_the_first_version_is_read_and_written_as_the_second():
    sink = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        feather.write_feather(pa.table({"x": [GONE, "b"]}), sink, version=1)
    copy, _ = copied("t.feather", sink.getvalue(), {GONE: "[N]"})
    assert feather.read_table(io.BytesIO(copy), use_threads=False).to_pydict() == {
        "x": ["[N]", "b"]
    }


@kinds
def test_the_content_decides_before_the_suffix(name, make, opens, tmp_path):
    data = ipc(table(), make)
    for other in ("a.csv", "a"):
        source = Source(tmp_path / other, other, len(data), other, data)
        assert choose_format(source, ReadOptions()).name == "arrow"


def test_a_stream_that_does_not_say_that_it_ends_is_an_error():
    data = ipc(table(), pa.ipc.new_stream)
    assert error_of("t.arrows", data) == ""
    assert error_of("t.arrows", data[:-8]) == "E221"
    assert error_of("t.arrows", data + data) == "E221"
    assert error_of("t.arrows", data[: len(data) // 2]) == "E221"
    assert error_of("t.arrow", ipc(table())[:-8]) == "E221"
    assert error_of("t.arrow", b"") == "E221"


def test_a_number_of_a_dictionary_that_is_out_of_bounds_is_an_error():
    indices = pa.array([0, 1], pa.int8())
    data = ipc(pa.table({"x": pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b"]))}))
    at = data.rindex(b"\0\1" + bytes(6))
    assert error_of("t.arrow", data[:at] + b"\0\x55" + data[at + 2 :]) == "E221"


def test_types_that_are_not_taken_apart_are_an_error():
    union = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array(["a"])])
    assert error_of("t.arrow", ipc(pa.table({"x": union}))) == "E223"
    period = pa.field("x", pa.int64(), metadata=PERIOD)
    assert error_of("t.arrow", ipc(pa.table({"x": [1]}, schema=pa.schema([period])))) == "E223"


def test_an_empty_table_and_long_batches_are_read_whole():
    assert cells_of("t.arrow", ipc(pa.table({"x": pa.array([], pa.string())}))) == {}
    rows = 150_000
    data = ipc(pa.table({"x": pa.array(range(rows), pa.int32())}))
    copy, _ = copied("t.arrow", data, {"7": "8"})
    made = pa.ipc.open_file(io.BytesIO(copy))
    before = pa.ipc.open_file(io.BytesIO(data)).num_record_batches
    assert (made.num_record_batches, made.read_all().num_rows) == (before, rows)
