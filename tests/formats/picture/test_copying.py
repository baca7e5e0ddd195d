"""Copies of pictures: which are written, what is told, and why one is held."""

import gzip
import io
import shutil
import zipfile
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("PIL")

from PIL import Image, ImageDraw, ImageFont

from formats.picture.drawn import MAKERS, NAME, chart, moving, noise, raw_png, saved
from formats.reading import open_bytes
from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.errors import DocumentError
from phisweep.formats.base import Imaging, ReadOptions
from phisweep.formats.embedded import embed
from phisweep.formats.picture.bare import Bare
from phisweep.formats.picture.copying import _compare
from phisweep.formats.picture.frames import frames, pixels
from phisweep.keys import Key
from phisweep.model import Media, Source, Text
from phisweep.pipeline import Worker
from phisweep.session import Session
from phisweep.transform.codes import random_codes

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not there")

KEY = Key(b"k" * 32, "the tests")
OCR = ReadOptions(imaging=Imaging(pixels="ocr"))
ACCEPTED = ReadOptions(imaging=Imaging(pixels="ocr", faces="accept"))
FONT = ImageFont.load_default(20)
SMOOTH = ["PNG", "GIF", "TIFF", "BMP"]  # what a chart stays a chart in


def copied(name, data, options=OCR):
    """Return the document, closed, and its copy; b"" where there is none."""
    with closing(open_bytes(name, data, options)) as document:
        parts = []
        for part in document.parts():
            parts += [chunk.write({}, {}) for chunk in part.chunks()]
        parts += document.finish()
        return document, b"" if document.held else b"".join(parts)


def searched(name, data, options=OCR):
    with closing(open_bytes(name, data, options)) as document:
        for part in document.parts():
            for _ in part.chunks():
                pass
        return document


def gray():
    """A small chart: of colours each would be looked at by itself."""
    return chart().convert("L").resize((200, 150), Image.Resampling.NEAREST)


def words(turns=0):
    picture = gray()
    draw = ImageDraw.Draw(picture)
    draw.text((10, 10), "Zed Quill 0077", fill="black", font=FONT)
    return picture.rotate(90 * turns, expand=True)


def where_words_were(picture, turns=0):
    """Return the pixels in which the letters stood, of a picture that was turned so often."""
    box = FONT.getbbox("Zed Quill 0077")
    upright = picture.convert("L").rotate(-90 * turns, expand=True)
    return np.array(upright.crop((10 + box[0], 10 + box[1], 10 + box[2], 10 + box[3])))


@pytest.mark.parametrize("kind", SMOOTH)
def test_a_chart_without_words_is_copied_pixel_for_pixel_and_nothing_else(kind):
    data = MAKERS[kind](gray())
    document, copy = copied("x.bin", data)
    assert document.held == ""
    assert NAME not in copy
    (before,), (after,) = ([pixels(frame) for frame in frames(each, kind)] for each in (data, copy))
    assert np.array_equal(before, after)
    assert document.also_unread


@pytest.mark.parametrize(("kind", "turns"), [("PNG", 0), ("JPEG", 0), ("TIFF", 1), ("GIF", 2)])
def test_words_in_the_pixels_are_covered_however_they_run(kind, turns):
    document, copy = copied("x.bin", MAKERS[kind](words(turns)), ACCEPTED)
    assert document.held == ""
    assert NAME not in copy
    assert document.warnings[0].startswith("words were seen and covered")
    (frame,) = frames(copy, kind)
    assert where_words_were(frame, turns).max() < 60


def test_words_on_one_page_of_several_are_covered_and_searched():
    blank = Image.new("L", (200, 150), 255)
    data = saved(blank, "TIFF", save_all=True, append_images=[words(), blank])
    with closing(open_bytes("x.tif", data, OCR)) as document:
        blocks = []
        for chunk in document.chunks():
            blocks += chunk.blocks
            chunk.write({}, {})
        copy = b"".join(document.finish())
    texts = {b.location.address: b.text for b in blocks if isinstance(b, Text)}
    assert "Zed Quill" in texts["pixels, frame 2"]
    pages = [*frames(copy, "TIFF")]
    assert [np.array(page).min() for page in pages] == [255, 0, 255]
    assert where_words_were(pages[1]).max() == 0


def test_a_turned_picture_is_read_as_it_is_shown():
    data = MAKERS["PNG"](words().rotate(90, expand=True), 6)
    document, copy = copied("x.png", data)
    assert document.warnings[0].startswith("words were seen and covered")
    (frame,) = frames(copy, "PNG")
    assert where_words_were(frame, 1).max() == 0


def test_what_is_copied_is_told_as_seen_by_no_person():
    with closing(open_bytes("x.png", MAKERS["PNG"](gray()), OCR)) as document:
        blocks = []
        for chunk in document.chunks():
            blocks += chunk.blocks
            chunk.write({}, {})
    assert [(b.what, b.letters) for b in blocks if isinstance(b, Media)] == [
        ("a picture, seen by OCR alone", "Q")
    ]


# What is held


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_only_searched_is_never_called_clean(kind):
    document = searched("x.bin", MAKERS[kind](chart()))
    assert document.held == "a picture cannot be assessed: full faces and the like (Q)"


def test_what_may_be_a_photograph_is_held_until_somebody_accepts_it():
    data = MAKERS["PNG"](noise((60, 60), "L"))
    assert "(Q)" in copied("x.png", data)[0].held
    assert "photograph" in copied("x.png", data)[0].held
    document, copy = copied("x.png", data, ACCEPTED)
    assert "photograph" not in document.held
    assert NAME not in copy


def test_what_a_camera_wrote_is_held_whatever_it_shows():
    made = chart()
    tags = made.getexif()
    tags[0x010F] = "a maker"
    document, _ = copied("x.png", saved(made, "PNG", exif=tags))
    assert "photograph" in document.held


@pytest.mark.parametrize("kind", MAKERS)
def test_no_recipe_blanks_a_picture(kind):
    document, copy = copied(
        "x", MAKERS[kind](chart()), ReadOptions(imaging=Imaging(pixels="blank"))
    )
    assert "no recipe" in document.held
    assert copy == b""


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.jp2", saved(chart(), "JPEG2000")), ("x.avif", saved(chart(), "AVIF")),
     ("x.ico", saved(chart().resize((32, 32)), "ICO")),
     ("x.psd", b"8BPS\0\1" + bytes(60))],
)  # fmt: skip
def test_kinds_that_cannot_be_stripped_exactly_are_held_with_what_to_do(name, data):
    document, copy = copied(name, data, ACCEPTED)
    assert "save it as PNG" in document.held
    assert copy == b""


def test_huge_pictures_are_held():
    document, _ = copied("x.png", raw_png(100_000, 100_000, 8, bytes(1000)), ACCEPTED)
    assert document.held == (
        "the picture has more pixels or frames than are read; it is not assessed (Q)"
    )


def test_a_text_called_a_picture_is_held():
    document, copy = copied("x.png", b"nothing of a picture", ACCEPTED)
    assert document.held
    assert copy == b""


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_cut_off_is_an_error_and_says_nothing_of_the_picture(kind):
    data = MAKERS[kind](chart())
    with pytest.raises(DocumentError) as caught:
        copied("x.bin", data[: len(data) // 2], ACCEPTED)
    assert caught.value.code == "E268"
    assert "Quill" not in str(caught.value)


def test_a_copy_that_would_not_show_the_same_is_none():
    one, other = (saved(noise((9, 9), "L", seed), "PNG") for seed in (1, 2))
    three = moving("PNG")
    for data, copy in ((one, other), (three, one), (one, three)):
        with pytest.raises(DocumentError) as caught:
            _compare(data, Bare(copy), "PNG", Source(None, "x", 1, "x", data))
        assert caught.value.code == "E269"


# Within other documents


def test_a_picture_in_an_archive_is_copied_like_one_beside_it():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("chart.png", MAKERS["PNG"](gray()))
        archive.writestr("photograph.png", MAKERS["PNG"](noise((60, 60), "L")))
        archive.writestr("note.txt", "well\n")
    _, copy = copied("x.zip", out.getvalue())
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert sorted(archive.namelist()) == ["chart.png", "note.txt"]
        assert NAME not in archive.read("chart.png")


def test_a_packed_picture_is_copied():

    document, copy = copied("x.png.gz", gzip.compress(MAKERS["PNG"](gray())))
    assert document.held == ""
    assert NAME not in gzip.decompress(copy)


def test_a_picture_in_a_document_is_still_empty_in_its_copy():
    data = MAKERS["PNG"](chart())
    source = Source(None, "x", len(data), "x", data)
    inner = embed(data, source, replace(OCR, nesting=0), "attachment", media_type="image/png")
    assert [type(block) for block in inner.blocks] == [Media]
    assert inner.write({inner.blocks[0].location.address: [None]}) == b""


def test_words_beside_a_picture_are_searched_whether_it_is_copied_or_not():
    for options in (ReadOptions(), OCR, ACCEPTED):
        with closing(open_bytes("x.png", MAKERS["PNG"](gray()), options)) as document:
            texts = [block.text for chunk in document.chunks() for block in chunk.blocks]
        assert any("Zed Quill" in text for text in texts)


@pytest.mark.parametrize(("drawn", "status"), [("", "clean"), ("kV 120 mA 300", "changed")])
def test_a_copy_with_covered_words_is_a_changed_one_though_they_name_nobody(
    tmp_path, drawn, status
):
    session = Session(Config(engine="rules", jobs=1, pixels="ocr", faces="accept"), KEY)
    path, out = tmp_path / "chart.png", tmp_path / "out" / "chart.png"
    picture = Image.new("L", (400, 100), 90)
    ImageDraw.Draw(picture).text((9, 9), drawn, font=ImageFont.load_default(20), fill=255)
    picture.save(path)
    source = Source(path, "chart.png", path.stat().st_size, "chart.png")
    with random_codes(KEY) as codes:
        spec = replace(session.spec, write=True, records=False, spool=tmp_path, codes=codes)
        outcome = Worker(spec)(Job(source, out, "chart.png"))
    assert (outcome.status, outcome.tallies) == (status, ())
    assert any("covered: 1 box" in w for w in outcome.warnings) == bool(drawn)


def test_a_run_writes_the_copy_tells_what_was_in_it_and_finds_nothing_in_it_again(tmp_path):
    session = Session(Config(engine="rules", jobs=1, pixels="ocr"), KEY)
    path, out = tmp_path / "chart.png", tmp_path / "out" / "chart.png"
    path.write_bytes(MAKERS["PNG"](words()))
    source = Source(path, "chart.png", path.stat().st_size, "chart.png")
    with random_codes(KEY) as codes:
        spec = replace(session.spec, write=True, records=False, spool=tmp_path, codes=codes)
        writer = Worker(spec)
        outcome = writer(Job(source, out, "chart.png"))
    assert (outcome.status, outcome.error, outcome.reason) == ("changed", "", "")
    done = {(tally.place, tally.action, tally.operator) for tally in outcome.tallies}
    assert done == {("metadata", "remove", "omit"), ("pixels", "remove", "cover")}
    assert "a picture, seen by OCR alone: not assessed, it may hold (Q)" in outcome.unread
    assert "Quill" not in repr(outcome)
    assert NAME not in out.read_bytes()
    again = Worker(replace(session.spec, records=True), writer.detector)(
        Job(Source(out, "chart.png", out.stat().st_size, "chart.png"))
    )
    assert again.tallies == ()
    assert again.status == "skipped"  # nobody searched its pixels this time
