"""What is empty of its kind, to stand where something was that cannot be assessed."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

#: One transparent (or white) pixel, or a page without anything.
_BLANKS: Mapping[str, bytes] = {
    "image/png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
    ),
    "image/gif": base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
    "image/jpeg": base64.b64decode(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////"
        "////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABP/EABQQAQAA"
        "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8Aa//Z"
    ),
    "image/bmp": base64.b64decode(
        "Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAADEDgAAxA4AAAAAAAAAAAAA////AA=="
    ),
    "image/svg+xml": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "application/pdf": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
    ),
    "application/json": b"null",
}
_SIGNS: Mapping[bytes, str] = {
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
    b"BM": "image/bmp",
    b"%PDF": "application/pdf",
}
_SPELLINGS = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}


def blank(media_type: str, data: bytes) -> bytes:
    """
    Return what is empty of a media type, else of what the data begin like.

    A line feed where no empty document of the kind is known: an empty value is none in some formats.
    """
    kind = _SPELLINGS.get(media_type, media_type)
    if kind not in _BLANKS:
        kind = next((of for sign, of in _SIGNS.items() if data.startswith(sign)), kind)
    if kind not in _BLANKS and re.fullmatch(r"image/[a-z.+-]+", kind):
        kind = "image/png"
    return _BLANKS.get(kind, b"\n")
