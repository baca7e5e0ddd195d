"""Every element of the standard that may hold words, on two levels: none of them comes through."""

import io
import struct

import pydicom
import pytest
from pydicom import datadict

from formats.imaging.invented import CT, part_10, quietly, slice_of

TEXTS = {"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"}
ODD = {"AS", "DA", "DT", "TM", "DS", "IS", "UI"}
ITEM = 0x00081140  # a sequence that stays


def texts(types):
    return sorted(
        tag
        for tag, (vr, *_) in datadict.DicomDictionary.items()
        if vr in types and tag >> 16 > 2 and tag != 0x00080005
    )


def canary(tag):
    return f"zq{tag:08x}.quill@northfield-clinic.org".encode()


def element(tag, value):
    value += b" " * (len(value) % 2)
    return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value)) + value


def planted(types):
    """A file, implicit, with a canary in every element of these types and again in an item."""
    file = part_10(slice_of(), pydicom.uid.ImplicitVRLittleEndian)
    end = 144 + int.from_bytes(file[140:144], "little")
    every = {tag: element(tag, canary(tag)) for tag in texts(types)}
    every |= {0x00080016: element(0x00080016, CT.encode())} if "UI" not in types else {}
    flat = b"".join(every[tag] for tag in sorted(every))
    item = struct.pack("<HHL", 0xFFFE, 0xE000, len(flat)) + flat
    every[ITEM] = struct.pack("<HHL", ITEM >> 16, ITEM & 0xFFFF, len(item)) + item
    return file[:end] + b"".join(every[tag] for tag in sorted(every))


@pytest.mark.parametrize("types", [TEXTS, ODD], ids=["texts", "others"])
def test_no_canary_in_any_element_is_left_in_any_byte(office, types):
    data = planted(types)
    assert data.count(b"quill@") >= 2 * len(texts(types))
    outcome, copy = office.copy(data)
    assert outcome.status == "changed", (outcome.error, outcome.reason)
    left = {tag for tag in texts(types) if f"zq{tag:08x}".encode() in copy}
    assert [f"{tag:08X} {datadict.keyword_for_tag(tag)}" for tag in sorted(left)] == []
    assert quietly(lambda: pydicom.dcmread(io.BytesIO(copy))).PatientIdentityRemoved == "YES"
