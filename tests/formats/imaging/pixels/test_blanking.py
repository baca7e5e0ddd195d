"""Pixels: text that is drawn into them is gone or the file is held, and nothing else changes."""

import shutil

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.pixels import convert_color_space
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from formats.imaging.drawn import CANARY, CT, again, ground, header, ink, inked, with_pixels
from phisweep.errors import DocumentError
from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels import Box, Judged, judge, look, tesseract
from phisweep.formats.imaging.pixels.blanking import GONE, described, painted
from phisweep.formats.imaging.pixels.decoding import frames

BOX = Box(0, 0, 30, 256)
OCR = Imaging(pixels="ocr", faces="accept")
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)


def clean(made, judged):
    """Look at a data set, and write into it what a copy would have."""
    done = look(made, judged)
    if done.boxes:
        write(made, done.boxes)
    return done


def write(made, boxes):
    told, size = described(made)
    data = b"".join(painted(made, boxes))
    assert len(data) == size
    for keyword in GONE:
        if keyword in made:
            delattr(made, keyword)
    made.update(told)
    made.PixelData = data + b"\0" * (size % 2)
    made["PixelData"].VR = "OB" if made.BitsAllocated == 8 else "OW"
    made["PixelData"].is_undefined_length = False
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian


def pixels(made):
    return np.stack([frame.pixels for frame in frames(made)])


def blanked(made, box=BOX):
    """Return pixels before and after a box is blanked, and the data set, written and read."""
    before = pixels(made)
    done = clean(made, Judged(blank=(box,)))
    assert done.boxes
    assert not done.held
    made = again(made)
    assert made.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    return before, pixels(made), made


def assert_only_the_box_changed(before, after, box=BOX):
    inside = np.zeros(before.shape[1:3], bool)
    inside[max(0, box.top) : box.bottom, max(0, box.left) : box.right] = True
    assert np.array_equal(before[:, ~inside], after[:, ~inside])
    assert all(len(np.unique(frame[inside], axis=0)) == 1 for frame in after)


def signed():
    return (ground().astype(np.int16) * 20 - 1000).astype(np.int16)


KINDS = {
    "8 bits": ground(),
    "16 bits": ground().astype(np.uint16) * 300,
    "signed": signed(),
    "32 bits": ground().astype(np.uint32) * 70_000,
    "colour": np.dstack([ground(), ground()[::-1], ground()[:, ::-1]]),
    "colour, 16 bits": np.dstack([ground().astype(np.uint16) * 200] * 3),
    "frames": np.stack([ground(), ground()[::-1], ground()]),
    "frames in colour": np.stack([np.dstack([ground()] * 3)] * 2),
    "odd": ground(61, 43),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_native_pixels_change_in_the_box_alone(kind, syntax):
    made = with_pixels(header(), KINDS[kind])
    made.file_meta.TransferSyntaxUID = syntax
    before, after, _ = blanked(made)
    assert_only_the_box_changed(before, after)


@pytest.mark.parametrize("kind", ["8 bits", "16 bits", "signed", "colour", "frames"])
@pytest.mark.parametrize("syntax", ["RLELossless", "JPEG2000Lossless", "JPEGLSLossless", "JPEGLosslessProcess14_1"])  # fmt: skip
def test_lossless_pixels_change_in_the_box_alone(kind, syntax, tmp_path):
    made = coded(with_pixels(header(), KINDS[kind]), syntax, tmp_path)
    before, after, _ = blanked(made)
    assert np.array_equal(before, np.asarray(KINDS[kind]).reshape(before.shape))
    assert_only_the_box_changed(before, after)


def coded(made, syntax, tmp_path):
    """Return a data set in another transfer syntax, by GDCM."""
    gdcm = pytest.importorskip("gdcm", reason="the extra ocr has it")
    there, back = str(tmp_path / "there.dcm"), str(tmp_path / "back.dcm")
    pydicom.dcmwrite(there, made, enforce_file_format=True)
    reader, change, writer = (
        gdcm.ImageReader(),
        gdcm.ImageChangeTransferSyntax(),
        gdcm.ImageWriter(),
    )
    reader.SetFileName(there)
    assert reader.Read()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(back)
    assert writer.Write()
    return pydicom.dcmread(back)


@pytest.mark.parametrize("kind", ["8 bits", "colour"])
@pytest.mark.parametrize("syntax", ["JPEGBaselineProcess1", "JPEG2000", "JPEGLSNearLossless"])
def test_lossy_pixels_are_written_as_they_were_decoded_and_stay_lossy(kind, syntax, tmp_path):
    made = coded(with_pixels(header(LossyImageCompression="01"), KINDS[kind]), syntax, tmp_path)
    before, after, made = blanked(made)
    assert_only_the_box_changed(before, after)
    assert made.LossyImageCompression == "01"
    assert made.PhotometricInterpretation in {"MONOCHROME2", "RGB", "YBR_FULL"}


def test_big_endian_pixels_change_in_the_box_alone():
    made = with_pixels(header(), KINDS["16 bits"])
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"
    made.PixelData = KINDS["16 bits"].astype(">u2").tobytes()
    before, after, _ = blanked(made)
    assert np.array_equal(before[0], KINDS["16 bits"])
    assert_only_the_box_changed(before, after)


def test_planes_of_colour_are_laid_together():
    made = with_pixels(header(), KINDS["colour"])
    made.PlanarConfiguration = 1
    made.PixelData = np.ascontiguousarray(np.moveaxis(KINDS["colour"], 2, 0)).tobytes()
    before, after, made = blanked(made)
    assert np.array_equal(before[0], KINDS["colour"])
    assert_only_the_box_changed(before, after)
    assert made.PlanarConfiguration == 0


def test_ybr_is_blanked_black():
    made = with_pixels(
        header(PhotometricInterpretation="YBR_FULL"),
        convert_color_space(KINDS["colour"], "RGB", "YBR_FULL"),
    )
    before, after, made = blanked(made)
    assert_only_the_box_changed(before, after)
    assert made.PhotometricInterpretation == "YBR_FULL"
    assert tuple(after[0, 0, 0]) == (0, 128, 128)


def test_subsampled_ybr_is_written_in_full():
    made = with_pixels(header(PhotometricInterpretation="YBR_FULL_422"), KINDS["colour"])
    packed = np.empty((128, 128, 4), np.uint8)
    packed[..., 0], packed[..., 1] = ground()[:, ::2], ground()[:, 1::2]
    packed[..., 2:] = 128
    made.PixelData = packed.tobytes()
    before, after, made = blanked(made)
    assert_only_the_box_changed(before, after)
    assert made.PhotometricInterpretation == "YBR_FULL"
    assert len(made.PixelData) == 128 * 256 * 3


def test_monochrome1_is_blanked_black():
    made = with_pixels(header(PhotometricInterpretation="MONOCHROME1"), ground())
    _, after, _ = blanked(made)
    assert after[0, 0, 0] == ground().max()


def test_a_palette_is_blanked_with_its_darkest_colour():
    made = with_pixels(header(PhotometricInterpretation="PALETTE COLOR"), ground() // 16)
    made.PhotometricInterpretation = "PALETTE COLOR"
    ramp = np.arange(16, dtype="<u2")[::-1] * 4096
    for colour in ("Red", "Green", "Blue"):
        setattr(made, f"{colour}PaletteColorLookupTableDescriptor", [16, 0, 16])
        setattr(made, f"{colour}PaletteColorLookupTableData", ramp.tobytes())
    before, after, _ = blanked(made)
    assert_only_the_box_changed(before, after)
    assert after[0, 0, 0] == before.max()


def test_bits_that_are_not_stored_are_gone():
    made = with_pixels(header(), ground().astype(np.uint16) | 0xF000)
    made.BitsStored, made.HighBit = 12, 11
    _, after, made = blanked(made)
    assert after.max() < 1 << 12
    assert not np.frombuffer(made.PixelData, "<u2").max() >> 12


def test_what_no_longer_holds_of_the_pixels_is_gone():
    made = with_pixels(header(), ground())
    made.LargestImagePixelValue = 255
    _, _, made = blanked(made)
    assert "LargestImagePixelValue" not in made


@given(
    top=st.integers(-9, 140), left=st.integers(-9, 270),
    height=st.integers(1, 60), width=st.integers(1, 99),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_a_box_anywhere_changes_nothing_but_itself(top, left, height, width):
    box = Box(top, left, top + height, left + width)
    made = with_pixels(header(), ground())
    before = pixels(made)
    write(made, [box])
    after = pixels(made)
    inside = np.zeros(before.shape[1:], bool)
    inside[max(0, top) : max(0, box.bottom), max(0, left) : max(0, box.right)] = True
    assert np.array_equal(before[:, ~inside], after[:, ~inside])


def gone(made, mask):
    """Say whether of the ink nothing differs any more from what stands beside it."""
    after = pixels(made)[0]
    values = after[mask > 0.3].reshape(-1, *after.shape[2:])
    return len(np.unique(values, axis=0)) <= 3


def drawn(kind, size, value):
    base = KINDS[kind]
    mask = ink(size=size)
    return with_pixels(header("US" if base.ndim == 2 else "OT"), inked(base, mask, value)), mask


@needs_tesseract
@pytest.mark.parametrize("size", [10, 18])
@pytest.mark.parametrize(
    ("kind", "value"),
    [("8 bits", 255), ("8 bits", 120), ("16 bits", 65_535), ("signed", 3000), ("colour", (255, 240, 0))],
)  # fmt: skip
def test_a_canary_is_gone_or_the_file_is_held(kind, size, value):
    made, mask = drawn(kind, size, value)
    done = clean(made, judge(made, OCR))
    assert done.held or gone(made, mask)
    assert not done.held
    assert CANARY.split("^", maxsplit=1)[0] not in repr(done)


@needs_tesseract
def test_a_canary_in_one_frame_of_many_is_gone_from_it():
    mask = ink(size=16)
    run = np.stack([ground()] * 20)
    run[13] = inked(ground(), mask, 255)
    made = with_pixels(header("OT"), run)
    done = clean(made, judge(made, OCR))
    after = pixels(made)
    assert len(np.unique(after[13][mask > 0.3])) <= 3
    assert any("of 20" in note for note in done.notes)


@needs_tesseract
def test_where_nothing_is_seen_the_pixels_stay_as_they_are_coded():
    made = with_pixels(header(), ground())
    made.compress(RLELossless, generate_instance_uid=False)
    data = made.PixelData
    done = clean(made, judge(made, OCR))
    assert not done.boxes
    assert made.PixelData == data
    assert made.file_meta.TransferSyntaxUID == RLELossless


@pytest.mark.parametrize("text", [CANARY, ""])
def test_a_localizer_with_text_is_held_without_tesseract(text, monkeypatch):
    monkeypatch.setattr(tesseract.shutil, "which", lambda _: None)
    image_type = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    made = with_pixels(
        header("CT", CT, ImageType=image_type), inked(signed(), ink(size=16, text=text), 3000)
    )
    judged = judge(made, Imaging())
    assert not judged.held
    done = clean(made, judged)
    assert bool(done.held) == bool(text)
    assert not done.boxes


@pytest.mark.parametrize("missing", [1, 100])
def test_too_few_pixels_are_an_error(missing):
    made = with_pixels(header(), ground())
    made.PixelData = made.PixelData[:-missing]
    with pytest.raises(DocumentError, match="E267"):
        clean(made, Judged(blank=(BOX,)))


def test_pixels_that_cannot_be_decoded_are_an_error_without_their_decoder_s_words():
    made = with_pixels(header(), ground())
    made.file_meta.TransferSyntaxUID = JPEG2000Lossless
    with pytest.raises(DocumentError, match="E266") as error:
        clean(made, Judged(blank=(BOX,)))
    assert error.value.__suppress_context__


def test_a_header_that_claims_more_pixels_than_are_read_is_an_error_at_once():
    made = with_pixels(header(), ground())
    made.compress(RLELossless, generate_instance_uid=False)
    made.Rows = made.Columns = 65_535
    with pytest.raises(DocumentError, match=r"E266.*GiB"):
        clean(made, Judged(blank=(BOX,)))


@pytest.mark.parametrize("bits", [1, 12, 64])
def test_pixels_of_other_widths_are_held(bits):
    made = header()
    made.BitsAllocated, made.PixelData = bits, b"\0" * 8192
    assert clean(made, Judged(blank=(BOX,))).held
