"""Files of R: what its packages keep beside the cells is searched too."""

import bz2
import datetime as dt
import gzip
import json
import lzma
import struct

import numpy as np
import pandas as pd
import pyreadr
import pytest

from formats.reading import open_bytes
from formats.typed_copies import cells_of, copied, error_of, read_parquet, texts_of
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Source

GONE = "quillfeather"

# R: objects are written here by hand, for no library writes all that R does.

NOTHING = struct.pack(">i", 254)


def number(*values):
    return struct.pack(f">{len(values)}i", *values)


def chars(text):
    raw = text.encode()
    return number(0x8009, len(raw)) + raw


def flagged(kind, attributes):
    return kind | (0x200 if attributes else 0) | (0x100 if "class" in attributes else 0)


def pairs(members):
    tagged = [number(0x402, 1) + chars(key) + value for key, value in members.items()]
    return b"".join([*tagged, NOTHING])


def ended(attributes):
    return pairs(attributes) if attributes else b""


def strings(*values, **attributes):
    inner = b"".join(number(9, -1) if v is None else chars(v) for v in values)
    return number(flagged(16, attributes), len(values)) + inner + ended(attributes)


def whole(*values, **attributes):
    return number(flagged(13, attributes), len(values), *values) + ended(attributes)


def reals(*values, **attributes):
    inner = struct.pack(f">{len(values)}d", *values)
    return number(flagged(14, attributes), len(values)) + inner + ended(attributes)


def listed(*values, **attributes):
    return number(flagged(19, attributes), len(values)) + b"".join(values) + ended(attributes)


def framed(rows=("1", "2"), more=None, **columns):
    attributes = {
        "names": strings(*columns),
        "row.names": strings(*rows),
        "class": strings("data.frame"),
        **(more or {}),
    }
    return listed(*columns.values(), **attributes)


HEAD = b"X\n" + number(2, 0x30403, 0x20300)


def rds(value):
    return HEAD + value


def rdata(**objects):
    return b"RDX2\n" + HEAD + pairs(objects)


def test_what_r_knows_of_its_columns_is_read_as_it_is_meant():
    missing = -(2**31)
    long = np.array([7_000_000_001, -(2**63)], np.int64).view(np.float64).tolist()
    data = rds(
        framed(
            day=reals(17959.0, float("nan"), **{"class": strings("Date")}),
            whole_day=whole(17959, missing, **{"class": strings("Date")}),
            moment=reals(
                1551693900.5, 0.0, **{"class": strings("POSIXct"), "tzone": strings("UTC")}
            ),
            long=reals(*long, **{"class": strings("integer64")}),
            factor=whole(2, missing, levels=strings(GONE, "b"), **{"class": strings("factor")}),
            lists=listed(strings("x"), whole(1, 2)),
            text=strings("02155", None),
        )
    )
    assert cells_of("t.rds", data) == {
        "day": ["2019-03-04", ""],
        "whole_day": ["2019-03-04", ""],
        "moment": ["2019-03-04 10:05:00.5Z", "1970-01-01 00:00:00Z"],
        "long": ["7000000001", ""],
        "factor": ["b", ""],
        "lists": ['["x"]', "[1, 2]"],
        "text": ["02155", ""],
    }
    assert GONE in texts_of("t.rds", data).values(), "a level that no row has is searched"
    copy, _ = copied("t.rds", data, {"2019-03-04": "2019-01-01"})
    assert GONE.encode() not in copy
    assert read_parquet(copy).column("whole_day").to_pylist() == [dt.date(2019, 1, 1), None]


def test_labels_comments_and_names_of_rows_are_searched_and_kept_clean():
    coded = reals(1.0, 2.0, names=strings(GONE, "no"))
    data = rds(
        framed(
            rows=(GONE, "q"),
            more={"comment": strings(f"of {GONE}")},
            a=reals(1.0, 2.0, label=strings(f"label {GONE}"), labels=coded),
        )
    )
    found = {text for text in texts_of("t.rds", data).values() if GONE in text}
    assert found == {GONE, f"of {GONE}", f"label {GONE}"}
    new = {GONE: "[N]", f"of {GONE}": "of [N]", f"label {GONE}": "label [N]"}
    made_ = read_parquet(copied("t.rds", data, new)[0])
    assert made_.schema.metadata == {b"comment": b"of [N]"}
    assert made_.schema.field("a").metadata[b"label"] == b"label [N]"
    assert json.loads(made_.schema.field("a").metadata[b"value labels"]) == {"1": "[N]", "2": "no"}
    assert made_.column("rownames").to_pylist() == ["[N]", "q"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_packed_files_of_r_are_known_by_what_they_hold(pack, tmp_path):
    for data in (rds(framed(a=strings("x", "y"))), rdata(t=framed(a=strings("x", "y")))):
        packed = pack(data)
        source = Source(tmp_path / "a", "a", len(packed), "a", packed)
        assert choose_format(source, ReadOptions()).name == "stats"
        assert cells_of("a", packed) == {"a": ["x", "y"]}
        assert error_of("t.rds", packed[:-3]) in ("E224", "E226")


def test_lists_are_searched_and_then_the_file_is_incomplete():
    assert error_of("t.rds", rds(listed(strings(GONE), names=strings("who")))) == "E226"
    data = rdata(t=framed(a=strings("x", "y")), l=listed(strings(GONE)))
    assert error_of("t.RData", data) == "E226"
    assert error_of("t.rds", rds(number(3))) == "E226"


def test_several_tables_are_parts_and_have_no_copy():
    data = rdata(one=framed(a=strings("x", "y")), two=strings("p", "q", "r"))
    document = open_bytes("t.RData", data)
    parts = [(part.name, [c.write({}, {}) for c in part.chunks()]) for part in document.parts()]
    assert [name for name, _ in parts] == ["one", "two"]
    assert document.rows == 5
    with pytest.raises(Exception, match="E225"):
        list(document.finish())
    document.close()


def test_the_library_of_r_reads_the_same(tmp_path):
    path = tmp_path / "x.rds"
    pyreadr.write_rds(str(path), pd.DataFrame({"zip": [2155.0, None, 1.0]}), compress="gzip")
    assert cells_of("x.rds", path.read_bytes())["zip"] == ["2155", "", "1"]
    path.write_bytes(rds(framed(a=strings("x", None), b=reals(1.5, 2.0))))
    frame = pyreadr.read_r(str(path))[None]
    assert frame["b"].tolist() == [1.5, 2.0]


def test_text_of_another_encoding_is_an_error_until_it_is_named():
    broken = number(9, 2) + b"\xe9t"
    data = rds(framed(a=number(16, 2) + broken + chars("b")))
    assert error_of("t.rds", data) == "E203"
    assert cells_of("t.rds", data, ReadOptions(encoding="cp1252"))["a"] == ["ét", "b"]
