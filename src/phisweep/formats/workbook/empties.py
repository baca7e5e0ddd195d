"""What stands in the place of a picture, an object or another binary part: something empty of its kind."""

from __future__ import annotations

import base64
import struct
import zlib

from phisweep.formats.signs import looks_like_zip

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z"
)
_GIF = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")
_BMP = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\xff\xff\xff\0"  # fmt: skip
_TIFF = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 8) + b"".join(
    struct.pack("<HHII", *entry)
    for entry in ((256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 110), (278, 3, 1, 1), (279, 4, 1, 1))
) + bytes(4) + b"\xff"  # fmt: skip
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
_WMF = struct.pack("<HHHIHIH", 1, 9, 0x0300, 12, 0, 3, 0) + struct.pack("<IH", 3, 0)
_EMF = (
    struct.pack("<II8i", 1, 88, 0, 0, 0, 0, 0, 0, 26, 26)
    + struct.pack("<IIIIHHIII", 0x464D4520, 0x10000, 108, 2, 1, 0, 0, 0, 0)
    + struct.pack("<4i", 1, 1, 1, 1)
    + struct.pack("<IIIII", 14, 20, 0, 16, 20)
)


def empty(name: str, data: bytes) -> bytes:
    """Return something empty of the kind that a part's name says, else of the kind that it is."""
    suffix = name.rpartition(".")[2].lower()
    known = {"png": _png(), "jpeg": _JPEG, "jpg": _JPEG, "gif": _GIF, "bmp": _BMP, "tiff": _TIFF, "tif": _TIFF, "svg": _SVG, "wmf": _WMF, "emf": _EMF}  # fmt: skip
    if suffix in known:
        return known[suffix]
    if data.startswith(_OLE):
        return _ole()
    return b"PK\x05\x06" + bytes(18) if looks_like_zip(data) else b""


def _png() -> bytes:
    """Return one white pixel."""

    def piece(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0\xff")
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", body) + piece(b"IEND", b"")


def _ole() -> bytes:
    """Return a compound file with nothing in it: a header, a table of sectors, a folder."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = _OLE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    head += struct.pack("<108I", *([free] * 108))
    sectors = struct.pack("<128I", table, end, *([free] * 126))
    title = "Root Entry".encode("utf-16-le")
    root = title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title) + 2, 5, 1, free, free, free)
    root += bytes(36) + struct.pack("<IQ", end, 0)
    blank = bytes(68) + struct.pack("<III", free, free, free) + bytes(48)
    return head + sectors + root + blank * 3
