"""What a copy says of itself: that, how and by which options it was de-identified (PS3.15 E.3)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.elements import BURNED_IN, DataSet, Element

_REMOVED, _METHOD, _CODES = 0x00120062, 0x00120063, 0x00120064
_LONGITUDINAL, _FEATURES = 0x00280303, 0x00280302
_LONGEST = 64  # code points of a method
#: CID 7050, by the options of a policy.
_MEANINGS = {
    "": ("113100", "Basic Application Confidentiality Profile"),
    "clean-pixel-data": ("113101", "Clean Pixel Data Option"),
    "clean-recognizable-visual-features": (
        "113102",
        "Clean Recognizable Visual Features Option",
    ),
    "clean-graphics": ("113103", "Clean Graphics Option"),
    "clean-structured-content": ("113104", "Clean Structured Content Option"),
    "clean-descriptors": ("113105", "Clean Descriptors Option"),
    "retain-longitudinal-full-dates": (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    "retain-longitudinal-modified-dates": (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    "retain-patient-characteristics": ("113108", "Retain Patient Characteristics Option"),
    "retain-device-identity": ("113109", "Retain Device Identity Option"),
    "retain-uids": ("113110", "Retain UIDs Option"),
    "retain-safe-private": ("113111", "Retain Safe Private Option"),
    "retain-institution-identity": ("113112", "Retain Institution Identity Option"),
}


def mark(data: DataSet, imaging: Imaging, *, pixels: bool, burned_in: str) -> None:
    """
    Write into a data set what was done to it; what it said of itself before is gone.

    `pixels` says that its pixels were cleaned; `burned_in` is "NO" where it may be said, "" where
    nothing may.
    """
    options = imaging.options - {"clean-pixel-data", "clean-recognizable-visual-features"}
    held = ["", *(name for name in _MEANINGS if name in options)]
    if pixels:
        held.insert(1, "clean-pixel-data")
    data.put(Element(_REMOVED, "CS", b"YES"))
    data.put(Element(_METHOD, "LO", _method(imaging.policy)))
    data.put(Element(_CODES, "SQ", items=[_code(*_MEANINGS[name], data) for name in held]))
    told = "REMOVED"
    if "retain-longitudinal-full-dates" in options:
        told = "UNMODIFIED"
    elif "retain-longitudinal-modified-dates" in options:
        told = "MODIFIED"
    data.put(Element(_LONGITUDINAL, "CS", told.encode()))
    data.without(_FEATURES)
    data.without(BURNED_IN)
    if burned_in:
        data.put(Element(BURNED_IN, "CS", burned_in.encode()))


@cache  # the version is read from a file
def _method(policy: str) -> bytes:
    return f"phisweep {version('phisweep')}, {policy}"[:_LONGEST].encode("ascii", "replace")


def _code(value: str, meaning: str, parent: DataSet) -> DataSet:
    item = DataSet(parent.implicit, parent=parent)
    item.elements = [
        Element(0x00080100, "SH", value.encode()),
        Element(0x00080102, "SH", b"DCM"),
        Element(0x00080104, "LO", meaning.encode()),
    ]
    return item
