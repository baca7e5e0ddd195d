"""
PDF: its pages, and all strings beside them, are searched; the copy is a fresh file of pictures of pages.

A box that is drawn over living text removes nothing, and a PDF keeps what was deleted from it.
Hence a copy holds for each page a picture with opaque boxes over what goes, over it an invisible
layer of the text that is left, and nothing else of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.paged.document import PdfDocument

_HEAD = b"%PDF-"
_SPACE = b"\0\t\n\f\r \xef\xbb\xbf"
_WITHIN = 1024  # bytes before its head that readers of PDF put up with


@dataclass(slots=True)
class Pdf(FormatDefaults):
    """PDF documents."""

    extra = "pdf"
    needs = ("pypdfium2", "pypdf", "PIL")

    name: str = "pdf"
    suffixes: tuple[str, ...] = (".pdf",)
    unread: tuple[str, ...] = (
        "letters that are drawn as lines",
        "text that a font calls by other letters than it shows",
        "older revisions, deleted objects and fonts: nothing of them is in the copy",
    )
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a PDF does."""
        return head[:_WITHIN].lstrip(_SPACE).startswith(_HEAD)

    def sniff(self, head: bytes) -> bool:
        """Say whether a PDF begins in the first 1024 bytes."""
        return _HEAD in head[:_WITHIN]

    def open(self, source: Source, options: ReadOptions) -> PdfDocument:
        """Open the document. Raises DocumentError E201, E220, E252, E253."""
        from phisweep.formats.extras import needed  # noqa: PLC0415 - where one is read
        from phisweep.formats.paged.opening import opened_pdf  # noqa: PLC0415

        pdfium = needed("pypdfium2", self.extra, source)
        needed("PIL", self.extra, source)
        return opened_pdf(source, options, pdfium, needed("pypdf", self.extra, source))


register(Pdf())
