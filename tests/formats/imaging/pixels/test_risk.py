"""Which files are held for their pixels, by their header alone."""

import pytest

from formats.imaging.drawn import CT, US, header
from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels import judge
from phisweep.ruleset import recipes

ACCEPT = {"faces": "accept"}
SLICE = {"modality": "CT", "sop_class": CT, "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"]}


def judged(pixels="hold", **elements):
    return judge(header(**elements), Imaging(pixels=pixels, **ACCEPT))


@pytest.mark.parametrize(
    "elements",
    [
        {"modality": "US", "sop_class": US},
        {"modality": "CT", "sop_class": US},
        {"modality": "OT"},
        {"modality": "XA", "sop_class": "1.2.840.10008.5.1.4.1.1.12.1"},
        {"modality": "ES", "sop_class": "1.2.840.10008.5.1.4.1.1.77.1.1"},
        {**SLICE, "BurnedInAnnotation": "YES"},
        {**SLICE, "ConversionType": "WSD"},
        {**SLICE, "ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]},
        {**SLICE, "SeriesDescription": "Dose Report"},
        {**SLICE, "SeriesDescription": "PATIENT PROTOCOL"},
        {**SLICE, "PhotometricInterpretation": "RGB"},
        {"modality": "", "sop_class": "1.2.3"},
        {"modality": "NEW", "sop_class": CT},
    ],
)
def test_what_may_bear_text_is_held_by_default_and_where_no_recipe_fits(elements):
    for pixels in ("hold", "blank"):
        found = judged(pixels, **elements)
        assert found.held.startswith("text in its pixels: ")
        assert not found.work
    assert judged("ocr", **elements).read == "words"


@pytest.mark.parametrize("said", ["NO", ""])
def test_burned_in_annotation_no_is_not_trusted(said):
    assert judged(modality="US", sop_class=US, BurnedInAnnotation=said).held


@pytest.mark.parametrize(
    "elements",
    [
        {"modality": "SM", "ImageType": ["ORIGINAL", "PRIMARY", "LABEL"], "sop_class": "1.2.3"},
        {"modality": "OT", "ConversionType": "SD"},
        {"modality": "DOC"},
        {"modality": "ES", "sop_class": "1.2.840.10008.5.1.4.1.1.77.1.1.1"},
    ],
)
def test_what_no_reading_is_enough_for_is_held_whatever_is_asked(elements):
    assert judged("ocr", **elements).held


def test_a_video_is_held_by_its_coding():
    made = header("US", US)
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.102"
    assert "video" in judge(made, Imaging(pixels="ocr", **ACCEPT)).held


def test_original_slices_are_neither_held_nor_looked_at_unless_asked():
    found = judged(**SLICE)
    assert not found.held
    assert not found.work
    assert any("not looked at" in note for note in found.notes)
    assert judged("ocr", **SLICE).read == "words"


@pytest.mark.parametrize(
    "elements",
    [
        {**SLICE, "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
        {**SLICE, "ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        {"modality": "CT", "sop_class": CT},
        {"modality": "CR", "sop_class": "1.2.840.10008.5.1.4.1.1.1"},
        {"modality": "MG", "sop_class": "1.2.840.10008.5.1.4.1.1.1.2"},
    ],
)
def test_what_bears_text_now_and_then_is_looked_at_by_default(elements):
    found = judged(**elements)
    assert found.read == "looks"
    assert not found.held
    assert not found.cleans


@pytest.mark.parametrize("pixels", ["hold", "blank", "ocr"])
def test_numbers_of_a_volume_are_never_read(pixels):
    found = judged(pixels, modality="SEG", sop_class="1.2.840.10008.5.1.4.1.1.66.4", ImageType=["DERIVED", "PRIMARY"])  # fmt: skip
    assert not found.held
    assert not found.work


@pytest.mark.parametrize("name", ["Low Dose Lung Screening", "Chest uniform 1.0"])
def test_an_ordinary_series_is_no_sheet(name):
    assert not judged(**SLICE, SeriesDescription=name).held


def test_every_other_way_to_hold_says_what_to_do():
    assert "--pixels ocr" in judged("hold", modality="US", sop_class=US).held
    assert "recipe" in judged("blank", modality="US", sop_class=US).held


def test_no_value_of_the_header_stands_in_what_is_told():
    found = judge(
        header("US", US, PatientName="Quayle^Imogen", SeriesDescription="Imogen Quayle"),
        Imaging(),
    )
    assert "Quayle" not in repr(found)


def test_a_header_that_cannot_be_read_is_held_and_does_not_break():
    made = header("US", US)
    made.file_meta = None
    del made.Modality
    del made.SOPClassUID
    assert judge(made, Imaging(**ACCEPT)).held


def test_rules_are_told_apart_and_grave_ones_come_first():
    names = [rule.risk for rule in recipes.risks().risks]
    assert len(names) == len(set(names))
    found = judged(modality="SM", ImageType=["DERIVED", "PRIMARY", "LABEL"], sop_class=CT)
    assert "label" in found.held
