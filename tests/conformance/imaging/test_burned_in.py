"""Names drawn into pixels, through the whole of `deid`: they are gone from the copy, or there is none."""

import shutil

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from conformance.imaging.copies import copies, read, settings_of
from formats.imaging.drawn import CANARY, again, ground, header, inked, with_pixels

ROWS, COLUMNS = 160, 360
#: Font (of fonts-dejavu-core, or Pillow's own, which is always there), size in pixels, grey value on a ground of 0 to 100.
DRAWN = (
    ("", 10, 255),
    ("", 16, 140),
    ("", 28, 255),
    ("DejaVuSansMono.ttf", 12, 200),
    ("DejaVuSerif-Bold.ttf", 20, 150),
)

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not there"
)


def font_of(name, size):
    if not name:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return ImageFont.load_default(size)


def ink(name, size):
    mask = Image.new("L", (COLUMNS, ROWS), 0)
    ImageDraw.Draw(mask).text((8, 10), CANARY, font=font_of(name, size), fill=255)
    return np.asarray(mask, float) / 255


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Ultrasound pictures with a name in them: path -> its ink."""
    folder, made = tmp_path_factory.mktemp("burned"), {}
    for number, (name, size, value) in enumerate(DRAWN):
        mask = ink(name, size)
        path = folder / f"{number}.dcm"
        pixels = inked(ground(ROWS, COLUMNS), mask, value)
        again(with_pixels(header("US", PatientID="x"), pixels)).save_as(path)
        made[path] = mask
    return made


@needs_tesseract
def test_a_name_in_pixels_is_gone_from_the_copy_or_there_is_none(pictures, tmp_path):
    written = 0
    for path, outcome, copy in copies(pictures, tmp_path, settings_of(pixels="ocr")):
        if copy is None:
            assert outcome.status in ("skipped", "incomplete")
            continue
        written += 1
        after = read(copy).pixel_array
        assert len(np.unique(after[pictures[path] > 0.3])) <= 3, DRAWN[int(path.stem)]
        before = read(path).pixel_array
        assert (after != before).mean() < 0.6
    assert written >= len(DRAWN) - 1


def test_by_default_pictures_that_may_bear_a_name_have_no_copy(pictures, tmp_path):
    for _, outcome, copy in copies(pictures, tmp_path, settings_of(pixels="hold")):
        assert (outcome.status, copy) == ("skipped", None)
        assert "text in its pixels" in outcome.reason
