"""Streams of a PDF: whether they are whole, and what they draw."""

from __future__ import annotations

import re
import zlib
from typing import Any

from phisweep.formats.base import failed
from phisweep.model import Source

LARGEST = 256 << 20  # bytes that one stream may hold
REPAIR = "Repair it, or print it to a new PDF."
_INLINE = re.compile(rb"(?<!\S)BI\s.*?\sID\s", re.DOTALL)


def check(stream: Any, source: Source) -> None:
    """Raise DocumentError E252 where a packed stream is cut off or altered, E218 where it is too large."""
    import pypdf.filters as decoders  # noqa: PLC0415 - of the extra

    filters = stream.get("/Filter")
    filters = filters.get_object() if filters is not None else []
    raw = getattr(stream, "_data", b"")
    for name in filters if isinstance(filters, list) else [filters]:
        if name in {"/ASCII85Decode", "/A85"}:
            raw = decoders.ASCII85Decode.decode(raw)
        elif name in {"/ASCIIHexDecode", "/AHx"}:
            raw = decoders.ASCIIHexDecode.decode(raw)
        elif name in {"/FlateDecode", "/Fl"} and raw:
            _check_packed(raw, source)
            return
        else:
            return


def _check_packed(raw: bytes, source: Source) -> None:
    opened = zlib.decompressobj()
    try:
        size = len(opened.decompress(raw, LARGEST + 1))
    except zlib.error:
        raise failed("E252", source, "a stream of it is damaged", REPAIR) from None
    if size > LARGEST:
        raise failed("E218", source, "it unpacks to more than may be")
    if not opened.eof:
        raise failed("E252", source, "a stream of it is cut off", REPAIR)


def draws_pictures(pattern: Any) -> bool:
    """Say whether the cell of a pattern holds pictures, or forms, which may."""
    resources = pattern.get("/Resources")
    resources = resources.get_object() if resources is not None else {}
    return "/XObject" in resources or _INLINE.search(bytes(pattern.get_data())) is not None
