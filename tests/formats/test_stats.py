"""Tables of SAS, Stata and SPSS: all of them is searched, and copies are Parquet."""

import datetime as dt
import io
import json
import struct

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

from formats.reading import open_bytes
from formats.typed_copies import blocks_of, cells_of, copied, error_of, read_parquet, texts_of
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.typed import statfiles
from phisweep.model import Column, Source

GONE = "quillfeather"
DAY = dt.date(1950, 1, 2)
FRAME = pd.DataFrame(
    {
        "name": [GONE, "", "b"],
        "dob": [None, DAY, dt.date(1960, 2, 3)],
        "zip": [2155.0, None, 1.0],
        "half": [0.5, 6.1, None],
        "code": [1.0, 2.0, 1.0],
    }
)
LABELS = ["who", f"birth of {GONE}", "ZIP", "half", "code"]
WRITERS = {
    "sav": pyreadstat.write_sav,
    "zsav": pyreadstat.write_sav,
    "dta": pyreadstat.write_dta,
    "xpt": pyreadstat.write_xport,
    "por": pyreadstat.write_por,
}
every = pytest.mark.parametrize("kind", WRITERS)


def made(tmp_path, kind, frame=FRAME, **how):
    path = tmp_path / f"made.{kind}"
    if kind == "zsav":
        how["compress"] = True
    WRITERS[kind](frame, str(path), **how)
    return path.read_bytes()


def named(kind):
    return f"t.{kind}"


@every
def test_cells_are_text_and_dates_are_iso(kind, tmp_path):
    cells = cells_of(named(kind), made(tmp_path, kind))
    found = {label.lower(): values for label, values in cells.items()}
    assert found["name"] == [GONE, "", "b"]
    assert found["dob"] == ["", "1950-01-02", "1960-02-03"]
    assert found["zip"] == ["2155", "", "1"]
    assert found["half"] == ["0.5", "6.1", ""]


@every
def test_a_copy_with_changes_is_parquet_with_clean_labels(kind, tmp_path):
    data = made(tmp_path, kind, column_labels=LABELS)
    new = {GONE: "[NAME]", f"birth of {GONE}": "birth", "1950-01-02": "1949-12-31", "2155": "021"}
    copy, warnings = copied(named(kind), data, new)
    table = read_parquet(copy)
    assert GONE.encode() not in copy
    rows = [[*row.values()] for row in table.to_pylist()]
    assert rows[0] == ["[NAME]", None, "021", 0.5, 1.0]
    assert rows[1] == ["", dt.date(1949, 12, 31), None, 6.1, 2.0]
    assert [f.metadata[b"label"].decode() for f in table.schema][:2] == ["who", "birth"]
    assert warnings == [
        "text in the copy, as their types cannot hold what replaces values: columns 3"
    ]
    with pq.ParquetFile(io.BytesIO(copy)) as file:
        assert file.metadata.num_rows == 3


@every
def test_the_content_decides_before_the_suffix(kind, tmp_path):
    data = made(tmp_path, kind)
    for other in ("a.csv", "a"):
        source = Source(tmp_path / other, other, len(data), other, data)
        assert choose_format(source, ReadOptions()).name == "stats"
        assert list(cells_of(other, data)) == list(cells_of(named(kind), data))


@every
def test_a_file_that_is_cut_off_is_an_error(kind, tmp_path):
    data = made(tmp_path, kind)
    assert error_of(named(kind), data) == ""
    assert error_of(named(kind), data[: len(data) // 2]) == "E224"
    assert error_of(named(kind), b"") == "E224"


def test_notes_file_labels_and_coded_values_are_searched(tmp_path):
    coded = {"code": {1: GONE, 2: "no"}, "name": {GONE: "somebody"}}
    told = {
        "file_label": f"by {GONE}",
        "note": f"{GONE} wrote this",
        "variable_value_labels": coded,
    }
    data = made(tmp_path, "sav", **told)
    found = [text for text in texts_of("t.sav", data).values() if GONE in text]
    assert sorted(found) == sorted([f"by {GONE}", f"{GONE} wrote this", GONE, GONE])
    new = {GONE: "[N]", f"by {GONE}": "by [N]", f"{GONE} wrote this": "[N] wrote this"}
    schema = read_parquet(copied("t.sav", data, new)[0]).schema
    assert schema.metadata[b"file label"] == b"by [N]"
    assert json.loads(schema.metadata[b"notes"]) == ["[N] wrote this"]
    assert json.loads(schema.field("code").metadata[b"value labels"]) == {"1": "[N]", "2": "no"}
    assert json.loads(schema.field("name").metadata[b"value labels"]) == {"[N]": "somebody"}


def test_sas_is_known_by_its_sign_and_read_to_its_end_or_not_at_all(tmp_path):
    data = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(1024)
    source = Source(tmp_path / "a.csv", "a.csv", len(data), "a.csv", data)
    assert choose_format(source, ReadOptions()).name == "stats"
    assert error_of("a.csv", data) == "E224"


def with_attributes(data, text):
    """Return a file of SPSS with attributes of an author, as an extension before the end."""
    end = data.index(struct.pack("<ii", 999, 0))
    body = f"author('{text}'\n)".encode()
    return data[:end] + struct.pack("<iiii", 7, 17, 1, len(body)) + body + data[end:]


def test_attributes_of_an_author_are_searched_and_kept_clean(tmp_path):
    data = with_attributes(made(tmp_path, "sav"), GONE)
    (found,) = [text for text in texts_of("t.sav", data).values() if GONE in text]
    copy, _ = copied("t.sav", data, {found: "author('[N]'\n)", GONE: "[N]"})
    assert read_parquet(copy).schema.metadata[b"attributes"] == b"author('[N]'\n)"


def test_counts_that_reach_beyond_the_end_are_an_error(tmp_path):
    data = made(tmp_path, "sav", note="a line")
    at = data.index(struct.pack("<ii", 6, 1)) + 4
    assert error_of("t.sav", data[:at] + b"\0\xa1" + data[at + 2 :]) == "E224"


def test_what_an_author_calls_missing_is_searched_all_the_same(tmp_path):
    missing = {"name": ["b"], "zip": [{"lo": 2155, "hi": 2155}]}
    data = made(tmp_path, "sav", missing_ranges=missing)
    cells = cells_of("t.sav", data)
    assert (cells["name"][2], cells["zip"][0]) == ("b", "2155")


def test_labels_are_the_names_of_the_variables_and_addresses_hold_no_value(tmp_path):
    data = made(tmp_path, "dta", column_labels=LABELS)
    blocks = blocks_of("t.dta", data)
    assert [b.label for b in blocks if isinstance(b, Column)] == list(FRAME.columns)
    assert not any(GONE in b.location.address for b in blocks)


def test_rows_are_read_in_chunks_and_a_late_first_date_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(statfiles, "FEWEST", 2)
    monkeypatch.setattr(statfiles, "MOST", 2)
    frame = pd.DataFrame({"a": list("vwxyz"), "d": [None] * 4 + [DAY], "n": [None] * 5})
    frame["n"] = frame["n"].astype(float)
    data = made(tmp_path, "sav", frame)
    columns = [b for b in blocks_of("t.sav", data) if isinstance(b, Column)]
    assert [b.first for b in columns if b.label == "a"] == [1, 3, 5]
    copy, warnings = copied("t.sav", data, {"1950-01-02": "1950-01-01", "w": "new"})
    assert (warnings, read_parquet(copy).column("d").to_pylist()[-1]) == ([], dt.date(1950, 1, 1))
    assert read_parquet(copy).column("a").to_pylist() == ["v", "new", "x", "y", "z"]


def test_a_date_that_no_calendar_has_is_an_error(tmp_path):
    frame = pd.DataFrame({"d": [1e15]})
    assert (
        error_of("t.sav", made(tmp_path, "sav", frame, variable_format={"d": "DATE11"})) == "E224"
    )


def test_a_transport_file_of_several_data_sets_is_an_error(tmp_path):
    one = made(tmp_path, "xpt", file_format_version=5)
    at = one.index(b"HEADER RECORD*******MEMBER")
    assert error_of("t.xpt", one) == ""
    assert error_of("t.xpt", one + one[at:]) == "E225"


def test_a_copy_without_changes_is_the_source(tmp_path):
    document = open_bytes("t.sav", made(tmp_path, "sav"))
    assert document.fidelity == "copy"
    document.close()
