"""Workbooks of XML parts: what is found in them, and what a copy is."""

import io
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from formats.reading import DEFAULT, open_bytes
from phisweep.errors import DocumentError
from phisweep.formats.base import EMPTIED, Replaced, cell_address
from phisweep.formats.choose import choose_format
from phisweep.formats.workbook.empties import empty
from phisweep.formats.workbook.formulas import Renames, pieces
from phisweep.formats.workbook.rows import RowReader
from phisweep.formats.workbook.shows import Shows
from phisweep.formats.workbook.strings import SharedStrings
from phisweep.formats.workbook.values import form_of, plain, shown, typed
from phisweep.model import Column, Edit, Media, Source, Text

WHO = "Quill, A"


def made(fill, **options):
    """Return a workbook that `fill` makes of one of XlsxWriter's."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        fill(book)
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def patched(data, name, old, new):
    parts = parts_of(data)
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    return zipped(parts)


def replaced(value, old, new):
    at = value.find(old)
    return [Edit(at, at + len(old), new)] if at >= 0 else []


def blocks_of(data, name="x.xlsx", options=DEFAULT):
    """Return (part, block) of everything that is searched."""
    with closing(open_bytes(name, data, options)) as document:
        return [(p.name, b) for p in document.parts() for c in p.chunks() for b in c.blocks]


def texts_of(data):
    out = []
    for _, block in blocks_of(data):
        if isinstance(block, Text):
            out.append(block.text)
        elif isinstance(block, Column):
            out += block.values.to_pylist()
    return out


def cells_of(data, options=DEFAULT):
    """Return every cell that stands in a column, by its address."""
    return {
        f"{part}!{cell_address(b, i)}": value
        for part, b in blocks_of(data, options=options)
        if isinstance(b, Column)
        for i, value in enumerate(b.values.to_pylist())
        if value
    }


def copied(data, old=WHO, new="[NAME]", name="x.xlsx", options=DEFAULT):
    """Return the copy in which a text is replaced wherever it stands, and media are emptied."""
    out = []
    with closing(open_bytes(name, data, options)) as document:
        for part in document.parts():
            part.sample()
            for chunk in part.chunks():
                edits, columns = {}, {}
                for block in chunk.blocks:
                    address = block.location.address
                    if isinstance(block, Media):
                        edits[address] = EMPTIED
                    elif isinstance(block, Text):
                        edits[address] = replaced(block.text, old, new)
                    else:
                        values = block.values.dictionary.to_pylist()
                        columns[address] = Replaced(
                            [v.replace(old, new) if old in v else None for v in values]
                        )
                out.append(chunk.write(edits, columns))
        out += document.finish()
    return b"".join(out)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def holds(data, text=WHO):
    raw = text.encode()
    return [name for name, part in parts_of(data).items() if raw in part or raw in name.encode()]


def table(book):
    sheet = book.add_worksheet("Visits")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row("B3", ["name", "zip", "seen", "score"])
    for row, name in ((4, WHO), (6, "none"), (7, WHO)):
        sheet.write_string(f"B{row}", name)
        sheet.write_number(f"C{row}", 2155, book.add_format({"num_format": "00000"}))
        sheet.write_number(f"D{row}", 41776, day)
        sheet.write_number(f"E{row}", 1.5)


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x.txt", "x"])
def test_a_workbook_is_one_whatever_it_is_called(name):
    data = made(table)
    source = Source(Path(name), name, len(data), shown=name, data=data)
    assert choose_format(source, DEFAULT).name == "xlsx"


@pytest.mark.parametrize(
    ("raw", "number", "code", "expect"),
    [
        ("41776", 14, "", "2014-05-17"),
        ("41776.5", 22, "", "2014-05-17 12:00:00"),
        ("0.5", 20, "", "12:00:00"),
        ("1.5", 46, "", "36:00:00"),
        ("59", 14, "", "1900-02-28"),
        ("60", 14, "", "1900-02-29"),
        ("61", 14, "", "1900-03-01"),
        ("41776", 170, 'dd" of "mmmm', "2014-05-17"),
        ("41776.0", 0, "General", "41776"),
        ("4.1776E4", 0, "General", "41776"),
        ("1.1000000000000001", 0, "General", "1.1"),
        ("4111111111111111", 1, "", "4111111111111111"),
        ("2155", 164, "00000", "02155"),
        ("123456789", 165, r"000\-00\-0000", "123-45-6789"),
        ("2065550134", 166, r"[<=9999999]###\-####;\(###\)\ ###\-####", "(206) 555-0134"),
        ("5550134", 166, r"[<=9999999]###\-####;\(###\)\ ###\-####", "555-0134"),
        ("0.25", 10, "", "0.25"),
        ("3", 167, '"day "0', "3"),
        ("-1", 14, "", "-1"),
        ("Quill", 0, "General", "Quill"),
    ],
)
def test_a_number_shows_what_its_format_makes_of_it(raw, number, code, expect):
    assert shown(raw, form_of(number, code)) == expect


def test_the_epoch_of_1904_moves_every_date():
    assert shown("40314", form_of(14), from_1904=True) == "2014-05-17"
    data = made(table, default_date_format="dd/mm/yyyy", date_1904=True)
    assert cells_of(data)["Visits!D4"] == "2018-05-18"


def test_a_shifted_date_and_a_number_stay_what_they_are_and_a_text_does_not():
    assert typed("2014-05-17", form_of(14)) == "41776"
    assert typed("2014-05-17 12:00:00", form_of(14)) == "41776.5"
    assert typed("2014", form_of(14)) is None
    assert typed("17", form_of(0)) == "17"
    assert typed("02155", form_of(0)) is None
    assert typed("02155", form_of(164, "00000")) is None
    assert plain("1e400") == plain("1e400")


def test_cells_are_addressed_by_their_true_rows_and_letters_past_blank_rows():
    cells = cells_of(made(table))
    assert cells["Visits!B7"] == WHO
    assert cells["Visits!C6"] == "02155"
    assert cells["Visits!D4"] == "2014-05-17"
    assert "Visits!B5" not in cells
    headers = [b for _, b in blocks_of(made(table)) if isinstance(b, Text) and b.place == "header"]
    assert [(b.location.address, b.kind) for b in headers][:2] == [("B3", "key"), ("C3", "key")]


def test_a_sheet_of_few_cells_far_apart_is_no_sheet_of_many():
    def fill(book):
        sheet = book.add_worksheet("Far")
        sheet.write_column("A1", ["name", "x", "y"])
        sheet.write("XFD1048576", WHO)

    columns = [b for _, b in blocks_of(made(fill)) if isinstance(b, Column)]
    assert sum(len(b.values) for b in columns) < 10
    assert cells_of(made(fill))["Far!XFD1048576"] == WHO


def test_a_value_beside_its_label_is_a_text_with_that_label():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["Patient:", WHO])
        sheet.write_row("A2", ["Born:", "1950"])

    labels = {b.location.address: b.label for _, b in blocks_of(made(fill)) if isinstance(b, Text)}
    assert labels["B1"] == "Patient"
    assert labels["B2"] == "Born"


def test_one_cell_is_changed_and_all_others_stay():
    data = made(table)
    book = opened(copied(data))
    assert [c.value for c in book["Visits"]["B"]][2:] == ["name", "[NAME]", None, "none", "[NAME]"]
    assert book["Visits"]["D4"].value.isoformat() == "2014-05-17T00:00:00"
    assert book["Visits"]["C4"].number_format == "00000"
    assert holds(copied(data)) == []


def test_the_sheet_is_the_same_but_for_the_changed_cell():
    data = made(table)
    before = parts_of(data)["xl/worksheets/sheet1.xml"]
    after = parts_of(copied(data, "none", "some"))["xl/worksheets/sheet1.xml"]
    cut = before.index(b'<c r="B6"')
    assert after[:cut] == before[:cut]
    assert after.endswith(before[before.index(b"</c>", cut) + 4 :])


def test_chunks_that_are_small_change_nothing():
    data = made(table)
    small = replace(DEFAULT, chunk_bytes=64)
    assert cells_of(data, small) == cells_of(data)
    assert parts_of(copied(data, options=small)) == parts_of(copied(data))


def test_a_shared_string_that_nobody_uses_any_more_is_gone_and_one_in_use_stays():
    def fill(book):
        sheet = book.add_worksheet("A")
        sheet.write_column("A1", ["name", "kept", WHO, "kept", "other"])

    data = copied(made(fill))
    assert b"Quill" not in parts_of(data)["xl/sharedStrings.xml"]
    assert [c.value for c in opened(data)["A"]["A"]] == ["name", "kept", "[NAME]", "kept", "other"]


def test_a_shared_string_without_a_cell_is_searched_and_goes():
    data = patched(made(table), "xl/sharedStrings.xml", b"</sst>", b"<si><t>Reed, B</t></si></sst>")
    assert "Reed, B" in texts_of(data)
    assert holds(copied(data, "Reed, B"), "Reed, B") == []


def test_a_name_in_several_runs_is_one():
    def fill(book):
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("A")
        sheet.write_column("A1", ["note", "x"])
        sheet.write_rich_string("A3", "seen: Qui", bold, "ll, A", " today")

    assert f"seen: {WHO} today" in texts_of(made(fill))
    assert opened(copied(made(fill)))["A"]["A3"].value == "seen: [NAME] today"


def test_a_formula_whose_value_is_replaced_becomes_a_value():
    def fill(book):
        sheet = book.add_worksheet("A")
        sheet.write_column("A1", ["name", "x"])
        sheet.write_formula("A3", "=B3&C3", None, WHO)
        sheet.write_formula("A4", '=IF(B1="Quill, A","yes","no")', None, "yes")
        sheet.write_formula("A5", "=B3+1", None, 4)

    data = copied(made(fill))
    assert [c.value for c in opened(data)["A"]["A"]][2:] == ["[NAME]", "yes", "=B3+1"]
    assert holds(data) == []
    assert "xl/calcChain.xml" not in parts_of(data)


def test_a_shared_formula_whose_first_cell_is_replaced_leaves_values_to_the_others():
    cells = b'<c r="A2" t="str"><f t="shared" ref="A2:A3" si="0">B2</f><v>Quill, A</v></c></row><row r="3"><c r="A3" t="str"><f t="shared" si="0"/><v>kept</v></c></row>'

    def fill(book):
        sheet = book.add_worksheet("A")
        sheet.write_column("A1", ["name", "x"])

    data = patched(
        made(fill), "xl/worksheets/sheet1.xml", b'<c r="A2" t="s"><v>1</v></c></row>', cells
    )
    sheet = parts_of(copied(data))["xl/worksheets/sheet1.xml"]
    assert b"<f" not in sheet
    assert [c.value for c in opened(copied(data))["A"]["A"]] == ["name", "[NAME]", "kept"]


def test_a_sheet_s_new_name_stands_wherever_it_is_referred_to():
    def fill(book):
        book.add_worksheet(WHO).write("A1", 5)
        other = book.add_worksheet("Sums")
        other.write_formula("A1", "='Quill, A'!A1*2", None, 10)
        other.write_formula("A2", "=INDIRECT(\"'Quill, A'!A1\")", None, 5)
        other.write_url("A3", "internal:'Quill, A'!A1", string="there")
        book.define_name("Five", "='Quill, A'!$A$1")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Quill, A'!$A$1:$A$1"})
        other.insert_chart("C1", chart)

    data = copied(made(fill))
    book = opened(data)
    assert book.sheetnames == ["(NAME)", "Sums"]
    assert book["Sums"]["A1"].value == "='(NAME)'!A1*2"
    assert book["Sums"]["A2"].value == 5
    assert book.defined_names["Five"].value == "'(NAME)'!$A$1"
    assert "'(NAME)'!$A$1" in parts_of(data)["xl/charts/chart1.xml"].decode()
    assert holds(data) == []


def test_a_table_s_columns_are_called_as_its_header_says():
    def fill(book):
        sheet = book.add_worksheet("A")
        columns = [{"header": WHO}, {"header": f"{WHO} 2"}, {"header": "score"}]
        sheet.add_table("B2:D4", {"data": [["x", "y", 1]], "columns": columns})
        sheet.write_formula("F1", "=SUM(Table1[score])", None, 1)

    data = copied(made(fill), f"{WHO} 2", WHO)
    (one,) = opened(data)["A"].tables.values()
    heads = [c.value for c in opened(data)["A"]["B2:D2"][0]]
    assert one.column_names == heads
    data = copied(made(fill))
    (one,) = opened(data)["A"].tables.values()
    assert one.column_names == [c.value for c in opened(data)["A"]["B2:D2"][0]]
    assert holds(data) == []


def test_what_hangs_on_a_sheet_is_found_and_replaced():
    def fill(book):
        sheet = book.add_worksheet("A")
        sheet.write_column("A1", ["note", "x"])
        sheet.write_comment("A2", f"{WHO} said so", {"author": WHO})
        sheet.set_header(f"&L{WHO}&R&P")
        sheet.data_validation(
            "A2", {"validate": "list", "source": [WHO, "x"], "input_message": WHO}
        )
        sheet.write_url("A4", "https://example.org/", tip=WHO, string="x")
        sheet.insert_textbox("C3", f"by {WHO}", {"description": WHO})
        sheet.autofilter("A1:A2")
        sheet.filter_column_list("A", [WHO])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"name": WHO, "values": "=A!$A$1:$A$2"})
        chart.set_title({"name": WHO})
        sheet.insert_chart("C9", chart)
        book.set_properties({"author": WHO, "manager": WHO, "company": WHO})
        book.set_custom_property("By", WHO)
        book.define_name("Quill_A", f'="{WHO}"')

    data = made(fill)
    assert len(holds(data)) >= 8
    copy = copied(data)
    assert holds(copy) == []
    sheet = opened(copy)["A"]
    assert sheet["A2"].comment.text == "[NAME] said so"
    assert sheet.oddHeader.left.text == "[NAME]"
    assert sheet.data_validations.dataValidation[0].formula1 == '"[NAME],x"'


def test_hidden_sheets_are_read_like_others():
    def fill(book):
        book.add_worksheet("A")
        book.add_worksheet("B").hide()
        book.add_worksheet("C").very_hidden()
        for sheet in book.worksheets():
            sheet.write_column("A1", ["name", WHO, "x"])

    assert {key for key, value in cells_of(made(fill)).items() if value == WHO} == {
        "A!A2",
        "B!A2",
        "C!A2",
    }


def test_a_sheet_that_the_workbook_does_not_know_is_read_all_the_same():
    data = made(lambda book: (book.add_worksheet("A"), table(book)))
    parts = parts_of(data)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b'<sheet name="Visits" sheetId="2" r:id="rId2"/>', b""
    )
    assert WHO in texts_of(zipped(parts))


def test_caches_of_cells_go_where_a_cell_changed_and_stay_where_none_did():
    def fill(book):
        table(book)
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {
                "values": "=Visits!$C$4:$C$7",
                "values_data": [2155],
                "categories": "=Visits!$B$4:$B$7",
                "categories_data": [WHO],
            }
        )
        book.worksheets()[0].insert_chart("H1", chart)
        book.set_properties({"author": "Reed"})

    data = made(fill)
    assert b"Cache" in parts_of(copied(data, "Reed"))["xl/charts/chart1.xml"]
    chart = parts_of(copied(data, "none"))["xl/charts/chart1.xml"]
    assert b"Cache" not in chart
    assert b"$B$4:$B$7" in chart


def with_part(data, name, content, kind, owner, relation):
    parts = parts_of(data)
    parts[name] = content
    folder, _, own = owner.rpartition("/")
    rels = f"{folder}/_rels/{own}.rels"
    head = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    entry = (
        f'<Relationship Id="r99" Type="x/{relation}" Target="/{name}"/></Relationships>'.encode()
    )
    parts[rels] = parts.get(rels, head).replace(b"</Relationships>", entry)
    types = "[Content_Types].xml"
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    parts[types] = parts[types].replace(b"</Types>", override)
    return zipped(parts)


def test_pivot_caches_go_where_a_cell_changed():
    xml = b'<pivotCacheDefinition><cacheFields><cacheField name="n"><sharedItems><s v="Quill, A"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    data = with_part(
        made(table),
        "xl/pivotCache/p1.xml",
        xml,
        "a/pivotCacheDefinition+xml",
        "xl/workbook.xml",
        "pivotCacheDefinition",
    )
    data = patched(
        data,
        "xl/workbook.xml",
        b"</workbook>",
        b'<pivotCaches><pivotCache cacheId="1" r:id="r99"/></pivotCaches></workbook>',
    )
    assert WHO in [b.text for p, b in blocks_of(data) if p.endswith("p1.xml")]
    copy = parts_of(copied(data, "none", "some"))
    assert "xl/pivotCache/p1.xml" not in copy
    assert (
        b"pivot"
        not in copy["xl/workbook.xml"]
        + copy["xl/_rels/workbook.xml.rels"]
        + copy["[Content_Types].xml"]
    )


def test_macros_and_printer_settings_go_with_all_that_names_them():
    data = with_part(
        made(table),
        "xl/vbaProject.bin",
        b"Quill, A",
        "a/vbaProject",
        "xl/workbook.xml",
        "vbaProject",
    )
    data = with_part(
        data,
        "xl/printer1.bin",
        b"Quill, A",
        "a/printer",
        "xl/worksheets/sheet1.xml",
        "printerSettings",
    )
    data = patched(
        data,
        "xl/worksheets/sheet1.xml",
        b"</worksheet>",
        b'<pageSetup r:id="r99" paperSize="9"/></worksheet>',
    )
    assert [b.what for _, b in blocks_of(data) if isinstance(b, Media)] == [
        "macros",
        "printer settings",
    ]
    copy = copied(data)
    assert holds(copy) == []
    assert b'<pageSetup paperSize="9"/>' in parts_of(copy)["xl/worksheets/sheet1.xml"]
    assert not any(n.endswith(".bin") for n in parts_of(copy))
    assert b"vbaProject" not in b"".join(parts_of(copy).values())
    opened(copy)


def test_a_picture_is_one_of_its_kind_with_nothing_in_it():
    data = with_part(
        made(table),
        "xl/media/image1.png",
        b"\x89PNG Quill, A",
        "image/png",
        "xl/worksheets/sheet1.xml",
        "image",
    )
    assert parts_of(copied(data))["xl/media/image1.png"] == empty("a.png", b"")
    for suffix in ("png", "jpg", "gif", "bmp", "tif"):
        assert len(empty(f"a.{suffix}", b"")) < 200


def test_custom_xml_is_read_with_every_number():
    data = with_part(
        made(table),
        "customXml/item1.xml",
        b'<x mrn="12345678"><q>Quill, A</q></x>',
        "application/xml",
        "xl/workbook.xml",
        "customXml",
    )
    found = {b.text: b.location.address for p, b in blocks_of(data) if "item1" in p}
    assert found == {"12345678": "attribute 1", WHO: "text 2"}


def test_a_part_that_is_called_after_somebody_gets_another_name():
    data = with_part(
        made(table), "xl/media/Quill, A.png", b"x", "image/png", "xl/worksheets/sheet1.xml", "image"
    )
    copy = copied(data)
    assert holds(copy) == []
    assert b"/xl/renamed/part1.png" in parts_of(copy)["xl/worksheets/_rels/sheet1.xml.rels"]


def test_a_hyperlink_stays_an_address_that_can_be_read():
    def fill(book):
        book.add_worksheet("A").write_url("A1", "mailto:aq@example.org", string="x")

    rels = parts_of(copied(made(fill), "aq@example.org", "[EMAIL]"))[
        "xl/worksheets/_rels/sheet1.xml.rels"
    ]
    assert b"mailto:%5BEMAIL%5D" in rels


def test_a_comment_between_rows_and_an_attribute_that_nobody_knows_are_not_passed_over():
    data = patched(
        made(table), "xl/worksheets/sheet1.xml", b'<row r="6"', b'<!-- Quill, A --><row r="6"'
    )
    assert " Quill, A " in texts_of(data)
    assert holds(copied(data)) == []
    data = patched(
        made(table), "xl/worksheets/sheet1.xml", b'<c r="B4"', b'<c note="Quill, A" r="B4"'
    )
    with pytest.raises(DocumentError, match="E228"):
        texts_of(data)


@pytest.mark.parametrize(
    "text", ["a & b < c", "Zoë 🙂", '"q"', "line\nbreak", " led ", "_x0041_", "a\x01b"]
)
def test_any_replacement_can_be_written(text):
    value = opened(copied(made(table), WHO, text))["Visits"]["B4"].value
    assert value.replace("\ufffd", "\x01").replace("_x005F_", "_") in (
        text,
        text.replace("_x0041_", "_x0041_"),
    )


def test_a_replacement_that_is_too_long_for_a_cell_is_an_error():
    with pytest.raises(DocumentError, match="E230"):
        copied(made(table), WHO, "x" * 32_768)


def test_parts_in_other_encodings_are_read():
    parts = parts_of(made(table))
    xml = parts["xl/sharedStrings.xml"].decode().replace("UTF-8", "UTF-16")
    parts["xl/sharedStrings.xml"] = xml.encode("utf-16")
    parts["xl/workbook.xml"] = b"\xef\xbb\xbf" + parts["xl/workbook.xml"]
    data = zipped(parts)
    assert cells_of(data)["Visits!B4"] == WHO
    assert opened(copied(data))["Visits"]["B4"].value == "[NAME]"


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda p: p.pop("xl/sharedStrings.xml"), "E228"),
        (lambda p: p.pop("xl/worksheets/sheet1.xml"), "E228"),
        (lambda p: p.update({"XL/workbook.xml": b"<x/>"}), "E231"),
        (lambda p: p.update({"xl/workbook.xml": b"<workbook"}), "E210"),
        (lambda p: p.update({"docProps/app.xml": b"<a>" * 300 + b"</a>" * 300}), "E209"),
        (lambda p: p.update({"docProps/app.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "E228"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'}), "E219"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"][:-90]}), "E210"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"].replace(b"<v>0</v>", b"<v>99</v>")}), "E228"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"].replace(b'r="B4"', b'r="Quill"')}), "E228"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"].replace(b'<row r="7"', b'<row r="2"')}), "E228"),
        (lambda p: p.update({"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"].replace(b"<v>0</v>", b"<v>1</v><v>0</v>")}), "E228"),
    ],
)  # fmt: skip
def test_what_is_broken_is_an_error_without_a_value(harm, code):
    parts = parts_of(made(table))
    harm(parts)
    with pytest.raises(DocumentError, match=code) as error:
        copied(zipped(parts))
    assert "Quill" not in str(error.value)


def test_a_zip_bomb_is_an_error():
    parts = parts_of(made(table))
    parts["docProps/app.xml"] = b"<a>" + b" " * (8 << 20) + b"</a>"
    with pytest.raises(DocumentError, match="E218"):
        texts_of(zipped(parts))


def test_bytes_that_belong_to_no_part_do_not_come_into_a_copy():
    data = b"Quill, A" + made(table)
    with closing(open_bytes("x.xlsx", made(table))) as document:
        assert document.fidelity == "copy"
    with zipfile.ZipFile(io.BytesIO(made(table)), "r") as file:
        out = io.BytesIO(made(table))
        assert file.comment == b""
    with zipfile.ZipFile(out, "a") as file:
        file.comment = b"Quill, A"
    with closing(open_bytes("x.xlsx", out.getvalue())) as document:
        assert document.fidelity == "always"
    assert b"Quill, A" not in copied(out.getvalue())
    assert data


def test_the_pieces_of_a_formula_are_its_literals_long_numbers_and_unknown_names():
    def found(text):
        return [p.text for p in pieces(text, {"visits", "kept"})]

    assert found('=IF(A1="Quill ""A""",SUM(B2:C9),12345678)') == ['Quill "A"', "12345678"]
    assert found("Visits!A1+Kept*2+SUM($AB$12,R1C1)") == []
    assert found("'Quill, A'!A1&Reed_B") == ["Quill, A", "Reed_B"]
    assert found("Table1[[#All],[Reed]]") != []


def test_names_are_replaced_in_formulas_and_not_in_what_only_looks_like_them():
    renames = Renames({"quill, a": "(NAME)"}, {"quill_a": "_NAME"}, {"reed"})
    assert renames.formula("'Quill, A'!B2+Quill_A+QUILL_A(1)") == "'(NAME)'!B2+_NAME+QUILL_A(1)"
    assert renames.formula("SUM(T[Reed])") is None
    assert renames.formula('"Quill, A"') is None
    assert renames.formula("[1]Other!A1") == "[1]Other!A1"


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
@pytest.mark.parametrize(
    "rows", ["", "<row/>", '<row r="2"><c r="A2"><v>1</v></c></row> <!-- x --> ']
)
def test_what_stands_around_the_rows_is_the_same_in_blocks_of_any_size(size, rows):
    head, tail = (
        '<?xml version="1.0"?><x:w xmlns:x="u"><x:cols/><x:sheetData>',
        "</x:sheetData><x:y z='1'/></x:w>\n",
    )
    data = f"{head}{rows}{tail}".encode()
    source = Source(Path("x"), "x", 0, "x")
    reader = RowReader(source, DEFAULT, Shows(source, SharedStrings(), [form_of(0)]))
    list(reader.batches(data[i : i + size] for i in range(0, len(data), size)))
    assert reader.frame.decode() == f"{head}{tail}"


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_sheet_is_written_the_same_in_blocks_of_any_size(size, monkeypatch):
    data = patched(
        made(table), "xl/worksheets/sheet1.xml", b'<row r="6"', b'<!-- Quill, A --><row r="6"'
    )
    expect = parts_of(copied(data))
    monkeypatch.setattr("phisweep.formats.zips._BLOCK", size)
    assert parts_of(copied(data)) == expect


def test_an_embedded_document_is_read_and_one_that_is_a_table_is_emptied():
    def beside(name, data):
        book = with_part(made(table), name, data, "a/b", "xl/worksheets/sheet1.xml", "package")
        return [
            b.what if isinstance(b, Media) else b.text for p, b in blocks_of(book) if p == name
        ], copied(book)

    said, copy = beside("xl/embeddings/note.txt", b"seen by Quill, A today\n")
    assert said == ["seen by Quill, A today\n"]
    assert parts_of(copy)["xl/embeddings/note.txt"] == b"seen by [NAME] today\n"
    said, copy = beside("xl/embeddings/other.bin", b"Quill, A")
    assert said == ["a binary part"]
    assert parts_of(copy)["xl/embeddings/other.bin"] == b""


def test_the_vml_of_excel_2007_is_read_though_it_is_not_well_formed():
    xml = b"<xml><div>Quill, A<br>x</div></xml>"
    data = with_part(
        made(table), "xl/drawings/v.vml", xml, "a/vml", "xl/worksheets/sheet1.xml", "vmlDrawing"
    )
    assert WHO in texts_of(data)
    assert holds(copied(data)) == []
