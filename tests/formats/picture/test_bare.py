"""Pictures without what lies beside their pixels: nothing of it is left, and no pixel changes."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("PIL")

from PIL import Image

from formats.picture.drawn import (
    MAKERS,
    MOVING,
    NAME,
    SORTS,
    moving,
    noise,
    raw_png,
    saved,
    tiff,
)
from phisweep.formats.picture.bare import BARE, DamagedError, RefusedError, TooLargeError
from phisweep.formats.picture.bare.model import BEHIND, PROFILE, SMALL, turned
from phisweep.formats.picture.frames import frames, pixels

every = pytest.mark.parametrize(
    ("kind", "mode", "options"), SORTS, ids=[f"{k}-{m}-{o}" for k, m, o in SORTS]
)
REFUSALS = (DamagedError, RefusedError, TooLargeError)


def seen(data, kind):
    return [pixels(frame) for frame in frames(data, kind)]


def same(one, other):
    return len(one) == len(other) and all(map(np.array_equal, one, other))


@every
def test_every_word_beside_the_pixels_is_gone_and_every_pixel_is_as_it_was(kind, mode, options):
    data = MAKERS[kind](noise((53, 37), mode), **options)
    assert data.count(NAME) >= 2
    copy = BARE[kind](data).data
    assert NAME not in copy
    assert b"Quill" not in zlib.compress(copy, 0)
    assert same(seen(copy, kind), seen(data, kind))
    assert BARE[kind](copy).data == copy


@pytest.mark.parametrize("kind", MOVING)
def test_frames_and_pages_are_all_there_as_they_were(kind):
    data = moving(kind)
    bare = BARE[kind](data)
    assert NAME not in bare.data
    before = seen(data, kind)
    assert len(before) == 3
    assert same(seen(bare.data, kind), before)
    with Image.open(io.BytesIO(data)) as one, Image.open(io.BytesIO(bare.data)) as other:
        for number in range(3):
            one.seek(number)
            other.seek(number)
            assert other.info.get("duration") == one.info.get("duration")
            assert other.info.get("loop") == one.info.get("loop")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP", "TIFF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_stays_upright(kind, turn):
    bare = BARE[kind](MAKERS[kind](noise((40, 24), "RGB"), turn))
    with Image.open(io.BytesIO(bare.data)) as copy:
        told = copy.getexif()
        assert told.get(0x0112, 1) == turn
        if kind != "TIFF":
            assert bare.turned == turn
            assert set(told) <= {0x0112}


def test_what_an_orientation_may_not_be_is_none():
    assert BARE["JPEG"](MAKERS["JPEG"](noise((8, 8), "RGB"), 9)).turned == 1
    assert len(turned(6)) == 26


@every
@settings(max_examples=8, deadline=None)
@given(st.integers(1, 70), st.integers(1, 50), st.integers(0, 1 << 32))
def test_pictures_of_any_size_keep_their_pixels(kind, mode, options, width, height, seed):
    data = MAKERS[kind](noise((width, height), mode, seed), **options)
    copy = BARE[kind](data).data
    assert NAME not in copy
    assert same(seen(copy, kind), seen(data, kind))


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_cut_off_is_damaged_and_never_half_a_picture(kind):
    data = saved(noise((24, 16), "P" if kind == "GIF" else "RGB"), kind.upper())
    for at in range(len(data) - 1):
        with pytest.raises(REFUSALS):
            seen(BARE[kind](data[:at]).data, kind)


@every
def test_what_is_damaged_is_refused_or_read_and_never_crashes(kind, mode, options):
    data = MAKERS[kind](noise((24, 16), mode), **options)
    chance = random.Random(f"{kind} {mode}")  # noqa: S311 - the same each time
    for _ in range(60):
        bad = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            copy = BARE[kind](bytes(bad)).data
            seen(copy, kind)
        except REFUSALS:
            continue
        assert NAME not in copy


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(BARE)))
def test_what_is_no_picture_is_refused(data, kind):
    with pytest.raises(REFUSALS):
        seen(BARE[kind](data).data, kind)


# What each kind may hide


@pytest.mark.parametrize("kind", MAKERS)
def test_bytes_behind_the_end_and_profiles_are_told(kind):
    notes = BARE[kind](MAKERS[kind](noise((20, 20), "P" if kind == "GIF" else "RGB"))).notes
    assert (BEHIND in notes) == (kind != "TIFF")
    assert (PROFILE in notes) == (kind not in ("GIF", "BMP"))


def test_an_archive_behind_a_png_is_none_in_the_copy():
    plain = saved(noise((20, 20), "RGB"), "PNG")
    assert BARE["PNG"](plain + b"PK\3\4" + bytes(500)).data == plain


def test_what_is_packed_behind_the_pixels_of_a_png_is_gone():
    plain = saved(noise((9, 5), "L"), "PNG")
    rows = b"".join(b"\0" + bytes(9) for _ in range(5))

    def with_pixels(*streams):
        start, end = plain.index(b"IDAT") - 4, plain.index(b"IEND") - 4
        parts = b"".join(
            struct.pack(">L", len(s)) + b"IDAT" + s + struct.pack(">L", zlib.crc32(b"IDAT" + s))
            for s in streams
        )
        return plain[:start] + parts + plain[end:]

    for hidden in (
        with_pixels(zlib.compress(rows) + NAME),
        with_pixels(zlib.compress(rows), NAME),
        with_pixels(zlib.compress(rows + NAME, 0)),
    ):
        copy = BARE["PNG"](hidden).data
        assert NAME not in copy
        assert same(seen(copy, "PNG"), seen(with_pixels(zlib.compress(rows)), "PNG"))


def test_what_stands_behind_the_codes_of_a_gif_is_gone():
    data = saved(noise((20, 20), "P"), "GIF")
    hidden = data[:-2] + b"\x09" + NAME + b"\0;"
    copy = BARE["GIF"](hidden).data
    assert NAME not in copy
    assert same(seen(copy, "GIF"), seen(data, "GIF"))


def test_a_smaller_version_of_a_page_is_left_out_and_told():
    small = noise((10, 10), "RGB")
    small.encoderinfo = {"tiffinfo": {254: 1}}
    data = saved(noise((40, 40), "RGB"), "TIFF", save_all=True, append_images=[small])
    bare = BARE["TIFF"](data)
    assert bare.pages == (0,)
    assert bare.notes == (SMALL,)
    assert [array.shape for array in seen(bare.data, "TIFF")] == [(40, 40, 3)]


def test_comments_in_the_strips_of_a_tiff_are_gone():
    data = tiff(noise((64, 64), "RGB"), compression="jpeg")
    start = data.index(b"\xff\xd8", data.index(b"\xff\xd9"))  # behind the tables
    own = b"\xff\xfe" + struct.pack(">H", len(NAME) + 2) + NAME
    at, size = struct.pack("<L", start), data.index(b"\xff\xd9", start) + 2 - start
    strip = data[start : start + 2] + own + data[start + 2 : start + size]
    moved = data + b"\0" * (len(data) % 2) + strip
    moved = moved.replace(at, struct.pack("<L", len(moved) - len(strip)), 1)
    moved = moved.replace(struct.pack("<L", size), struct.pack("<L", len(strip)), 1)
    assert same(seen(moved, "TIFF"), seen(data, "TIFF"))
    copy = BARE["TIFF"](moved).data
    assert NAME not in copy
    assert same(seen(copy, "TIFF"), seen(data, "TIFF"))


def test_directories_of_a_tiff_that_lead_in_circles_are_damaged():
    data = bytearray(saved(noise((4, 4), "L"), "TIFF"))
    start = struct.unpack("<L", data[4:8])[0]
    count = struct.unpack("<H", data[start : start + 2])[0]
    data[start + 2 + 12 * count :][:4] = data[4:8]
    end = start + 2 + 12 * count
    data[end : end + 4] = data[4:8]
    with pytest.raises(DamagedError):
        BARE["TIFF"](bytes(data))


def test_raw_pictures_of_cameras_are_refused():
    with pytest.raises(RefusedError):
        BARE["TIFF"](saved(noise((4, 4), "L"), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))


def test_a_bitmap_that_cannot_be_written_as_it_is_read_is_refused():
    masks = struct.pack("<4L", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = struct.pack("<3L2H6L", 108, 2, 2, 1, 32, 3, 16, 0, 0, 0, 0) + masks + bytes(52)
    data = b"BM" + struct.pack("<3L", 14 + 108 + 16, 0, 14 + 108) + head + bytes(range(16))
    with pytest.raises(RefusedError):
        BARE["BMP"](data)


def test_what_says_that_it_is_huge_is_too_large_and_costs_nothing():
    with pytest.raises(TooLargeError):
        BARE["PNG"](raw_png(100_000, 100_000, 8, bytes(1000)))
    with pytest.raises(TooLargeError):
        BARE["GIF"](b"GIF89a" + bytes(7) + b"," + bytes(4) + b"\xff\xff\xff\xff\0\2\0;")
    with pytest.raises(TooLargeError):
        BARE["BMP"](
            b"BM" + bytes(12) + struct.pack("<3L2H6L", 40, 60_000, 60_000, 1, 24, *bytes(6))
        )
