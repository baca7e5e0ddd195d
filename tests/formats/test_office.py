"""Word documents, presentations, OpenDocument: every word found, every unchanged byte as it was."""

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from conformance.samples.office import members, packed, picture, slides, split, unpacked, word
from formats.reading import open_bytes, read_until_error
from formats.rewriting import blocks_of, without, words_of
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, load
from phisweep.formats.office.blank import COMPOUND, blank
from phisweep.model import Edit, Media, Source, Text

GONE = "Quillon"
KINDS = "http://schemas.openxmlformats.org"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(*paragraphs, **parts):
    """Return a Word document of these paragraphs in XML, and of more members."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.comments = ""
    for xml in paragraphs:
        made.element.body.insert(-1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))
    file = io.BytesIO()
    made.save(file)
    return packed({**members(file.getvalue()), **parts})


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def part(body):
    return f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()


def with_part(name, data, source=None):
    return packed({**members(source or document()), name: data})


@pytest.mark.parametrize("make", [word, slides], ids=["docx", "pptx"])
def test_members_without_changes_keep_their_bytes_though_the_file_is_written_again(make):
    data = make(lambda: "stable")
    assert members(without("a.docx", data, "no match")) == members(data)


def test_a_change_is_the_only_one_in_its_member():
    data = slides(lambda: "stable")
    before, after = members(data), members(without("a.pptx", data, "Case of stable", "changed"))
    assert before.pop("ppt/slides/slide1.xml") == after.pop("ppt/slides/slide1.xml").replace(
        b"changed", b"Case of stable"
    )
    assert before == after


def test_a_name_that_is_split_over_runs_goes_from_all_of_them():
    xml = f"<w:p>{run('Seen by ')}{split('Imogen Quillon')}{run(' at noon')}</w:p>"
    data = document(xml)
    assert words_of("a.docx", data)["paragraph 1"] == "Seen by Imogen Quillon at noon"
    copy = docx.Document(io.BytesIO(without("a.docx", data, "Imogen Quillon")))
    assert copy.paragraphs[0].text == "Seen by [NAME] at noon"
    assert len(copy.paragraphs[0].runs) == len(docx.Document(io.BytesIO(data)).paragraphs[0].runs)


def test_tabs_breaks_hyphens_and_symbols_are_characters_and_stay():
    inner = (
        "<w:r><w:t>Quil</w:t><w:softHyphen/><w:t>lon</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t>"
    )
    inner += '<w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F04A"/><w:t>c</w:t></w:r>'
    data = document(f"<w:p><w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr>{inner}</w:p>")
    assert words_of("a.docx", data)["paragraph 1"] == "Quillon\ta\nb- c"
    copy = members(without("a.docx", data, "Quillon\ta", "X"))["word/document.xml"]
    assert b"<w:t>X</w:t><w:softHyphen/><w:t></w:t><w:tab/><w:t></w:t><w:br/><w:t>b</w:t>" in copy


def test_changes_that_are_tracked_are_read_as_before_and_as_after():
    removed = '<w:del w:id="1" w:author="A B" w:date="2021-03-04T10:00:00Z"><w:r><w:delText>lon</w:delText></w:r></w:del>'
    data = document(
        f"<w:p>{run('By Quil')}{removed}<w:ins w:id='2'>{run('ter')}</w:ins>{run(' now')}</w:p>"
    )
    words = words_of("a.docx", data)
    assert words["paragraph 1"] == "By Quilter now"
    assert words["paragraph 1 (before changes)"] == "By Quillon now"
    copy = without("a.docx", data, "Quillon|Quilter")
    assert words_of("a.docx", copy)["paragraph 1"] == "By [NAME] now"
    assert not re.search(
        rb"lon|Quil|ter\b",
        b"".join(re.findall(rb"<w:(?:t|delText)[^>]*>[^<]*", members(copy)["word/document.xml"])),
    )


def test_the_moment_of_a_change_goes_with_its_attribute():
    removed = (
        '<w:ins w:id="1" w:author="A" w:date="2021-03-04T10:00:00Z"><w:r><w:t>x</w:t></w:r></w:ins>'
    )
    data = document(f"<w:p>{removed}</w:p>")
    copy = members(without("a.docx", data, "2021-03-04T10:00:00Z", "2021"))["word/document.xml"]
    assert b'<w:ins w:id="1" w:author="A"><w:r>' in copy


def test_moments_of_the_properties_stay_moments():
    data = document()
    parts = members(data)
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
        b"</cp:coreProperties>",
        b"<cp:lastPrinted>2021-03-04T10:00:00Z</cp:lastPrinted></cp:coreProperties>",
    )
    copy = without("a.docx", packed(parts), r"2\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2021")
    assert b"<cp:lastPrinted>2021-01-01T00:00:00Z<" in members(copy)["docProps/core.xml"]
    assert docx.Document(io.BytesIO(copy)).core_properties.last_printed.year == 2021


def test_a_number_of_a_custom_property_becomes_a_text_and_its_name_is_its_label():
    xml = (
        f'<Properties xmlns="{KINDS}/officeDocument/2006/custom-properties" xmlns:vt="{KINDS}/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MRN"><vt:i4>4821193</vt:i4></property></Properties>'
    )
    data = with_part("docProps/custom.xml", xml.encode())
    blocks, _ = blocks_of("a.docx", data)
    assert [b.label for b in blocks if isinstance(b, Text) and b.text == "4821193"] == ["MRN"]
    copy = members(without("a.docx", data, "4821193", "[MRN]"))["docProps/custom.xml"]
    assert b"<vt:lpwstr>[MRN]</vt:lpwstr>" in copy


def cell(*texts):
    return "<w:tc>" + "".join(f"<w:p>{run(text)}</w:p>" for text in texts) + "</w:tc>"


def table(*rows):
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"
    )


def labels(xml):
    blocks, _ = blocks_of("a.docx", with_part("word/document.xml", part(xml)))
    return {
        b.location.address: b.label
        for b in blocks
        if isinstance(b, Text) and ", cell " in b.location.address
    }


def test_cells_stand_under_the_first_row_or_beside_their_labels():
    header = labels(table(("Name", "MRN", "Ward"), ("A", "B", "C")))
    assert header["table 1, row 2, cell 2, paragraph 1"] == "MRN"
    pairs = labels(table(("Name:", "A", "MRN:", "7"), ("Ward:", "B", "Phone:", "8")))
    assert pairs["table 1, row 2, cell 4, paragraph 1"] == "Phone"
    assert pairs["table 1, row 2, cell 3, paragraph 1"] == ""
    two = labels(table(("MRN", "4821193"), ("Name", "A")))
    assert (
        two["table 1, row 2, cell 2, paragraph 1"],
        two["table 1, row 2, cell 1, paragraph 1"],
    ) == ("Name", "")


def test_addresses_count_empty_paragraphs_and_name_tables_within_tables():
    inner = f"<w:tc><w:p/>{table(('x',))}<w:p>{run('y')}</w:p></w:tc>"
    xml = f"<w:p/><w:p>{run('a')}</w:p><w:tbl><w:tr>{inner}</w:tr></w:tbl><w:p>{run('b')}</w:p>"
    words = words_of("a.docx", with_part("word/document.xml", part(xml)))
    places = {text: address for address, text in words.items() if len(text) == 1}
    assert places["a"] == "paragraph 2"
    assert places["b"] == "paragraph 3"
    assert places["x"] == "table 1, row 1, cell 1, table 1, row 1, cell 1, paragraph 1"
    assert places["y"] == "table 1, row 1, cell 1, paragraph 2"


def test_notes_are_counted_without_the_lines_above_them():
    note = '<w:footnote w:id="{}"{}><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>'
    xml = f"<w:footnotes {W}>{note.format(-1, ' w:type=' + chr(34) + 'separator' + chr(34), 's')}{note.format(1, '', 'n')}</w:footnotes>"
    words = words_of("a.docx", with_part("word/footnotes.xml", xml.encode()))
    assert words["footnotes, footnote 1, paragraph 1"] == "n"


def test_text_of_a_fallback_does_not_double_the_word_before_it():
    both = f"<mc:AlternateContent xmlns:mc='m'><mc:Choice>{run(GONE)}</mc:Choice><mc:Fallback>{run(GONE)}</mc:Fallback></mc:AlternateContent>"
    data = with_part("word/document.xml", part(f"<w:p>{run('By ')}{both}</w:p>"))
    words = words_of("a.docx", data)
    assert (words["paragraph 1"], words["paragraph 1 (fallback)"]) == (f"By {GONE}", GONE)
    assert GONE.encode() not in members(without("a.docx", data, GONE))["word/document.xml"]


def relation(target, kind="hyperlink"):
    return (
        f'<Relationships xmlns="{KINDS}/package/2006/relationships"><Relationship Id="r1" Type="x/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    ).encode()


def test_what_goes_from_a_target_outside_leaves_an_address_of_the_web():
    data = with_part(
        "word/_rels/settings.xml.rels",
        relation("file:///C:/Users/Quillon/n.dotx", "attachedTemplate"),
    )
    copy = members(without("a.docx", data, GONE))["word/_rels/settings.xml.rels"]
    assert b'Target="file:///C:/Users/%5BNAME%5D/n.dotx"' in copy


def test_a_member_whose_name_holds_somebody_has_another_name_wherever_it_is_named():
    made = docx.Document()
    made.add_picture(io.BytesIO(picture()))
    file = io.BytesIO()
    made.save(file)
    parts = {
        name.replace("image1", GONE): data.replace(b"media/image1", b"media/Quillon")
        for name, data in members(file.getvalue()).items()
    }
    copy = without("a.docx", packed(parts), GONE)
    assert "word/media/NAME.png" in members(copy)
    assert GONE.encode() not in b"".join(unpacked(copy))
    related = docx.Document(io.BytesIO(copy)).part.related_parts.values()
    assert "/word/media/NAME.png" in [str(each.partname) for each in related]


def test_pictures_are_empty_in_the_copy_and_of_the_same_kind():
    data = word(lambda: f"{GONE}@x.org")
    after = members(without("a.docx", data, "no match"))
    assert after["word/media/image1.png"] == blank("png", b"")
    assert after["docProps/thumbnail.jpeg"] == blank("jpeg", b"")
    kinds = {
        "png": b"\x89PNG",
        "jpg": b"\xff\xd8\xff",
        "gif": b"GIF8",
        "bmp": b"BM",
        "tiff": b"II*",
        "svg": b"<svg",
    }
    assert all(blank(suffix, b"").startswith(head) for suffix, head in kinds.items())
    assert blank("bin", COMPOUND).startswith(COMPOUND)


def test_an_empty_picture_of_ours_is_not_told_of_again():
    data = without("a.docx", word(lambda: f"{GONE}@x.org"), "no match")
    assert not [block for block in blocks_of("a.docx", data)[0] if isinstance(block, Media)]


def test_macros_are_left_out_with_all_that_names_them():
    data = word(lambda: f"{GONE}@x.org")
    assert "macros" in [b.what for b in blocks_of("a.docx", data)[0] if isinstance(b, Media)]
    after = members(without("a.docx", data, "no match"))
    assert "word/vbaProject.bin" not in after
    assert b"vbaProject.bin" not in b"".join(after.values())


def embedded(name, data):
    return with_part(name, data)


def test_a_document_within_is_searched_and_written():
    inner = document(f"<w:p>{split(GONE)}</w:p>")
    data = embedded("word/embeddings/one.docx", inner)
    assert any(address.endswith("!paragraph 1") for address in words_of("a.docx", data))
    copy = members(without("a.docx", data, GONE))["word/embeddings/one.docx"]
    assert docx.Document(io.BytesIO(copy)).paragraphs[0].text == "[NAME]"


def test_an_object_and_a_workbook_that_are_not_read_are_empty_in_the_copy():
    parts = {
        "word/embeddings/a.bin": COMPOUND + GONE.encode(),
        "word/embeddings/b.xlsx": b"PK broken Quillon",
    }
    copy = members(without("a.docx", packed({**members(document()), **parts}), "no match"))
    assert copy["word/embeddings/a.bin"] == blank("bin", COMPOUND)
    with zipfile.ZipFile(io.BytesIO(copy["word/embeddings/b.xlsx"])) as book:
        assert "xl/workbook.xml" in book.namelist()


def hidden_between(data):
    """Put bytes before the directory of a zip file, which no reader of it sees."""
    at = data.rindex(b"PK\x05\x06")
    start = int.from_bytes(data[at + 16 : at + 20], "little")
    moved = (
        data[:at][start:]
        + data[at : at + 16]
        + (start + len(GONE)).to_bytes(4, "little")
        + data[at + 20 :]
    )
    return data[:start] + GONE.encode() + moved


def test_bytes_that_belong_to_no_member_make_a_file_that_is_always_rebuilt():
    data = document("<w:p></w:p>")
    hidden = hidden_between(data)
    sources = {
        name: open_bytes("a.docx", each) for name, each in (("plain", data), ("hidden", hidden))
    }
    told = {name: each.fidelity for name, each in sources.items()}
    for each in sources.values():
        each.close()
    assert told == {"plain": "copy", "hidden": "always"}
    assert GONE.encode() not in without("a.docx", hidden, "no match")


def test_a_comment_of_the_zip_file_is_searched_and_not_kept():
    data = bytearray(document())
    data[-2:] = len(GONE).to_bytes(2, "little")
    data += GONE.encode()
    assert words_of("a.docx", bytes(data))["comment of the file"] == GONE
    assert GONE.encode() not in without("a.docx", bytes(data), "no match")


@pytest.mark.parametrize("code", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_parts_in_other_codes_are_read_and_written(code):
    text = f'<?xml version="1.0" encoding="{code.removesuffix("-sig")}"?><w:document {W}><w:body><w:p>{run("Bréa " + GONE)}</w:p></w:body></w:document>'
    data = with_part("word/document.xml", text.encode(code))
    assert words_of("a.docx", data)["paragraph 1"] == f"Bréa {GONE}"
    copy = members(without("a.docx", data, GONE, "[N\u0142]"))["word/document.xml"]
    assert GONE not in copy.decode(code)
    assert (
        words_of("a.docx", with_part("word/document.xml", copy))["paragraph 1"] == "Bréa [N\u0142]"
    )


def test_special_characters_of_a_replacement_are_escaped():
    data = with_part("word/document.xml", part(f"<w:p>{run('a &amp; Quillon &lt; b')}</w:p>"))
    copy = without("a.docx", data, GONE, "<&\"'\x00>")
    assert words_of("a.docx", copy)["paragraph 1"] == "a & <&\"'\ufffd> < b"


def test_slides_are_counted_as_they_are_shown_and_notes_with_their_slides():
    data = slides(lambda: f"{GONE}@x.org")
    parts = members(data)
    name = "ppt/presentation.xml"
    ids = re.findall(rb"<p:sldId [^>]*/>", parts[name])
    parts[name] = parts[name].replace(b"".join(ids), b"".join(reversed(ids)))
    words = words_of("a.pptx", packed(parts))
    assert words["slide 2, shape 1, paragraph 1"].startswith("Case of")
    assert any(address.startswith("notes 2, ") for address in words)


def test_a_chart_s_cached_values_and_comments_and_their_authors_are_searched():
    words = words_of("a.pptx", slides(lambda: f"{GONE}@x.org"))
    places = {re.sub(r" \d+", "", address) for address, text in words.items() if GONE in text}
    assert {"chart, value", "comment authors, author", "comments, comment, value"} <= places


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (lambda: with_part("word/document.xml", b"<a><b></a>"), "E210"),
        (lambda: with_part("word/document.xml", b"<a>" * 400), "E209"),
        (
            lambda: with_part("word/document.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            "E210",
        ),
        (
            lambda: with_part("word/document.xml", b'<?xml version="1.0" encoding="no-such"?><a/>'),
            "E203",
        ),
        (lambda: b"", "E216"),
    ],
)
def test_what_cannot_be_read_whole_is_an_error(data, error):
    assert read_until_error("a.docx", data())[1].startswith(f"error[{error}]: a.docx: ")


@pytest.mark.parametrize("format_", ["docx", "pptx", "odf"])
def test_a_zip_file_without_the_parts_of_its_kind_is_an_error(format_):
    data = packed({"a.txt": b""})
    source = Source(Path("a"), "a", len(data), "a", data)
    with pytest.raises(DocumentError, match="E255"):
        load()[format_].open(source, ReadOptions())


@pytest.mark.parametrize("format_", ["docx", "pptx", "odf"])
def test_a_zip_file_that_is_cut_off_is_an_error(format_):
    data = document()[:-30]
    with pytest.raises(DocumentError, match="E216"):
        load()[format_].open(Source(Path("a"), "a", len(data), "a", data), ReadOptions())


def test_an_encrypted_open_document_is_an_error():
    entry = (
        b"<m:manifest xmlns:m='m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    data = packed({"mimetype": kind, "content.xml": b"\1\2", "META-INF/manifest.xml": entry})
    assert "E253" in read_until_error("a.odt", data)[1]


def test_all_that_can_be_read_is_read_before_the_error():
    chunks, error = read_until_error(
        "a.docx", with_part("docProps/core.xml", b"<a>", word(lambda: GONE))
    )
    assert "E210" in error
    assert any(
        GONE in block.text for chunk in chunks for block in chunk.blocks if isinstance(block, Text)
    )


def test_two_members_of_one_name_are_an_error():
    file = io.BytesIO(document())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as out:
        out.writestr("word/document.xml", b"<a/>")
    assert "E255" in read_until_error("a.docx", file.getvalue())[1]


def test_a_part_that_unpacks_to_more_than_may_be_is_an_error():
    data = with_part("word/document.xml", b"<a>" + b" " * 3_000_000 + b"</a>")
    assert "E218" in read_until_error("a.docx", data, ReadOptions(chunk_bytes=1000))[1]


@pytest.mark.parametrize(
    ("stream", "code"), [("EncryptedPackage", "E253"), ("WordDocument", "E254"), ("Other", "E254")]
)
@pytest.mark.parametrize("name", ["a.docx", "a.doc", "a"])
def test_encrypted_and_old_binary_files_are_errors_that_say_what_to_do(name, stream, code):
    data = COMPOUND + bytes(600) + stream.encode("utf-16-le")
    error = read_until_error(name, data)[1]
    assert error.startswith(f"error[{code}]: {name}: ")
    assert "Save it" in error


def test_an_old_binary_file_within_another_is_not_assessed_and_goes():
    old = COMPOUND + bytes(600) + "WordDocument".encode("utf-16-le")
    data = with_part("word/embeddings/old.doc", old)
    assert "embedded object" in [
        b.what for b in blocks_of("a.docx", data)[0] if isinstance(b, Media)
    ]


def test_what_a_file_is_and_not_its_name_decides():
    assert "paragraph 1" in words_of("a.csv", document(f"<w:p>{run('x')}</w:p>"))
    assert any(a.startswith("slide 1") for a in words_of("a.docx", slides(lambda: "x")))


def test_edits_of_two_readings_of_a_paragraph_may_overlap():
    removed = "<w:del w:id='1'><w:r><w:delText>lon</w:delText></w:r></w:del>"
    data = document(f"<w:p>{run('Imogen Quil')}{removed}<w:ins w:id='2'>{run('x')}</w:ins></w:p>")
    opened = open_bytes("a.docx", data)
    parts = []
    for chunk in opened.chunks():
        edits = {
            "paragraph 1": [Edit(0, 12, "[A]")],
            "paragraph 1 (before changes)": [Edit(7, 14, "[B]")],
        }
        own = {b.location.address for b in chunk.blocks}
        parts.append(chunk.write({a: e for a, e in edits.items() if a in own}, {}))
    copy = b"".join([*parts, *opened.finish()])
    opened.close()
    assert words_of("a.docx", copy)["paragraph 1"] == "[A]"
