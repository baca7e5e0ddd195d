"""
XML of any kind, and clinical documents (HL7 CDA, C-CDA) by the names of their places.

Every text, attribute, comment, instruction, section of CDATA and document type is searched, and
every name of an element or attribute where they are not those of a standard. Words with tags among
them are one text. What elements hold as base64 or as a document in text is opened. Spans are
spliced: the declaration, namespaces, quotes and entities that nothing was found in stay.

Nothing is fetched, no entity is expanded. The document is held whole, up to 256 MiB. Addresses are
XPaths of local names.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, failed, register
from phisweep.formats.choose import named_code
from phisweep.formats.encoding import HEAD, MARKS
from phisweep.formats.stream import opened, raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.xmlish.document import XmlDocument
UNREAD = ("targets of references: files, schemas and style sheets that it names",)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_BEGIN = re.compile(rb"\s*<(?:\?xml\s|(?:[\w.-]{1,40}:)?ClinicalDocument[\s>])")
_HTML = re.compile(rb"<(?:!doctype\s+)?html[\s>]", re.IGNORECASE)
_LOOKS = re.compile(rb"\s*(?:<!--.{0,5000}?-->\s*){0,9}<[A-Za-z_][\w.:-]{0,100}[\s/>]", re.DOTALL)
_WIDE = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
#: What a declaration says of bytes that are no UTF-16, or nothing that UTF-8 does not say as well.
_UTF = frozenset({"utf-8", "utf8", "utf-16", "utf16", "ucs-2", "utf-16le", "utf-16be", "us-ascii"})


@dataclass(slots=True)
class Xml(FormatDefaults):
    """XML."""

    name: str = "xml"
    suffixes: tuple[str, ...] = (
        *(".xml", ".cda", ".ccda", ".ccd", ".svg", ".xsl", ".xslt", ".xsd", ".kml", ".gpx"),
        *(".plist", ".rdf", ".xmi", ".fodt", ".fods", ".musicxml", ".sdmx", ".odm"),
    )
    unread: tuple[str, ...] = UNREAD
    structured: bool = True
    rank: int = 7  # type: ignore[misc] # behind formats that are written in XML

    def certain(self, head: bytes, source: Source) -> bool:
        """
        Say whether it begins with a declaration or as a clinical document, and is no web page.

        What is called as source code is (`fonts.conf`) sets up a program, unless HL7 is in it.
        """
        head = narrow(head)
        if _BEGIN.match(head) is None or _HTML.search(head, 0, 4096):
            return False
        return b"hl7" in head.lower() or not named_code(source.name)

    def sniff(self, head: bytes) -> bool:
        """Say whether it begins with a tag and one is closed."""
        head = narrow(head)
        return _LOOKS.match(head) is not None and (b"</" in head or b"/>" in head)

    def open(self, source: Source, options: ReadOptions) -> XmlDocument:
        """Open the document in the code that it declares. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.xmlish.document import XmlDocument  # noqa: PLC0415 - where one is read

        stream = raw_stream(source)
        try:
            head = read(stream, 0, HEAD, source)
        finally:
            stream.close()
        if not options.encoding and (code := declared(head, source)):
            options = replace(options, encoding=code)
        return XmlDocument(opened(source, options))


def narrow(head: bytes) -> bytes:
    """Return the first bytes of a document as those of an ASCII one, where it is UTF-16 or UTF-32."""
    if head.startswith(BOM_UTF8):
        return head[len(BOM_UTF8) :]
    wide = any(head.startswith(mark) for mark, _ in MARKS) or head[:4] in _WIDE
    return head.lstrip(b"\xff\xfe\0").replace(b"\0", b"") if wide else head


def declared(head: bytes, source: Source) -> str:
    """
    Return the code that a document without byte order mark declares, "" where it is told otherwise.

    Raises DocumentError E203 for one that nobody knows.
    """
    if any(head.startswith(mark) for mark, _ in MARKS):
        return ""
    if head[:4] in _WIDE:
        return _WIDE[head[:4]]
    match = _DECLARED.match(head)
    name = match[1].decode().lower() if match else ""
    if name in _UTF:
        return ""
    try:
        return name and "".encode(name).decode(name) + name
    except (LookupError, UnicodeError, TypeError):
        raise failed(
            "E203",
            source,
            "it declares an encoding that is not known",
            "Set --encoding, or encoding under [tool.phisweep.files].",
        ) from None


register(Xml())
