"""PDF: what is on a page is found, what goes is in no pixel and no byte of the copy."""

import io
import logging
import re
import sys

import pypdf
import pypdfium2
import pytest
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from formats.reading import open_bytes, read_until_error
from formats.rewriting import blocks_of, without, words_of
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.model import Media

GONE = "Quillon"


def page(draw, size=(300, 200), **settings):
    """Return a PDF of one page, on which `draw` draws."""
    file = io.BytesIO()
    out = canvas.Canvas(file, pagesize=size, invariant=1, **settings)
    out.setFont("Courier", 12)
    draw(out)
    out.showPage()
    out.save()
    return file.getvalue()


def lines(*texts, left=20, top=170):
    def draw(out):
        for number, text in enumerate(texts):
            out.drawString(left, top - 14 * number, text)

    return draw


def pixels(data, number=0):
    file = pypdfium2.PdfDocument(data)
    leaf = file[number]
    image = leaf.render(scale=150 / 72).to_pil().convert("L")
    leaf.close()
    file.close()
    return image


def changed(data, change):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def every_byte(data):
    """Return all bytes of a PDF, and those of its streams unpacked."""
    with pypdf.PdfReader(io.BytesIO(data)) as reader:
        numbers = sorted({n for table in reader.xref.values() for n in table})
        objects = [reader.get_object(n) for n in numbers]
        streams = [each.get_data() for each in objects if isinstance(each, StreamObject)]
    return b"\n".join([data, *streams]).replace(b"\0", b"")


def test_a_name_that_is_broken_over_two_lines_is_one_name():
    words = words_of(
        "a.pdf", page(lines("Seen by Imogen Vale and by Doctor", "Quillon at noon and later on."))
    )
    assert words["page 1"] == "Seen by Imogen Vale and by Doctor Quillon at noon and later on."


def test_a_word_that_is_hyphenated_at_the_end_of_a_line_is_one_word():
    data = page(lines("A long line of text with Quil-", "lon in the middle of it all."))
    assert "Quillon in" in words_of("a.pdf", data)["page 1"]
    other = page(lines("A long line of text with Quil-", "lan in the middle of it all."))
    assert without("a.pdf", data, "Quillon") == without("a.pdf", other, "Quillan")


def test_short_lines_are_lines_and_not_one_paragraph():
    words = words_of(
        "a.pdf", page(lines("Name: Quillon", "A long line that goes to the right edge", "Ward 3"))
    )
    assert words["page 1"].splitlines()[0] == "Name: Quillon"


def test_labels_and_values_that_were_written_apart_are_read_together():
    def draw(out):
        lines("Name:", "Phone:")(out)
        lines("Quillon", "555-0142", left=120)(out)

    words = words_of("a.pdf", page(draw))
    assert (words["page 1, row 1"], words["page 1, row 2"]) == ("Name: Quillon", "Phone: 555-0142")


def hidden(mode, left=20, *, white=False):
    def draw(out):
        out.setFillGray(int(white))
        text = out.beginText(left, 100)
        text.setFont("Courier", 12)
        text.setTextRenderMode(mode)
        text.textLine(f"Ask {GONE}.")
        out.drawText(text)

    return draw


@pytest.mark.parametrize(
    "draw",
    [hidden(3), hidden(0, left=-300), hidden(0, white=True), hidden(7)],
    ids=["invisible", "off the page", "white", "clipping"],
)
def test_text_that_nobody_sees_is_found_and_goes(draw):
    data = page(draw)
    assert GONE in words_of("a.pdf", data)["page 1"]
    assert GONE.encode() not in every_byte(without("a.pdf", data, GONE))


def test_text_of_a_layer_that_is_switched_off_is_found():
    def hide(writer):
        layer = writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/OCG"),
                    NameObject("/Name"): TextStringObject("l"),
                }
            )
        )
        settings = pypdf.generic.ArrayObject([layer])
        default = DictionaryObject({NameObject("/OFF"): settings})
        layers = {NameObject("/OCGs"): settings, NameObject("/D"): default}
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(layers)
        leaf = writer.pages[0]
        properties = DictionaryObject({NameObject("/L"): layer})
        leaf["/Resources"][NameObject("/Properties")] = properties
        content = pypdf.generic.DecodedStreamObject()
        content.set_data(b"/OC /L BDC " + leaf.get_contents().get_data() + b" EMC")
        leaf[NameObject("/Contents")] = writer._add_object(content)

    data = changed(page(lines(f"Ask {GONE}.")), hide)
    assert GONE in words_of("a.pdf", data)["page 1"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True], ids=["whole", "cropped"])
def test_what_goes_leaves_no_trace_in_the_pixels(turn, crop):
    """Documents that differ in what goes and in nothing else have the same copy."""

    def change(writer):
        leaf = writer.pages[0]
        leaf.rotate(turn)
        if crop:
            leaf.cropbox = pypdf.generic.RectangleObject([10, 20, 290, 190])

    names = ("Quillon", "Fjmpqyg", "WWWWWWW")
    copies = {
        without("a.pdf", changed(page(lines(f"Seen by {name}, at noon.", "Kept.")), change), name)
        for name in names
    }
    assert len(copies) == 1
    assert "Kept." in " ".join(words_of("a.pdf", copies.pop()).values())


def test_a_box_lies_over_the_word_and_the_others_stay_as_they_were():
    data = page(lines(f"Seen by {GONE} today."))
    before, after = pixels(data), pixels(without("a.pdf", data, GONE, ""))
    assert before.size == after.size
    scale = 150 / 72
    word = tuple(int(n * scale) for n in (20 + 8 * 7.2, 23, 20 + 15 * 7.2, 29))
    assert after.crop(word).getextrema() == (0, 0)
    kept = tuple(int(n * scale) for n in (18, 15, 20 + 7 * 7.2, 40))
    assert after.crop(kept).tobytes() == before.crop(kept).tobytes()


def picture(shade):
    return ImageReader(Image.new("RGB", (4, 4), (shade, 9, 9)))


def with_picture(shade, kind):
    def draw(out):
        out.drawString(20, 170, "A picture stands below.")
        if kind == "form":
            out.beginForm("f")
            out.drawImage(picture(shade), 0, 0, 60, 60)
            out.endForm()
            out.translate(50, 30)
            out.scale(1.5, 1)
            out.doForm("f")
        elif kind == "inline":
            out.drawInlineImage(Image.new("RGB", (4, 4), (shade, 9, 9)), 50, 30, 60, 60)
        else:
            out.drawImage(picture(shade), 50, 30, 60, 60)

    return page(draw)


@pytest.mark.parametrize("kind", ["plain", "inline", "form"])
def test_a_picture_is_not_assessed_and_is_covered_with_nothing_left_of_it(kind):
    data = with_picture(200, kind)
    found = [block for block in blocks_of("a.pdf", data)[0] if isinstance(block, Media)]
    assert [block.location.address for block in found] == ["page 1, picture 1"]
    copy = without("a.pdf", data, GONE)
    assert copy == without("a.pdf", with_picture(20, kind), GONE)
    spot = pixels(copy).crop((125, 250, 200, 340))
    assert spot.getextrema() == (190, 190)


def scan(out):
    out.drawImage(picture(90), 0, 0, 300, 200)


def test_a_document_of_pictures_without_text_is_held_back():
    _, document = blocks_of("a.pdf", page(scan))
    assert document.held == "its page is a picture without text: not assessed, it may hold (Q)"


def test_the_text_layer_of_a_scan_is_searched_and_its_picture_is_not_kept():
    def draw(out):
        scan(out)
        hidden(3)(out)

    blocks, document = blocks_of("a.pdf", page(draw))
    assert document.held == ""
    assert any(isinstance(block, Media) for block in blocks)


def test_a_page_of_lines_alone_may_hold_drawn_letters_and_is_covered():
    def draw(out):
        for n in range(30):
            out.line(n, 0, 0, n)

    blocks, document = blocks_of("a.pdf", page(draw))
    assert [block.what for block in blocks if isinstance(block, Media)] == ["a page of lines"]
    assert document.held
    assert pixels(without("a.pdf", page(draw), GONE)).getextrema() == (0, 0)


def test_a_picture_in_a_pattern_holds_the_document_back():
    def add(writer):
        cell = pypdf.generic.DecodedStreamObject()
        cell.set_data(b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI Q")
        cell[NameObject("/PatternType")] = pypdf.generic.NumberObject(1)
        patterns = DictionaryObject({NameObject("/P1"): writer._add_object(cell)})
        writer.pages[0]["/Resources"][NameObject("/Pattern")] = patterns

    held = blocks_of("a.pdf", changed(page(lines("x")), add))[1].held
    assert held == "a picture is drawn as a pattern, which cannot be covered: (Q)"


def test_a_page_whose_contents_are_missing_is_an_error():
    data = page(lines(f"Seen by {GONE}."))
    wrong = re.sub(rb"/Contents \d+ 0 R", b"/Contents 9 7 R", data)
    assert "E252" in read_until_error("a.pdf", wrong)[1]


def test_long_chains_of_bookmarks_are_read_to_their_end():
    def draw(out):
        out.bookmarkPage("one")
        for number in range(300):
            out.addOutlineEntry(f"Part {number}", "one")

    words = words_of("a.pdf", page(draw))
    assert "Part 299" in words.values()
    assert words["bookmark 1, Title"].startswith("Part")


def test_fields_that_stand_far_apart_are_covered_one_by_one():
    def draw(out):
        out.drawString(20, 100, "Kept between them.")
        for name, bottom in (("Quillon", 150), ("Ostrander", 20)):
            out.acroForm.textfield(name=name, value=name, x=20, y=bottom, width=120, height=20)

    copy = without("a.pdf", page(draw), "Quillon|Ostrander|Quillon Ostrander")
    assert "Kept between them." in " ".join(words_of("a.pdf", copy)["page 1"].split())
    assert pixels(copy).crop((40, 190, 280, 215)).getextrema() == (0, 255)


def test_a_page_that_inherits_its_size_keeps_it():
    def inherit(writer):
        leaf = writer.pages[0]
        leaf["/Parent"][NameObject("/MediaBox")] = leaf.pop("/MediaBox")

    def draw(out):
        out.drawString(20, 850, f"Seen by {GONE}, kept.")
        out.acroForm.textfield(name="a", value="b", x=20, y=20, width=120, height=20)

    copy = without("a.pdf", changed(page(draw, (500, 900)), inherit), GONE)
    assert [round(n) for n in pypdfium2.PdfDocument(copy).get_page_size(0)] == [500, 900]
    assert "kept." in words_of("a.pdf", copy)["page 1"]


def test_characters_of_which_nobody_knows_what_they_are_are_covered():
    def unknown(writer):
        names = pypdf.generic.ArrayObject([pypdf.generic.NumberObject(81), NameObject("/g0001")])
        encoding = {NameObject("/Type"): NameObject("/Encoding"), NameObject("/Differences"): names}
        for each in writer.pages[0]["/Resources"]["/Font"].values():
            each.get_object()[NameObject("/Encoding")] = DictionaryObject(encoding)

    data = changed(page(lines("Seen by Quillon.")), unknown)
    blocks, _ = blocks_of("a.pdf", data)
    if any(isinstance(block, Media) for block in blocks):
        assert "\ufffd" in words_of("a.pdf", data)["page 1"]
    else:  # pdfium knows another way to tell them
        assert "Seen by" in words_of("a.pdf", data)["page 1"]


def test_a_copy_is_the_same_each_time_and_tells_nothing_of_its_making():
    data = page(lines(f"Seen by {GONE}."))
    copy = without("a.pdf", data, GONE)
    assert copy == without("a.pdf", data, GONE)
    with pypdf.PdfReader(io.BytesIO(copy)) as reader:
        assert reader.metadata is None
        assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
        assert set(reader.pages[0]) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}


def test_what_was_deleted_from_a_pdf_is_not_in_the_copy():
    first = page(lines(f"Seen by {GONE}."))
    writer = pypdf.PdfWriter(io.BytesIO(first), incremental=True)
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 20 100 Td (Nothing left.) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    file = io.BytesIO()
    writer.write(file)
    data = file.getvalue()
    assert data.startswith(first[:500])
    assert GONE.encode() not in every_byte(without("a.pdf", data, "no match"))


def test_fields_and_notes_are_part_of_the_picture():
    def draw(out):
        out.acroForm.textfield(
            name="who", value=f"By {GONE} then", x=20, y=100, width=200, height=20
        )

    words = words_of("a.pdf", page(draw))
    assert words["page 1"].strip() == f"By {GONE} then"
    assert words["form field 1, value"] == f"By {GONE} then"


def test_our_own_copy_is_read_again_as_what_it_is():
    copy = without("a.pdf", page(lines(f"Seen by {GONE} at noon.", "Kept.")), GONE)
    blocks, document = blocks_of("a.pdf", copy)
    assert not any(isinstance(block, Media) for block in blocks)
    assert document.held == ""
    assert "Seen by [NAME] at noon." in " ".join(words_of("a.pdf", copy)["page 1"].split())


def test_what_is_found_in_our_own_copy_goes_from_its_picture_as_well():
    first = without("a.pdf", page(lines("Seen by Quillon and Ostrander.")), "Quillon")
    second = without("a.pdf", first, "Ostrander", "")
    assert "Ostrander" not in " ".join(words_of("a.pdf", second).values())
    word = tuple(int(n * 150 / 72) for n in (20 + 20 * 7.2, 20, 20 + 29 * 7.2, 33))
    assert pixels(first).crop(word).getextrema() == (0, 255)
    assert pixels(second).crop(word).getextrema() == (0, 0)


def test_an_empty_page_of_our_own_copy_is_not_taken_for_a_scan():
    copy = without("a.pdf", page(lines()), GONE)
    assert blocks_of("a.pdf", copy)[1].held == ""


@pytest.mark.parametrize("harm", ["appended", "changed"])
def test_a_copy_that_somebody_changed_is_not_ours_any_more(harm):
    copy = without("a.pdf", page(scan), GONE)
    assert blocks_of("a.pdf", copy)[1].held == ""
    other = copy + b"\n" if harm == "appended" else copy.replace(b"/DW 500", b"/DW 501")
    assert blocks_of("a.pdf", other)[1].held


def test_a_document_that_its_owner_alone_may_change_is_read():
    data = changed(
        page(lines(f"Seen by {GONE}.")), lambda w: w.encrypt("", "owner", algorithm="AES-256")
    )
    assert GONE in words_of("a.pdf", data)["page 1"]


def test_a_document_that_wants_a_password_is_an_error():
    data = changed(page(lines("x")), lambda w: w.encrypt("secret", algorithm="AES-256"))
    chunks, error = read_until_error("a.pdf", data)
    assert (chunks, error) == (
        [],
        "error[E253]: a.pdf: it is encrypted. Save it without a password.",
    )


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.999])
def test_a_document_that_is_cut_off_is_an_error(cut):
    data = page(lines(f"Seen by {GONE}."))
    error = read_until_error("a.pdf", data[: int(len(data) * cut)])[1]
    assert error.startswith("error[E252]: a.pdf: ")
    assert GONE not in error


def test_a_damaged_stream_is_an_error_after_all_else_is_read():
    def add(writer):
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(b"x" * 500)
        writer._root_object[NameObject("/Extra")] = writer._add_object(stream.flate_encode())

    data = changed(page(lines(f"Seen by {GONE}.")), add)
    at = [m.start() for m in re.finditer(b"stream\n", data)][-2] + 10
    chunks, error = read_until_error("a.pdf", data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])
    assert "E252" in error
    assert any(GONE in getattr(block, "text", "") for chunk in chunks for block in chunk.blocks)


def test_a_stream_that_unpacks_to_more_than_may_be_is_an_error(monkeypatch):
    monkeypatch.setattr("phisweep.formats.paged.streams.LARGEST", 100)
    assert (
        "E218" in read_until_error("a.pdf", page(lines(*["many words"] * 12), pageCompression=1))[1]
    )


def test_a_table_of_objects_that_is_wrong_is_put_up_with():
    data = page(lines(f"Seen by {GONE}."))
    wrong = re.sub(rb"startxref\n\d+", b"startxref\n7", data)
    assert GONE in words_of("a.pdf", wrong)["page 1"]


def test_pypdf_logs_nothing_of_the_document(caplog):
    data = page(lines(f"Seen by {GONE}."))
    with caplog.at_level(logging.DEBUG):
        read_until_error("a.pdf", re.sub(rb"startxref\n\d+", b"startxref\n7", data))
        read_until_error("a.pdf", data[: len(data) // 2])
    assert caplog.records == []


def test_a_page_that_is_larger_than_may_be_is_drawn_more_coarsely(monkeypatch):
    monkeypatch.setattr("phisweep.formats.paged.drawing.MOST_PIXELS", 10_000)
    copy = without("a.pdf", page(lines(f"Seen by {GONE}.")), GONE)
    with pypdf.PdfReader(io.BytesIO(copy)) as reader:
        image = reader.pages[0]["/Resources"]["/XObject"]["/I"]
        assert image["/Width"] * image["/Height"] < 11_000
        assert abs(reader.pages[0].mediabox.width - 300) < 3


def test_an_attachment_is_searched_and_left_out():
    data = changed(page(lines("x")), lambda w: w.add_attachment("n.txt", f"By {GONE}.".encode()))
    blocks, document = blocks_of("a.pdf", data)
    assert words_of("a.pdf", data)["attachment 1!text"] == f"By {GONE}."
    assert document.warnings == ["1 attachment is left out of the copy"]
    assert blocks


def test_without_the_libraries_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(DocumentError, match=r"E220.*pip install 'phisweep\[pdf\]'"):
        open_bytes("a.pdf", page(lines("x")), ReadOptions())


def test_what_a_file_is_and_not_its_name_decides():
    assert GONE in words_of("a.csv", page(lines(f"Seen by {GONE}.")))["page 1"]
