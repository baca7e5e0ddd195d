"""DICOM files: what a copy keeps, what is gone, and that nothing of the patient is left in a byte."""

import io

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from formats.imaging.invented import (
    CT,
    ROOT,
    desk,
    naked,
    of,
    opened,
    part_10,
    quietly,
    slice_of,
)
from phisweep.marks import is_code, is_uid
from phisweep.model import Media

SYNTAXES = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
]
GONE = [b"Brambleton", b"Thessaly", b"0012345", b"19700506", b"Quillfeather", b"20190304"]
GONE += [ROOT.encode(), b"BRAMBLE_AE", b"A77"]


def sr(**elements):
    """A report of a finding by an observer."""
    item = of(
        RelationshipType="CONTAINS",
        ValueType="TEXT",
        TextValue="seen by Dr. Quillfeather, mail o.quill@northfield-clinic.org",
        **elements,
    )
    person = of(RelationshipType="HAS OBS CONTEXT", ValueType="PNAME", PersonName="Quillfeather^O")
    return slice_of(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33",
        Modality="SR",
        ContentSequence=[person, of(ValueType="CONTAINER", ContentSequence=[item])],
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_nothing_of_the_patient_is_left_and_what_is_measured_stays(office, syntax):
    made = slice_of(SliceThickness="2.5", ImageType=["ORIGINAL", "PRIMARY", "AXIAL"])
    data = part_10(made, syntax, preamble=b"Brambleton was here")
    outcome, copy = office.copy(data)
    assert (outcome.status, outcome.error) == ("changed", "")
    found = quietly(lambda: pydicom.dcmread(io.BytesIO(copy)))
    flat = copy if syntax != DeflatedExplicitVRLittleEndian else repr(found).encode()
    assert [gone for gone in GONE if gone in flat] == []
    assert found.file_meta.TransferSyntaxUID == syntax
    assert (found.SliceThickness, found.Modality, found.Manufacturer) == (2.5, "CT", "SIEMENS")
    assert found.StudyDescription == "abdomen, for Dr. [NAME]"
    assert found.PatientName == ""
    assert is_code(found.PatientID)
    assert (found.StudyDate, found.StudyTime, found.PatientAge) == ("20190101", "", "048Y")


@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, True), (False, False)])
def test_a_naked_data_set_stays_one(office, implicit, little):
    _, copy = office.copy(naked(slice_of(), implicit=implicit, little=little), "IM000001")
    assert copy[:2] in {b"\x08\0", b"\0\x08"}
    assert b"Brambleton" not in copy
    assert quietly(lambda: pydicom.dcmread(io.BytesIO(copy), force=True)).Modality == "CT"


def test_a_copy_says_what_was_done_to_it(office):
    lies = {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "by hand of Brambleton"}
    found = office.read(part_10(slice_of(**lies)))
    assert found.PatientIdentityRemoved == "YES"
    assert found.DeidentificationMethod.startswith("phisweep ")
    assert found.DeidentificationMethod.endswith("safe-harbor")
    codes = [item.CodeValue for item in found.DeidentificationMethodCodeSequence]
    assert codes[0] == "113100"
    assert {"113104", "113105"} <= set(codes)
    assert found.LongitudinalTemporalInformationModified == "REMOVED"
    assert "BurnedInAnnotation" not in found


def test_one_uid_is_one_everywhere_and_the_copy_is_called_by_it(office):
    references = [of(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=f"{ROOT}.1.1.1")]
    first, copy = office.copy(part_10(slice_of(1)), "DOE/a.dcm")
    second = office.read(part_10(slice_of(2, ReferencedImageSequence=references)), "DOE/b.dcm")
    found = pydicom.dcmread(io.BytesIO(copy))
    assert is_uid(found.SOPInstanceUID)
    assert found.file_meta.MediaStorageSOPInstanceUID == found.SOPInstanceUID
    assert second.ReferencedImageSequence[0].ReferencedSOPInstanceUID == found.SOPInstanceUID
    assert second.ReferencedImageSequence[0].ReferencedSOPClassUID == CT
    assert second.StudyInstanceUID == found.StudyInstanceUID
    assert second.FrameOfReferenceUID == found.FrameOfReferenceUID
    parts = first.output.removesuffix(".dcm").split("/")
    assert [len(part) for part in parts] == [8, 8, 8]
    assert first.output.isupper() is False  # the suffix
    assert all(part.isalpha() and part.isupper() for part in parts)


def test_of_two_files_with_one_uid_the_second_has_no_copy(office):
    assert office.copy(part_10(slice_of(1)), "a.dcm")[1] is not None
    outcome, copy = office.copy(part_10(slice_of(1, SliceThickness=3)), "b.dcm")
    assert (outcome.status, copy) == ("incomplete", None)
    assert "E215" in outcome.error


def test_a_file_without_a_patient_is_nobodys(office):
    outcome, copy = office.copy(part_10(slice_of(patient="")))
    assert "it has no PatientID: it is nobody's record" in outcome.warnings
    assert copy is not None


def test_private_elements_go_whatever_they_are(office):
    made = slice_of()
    block = made.private_block(0x0099, "INVENTED", create=True)
    block.add_new(1, "LO", "Brambleton")
    block.add_new(2, "OB", b"Brambleton")
    block.add_new(3, "SQ", [of(PatientName="Brambleton^T")])
    found = office.read(part_10(made))
    assert [e for e in found if e.tag.is_private] == []
    assert [b.place for b in opened(part_10(made)).blocks if b.place == "private elements"]


def test_what_the_standard_does_not_know_goes(office):
    made = slice_of()
    made.add_new(0x00100FF0, "LO", "an element of nowhere")
    assert 0x00100FF0 not in office.read(part_10(made))


def test_overlays_curves_and_icons_go_and_are_told(office):
    made = slice_of(IconImageSequence=[of(Rows=8)])
    made.add_new(0x60000010, "US", 8)
    made.add_new(0x60003000, "OW", b"Brambleton")
    made.add_new(0x50003000, "OW", b"Brambleton")
    blocks = [b.what for b in opened(part_10(made)).blocks if isinstance(b, Media)]
    assert sorted(blocks) == ["curve", "icon image", "overlay"]
    outcome, copy = office.copy(part_10(made))
    found = pydicom.dcmread(io.BytesIO(copy))
    assert {e.tag.group for e in found} & {0x5000, 0x6000, 0x0088} == set()
    assert any("overlay: not assessed" in told for told in outcome.unread)


def test_an_overlay_in_unused_bits_is_held(office):
    made = slice_of()
    made.add_new(0x60000102, "US", 12)
    outcome, copy = office.copy(part_10(made))
    assert (outcome.status, copy) == ("skipped", None)
    assert "unused bits" in outcome.reason


def test_reports_are_read_on_every_level(office):
    found = office.read(part_10(sr()))
    person, container = found.ContentSequence
    assert person.PersonName == "[NAME]^[NAME]"
    text = container.ContentSequence[0]
    assert text.TextValue == "seen by Dr. [NAME], mail [EMAIL]"
    assert (text.ValueType, text.RelationshipType) == ("TEXT", "CONTAINS")


def test_codes_of_known_systems_stay(office):
    code = of(CodeValue="T-62000", CodingSchemeDesignator="SRT", CodeMeaning="Liver")
    found = office.read(part_10(slice_of(AnatomicRegionSequence=[code])))
    assert found.AnatomicRegionSequence[0].CodeValue == "T-62000"


def test_a_document_in_it_is_read_and_its_length_told(office):
    cda = (
        b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>x</title><component>'
        b"<nonXMLBody><text>mail o.quill@northfield-clinic.org</text></nonXMLBody></component>"
        b"</ClinicalDocument>"
    )
    made = slice_of(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.104.2", MIMETypeOfEncapsulatedDocument="text/xml"
    )
    made.add_new(0x00420011, "OB", cda + b"\0" * (len(cda) % 2))
    made.EncapsulatedDocumentLength = len(cda)
    found = office.read(part_10(made))
    assert b"[EMAIL]" in found.EncapsulatedDocument
    assert len(found.EncapsulatedDocument.rstrip(b"\0")) == found.EncapsulatedDocumentLength


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [("model/stl", b"solid head", "model of a body"), ("application/pdf", b"%PDF-1.4 ..", "E252")],
)
def test_what_cannot_be_assessed_in_it_is_held(office, kind, raw, words):
    made = slice_of(MIMETypeOfEncapsulatedDocument=kind)
    made.add_new(0x00420011, "OB", raw + b"\0" * (len(raw) % 2))
    outcome, copy = office.copy(part_10(made))
    assert (outcome.status, copy) == ("skipped", None)
    assert words in outcome.reason


def test_a_voice_is_held(office):
    made = slice_of(SOPClassUID="1.2.840.10008.5.1.4.1.1.9.4.1")
    assert "(P)" in office.copy(part_10(made))[0].reason


def test_pixels_that_are_held_get_no_copy_and_others_keep_every_byte(office):
    pixels = bytes(range(256)) * 512
    shown = of(
        SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", Rows=256, Columns=256,
        BitsAllocated=16, BitsStored=16, HighBit=15, PixelRepresentation=0, SliceThickness=5,
    )  # fmt: skip
    made = slice_of(
        **{e.keyword: e.value for e in shown}, ImageType=["ORIGINAL", "PRIMARY", "AXIAL"]
    )
    made.add_new(0x7FE00010, "OW", pixels)
    assert office.read(part_10(made)).PixelData == pixels
    made = slice_of(2, Modality="US", SOPClassUID="1.2.840.10008.5.1.4.1.1.6.1")
    for element in shown:
        made[element.tag] = element
    made.add_new(0x7FE00010, "OW", pixels)
    assert office.copy(part_10(made), "us.dcm")[0].status == "skipped"


@pytest.mark.parametrize("make", [slice_of, sr])
def test_a_second_search_of_a_copy_finds_nothing(office, make):
    outcome, copy = office.copy(part_10(make()))
    assert [(r.where, r.rule) for r in office.found(copy, outcome.output)] == []


def test_an_address_never_holds_a_value(office):
    for record in office.found(part_10(sr())):
        assert not any(word in record.where for word in ("Bramble", "Quill", "0012345"))
    assert {r.where for r in office.found(part_10(slice_of()))} >= {
        "(0010,0010) PatientName.family name",
        "(0010,0020) PatientID",
        "(0008,1030) StudyDescription",
    }


def test_elements_of_a_wrong_type_are_read_by_what_the_standard_says(office):
    made = slice_of(PatientName="Brambleton^Thessaly")
    data = part_10(made).replace(b"\x10\0\x10\0PN", b"\x10\0\x10\0CS")
    assert b"Brambleton" not in office.copy(data)[1]
    data = part_10(slice_of(Rows=5)).replace(
        b"\x28\0\x10\0US\2\0\5\0", b"\x28\0\x10\0LO\x08\0Jo 19-04"
    )
    assert [r.rule for r in office.found(data) if "Rows" in r.where] != []


def test_a_value_of_odd_length_is_padded(office):
    data = part_10(slice_of())
    at = data.index(b"\x18\0\x15\0CS")
    odd = data[:at] + b"\x18\0\x15\0CS\7\0ABDOMEN" + data[at + 16 :]
    outcome, copy = office.copy(odd)
    assert "values of odd length: padded in the copy" in outcome.warnings
    assert pydicom.dcmread(io.BytesIO(copy)).BodyPartExamined == "ABDOMEN"


def test_dates_are_moved_by_the_days_of_their_patient(tmp_path):
    policy = tmp_path / "shifted.yaml"
    policy.write_text(
        "id: shifted\nextends: expert\ntitle: Dates are moved\ncitation: 45 CFR 164.514(b)(1)\n"
        "method: expert\nreading: Dates are moved.\nreviewed: 2026-11-22\n"
        "treatments:\n  date: {action: generalize, operator: date-shift, reason: intervals matter}\n"
        "imaging:\n  options: [clean-descriptors, retain-longitudinal-modified-dates]\n"
    )
    with desk(tmp_path / "desk", profile=str(policy)) as own:
        found = own.read(part_10(slice_of(SeriesDate="20190311")))
    assert found.StudyDate == ""  # nobody is known before a first pass: no date is guessed
    assert found.LongitudinalTemporalInformationModified == "MODIFIED"


def test_what_lies_deep_is_as_good_as_what_lies_above(office):
    inner = slice_of(5)
    del inner.SOPInstanceUID
    made = Dataset()
    for element in inner:
        made[element.tag] = element
    found = office.read(
        part_10(slice_of(ReferencedStudySequence=[of(ReferencedSeriesSequence=[made])]))
    )
    assert "Brambleton" not in repr(found)


@pytest.mark.parametrize("form", ["file", "naked"])
def test_pixels_that_were_looked_at_are_written_as_they_were(office, form):
    made = slice_of(
        Modality="CR", SOPClassUID="1.2.840.10008.5.1.4.1.1.1", SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2", Rows=64, Columns=64, BitsAllocated=16,
        BitsStored=12, HighBit=11, PixelRepresentation=0,
        WindowCenterWidthExplanation="for Dr. Brambleton",
    )  # fmt: skip
    made.add_new(0x7FE00010, "OW", bytes(64 * 64 * 2))
    data = part_10(made) if form == "file" else naked(made, implicit=False)
    outcome, copy = office.copy(data)
    if copy is None:
        assert outcome.status == "skipped"
        assert outcome.reason
        return
    assert (copy[128:132] == b"DICM") is (form == "file")
    found = quietly(lambda: pydicom.dcmread(io.BytesIO(copy), force=True))
    assert found.PixelData == bytes(64 * 64 * 2)
    assert b"Brambleton" not in copy
