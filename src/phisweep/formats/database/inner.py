"""Documents in cells: JSON, XML, RTF, HL7, a PDF in a blob, opened by the formats that read them."""

from __future__ import annotations

import json
import re

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.embedded import Embedded, embed
from phisweep.model import Media, Source

#: How texts begin that a format of its own reads better than as prose.
_DOCUMENT = re.compile(
    r"\s*(?:<\?xml\s|<!DOCTYPE\s|<html[\s>]|<ClinicalDocument[\s>]|\{\\rtf|MSH\||ISA\*|BEGIN:V)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LEAST = 2  # code points of JSON


def as_text(data: bytes) -> str | None:
    """Return what a blob says where it is UTF-8 without control characters, else None."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text


def is_document(text: str) -> bool:
    """Say whether a value is a document of its own: JSON that holds something, or marked as one."""
    first = text[:1] if text[:1] not in " \t\r\n" else text.lstrip()[:1]
    if first in ("{", "["):
        return is_json(text) or _DOCUMENT.match(text) is not None
    return first in "<MmIiBb" and _DOCUMENT.match(text) is not None


def is_json(text: str) -> bool:
    """Say whether a text is a JSON object or array that is not empty."""
    try:
        return len(text) > _LEAST and bool(json.loads(text))
    except (ValueError, RecursionError):
        return False


def opened_cell(
    value: str | bytes, source: Source, options: ReadOptions, address: str
) -> Embedded | None:
    """Return the document that a value is, None where no format reads it, or not to its end."""
    text = isinstance(value, str)
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    name = (
        "cell.json" if text and data.lstrip()[:1] in (b"{", b"[") and data[:5] != b"{\\rtf" else ""
    )
    try:
        inner = embed(data, source, options, address, name=name)
    except DocumentError:
        return None
    if all(isinstance(b, Media) and b.location.address == f"{address}!" for b in inner.blocks):
        inner.close()  # nobody reads it, or there is nothing in it
        return None
    return inner
