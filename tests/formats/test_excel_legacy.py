"""Workbooks that calamine reads: what is found in them, and the copy that is one of XLSX."""

import io
import struct
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from formats.reading import DEFAULT, open_bytes
from phisweep.errors import DocumentError
from phisweep.formats.base import Replaced, load
from phisweep.formats.choose import choose_format
from phisweep.formats.workbook.compound import has_password
from phisweep.formats.workbook.empties import empty
from phisweep.model import Column, Edit, Source, Text

SPACE = "urn:oasis:names:tc:opendocument:xmlns"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def ods(rows, name="Visits", manifest=""):
    """Return a spreadsheet of (type, value) cells."""

    def cell(kind, value):
        said = {"float": f'office:value="{value}"', "date": f'office:date-value="{value}"'}.get(
            kind, ""
        )
        return f'<table:table-cell office:value-type="{kind}" {said}><text:p>{value}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(cell(*c) for c in row)}</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{SPACE}:office:1.0" xmlns:table="{SPACE}:table:1.0"'
        f' xmlns:text="{SPACE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="{name}">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = (
        f'<manifest:manifest xmlns:manifest="{SPACE}:manifest:1.0">{manifest}</manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for member, data in (
            ("mimetype", kind),
            ("content.xml", content),
            ("META-INF/manifest.xml", listed),
        ):
            file.writestr(member, data)
    return out.getvalue()


def strings(*rows):
    return [[("string", value) for value in row] for row in rows]


def copied(data, old, new, name="x.ods"):
    out = []
    with closing(open_bytes(name, data)) as document:
        for part in document.parts():
            part.sample()
            for chunk in part.chunks():
                edits, columns = {}, {}
                for b in chunk.blocks:
                    if isinstance(b, Text) and old in b.text:
                        at = b.text.index(old)
                        edits[b.location.address] = [Edit(at, at + len(old), new)]
                    elif isinstance(b, Column):
                        values = b.values.dictionary.to_pylist()
                        columns[b.location.address] = Replaced(
                            [v.replace(old, new) if old in v else None for v in values]
                        )
                out.append(chunk.write(edits, columns))
        out += document.finish()
    return openpyxl.load_workbook(io.BytesIO(b"".join(out)))


def test_a_spreadsheet_is_one_whatever_it_is_called():
    data = ods(strings(["a"], ["b"]))
    source = Source(Path("x.csv"), "x.csv", len(data), shown="x.csv", data=data)
    assert choose_format(source, DEFAULT).name == "ods"


def test_an_ole_file_that_is_no_workbook_is_none_of_ours():
    data = empty("x.bin", OLE)
    source = Source(Path("x.doc"), "x.doc", len(data), shown="x.doc", data=data)
    ours = [format_ for name, format_ in load().items() if name in {"xls", "xlsx", "xlsb", "ods"}]
    assert not any(format_.certain(data, source) for format_ in ours)


def test_the_copy_holds_what_the_cells_show_and_dates_and_numbers_stay_such():
    rows = [*strings(["name", "score", "seen"]), *([("string", "Quill, A"), ("float", "1.5"), ("date", "2014-05-17")] for _ in range(3))]  # fmt: skip
    sheet = copied(ods(rows), "Quill, A", "[NAME]")["Visits"]
    assert [c.value for c in sheet["A"]] == ["name", *["[NAME]"] * 3]
    assert sheet["B2"].value == 1.5
    assert sheet["C2"].value.isoformat()[:10] == "2014-05-17"


def test_a_sheet_that_is_called_after_somebody_gets_another_name():
    assert copied(ods(strings(["a"], ["b"]), "Quill, A"), "Quill, A", "[NAME]").sheetnames == [
        "(NAME)"
    ]


def test_a_formula_that_a_text_looks_like_stays_a_text():
    sheet = copied(ods(strings(["a"], ["=1+1"], ["x"])), "x", "y")["Visits"]
    assert (sheet["A2"].value, sheet["A2"].data_type) in {("=1+1", "s"), ("=1+1", "f")}


def test_a_copy_is_always_written_anew():
    with closing(open_bytes("x.ods", ods(strings(["a"])))) as document:
        assert document.fidelity == "always"


def test_a_spreadsheet_with_a_password_says_so():
    with pytest.raises(DocumentError, match="E227"):
        open_bytes("x.ods", ods([], manifest="<manifest:encryption-data/>"))
    assert has_password(struct.pack("<HHIHH", 0x809, 4, 0, 0x2F, 0))
    assert not has_password(struct.pack("<HHIHH", 0x809, 4, 0, 0x42, 0))


@pytest.mark.parametrize("name", ["x.xls", "x.xlsb", "x.ods"])
@pytest.mark.parametrize("data", [b"", b"Quill, A\n1950"])
def test_what_is_no_workbook_is_an_error_without_a_value(name, data):
    with pytest.raises(DocumentError, match="E229") as error:
        open_bytes(name, data)
    assert "Quill" not in str(error.value)


def test_without_its_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DocumentError, match=r"E220.*phisweep\[excel\]"):
        open_bytes("x.ods", ods(strings(["a"])))


def test_a_cell_that_an_xlsx_copy_cannot_hold_is_an_error_and_no_cut():
    with pytest.raises(DocumentError, match="E230"):
        copied(ods(strings(["a"], ["b" * 32_768])), "x", "y")
