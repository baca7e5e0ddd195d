"""Workbooks with something to find in every kind of part."""

import io
import struct
import zipfile

import openpyxl
import python_calamine
import xlsxwriter

from conformance.sample import Sample

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MS = "http://schemas.microsoft.com/office"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def written(canary):
    """Return what XlsxWriter makes of a workbook with two sheets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": canary(), "comments": canary(), "keywords": canary()})
    book.set_custom_property("Ward", canary())
    visits, other = book.add_worksheet("Visits"), book.add_worksheet("Lists")
    other.very_hidden()
    visits.write_row("A1", ["Plan", "Note", "Score"])
    for row in range(2, 6):
        visits.write_row(f"A{row}", ["stable", canary(), row / 4])
    bold = book.add_format({"bold": True})
    visits.write_rich_string("B6", "mail ", bold, canary(), " please")
    visits.write_formula("A7", f'="{canary()}"', None, canary())
    visits.write_comment("A2", canary(), {"author": "openpyxl", "visible": True})
    visits.write_url("A8", f"mailto:{canary()}", string="stable", tip=canary())
    visits.set_header(f"&L{canary()}&RPage &P")
    visits.set_footer(f'&C&"Arial,Bold"{canary()}')
    choose = {
        "validate": "list",
        "source": ["stable", canary()],
        "input_title": "Plan",
        "input_message": canary(),
    }
    visits.data_validation("A2:A5", choose)
    visits.insert_textbox("E2", canary(), {"description": canary()})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "=Visits!$C$1", "values": "=Visits!$C$2:$C$5", "values_data": [1, 2]})
    chart.set_title({"name": canary()})
    visits.insert_chart("E12", chart)
    columns = [{"header": canary()}, {"header": "Other"}]
    other.add_table("H3:I5", {"data": [["stable", 1], [canary(), 2]], "columns": columns})
    book.define_name("Kept", f'="{canary()}"')
    book.close()
    return out.getvalue()


def further(canary):
    """Return parts that XlsxWriter does not make: name -> text, content type, owner, kind of relation."""
    talk, pivot = f"{_MS}/spreadsheetml/2018/threadedcomments", "pivotCacheDefinition"
    person = '<person displayName="default" id="{00000000-0000-4000-8000-000000000001}" userId=""/>'
    comment = 'ref="A3" id="{00000000-0000-4000-8000-000000000002}"'
    fields = f'<cacheField name="Note"><sharedItems><s v="{canary()}"/></sharedItems></cacheField>'
    source = (
        '<cacheSource type="worksheet"><worksheetSource ref="A1:B5" sheet="Visits"/></cacheSource>'
    )
    names = f'<sheetNames><sheetName val="{canary()}"/></sheetNames>'
    cell = f'<row r="1"><cell r="A1" t="str"><v>{canary()}</v></cell></row>'
    cells = f'<sheetDataSet><sheetData sheetId="0">{cell}</sheetData></sheetDataSet>'
    return {
        "customXml/item1.xml": (f'<x a="{canary()}">{canary()}</x>', "", "", ""),
        "xl/persons/person.xml": (
            f'<personList xmlns="{talk}">{person}</personList>',
            "application/vnd.ms-excel.person+xml",
            "xl/workbook.xml",
            f"{_MS}/2017/10/relationships/person",
        ),
        "xl/threadedComments/threadedComment1.xml": (
            f'<T xmlns="{talk}"><threadedComment {comment}><text>{canary()}</text></threadedComment></T>',
            "application/vnd.ms-excel.threadedcomments+xml",
            "xl/worksheets/sheet1.xml",
            f"{_MS}/2017/10/relationships/threadedComment",
        ),
        "xl/pivotCache/pivotCacheDefinition1.xml": (
            f'<{pivot} xmlns="{_MAIN}">{source}<cacheFields>{fields}</cacheFields></{pivot}>',
            f"{_SHEET}.pivotCacheDefinition+xml",
            "xl/workbook.xml",
            f"{_OFFICE}/pivotCacheDefinition",
        ),
        "xl/externalLinks/externalLink1.xml": (
            f'<externalLink xmlns="{_MAIN}"><externalBook>{names}{cells}</externalBook></externalLink>',
            f"{_SHEET}.externalLink+xml",
            "xl/workbook.xml",
            f"{_OFFICE}/externalLink",
        ),
    }


def workbook(canary):
    with zipfile.ZipFile(io.BytesIO(written(canary))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    unused = f"<si><t>{canary()}</t></si></sst>".encode()
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"</sst>", unused)
    core = parts["docProps/core.xml"]
    start, end = core.index(b"<dcterms:created"), core.index(b"</cp:coreProperties>")
    parts["docProps/core.xml"] = core[:start] + core[end:]
    for name, (text, kind, owner, relation) in further(canary).items():
        parts[name] = (_HEAD + text).encode()
        if not owner:
            continue
        folder, _, own = owner.rpartition("/")
        entry = (
            f'<Relationship Id="r{len(parts)}" Type="{relation}" Target="/{name}"/></Relationships>'
        )
        rels = f"{folder}/_rels/{own}.rels"
        parts[rels] = parts[rels].replace(b"</Relationships>", entry.encode())
        override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", override.encode())
    return zipped(parts)


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [file.read(name) for name in file.namelist()]


def sheets(data):
    """The sheets as openpyxl sees them: where cells are filled, and what hangs on them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (
            sheet.title,
            sheet.sheet_state,
            sorted(c.coordinate for row in sheet.iter_rows() for c in row if c.value is not None),
            sum(c.comment is not None for row in sheet.iter_rows() for c in row),
            [(table.ref, len(table.column_names)) for table in sheet.tables.values()],
            len(sheet.data_validations.dataValidation),
        )
        for sheet in book.worksheets
    ]


def ods(canary):
    """Return a spreadsheet of the OpenDocument kind, with cells only."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [["Plan", "Note"], *(["stable", canary()] for _ in range(4))]
    body = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows
    )
    content = (
        f'{_HEAD}<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0"'
        f' xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Visits">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{_HEAD}<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry'
        ' manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in (
            ("mimetype", kind),
            ("content.xml", content),
            ("META-INF/manifest.xml", manifest),
        ):
            file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def xls(canary):
    """Return a workbook of Excel 97: a compound file with one stream of records."""

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    texts = ["Plan", "Note", *(text for _ in range(4) for text in ("stable", canary()))]
    begin = "<HH12x"
    shared = b"".join(struct.pack("<HB", len(t), 0) + t.encode("latin-1") for t in texts)
    head = record(0x809, struct.pack(begin, 0x600, 5)) + record(0x42, struct.pack("<H", 1200))
    strings = record(0xFC, struct.pack("<II", len(texts), len(texts)) + shared) + record(0x0A)
    at = len(head) + 4 + 14 + len(strings)
    sheet = record(0x85, struct.pack("<IBBBB", at, 0, 0, 6, 0) + b"Visits")
    cells = b"".join(
        record(0xFD, struct.pack("<HHHI", i // 2, i % 2, 0, i)) for i in range(len(texts))
    )
    size = struct.pack("<IIHHH", 0, len(texts) // 2, 0, 2, 0)
    body = record(0x809, struct.pack(begin, 0x600, 16)) + record(0x200, size) + cells
    return compound("Workbook", head + sheet + strings + body + record(0x0A))


def compound(name, stream):
    """Return a compound file with one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    count, free, end = len(stream) // 512, 0xFFFFFFFF, 0xFFFFFFFE
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    head += struct.pack("<108I", *[free] * 108)
    chain = [0xFFFFFFFD, end, *range(3, count + 2), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))

    def entry(title, kind, child, start, length):
        raw = title.encode("utf-16-le")
        said = struct.pack("<HBBIII", len(raw) + 2, kind, 1, free, free, child)
        return raw.ljust(64, b"\0") + said + bytes(36) + struct.pack("<IQ", start, length)

    blank = bytes(68) + struct.pack("<III", free, free, free) + bytes(48)
    folder = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream)) + blank * 2
    return head + table + folder + stream


def xlsb(canary):
    """Return a package of binary parts."""

    def number(value):
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    def record(kind, data=b""):
        return number(kind) + number(len(data)) + data

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = struct.pack("<II", 0, 1) + wide("rId1") + wide("Visits")
    book = record(131) + record(143) + record(156, sheet) + record(144) + record(132)
    rows = [["Plan", "Note"], *(["stable", canary()] for _ in range(4))]
    cells = b"".join(
        record(0, struct.pack("<IIHBBI", i, 0, 300, 0, 0, 0))
        + b"".join(record(6, struct.pack("<II", j, 0) + wide(text)) for j, text in enumerate(row))
        for i, row in enumerate(rows)
    )
    area = record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 1))
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.ms-excel"

    def related(target, what):
        entry = f'<Relationship Id="rId1" Type="{_OFFICE}/{what}" Target="{target}"/>'
        return f'{_HEAD}<Relationships xmlns="{package}/relationships">{entry}</Relationships>'

    types = (
        f'{_HEAD}<Types xmlns="{package}/content-types"><Default Extension="rels"'
        f' ContentType="{package}.relationships+xml"/><Override PartName="/xl/workbook.bin"'
        f' ContentType="{kind}.sheet.binary.macroEnabled.main"/><Override'
        f' PartName="/xl/worksheets/sheet1.bin" ContentType="{kind}.worksheet"/></Types>'
    )
    return zipped(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": related("xl/workbook.bin", "officeDocument").encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": related("worksheets/sheet1.bin", "worksheet").encode(),
            "xl/worksheets/sheet1.bin": record(129)
            + area
            + record(145)
            + cells
            + record(146)
            + record(130),
        }
    )


def filled(data):
    """How many cells each sheet has, as calamine sees them, and openpyxl a copy."""
    if zipfile.is_zipfile(io.BytesIO(data)) and "xl/workbook.xml" in parts_in(data):
        return [
            sum(c.value is not None for row in sheet.iter_rows() for c in row)
            for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets
        ]
    book = python_calamine.load_workbook(io.BytesIO(data))
    return [
        sum(value != "" for row in book.get_sheet_by_name(name).to_python() for value in row)
        for name in book.sheet_names
    ]


def parts_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.namelist()


SAMPLES = [
    Sample("visits.xlsx", workbook, sheets, members, least=30),
    Sample("visits.xls", xls, filled, least=4, structure_of_copy=filled),
    Sample("visits.xlsb", xlsb, filled, members, least=4, structure_of_copy=filled),
    Sample("visits.ods", ods, filled, members, least=4, structure_of_copy=filled),
]
