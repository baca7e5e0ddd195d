"""PDF: words on the page, seen and unseen, and wherever else a string may stand."""

import io

import pypdf
import pypdfium2
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from reportlab.pdfgen import canvas

from conformance.sample import Sample


def _page(out, canary):
    out.drawString(50, 700, f"Write to {canary()} soon.")
    for mode, left, bottom in ((3, 50, 650), (0, -700, 650)):
        text = out.beginText(left, bottom)
        text.setTextRenderMode(mode)
        text.textLine(canary())
        out.drawText(text)
    out.setFillColorRGB(1, 1, 1)
    out.drawString(50, 600, canary())
    out.setFillColorRGB(0, 0, 0)
    out.drawString(50, 550, "Kept words stay as they are, in two")
    out.drawString(50, 536, "lines of one paragraph.")
    out.acroForm.textfield(name="reply to", value=canary(), x=50, y=400, width=300, height=20)
    out.bookmarkPage("one")
    out.addOutlineEntry(f"Part {canary()}", "one")


def pdf(canary):
    file = io.BytesIO()
    out = canvas.Canvas(file, pagesize=(600, 750), invariant=1)
    _page(out, canary)
    out.showPage()
    out.drawString(50, 700, "A second page.")
    out.showPage()
    out.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(file.getvalue()))
    writer.metadata = {"/Title": f"Of {canary()}", "/Reply": canary()}
    writer.add_attachment("note.txt", f"A note of {canary()}.".encode())
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"// {canary()}")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    metadata = DecodedStreamObject()
    metadata.set_data(f"<x><a b='{canary()}'>{canary()}</a></x>".encode())
    metadata.update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    writer._root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (10, 10, 30, 30)]),
            NameObject("/Contents"): TextStringObject(f"See {canary()}"),
        }
    )
    writer.add_annotation(1, note)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def structure(data):
    """Return the sizes of the pages, as far as pixels tell them, and the words that no rule finds."""
    with pypdf.PdfReader(io.BytesIO(data)) as reader:
        sizes = [
            (round(page.mediabox.width, -1), round(page.mediabox.height, -1))
            for page in reader.pages
        ]
    text = " ".join(_texts(data))
    return sizes, [" ".join(text.split()).count(word) for word in ("Kept words", "A second page")]


def _texts(data):
    file = pypdfium2.PdfDocument(data)
    for number in range(len(file)):
        page = file[number]
        text = page.get_textpage()
        yield text.get_text_range()
        text.close()
        page.close()
    file.close()


def unpacked(data):
    """Yield the strings of all objects and the bytes of all streams."""
    yield from (text.encode() for text in _texts(data))
    with pypdf.PdfReader(io.BytesIO(data)) as reader:
        numbers = {number for table in reader.xref.values() for number in table} | set(
            reader.xref_objStm
        )
        for number in sorted(numbers):
            each = reader.get_object(number)
            if each is not None:
                yield repr(each).encode()
                if hasattr(each, "get_data"):
                    yield each.get_data()


SAMPLES = [Sample("report.pdf", pdf, structure, unpacked, least=12)]
