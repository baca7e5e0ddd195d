"""Word documents, presentations and PDF: files of about a size, and how fast a bare parser reads them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.parsers import expat

SENTENCE = "The patient was seen for follow up of blood pressure and the dose was left as it is. "
PARAGRAPH = 12  # sentences


def _word(name: str) -> bytes:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'<Types xmlns="{types}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>'
    ).encode()


def _paragraph(number: int) -> str:
    runs = "".join(f"<w:r><w:t>{SENTENCE}</w:t></w:r>" for _ in range(PARAGRAPH))
    return f"<w:p><w:r><w:t>Visit {number}. </w:t></w:r>{runs}</w:p>"


def make_docx(path: Path, megabytes: int) -> None:
    """Write a document with as much XML, in its body."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    count = megabytes * 1_000_000 // len(_paragraph(1000))
    body = "".join(map(_paragraph, range(count)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        out.writestr("[Content_Types].xml", _word("word/document.xml"))
        xml = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        out.writestr("word/document.xml", xml)


def make_pptx(path: Path, megabytes: int) -> None:
    """Write a presentation with as much XML, in slides."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    text = "".join(f"<a:p><a:r><a:t>{SENTENCE}</a:t></a:r></a:p>" for _ in range(200))
    slide = f'<p:sld xmlns:p="p" xmlns:a="{space}"><p:sp><p:txBody>{text}</p:txBody></p:sp></p:sld>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        out.writestr("[Content_Types].xml", _word("ppt/presentation.xml"))
        for number in range(1, 1 + megabytes * 1_000_000 // len(slide)):
            out.writestr(f"ppt/slides/slide{number}.xml", slide)


def bare_zip(path: Path) -> None:
    """Parse every part by expat."""
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            expat.ParserCreate().Parse(file.read(name), True)


def make_pdf(path: Path, megabytes: int) -> None:
    """Write pages of text whose contents take as many bytes, unpacked."""
    content = (
        "BT /F 10 Tf 12 TL 50 740 Td " + "".join(f"({SENTENCE}) Tj T* " for _ in range(50)) + "ET"
    )
    pages = max(1, megabytes * 1_000_000 // len(content))
    out, where = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")

    def put(text: str) -> None:
        where.append(out.tell())
        out.write(f"{len(where)} 0 obj\n{text}\nendobj\n".encode())

    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    put("<< /Type /Catalog /Pages 2 0 R >>")
    put(f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>")
    put("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    put(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    for _ in range(pages):
        put(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>"
        )
    start = out.tell()
    out.write(f"xref\n0 {len(where) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{at:010d} 00000 n \n".encode() for at in where)
    out.write(
        f"trailer\n<< /Size {len(where) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    path.write_bytes(out.getvalue())


def bare_pdf(path: Path) -> None:
    """Take the text out of every page by pdfium."""
    import pypdfium2  # noqa: PLC0415 - of the extra

    file = pypdfium2.PdfDocument(path)
    for number in range(len(file)):
        page = file[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    file.close()


CASES = [
    ("docx", make_docx, bare_zip),
    ("pptx", make_pptx, bare_zip),
    ("pdf", make_pdf, bare_pdf),
]
