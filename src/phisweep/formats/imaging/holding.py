"""What nobody can assess whatever its pixels are: a voice, a mesh of a body, a hidden overlay."""

from __future__ import annotations

import struct

from phisweep.formats.imaging.elements import SOP_CLASS
from phisweep.formats.imaging.file import Dicom

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_REASONS = {
    **dict.fromkeys(
        (f"{_STORAGE}9.4.1", f"{_STORAGE}9.4.2"),
        "a recording of a voice cannot be assessed: voice prints (P)",
    ),
    **dict.fromkeys(
        (f"{_STORAGE}104.3", f"{_STORAGE}104.4", f"{_STORAGE}104.5", f"{_STORAGE}66.5"),
        "a model of a body cannot be assessed: full faces and the like (Q)",
    ),
}
_RAW = f"{_STORAGE}66"


def reason(dicom: Dicom) -> str:
    """Return why no copy of a file may be written, "" where that is for its pixels to say."""
    sop_class = dicom.data.told(SOP_CLASS)
    if sop_class in _REASONS:
        return _REASONS[sop_class]
    for element in dicom.data.elements:
        group, number = element.tag >> 16, element.tag & 0xFFFF
        if group & 0xFF01 == 0x6000 and number == 0x0102 and element.value:  # noqa: PLR2004
            at = struct.unpack(f"{dicom.order}H", element.value[:2].ljust(2, b"\0"))[0]
            data = dicom.data.get(group << 16 | 0x3000)
            if at and data is None:
                return "an overlay stands in unused bits of its pixels: words may stand there"
        if group & 0xFF01 == 0x7F00 and group != 0x7FE0:  # noqa: PLR2004 - retired pixels
            return "pixels of a retired kind (7Fxx) cannot be assessed"
    return ""
