"""Text is seen, blanked, and not seen again."""

import shutil

import numpy as np
import pytest

from formats.imaging.drawn import ground, ink, inked
from phisweep.errors import DocumentError
from phisweep.formats.imaging.pixels import ocr, tesseract

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)


@needs_tesseract
@pytest.mark.parametrize("colour", [False, True])
def test_text_is_seen_and_once_blanked_not_seen_again(colour):
    picture = inked(ground(), ink(size=16), 230)
    if colour:
        picture = np.dstack([picture, ground(), ground()])
    boxes = ocr.boxes(picture)
    assert boxes
    ocr.blank(picture, boxes)
    assert not ocr.left(picture)


@needs_tesseract
def test_a_picture_without_text_is_left_as_it_is():
    picture = ground()
    assert ocr.boxes(picture) == []
    assert not ocr.left(picture)


@needs_tesseract
def test_words_that_were_read_do_not_show_in_a_repr():
    seen = ocr.see(inked(ground(), ink(size=20), 255))
    assert "QUAYLE" in "".join(seen.words).upper()
    assert "QUAYLE" not in repr(seen).upper()


def test_without_tesseract_the_document_fails_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(tesseract.shutil, "which", lambda _: None)
    with pytest.raises(DocumentError, match=r"E265.*tesseract") as error:
        ocr.boxes(inked(ground(), ink(), 255))
    assert "install" in str(error.value)


def test_a_tesseract_that_fails_is_no_empty_picture(monkeypatch):
    false = shutil.which("false")
    monkeypatch.setattr(tesseract.shutil, "which", lambda _: false)
    with pytest.raises(DocumentError, match="E265"):
        ocr.boxes(inked(ground(), ink(), 255))


def test_large_pictures_are_read_in_parts_that_overlap():
    picture = np.zeros((3000, 2000), np.uint8)
    mask = np.zeros(picture.shape, int)
    for tile, top, left in ocr._tiles(picture):
        assert max(tile.shape) <= 2400
        mask[top : top + tile.shape[0], left : left + tile.shape[1]] += 1
    assert mask.min() == 1
    assert mask.max() == 2


@needs_tesseract
@pytest.mark.parametrize("turns", [1, 3])
def test_lines_that_run_up_or_down_are_seen_by_their_looks(turns):
    picture = np.ascontiguousarray(np.rot90(inked(ground(), ink(size=16), 230), turns))
    boxes = ocr.see(picture, reading=False).boxes
    assert boxes
    assert all(box.height > box.width for box in boxes)
    ocr.blank(picture, boxes)
    assert not ocr.left(picture)
