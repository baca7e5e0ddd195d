"""Word documents, presentations and OpenDocument texts, with words wherever there may be some."""

import datetime as dt
import io
import re
import struct
import zipfile
import zlib

import docx
import pptx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from conformance.sample import Sample
from phisweep.formats.office.blank import blank

WHEN = dt.datetime(2013, 1, 1)  # noqa: DTZ001 - as the libraries write it
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def picture():
    """Return a PNG of 2 x 2 pixels."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = chunk(b"IHDR", struct.pack(">2I5B", 2, 2, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(bytes(6)))
        + chunk(b"IEND", b"")
    )


def who(canary):
    """Return somebody's address, or what programs call nobody."""
    address = canary()
    return address if "@" in address else "Unknown"


def packed(members):
    """Return a zip file of the members, the same each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            out.writestr(info, data)
    return file.getvalue()


def members(data):
    """Return the members of a zip file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def unpacked(data):
    return [*members(data).values(), *(name.encode() for name in members(data))]


def split(words, times=3):
    """Return runs that hold the words in pieces, with what Word puts between them."""
    size = max(1, len(words) // times)
    pieces = [words[i : i + size] for i in range(0, len(words), size)]
    runs = [
        f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{piece}</w:t></w:r>'
        for piece in pieces
    ]
    return '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="7" w:name="_GoBack"/>'.join(
        runs
    )


def paragraphs(canary):
    """Return paragraphs in which a word is split, changed, in a field, in a box, in a control."""
    yield f"<w:p>{split(canary())}</w:p>"
    word = canary()
    yield (
        f'<w:p><w:hyperlink w:anchor="x" w:tooltip="{canary()}">{split(word[:9], 1)}</w:hyperlink>'
        f'<w:ins w:id="1" w:author="{who(canary)}">{split(word[9:])}</w:ins></w:p>'
    )
    deleted = canary()
    yield (
        f'<w:p><w:r><w:t>{deleted[:7]}</w:t></w:r><w:del w:id="2" w:author="A" w:date="2013-01-01T00:00:00Z">'
        f'<w:r><w:delText>{deleted[7:]}</w:delText></w:r></w:del><w:ins w:id="3"><w:r><w:t> ok</w:t></w:r></w:ins></w:p>'
    )
    field = canary()
    yield (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> HYPERLINK '
        f'"mailto:{field[:8]}</w:instrText></w:r><w:r><w:instrText>{field[8:]}" </w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>here</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/>'
        f'</w:r><w:fldSimple w:instr=" QUOTE {canary()} "><w:r><w:t>{canary()}</w:t></w:r></w:fldSimple></w:p>'
    )
    yield (
        f'<w:p><w:sdt><w:sdtPr><w:alias w:val="{canary()}"/><w:tag w:val="t"/><w:text/></w:sdtPr><w:sdtContent>'
        f"<w:r><w:t>{canary()}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    yield (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" Requires="wps">'
        f'<wps:txbx>{box.format(canary())}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox xmlns:v="urn:'
        f'schemas-microsoft-com:vml">{box.format(canary())}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>'
    )


def word(canary):
    document = docx.Document()
    core = document.core_properties
    core.author = core.comments = core.keywords = core.subject = core.title = ""
    core.last_modified_by, core.created, core.modified = who(canary), WHEN, WHEN
    core.title = f"About {canary()}"
    address = canary()
    document.add_paragraph(f"Write to {address} soon.")
    for xml in paragraphs(canary):
        inner = xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)
        document.element.body.insert(-1, parse_xml(inner))
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "reply to", f"of {canary()}"
    table.cell(1, 0).text, table.cell(1, 1).text = canary(), "line\ttabbed\nbroken"
    section = document.sections[0]
    section.header.paragraphs[0].text = f"Head {canary()}"
    section.footer.paragraphs[0].text = f"Foot {canary()}"
    run = document.add_paragraph("a picture").add_run()
    run.add_picture(io.BytesIO(picture()))
    run._r.xpath(".//wp:docPr")[0].set("descr", canary())
    run._r.xpath(".//pic:cNvPr")[0].set("name", "one")
    document.add_comment(run, text=f"See {canary()}", author=who(canary), initials="Q")
    document.part.relate_to(f"mailto:{canary()}", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    file = io.BytesIO()
    document.save(file)
    parts = {name: _undated(data) for name, data in members(file.getvalue()).items()}
    parts["docProps/custom.xml"] = _custom(canary)
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(
        b"</w:settings>",
        f'<w:docVars><w:docVar w:name="{canary()}" w:val="{canary()}"/></w:docVars></w:settings>'.encode(),
    )
    parts["customXml/item9.xml"] = (
        f'<a b="{canary()}"><c>{canary()}</c><!-- {canary()} --></a>'.encode()
    )
    if "@" not in address:
        return packed(without_media(parts))
    parts["word/vbaProject.bin"] = b"macros"
    parts["word/embeddings/note.txt"] = f"a note of {canary()}".encode()
    parts["word/media/image7.dat"] = b"\x00\x01\xff\xfe" * 8
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = types.replace(
        "</Types>",
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="txt"'
        ' ContentType="text/plain"/><Default Extension="dat" ContentType="application/octet-stream"/></Types>',
    ).encode()
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
        b' Target="vbaProject.bin"/></Relationships>',
    )
    return packed(parts)


def without_media(parts):
    """Return the members with pictures in which there is nothing: no others come out as they are."""
    pictures = {name: blank(name.rpartition(".")[2], b"") for name in parts}
    return {name: pictures[name] or data for name, data in parts.items()}


def _undated(data):
    """Take out the moment at which the library was asked, so that it is the same each time."""
    return re.sub(rb' w:date="20[^"]*"', b"", data) if data.startswith(b"<?xml") else data


def _custom(canary):
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006"
    return (
        f'<Properties xmlns="{kinds}/custom-properties" xmlns:vt="{kinds}/docPropsVTypes"><property fmtid='
        f'"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{canary()}"><vt:lpwstr>{canary()}</vt:lpwstr>'
        "</property></Properties>"
    ).encode()


def word_structure(data):
    document = docx.Document(io.BytesIO(data))
    return (
        len(document.paragraphs),
        [[len(row.cells) for row in table.rows] for table in document.tables],
        len(document.inline_shapes),
        sum(1 for _ in document.comments),
        sorted(set(members(data)) - {"word/vbaProject.bin"}),
    )


def slides(canary):
    show = pptx.Presentation()
    core = show.core_properties
    core.author, core.title, core.last_modified_by = who(canary), "", ""
    core.created = core.modified = WHEN
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = f"Case of {canary()}"
    first.placeholders[1].text_frame.text = f"Ask {canary()}"
    paragraph, address = first.placeholders[1].text_frame.add_paragraph(), canary()
    for piece in (address[:6], address[6:20], address[20:]):
        paragraph.add_run().text = piece
    first.notes_slide.notes_text_frame.text = f"Notes on {canary()}"
    second = show.slides.add_slide(show.slide_layouts[6])
    grid = second.shapes.add_table(2, 2, 0, 0, Inches(3), Inches(1)).table
    grid.cell(0, 0).text, grid.cell(1, 1).text = "reply to", canary()
    data = CategoryChartData()
    data.categories = ["one", canary()]
    data.add_series(canary(), (1.5, 2.5))
    second.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(2), Inches(2), data)
    shape = second.shapes.add_picture(io.BytesIO(picture()), 0, 0)
    shape._element.nvPicPr.cNvPr.set("descr", canary())
    shape.name = "one"
    box = second.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.name = canary()
    link = box.text_frame.paragraphs[0].add_run()
    link.text, link.hyperlink.address = "link", f"mailto:{canary()}"
    file = io.BytesIO()
    show.save(file)
    parts = {
        name: re.sub(rb"\d+/\d+/1\d", b"today", data) if name.endswith(".xml") else data
        for name, data in members(file.getvalue()).items()
        if not name.endswith("printerSettings1.bin")
    }
    # The embedded workbook tells when it was made.
    for name in [n for n in parts if n.endswith(".xlsx")]:
        parts[name] = packed({"x.txt": b"a sheet"})
    main = "http://schemas.openxmlformats.org/presentationml/2006/main"
    parts["ppt/commentAuthors.xml"] = (
        f'<p:cmAuthorLst xmlns:p="{main}"><p:cmAuthor id="0" name="{who(canary)}" initials="Q"/></p:cmAuthorLst>'
    ).encode()
    parts["ppt/comments/comment1.xml"] = (
        f'<p:cmLst xmlns:p="{main}"><p:cm authorId="0"><p:text>{canary()}</p:text></p:cm></p:cmLst>'
    ).encode()
    name = "ppt/_rels/presentation.xml.rels"
    parts[name] = re.sub(rb"<Relationship [^>]*printerSettings1\.bin\"[^>]*/>", b"", parts[name])
    return packed(parts if "@" in core.author else without_media(parts))


def slides_structure(data):
    show = pptx.Presentation(io.BytesIO(data))
    return [[shape.shape_type for shape in slide.shapes] for slide in show.slides], sorted(
        members(data)
    )


def opendocument(canary):
    spaces = " ".join(
        f'xmlns:{short}="{ODF}:{long}:1.0"'
        for short, long in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
        )
    )
    spaces += (
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    address = canary()
    image = picture() if "@" in address else blank("png", b"")
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:body><office:text><text:h>Of {canary()}</text:h>'
        f"<text:p>See <text:span>{address[:7]}</text:span>{address[7:]}<office:annotation><dc:creator>{who(canary)}"
        f"</dc:creator><text:p>{canary()}</text:p></office:annotation><text:tab/>end</text:p><table:table><table:table-row>"
        "<table:table-cell><text:p>reply to</text:p></table:table-cell></table:table-row><table:table-row>"
        f"<table:table-cell><text:p>{canary()}</text:p></table:table-cell></table:table-row></table:table><text:p>"
        f'<text:a xlink:href="mailto:{canary()}">x</text:a><draw:frame draw:name="{canary()}"><draw:image '
        'xlink:href="Pictures/one.png"/></draw:frame></text:p></office:text></office:body></office:document-content>'
    )
    head = f"<office:document-styles {spaces}><text:p>Head {canary()}</text:p></office:document-styles>"
    meta = f"<office:document-meta {spaces}><dc:creator>{who(canary)}</dc:creator></office:document-meta>"
    names = ("content.xml", "styles.xml", "meta.xml", "Pictures/one.png")
    manifest = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in ("/", *names)
    )
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "styles.xml": head.encode(),
            "meta.xml": meta.encode(),
            "Pictures/one.png": image,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{ODF}:manifest:1.0">{manifest}</m:manifest>'.encode(),
        }
    )


def opendocument_structure(data):
    parts = members(data)
    return (
        list(parts),
        parts["content.xml"].count(b"<text:p"),
        parts["content.xml"].count(b"<table:"),
    )


SAMPLES = [
    Sample("letter.docx", word, word_structure, unpacked, least=25),
    Sample("case.pptx", slides, slides_structure, unpacked, least=13),
    Sample("letter.odt", opendocument, opendocument_structure, unpacked, least=9),
]
