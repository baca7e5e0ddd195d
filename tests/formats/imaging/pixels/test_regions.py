"""Regions of recipes and of headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.imaging.drawn import US, header
from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels import Box, judge
from phisweep.formats.imaging.pixels.boxes import joined, outside
from phisweep.ruleset import recipes

BLANK = Imaging(pixels="blank", faces="accept")
SIDE = 40
BOXES = st.builds(
    lambda top, left, height, width: Box(top, left, top + height, left + width),
    st.integers(-5, SIDE), st.integers(-5, SIDE), st.integers(0, SIDE), st.integers(0, SIDE),
)  # fmt: skip


def region(left, top, right, bottom):
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    return item


def pixels(boxes):
    return {
        (y, x)
        for box in boxes
        for y in range(max(0, box.top), min(SIDE, box.bottom))
        for x in range(max(0, box.left), min(SIDE, box.right))
    }


@given(st.lists(BOXES, max_size=4))
def test_outside_is_every_pixel_that_lies_in_no_box(boxes):
    every = {(y, x) for y in range(SIDE) for x in range(SIDE)}
    assert pixels(outside(boxes, SIDE, SIDE)) == every - pixels(boxes)


@given(st.lists(BOXES, max_size=6))
def test_joined_boxes_cover_what_the_boxes_cover(boxes):
    assert pixels(joined(boxes)) == pixels(boxes)


def test_all_outside_of_ultrasound_regions_is_blanked():
    made = header("US", US, 480, 640)
    made.SequenceOfUltrasoundRegions = Sequence([region(100, 60, 539, 419)])
    found = judge(made, BLANK)
    assert not found.held
    assert found.work
    assert sum(box.height * box.width for box in found.blank) == 480 * 640 - 440 * 360


@pytest.mark.parametrize(
    "regions",
    [
        [region(0, 0, 639, 479)],
        [region(0, 20, 640, 480)],
        [region(9, 60, 5, 70)],
        [region(100, 60, 539, 419), Dataset()],
        [],
    ],
)
def test_regions_that_cannot_be_believed_are_no_recipe(regions):
    made = header("US", US, 480, 640)
    made.SequenceOfUltrasoundRegions = Sequence(regions)
    assert judge(made, BLANK).held


def test_a_recipe_fits_its_machine_at_its_size_alone():
    machine = {"Manufacturer": "Philips Medical Systems", "ManufacturerModelName": "iU22"}
    found = judge(header("US", US, 768, 1024, **machine), BLANK)
    assert found.blank == (Box(0, 0, 75, 1024),)
    assert any("philips-iu22-768" in note for note in found.notes)
    assert any("only the regions of recipes" in note for note in found.notes)
    assert judge(header("US", US, 700, 1024, **machine), BLANK).held
    assert judge(header("US", US, 768, 1024), BLANK).held


def test_a_fallback_makes_nothing_complete():
    made = header("US", US, 500, 640)
    assert judge(made, BLANK).held
    reading = judge(made, Imaging(pixels="ocr", faces="accept"))
    assert reading.blank == (Box(0, 0, 50, 640),)
    assert reading.read == "words"


@pytest.mark.parametrize("recipe", recipes.recipes().recipes, ids=lambda r: r.recipe)
def test_a_recipe_lies_within_its_picture(recipe):
    for rows in recipe.rows:
        for region_ in recipe.regions:
            assert region_.top + region_.height <= rows
            assert region_.left + region_.width <= max(recipe.columns)
