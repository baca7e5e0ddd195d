"""What stands in a Parquet file beside plain columns: metadata, members of columns, bytes."""

import json

import pyarrow as pa

from formats.typed_copies import blocks_of, cells_of, copied, parquet, read_parquet, texts_of
from phisweep.model import Media

GONE = "quillfeather"


def test_metadata_is_searched_leaf_by_leaf_and_replaced_where_it_stands():
    inner = {"who": [GONE, 7], GONE: None}
    field = pa.field("x", pa.string(), metadata={"remark": GONE, "PARQUET:field_id": "3"})
    schema = pa.schema([field], metadata={"j": json.dumps(inner), GONE: "v", "raw": b"\xff\0"})
    data = parquet(pa.table({"x": ["a"]}, schema=schema))
    found = texts_of("t.parquet", data)
    assert sum(GONE in text for text in found.values()) == 4
    assert not any(GONE in address for address in found if "/" not in address)
    made = read_parquet(copied("t.parquet", data, {GONE: "[N]"})[0]).schema
    assert json.loads(made.metadata[b"j"]) == {"who": ["[N]", 7], "[N]": None}
    assert made.metadata[b"[N]"] == b"v"
    assert made.metadata[b"raw"] == b""
    assert made.field("x").metadata == {b"remark": b"[N]", b"PARQUET:field_id": b"3"}


def test_the_program_that_wrote_the_file_is_searched_and_is_not_in_a_copy():
    data = parquet(pa.table({"x": [1]}))
    assert texts_of("t.parquet", data)["created_by"].startswith("parquet-cpp")


def test_nested_columns_are_searched_by_their_members_and_replaced_in_place():
    names = [
        [{"family": GONE, "given": ["x", None]}, None],
        None,
        [],
        [{"family": None, "given": []}],
    ]
    table = pa.table(
        {
            "address": [{"city": "c", "zip": 2155}, None, {"city": None, "zip": None}, None],
            "name": names,
            "extra": pa.array(
                [[("ssn", "1"), (GONE, "2")], None, [], [("ssn", None)]],
                pa.map_(pa.string(), pa.string()),
            ),
            "pair": pa.array([[1.0, 2.0], None, [3.0, 4.0], None], pa.list_(pa.float32(), 2)),
        }
    )
    data = parquet(table, row_group_size=3)
    cells = cells_of("t.parquet", data)
    assert cells["city"] == ["c", "", "", ""]
    assert cells["family"] == [GONE, "", ""]
    assert cells["given"] == ["x", ""]
    assert cells["ssn"] == ["1", ""]
    assert cells["pair"] == ["1", "2", "3", "4"]
    new = {GONE: "[N]", "x": "y", "2155": "021", "1": "[SSN]"}
    made = read_parquet(copied("t.parquet", data, new)[0]).to_pylist()
    assert made[0]["address"] == {"city": "c", "zip": "021"}
    assert made[0]["name"] == [{"family": "[N]", "given": ["y", None]}, None]
    assert made[0]["extra"] == [("ssn", "[SSN]"), ("[N]", "2")]
    assert [row["name"] for row in made[1:]] == names[1:]
    assert [row["extra"] for row in made[1:]] == [None, [], [("ssn", None)]]


def test_what_lies_under_a_null_is_not_carried_into_a_copy():
    hidden = pa.StructArray.from_arrays(
        [pa.array([GONE, "b"])], names=["x"], mask=pa.array([True, False])
    )
    copy, _ = copied("t.parquet", parquet(pa.table({"s": hidden})), {})
    assert GONE.encode() not in copy
    assert read_parquet(copy).column("s").to_pylist() == [None, {"x": "b"}]


def test_binary_values_that_are_no_text_are_not_assessed_and_emptied():
    data = parquet(pa.table({"x": [b"\x89PNG\0\1", b"words", None]}))
    (media,) = [b for b in blocks_of("t.parquet", data) if isinstance(b, Media)]
    assert media.size == 6
    made = read_parquet(copied("t.parquet", data, {"words": "w"})[0])
    assert made.column("x").to_pylist() == [b"", b"w", None]
