"""Lines of text are found by their looks."""

import numpy as np
import pytest

from formats.imaging.drawn import ground, ink, inked
from phisweep.formats.imaging.pixels import glyphs


def covered(boxes, shape, margin=3):
    mask = np.zeros(shape, bool)
    for box in boxes:
        cut = box.grown(margin).within(*shape)
        mask[cut.top : cut.bottom, cut.left : cut.right] = True
    return mask


@pytest.mark.parametrize("size", [12, 16, 24])
@pytest.mark.parametrize("value", [255, 160])
@pytest.mark.parametrize("at", [(8, 0), (8, 60)])
def test_a_line_of_letters_is_covered(size, value, at):
    mask = ink(128, 384, size=size, at=at)
    boxes = glyphs.lines(inked(ground(128, 384), mask, value))
    seen = covered(boxes, mask.shape)
    assert (seen & (mask > 0.5)).sum() >= 0.95 * (mask > 0.5).sum()


def test_dark_letters_on_light_ground_are_found_too():
    mask = ink(size=16)
    assert glyphs.lines(inked(255 - ground(), mask, 0))


@pytest.mark.parametrize("sure", [False, True])
def test_a_picture_without_text_has_no_lines(sure):
    for picture in (ground(), np.zeros((64, 64), np.uint8), np.full((300, 300), 255, np.uint8)):
        assert glyphs.lines(picture, sure=sure) == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (5, 5)])
def test_pictures_of_any_size_are_looked_through(shape):
    assert glyphs.lines(np.zeros(shape, np.uint8)) == []
