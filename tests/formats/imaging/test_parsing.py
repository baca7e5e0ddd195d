"""Elements: what pydicom reads is read, in its order; what is wrong is told and never passed over."""

import io
import struct
import warnings
from contextlib import suppress

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from formats.imaging.invented import naked, of, part_10, quietly, slice_of, source_of
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.dicom import begins
from phisweep.formats.imaging.file import opened

SYNTAXES = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
]
SEQUENCE = "RequestAttributesSequence"


def told(data_set):
    return [
        (element.tag, [told(item) for item in element.items] if element.items is not None else None)
        for element in data_set.elements
    ]


def theirs(made):
    return [
        (int(e.tag), [theirs(item) for item in e.value] if e.VR == "SQ" else None) for e in made
    ]


def read(data, **options):
    return opened(source_of(data), ReadOptions(**options))


values = {
    "PatientName": st.text("ABC^", max_size=20),
    "StudyDescription": st.text("abc \\", max_size=30),
    "SliceThickness": st.integers(0, 99),
    "Rows": st.integers(0, 65535),
    "ImagePositionPatient": st.lists(st.integers(-9, 9), min_size=3, max_size=3),
}
flat = st.fixed_dictionaries({}, optional=values).map(lambda told: of(**told))
nested = st.recursive(
    flat,
    lambda inner: st.tuples(flat, st.lists(inner, max_size=3)).map(
        lambda both: (setattr(both[0], SEQUENCE, both[1]), both[0])[1]
    ),
    max_leaves=6,
)


@given(made=nested, syntax=st.sampled_from(SYNTAXES), undefined=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_pydicom_wrote_is_read_element_by_element(made, syntax, undefined):
    made = slice_of(**{e.keyword: e.value for e in made})
    if SEQUENCE in made:
        made[SEQUENCE].is_undefined_length = undefined
    data = part_10(made, syntax)
    again = quietly(lambda: pydicom.dcmread(io.BytesIO(data)))
    assert told(read(data).data) == theirs(again)


@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, True), (False, False)])
def test_a_naked_data_set_is_known_by_its_elements(implicit, little):
    data = naked(slice_of(), implicit=implicit, little=little)
    assert choose_format(source_of(data, "IM000001"), ReadOptions()).name == "dicom"
    found = read(data)
    assert found.meta is None
    assert found.data.told(0x00100020) == "0012345"


def test_text_that_begins_like_a_group_is_no_data_set():
    for head in (b"\x08\0", b"\x08\0\5\0CS", b"\2\0" + bytes(60), b"\x08\0" + b"plain words" * 9):
        assert not begins(head)


def test_large_values_stay_in_the_source():
    made = slice_of()
    made.add_new(0x7FE00010, "OW", bytes(1 << 20))
    element = read(part_10(made)).data.get(0x7FE00010)
    assert element.value is None
    assert element.length == 1 << 20


def test_fragments_may_hold_what_looks_like_a_delimiter():
    tricky = b"\xfe\xff\xdd\xe0" + bytes(8)
    fragments = b"".join(
        struct.pack("<HHL", 0xFFFE, 0xE000, len(f)) + f for f in (b"", tricky, tricky)
    )
    pixels = b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff" + fragments + b"\xfe\xff\xdd\xe0" + bytes(4)
    found = read(part_10(slice_of()) + pixels).data.elements[-1]
    assert (found.undefined, found.length) == (True, len(fragments))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_is_cut_off_is_never_whole(syntax):
    made = slice_of(**{SEQUENCE: [of(StudyDescription="one"), of(StudyDescription="two")]})
    data = part_10(made, syntax)
    length = 144 + int.from_bytes(data[140:144], "little")
    whole = len(read(data).data.elements)
    for end in range(length + 1, len(data) - 1):
        with suppress(DocumentError):
            found = read(data[:end])
            assert len(found.data.elements) < whole  # it ends between two elements


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        (b"\x08\0\x30\x10LO\xff\0short", "goes on beyond the end"),
        (b"\x08\0\x30\x10??\4\0abcd", "of no type"),
        (b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff", "ends within a sequence"),
        (b"\x08\0\x40\x11SQ\0\0\x08\0\0\0" + b"\x08\0\x30\x10" + bytes(4), "no item"),
        (b"\xfe\xff\x0d\xe0" + bytes(4), "a delimiter where none may stand"),
        (b"\x08\0\x30\x10LO\xff", "ends within an element"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(tail, words):
    with pytest.raises(DocumentError, match=words) as caught:
        read(part_10(slice_of()) + tail)
    assert caught.value.code == "E235"


def test_of_what_is_no_dicom_no_letter_is_told_as_a_tag():
    with pytest.raises(DocumentError) as caught:
        read(b"Patient Thessaly Brambleton, MRN 0012345, was seen.\n")
    assert caught.value.code == "E235"
    assert "6150" not in str(caught.value)
    assert "should be an element" in str(caught.value)


def test_sequences_are_not_followed_for_ever():
    made = Dataset()
    for _ in range(70):
        made = of(**{SEQUENCE: [made]})
    with pytest.raises(DocumentError) as caught:
        read(part_10(slice_of(**{SEQUENCE: [made]})))
    assert caught.value.code == "E209"


def test_a_bomb_is_no_data_set():
    made = slice_of()
    made.add_new(0x7FE00010, "OW", bytes(8 << 20))
    data = part_10(made, DeflatedExplicitVRLittleEndian)
    with pytest.raises(DocumentError) as caught:
        read(data, chunk_bytes=1 << 10, max_ratio=10)
    assert caught.value.code == "E218"


def test_zeros_at_the_end_are_no_elements():
    found = read(part_10(slice_of()) + bytes(300))
    assert found.warnings == ["bytes without meaning at its end: left out of the copy"]


def test_what_is_no_dicom_is_said_so():
    for data in (b"", b"not a picture at all", bytes(128) + b"DICM"):
        with warnings.catch_warnings(), pytest.raises(DocumentError) as caught:
            read(data)
        assert caught.value.code in {"E235", "E236"}
