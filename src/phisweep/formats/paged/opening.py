"""Opening a PDF with the two libraries that read it."""

from __future__ import annotations

from typing import Any, BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.paged.copying import is_ours
from phisweep.formats.paged.document import PdfDocument
from phisweep.formats.paged.silence import silent
from phisweep.formats.paged.streams import REPAIR
from phisweep.formats.stream import raw_stream
from phisweep.model import Source

_PASSWORD = 4  # pdfium's number of that error


def opened_pdf(source: Source, options: ReadOptions, pdfium: Any, pypdf: Any) -> PdfDocument:
    """Open a PDF with the two libraries. Raises DocumentError E201, E252, E253."""
    stream = raw_stream(source)
    given = source.data if source.data is not None else source.path
    pdf = None
    try:
        pdf = _pdf(given, source, pdfium)
        with silent():
            reader = _reader(stream, source, pypdf)
        if pdf.get_formtype():
            pdf.init_forms()
        return PdfDocument(source, options, pdf, reader, pdfium.raw, stream, is_ours(source))
    except BaseException:
        stream.close()
        if pdf is not None:
            pdf.close()
        raise


def _pdf(given: Any, source: Source, pdfium: Any) -> Any:
    """Return pdfium's document. Raises DocumentError E252, E253."""
    try:
        return pdfium.PdfDocument(given)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise failed("E253", source, "it is encrypted", "Save it without a password.") from None
        raise failed("E252", source, "it is damaged, or no PDF", REPAIR) from None


def _reader(stream: BinaryIO, source: Source, pypdf: Any) -> Any:
    """Return pypdf's reader. Raises DocumentError E252, E253."""
    try:
        reader = pypdf.PdfReader(stream, strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - what pypdf says may hold a value
        raise failed("E252", source, "it is damaged, or no PDF", REPAIR) from None
    if locked:
        raise failed("E253", source, "it is encrypted", "Save it without a password.")
    return reader
