"""What may be a photograph, or hold one."""

import numpy as np
import pytest

pytest.importorskip("PIL")

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from formats.picture.drawn import chart, noise
from phisweep.formats.picture.toned import toned


def shaded(size):
    """What a lens makes of a round thing: soft shades, and a little noise."""
    rows, columns = np.mgrid[0:size, 0:size] / size - 0.5
    light = 200 - 500 * (rows**2 + columns**2) + np.random.default_rng(3).normal(0, 2, (size, size))
    pixels = np.clip(np.stack([light, 0.8 * light, 0.7 * light], -1), 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def screen():
    """A page of small letters with smooth edges, as screens show them."""
    picture = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(picture)
    for i in range(20):
        draw.text(
            (10, 4 + 20 * i),
            "a line of quite small letters, as screens show them, " * 2,
            fill=(20, 20, 60),
            font=ImageFont.load_default(12 + i % 4),
        )
    return picture


@pytest.mark.parametrize(
    "picture",
    [chart(), screen(), screen().convert("L"), screen().convert("1"), Image.new("RGB", (50, 50)),
     chart().quantize(16)],
)  # fmt: skip
def test_charts_and_screens_are_none(picture):
    assert not toned(np.array(picture))


@pytest.mark.parametrize(
    "picture",
    [shaded(200), shaded(200).convert("L"), shaded(200).convert("CMYK"), shaded(64),
     shaded(200).quantize(64).convert("RGB"), shaded(200).convert("1"),
     shaded(100).resize((200, 200), Image.Resampling.NEAREST),
     shaded(100).resize((300, 300), Image.Resampling.NEAREST),
     shaded(100).resize((400, 400), Image.Resampling.NEAREST),
     noise((80, 80), "I;16")],
)  # fmt: skip
def test_photographs_are_whatever_was_done_to_their_colours(picture):
    assert toned(np.array(picture))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 340), st.integers(0, 240), st.integers(36, 60))
def test_a_small_photograph_is_seen_wherever_it_stands(left, top, size):
    page = chart()
    page.paste(shaded(size), (left, top))
    assert toned(np.array(page))


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 500), (500, 1), (3, 3, 3), (15, 15)])
def test_what_is_too_small_to_show_anything_is_none(shape):
    assert not toned(np.random.default_rng(1).integers(0, 256, shape, np.uint8))


def test_a_photograph_below_much_white_is_seen():
    page = np.full((3000, 200), 255, np.uint8)
    page[2900:2980, 60:140] = np.array(shaded(80).convert("L"))
    assert toned(page)
