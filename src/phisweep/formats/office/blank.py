"""What stands in a copy where something lay that cannot be assessed: the emptiest of its kind."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Mapping

from phisweep.formats.signs import COMPOUND

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td"
    "hbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABQQAQAAAAAAAAAA"
    "AAAAAAAAAAD/2gAIAQEAAD8ATP/Z"
)
_GIF = base64.b64decode("R0lGODdhAQABAIEAAP///wAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw==")
_BMP = base64.b64decode(
    "Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAADEDgAAxA4AAAAAAAAAAAAA////AA=="
)
_TIFF = base64.b64decode(
    "SUkqAAgAAAAKAAABBAABAAAAAQAAAAEBBAABAAAAAQAAAAIBAwADAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAA"
    "ABEBBAABAAAAjAAAABUBAwABAAAAAwAAABYBBAABAAAAAQAAABcBBAABAAAAAwAAABwBAwABAAAAAQAAAAAAAAAIAAgA"
    "CAD///8="
)
#: Header (of 88 bytes, bounds and frame of nothing) and end of an enhanced metafile.
_EMF = (
    struct.pack("<2I8i4s3I2H3I", 1, 88, *(0,) * 8, b" EMF", 0x10000, 108, 2, 1, 0, 0, 0, 0)
    + struct.pack("<4i", 1, 1, 1, 1)
    + struct.pack("<5I", 14, 20, 0, 16, 20)
)
_WMF = struct.pack("<3HIHIH", 1, 9, 0x300, 12, 0, 3, 0) + struct.pack("<IH", 3, 0)
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def _compound() -> bytes:
    """Return a compound file (MS-CFB, version 3) with an empty root storage."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = COMPOUND + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *(free,) * 108)
    table = struct.pack("<128I", fat, end, *(free,) * 126)
    root = "Root Entry".encode("utf-16-le")
    entry = root.ljust(64, b"\0") + struct.pack("<HBB3I", len(root) + 2, 5, 1, free, free, free)
    entry += bytes(36) + struct.pack("<IQ", end, 0)
    unused = bytes(68) + struct.pack("<3I", free, free, free) + bytes(48)
    return header + table + entry + 3 * unused


def _zipped(members: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(zipfile.ZipInfo(name), '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return file.getvalue()


_OPEN = "http://schemas.openxmlformats.org"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _workbook() -> bytes:
    """Return a workbook of one empty sheet."""
    relations, sheet = f"{_OPEN}/package/2006/relationships", f"{_OPEN}/spreadsheetml/2006/main"
    kinds = f"{_OPEN}/officeDocument/2006/relationships"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1"'
            f' Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{kinds}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1"'
            f' Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData/></worksheet>',
        }
    )


_BY_SUFFIX: Mapping[str, bytes] = {
    "png": _PNG,
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "jpe": _JPEG,
    "jfif": _JPEG,
    "gif": _GIF,
    "bmp": _BMP,
    "dib": _BMP,
    "tif": _TIFF,
    "tiff": _TIFF,
    "emf": _EMF,
    "wmf": _WMF,
    "svg": _SVG,
}
PICTURES = frozenset(_BY_SUFFIX) | {"emz", "wmz", "wdp", "jxr", "webp", "heic", "ico", "pct"}
MOVING = frozenset(
    {"mp4", "m4v", "mov", "avi", "wmv", "mpg", "mpeg", "mp3", "m4a", "wav", "wma", "aac", "ogg"}
    | {"mid", "au", "aiff", "webm", "mkv", "flac"}
)
WORKBOOKS = frozenset({"xlsx", "xlsm", "xltx", "xlsb"})


def blank(suffix: str, head: bytes) -> bytes:
    """Return what is empty of the kind of a member, by its suffix and its first bytes."""
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if head.startswith(COMPOUND):
        return _compound()
    return _workbook() if suffix in WORKBOOKS else b""
