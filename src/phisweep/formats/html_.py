"""
HTML: the texts of a page, each paragraph, item and cell as one, whatever tags stand in its words.

Comments, attributes, scripts and styles are searched as well, JSON in a script by its keys, URLs that
hold their data are opened, pictures in them replaced. Broken HTML is read as browsers do: nothing is
an error, and what is no tag is text. Only what is replaced is written anew.

The document is held whole, up to 256 MiB. Addresses are XPaths of the elements as they are read.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.encoding import HEAD, MARKS
from phisweep.formats.stream import opened, raw_stream, read
from phisweep.formats.xml_ import narrow
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.richtext.webdocument import HtmlDocument

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})",
    re.IGNORECASE,
)
_BEGIN = re.compile(
    rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,5000}?-->\s*){0,5}<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_LOOKS = re.compile(
    rb"\s*(?:<!--.{0,5000}?-->\s*){0,5}"
    rb"<(?:head|body|div|p|table|span|h[1-6]|br|ul|ol|b|i|font|center|section|article)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_LATIN = frozenset({"iso8859-1", "ascii", "cp1252"})
_LATER = 16 << 10  # bytes in which a page says its code


@dataclass(slots=True)
class Html(FormatDefaults):
    """HTML."""

    name: str = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".hta")
    unread: tuple[str, ...] = (
        "targets of links; what scripts would make of their text; words joined only by style sheets",
    )
    structured: bool = False
    rank: int = 6  # type: ignore[misc] # before XML, as which a page may be written

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a page."""
        return _BEGIN.match(narrow(head)) is not None

    def sniff(self, head: bytes) -> bool:
        """Say whether it begins with a tag of a page."""
        return _LOOKS.match(narrow(head)) is not None

    def open(self, source: Source, options: ReadOptions) -> HtmlDocument:
        """Open the page in the code that it names. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.richtext.webdocument import HtmlDocument  # noqa: PLC0415 - where one is read

        stream = raw_stream(source)
        try:
            head = read(stream, 0, HEAD, source)
        finally:
            stream.close()
        if not options.encoding and (code := _named(head)):
            options = replace(options, encoding=code)
        return HtmlDocument(opened(source, options))


def _named(head: bytes) -> str:
    """Return the code that a page names, "" where its bytes tell more."""
    if any(head.startswith(mark) for mark, _ in MARKS):
        return ""
    match = _CHARSET.search(head, 0, _LATER)
    name = (match[1] or match[2]).decode().lower() if match else ""
    try:
        name = codecs.lookup(name).name if name and "".encode(name) == b"" else ""
    except (LookupError, UnicodeError, TypeError):
        return ""
    if name.startswith(("utf-8", "utf-16", "utf-32")) or name in _LATIN:
        return ""  # UTF-8 is told by its bytes, and what else there is is read as cp1252
    return name


register(Html())
