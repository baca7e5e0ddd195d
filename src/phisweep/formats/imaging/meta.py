"""The preamble and file meta information of a copy (PS3.10 7.1), written anew."""

from __future__ import annotations

import struct
from functools import cache
from importlib.metadata import version

from phisweep.formats.imaging.elements import LONG, META_CLASS, SOP_CLASS
from phisweep.formats.imaging.file import PREAMBLE, Dicom

#: Of this program; derived from a UUID as PS3.5 B.2 lets it.
IMPLEMENTATION = "2.25.190146759376582710405961239463873105497"


def head(dicom: Dicom, *, instance: str, syntax: str = "") -> bytes:
    """Return what stands before the data set of a copy whose SOP instance has that UID."""
    told = dicom.data.told(SOP_CLASS)
    if dicom.meta is not None:
        told = dicom.meta.told(META_CLASS) or told
    elements = [
        (1, "OB", b"\0\1"),
        (2, "UI", told.encode("latin-1")),
        (3, "UI", instance.encode()),
        (0x10, "UI", (syntax or dicom.syntax.uid).encode()),
        (0x12, "UI", IMPLEMENTATION.encode()),
        (0x13, "SH", _name()),
    ]
    body = b"".join(_element(number, vr, value) for number, vr, value in elements if value)
    start = _element(0, "UL", struct.pack("<L", len(body)))
    return bytes(PREAMBLE) + b"DICM" + start + body


@cache  # the version is read from a file
def _name() -> bytes:
    return f"PHISWEEP_{version('phisweep')}"[:16].encode()


def _element(number: int, vr: str, value: bytes) -> bytes:
    if len(value) % 2:
        value += b" " if vr == "SH" else b"\0"
    length = struct.pack("<HL", 0, len(value)) if vr in LONG else struct.pack("<H", len(value))
    return struct.pack("<HH", 2, number) + vr.encode() + length + value
