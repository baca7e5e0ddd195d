"""Boxes painted over pictures of every kind."""

import io

import numpy as np
import pytest

pytest.importorskip("PIL")

from PIL import Image

from formats.picture.drawn import MAKERS, NAME, SORTS, moving, noise, raw_png, saved
from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.picture.bare import BARE
from phisweep.formats.picture.frames import frames, pixels, upright
from phisweep.formats.picture.painting import AGAIN, FEWER, painted

BOX = Box(5, 7, 15, 30)
INSIDE = np.s_[5:15, 7:30]


def seen(data, kind, turned=1):
    return [upright(pixels(frame), turned) for frame in frames(data, kind)]


def told_apart(array):
    outside = np.ones(array.shape[:2], bool)
    outside[INSIDE] = False
    return array[INSIDE].reshape(-1, *array.shape[2:]), array[outside]


@pytest.mark.parametrize(
    ("kind", "mode", "options"), SORTS, ids=[f"{k}-{m}-{o}" for k, m, o in SORTS]
)
def test_a_box_is_of_one_colour_and_nothing_else_changes(kind, mode, options):
    bare = BARE[kind](MAKERS[kind](noise((53, 37), mode), **options))
    data, notes = painted(bare, kind, [[BOX]])
    (before,), (after,) = seen(bare.data, kind), seen(data, kind)
    assert before.shape == after.shape
    covered, others = told_apart(after)
    if kind == "JPEG":
        assert notes == (AGAIN,)
        assert np.abs(others.astype(int) - told_apart(before)[1]).mean() < 12  # of chance alone
    else:
        assert len(np.unique(covered, axis=0)) == 1
        assert np.array_equal(others, told_apart(before)[1])
    assert NAME not in BARE[kind](data).data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP", "TIFF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_box_lies_where_it_was_seen_upright(kind, turn):
    bare = BARE[kind](MAKERS[kind](Image.new("RGB", (80, 60), "white"), turn))
    again = BARE[kind](painted(bare, kind, [[BOX]])[0])
    assert again.turned == bare.turned
    (array,) = seen(again.data, kind, again.turned)
    covered, others = told_apart(array)
    assert covered.mean() < 20
    assert others.mean() > 240


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WebP"])
def test_what_moves_is_covered_in_every_frame(kind):
    bare = BARE[kind](moving(kind))
    frames_ = seen(painted(bare, kind, [[], [BOX], []])[0], kind)
    assert len(frames_) == 3
    for array in frames_:
        assert len(np.unique(told_apart(array)[0], axis=0)) == 1


def test_a_picture_that_stands_before_what_moves_is_covered_and_stays_there():
    first, second, third = (Image.new("L", (40, 30), light) for light in (250, 100, 150))
    data = saved(first, "PNG", save_all=True, append_images=[second, third], default_image=True)
    bare = BARE["PNG"](data)
    again, _ = painted(bare, "PNG", [[BOX], [], []])
    with Image.open(io.BytesIO(again)) as opened:
        assert opened.info["default_image"]
    assert [array[INSIDE].max() for array in seen(again, "PNG")] == [0, 0, 0]
    assert [int(array[0, 0].max()) for array in seen(again, "PNG")] == [250, 100, 150]


def test_pages_without_a_box_stay_as_they_are_coded():
    bare = BARE["TIFF"](moving("TIFF"))
    before, after = seen(bare.data, "TIFF"), seen(painted(bare, "TIFF", [[], [BOX], []])[0], "TIFF")
    assert np.array_equal(before[0], after[0])
    assert np.array_equal(before[2], after[2])
    assert len(np.unique(told_apart(after[1])[0], axis=0)) == 1


def test_a_jpeg_keeps_its_tables_and_is_the_same_where_it_was_smooth():
    picture = Image.new("RGB", (160, 120), (200, 180, 160))
    bare = BARE["JPEG"](MAKERS["JPEG"](picture, quality=93, subsampling=0))
    data, _ = painted(bare, "JPEG", [[BOX]])
    with Image.open(io.BytesIO(bare.data)) as one, Image.open(io.BytesIO(data)) as other:
        assert other.quantization == one.quantization
    (before,), (after,) = seen(bare.data, "JPEG"), seen(data, "JPEG")
    assert np.array_equal(before[40:], after[40:])


def test_colours_of_16_bits_become_8_and_that_is_told():
    rows = b"".join(b"\0" + np.random.default_rng(row).bytes(240) for row in range(20))
    bare = BARE["PNG"](raw_png(40, 20, 16, rows))
    assert painted(bare, "PNG", [[BOX]])[1] == (FEWER,)
