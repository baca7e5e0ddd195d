"""Pictures as they are seen: every way in which words in them may show."""

import io

import numpy as np
import pytest

pytest.importorskip("PIL")

from PIL import Image, ImageOps

from formats.picture.drawn import MAKERS, noise, saved
from phisweep.formats.picture.bare.model import DamagedError
from phisweep.formats.picture.frames import frames, pixels, upright, views


def only(data, kind):
    (frame,) = frames(data, kind)
    return frame


@pytest.mark.parametrize("turn", range(1, 9))
def test_upright_is_what_viewers_show_and_shares_its_pixels(turn):
    data = MAKERS["PNG"](noise((30, 20), "RGB"), turn)
    raw = np.array(pixels(only(data, "PNG")))
    with Image.open(io.BytesIO(data)) as opened:
        shown = np.array(ImageOps.exif_transpose(opened).convert("RGB"))
    view = upright(raw, turn)
    assert np.array_equal(view, shown)
    view[0, 0] = 7
    assert (raw == 7).all(axis=2).sum() >= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I;16B"])
def test_every_view_is_of_8_bits_and_gray_or_three_colours(mode):
    frame = only(saved(noise((20, 10), mode), "PNG" if mode not in ("CMYK", "I;16B") else "TIFF"),
                 "PNG" if mode not in ("CMYK", "I;16B") else "TIFF")  # fmt: skip
    shown = [*views(frame)]
    assert shown
    for view in shown:
        assert view.dtype == np.uint8
        assert view.shape in ((10, 20), (10, 20, 3))


def test_what_is_drawn_in_transparency_alone_is_seen():
    picture = Image.new("RGBA", (20, 20), (9, 9, 9, 0))
    picture.putpixel((5, 5), (9, 9, 9, 255))  # the same colour, and no more transparent
    picture.putpixel((8, 8), (250, 9, 9, 0))  # another colour, and transparent
    shown = [*views(only(saved(picture, "PNG"), "PNG"))]
    for x in (5, 8):
        assert any((view[x, x] != view[0, 0]).any() for view in shown)


def test_faint_words_of_16_bits_are_seen():
    gray = np.full((50, 50), 1000, np.uint16)
    gray[20:30, 20:30] = 1040
    gray[0, 0] = 65_535
    shown = [*views(only(saved(Image.fromarray(gray), "PNG"), "PNG"))]
    assert max(abs(int(view[25, 25]) - int(view[40, 40])) for view in shown) > 200


def test_a_picture_of_another_kind_is_not_read():
    with pytest.raises(DamagedError):
        only(saved(noise((5, 5), "RGB"), "BMP"), "PNG")
