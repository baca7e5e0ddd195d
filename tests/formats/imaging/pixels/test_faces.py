"""What may be a face is held, and what to do is told."""

import pytest

from formats.imaging.drawn import CT, header
from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels import judge

SLICE = {
    "modality": "CT",
    "sop_class": CT,
    "rows": 512,
    "columns": 512,
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
    "SliceThickness": "1.0",
}


@pytest.mark.parametrize(
    "elements",
    [
        {**SLICE, "BodyPartExamined": "HEAD"},
        {**SLICE, "StudyDescription": "CT Brain w/o contrast"},
        {**SLICE, "ProtocolName": "SinusRoutine"},
        {**SLICE, "BodyPartExamined": "CHEST", "SeriesDescription": "whole body"},
        {**SLICE, "SliceThickness": "5", "SpacingBetweenSlices": "0.8", "BodyPartExamined": "HEAD"},
        {**SLICE, "modality": "MR", "SliceThickness": "4", "MRAcquisitionType": "3D", "BodyPartExamined": "BRAIN"},
        {**SLICE},
    ],
)  # fmt: skip
def test_a_thin_volume_of_the_head_is_held_and_may_be_accepted(elements):
    held = judge(header(**elements), Imaging()).held
    assert "(Q)" in held
    assert "pydeface" in held
    accepted = judge(header(**elements), Imaging(faces="accept"))
    assert not accepted.held
    assert any("accepted by decision" in note for note in accepted.notes)


@pytest.mark.parametrize(
    "elements",
    [
        {**SLICE, "BodyPartExamined": "CHEST"},
        {**SLICE, "BodyPartExamined": "HEAD", "SliceThickness": "5"},
        {**SLICE, "BodyPartExamined": "HEAD", "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
        {**SLICE, "BodyPartExamined": "HEAD", "PixelSpacing": ["6", "6"]},
        {**SLICE, "BodyPartExamined": "HEAD", "rows": 16, "columns": 16},
        {**SLICE, "modality": "CR", "BodyPartExamined": "SKULL"},
    ],
)
def test_what_no_face_can_be_rendered_from_is_not_held_for_one(elements):
    assert "(Q)" not in judge(header(**elements), Imaging()).held


@pytest.mark.parametrize("modality", ["XC", "OP", "GM", "ES", "DMS"])
def test_photographs_are_held_until_accepted(modality):
    made = header(modality, "1.2.840.10008.5.1.4.1.1.77.1.4")
    assert "(Q)" in judge(made, Imaging(pixels="ocr")).held
    assert not judge(made, Imaging(pixels="ocr", faces="accept")).held
