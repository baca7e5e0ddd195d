"""Files whose pixels are blanked: what of them is written, frame by frame, in every coding."""

import io
import shutil
import tracemalloc

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from formats.imaging.drawn import ground, ink, inked, with_pixels
from formats.imaging.invented import desk, naked, of, opened, part_10, slice_of
from phisweep.errors import DocumentError
from phisweep.formats.imaging.pixels import Box, Judged

BOX = Box(0, 0, 30, 256)
FRAME = ground().astype(np.uint16) * 300


def made(frames=FRAME, **elements):
    """A data set with pixels, and with something behind them."""
    base = slice_of(1, PhotometricInterpretation="MONOCHROME2", **elements)
    base.SamplesPerPixel = 1
    return with_pixels(base, frames)


def coded(data, **elements):
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.compress(RLELossless, generate_instance_uid=False)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    out = io.BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def blanked(data, box=BOX):
    """Return the copy in which a box is blanked."""
    document = opened(data, pixels="blank")
    document._judged = Judged(blank=(box,))
    copy = document.write({}, {}) + b"".join(document.finish())
    document.close()
    assert not document.held
    return copy


def both(data, copy):
    return (pydicom.dcmread(io.BytesIO(each), force=True) for each in (data, copy))


def assert_blanked(before, after):
    assert np.array_equal(before[..., 30:, :], after[..., 30:, :])
    assert all(len(np.unique(frame[:30])) == 1 for frame in after.reshape(-1, 128, 256))


@pytest.mark.parametrize("frames", [FRAME, np.stack([FRAME, FRAME[::-1], FRAME])])
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"])  # fmt: skip
def test_a_file_of_any_coding_is_blanked_and_written_whole(frames, syntax):
    data = part_10(made(frames))
    if syntax == RLELossless:
        data = coded(data)
    else:
        dataset = pydicom.dcmread(io.BytesIO(data))
        dataset.file_meta.TransferSyntaxUID = syntax
        out = io.BytesIO()
        implicit = syntax == "1.2.840.10008.1.2"
        pydicom.dcmwrite(out, dataset, implicit_vr=implicit, little_endian=True)
        data = out.getvalue()
    before, after = both(data, blanked(data))
    assert_blanked(before.pixel_array, after.pixel_array)
    assert after.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert after.PatientIdentityRemoved == "YES"
    assert after.Modality == "CT"


@pytest.mark.parametrize("how", [{"implicit": True}, {"implicit": False}, {"implicit": False, "little": False}])  # fmt: skip
def test_a_naked_data_set_stays_naked_in_its_own_order(how):
    dataset = made()
    if not how.get("little", True):
        dataset.PixelData = FRAME.astype(">u2").tobytes()
    data = naked(dataset, **how)
    copy = blanked(data)
    assert b"DICM" not in copy[:200]
    order = "<u2" if how.get("little", True) else ">u2"
    pixels = np.frombuffer(opened(copy).dicom.data.get(0x7FE00010).value, order).reshape(128, 256)
    assert_blanked(FRAME, pixels)


def test_what_stands_behind_the_pixels_is_treated_too():
    dataset = made()
    dataset.add_new(0xFFFAFFFA, "SQ", [of(MACIDNumber=1)])
    dataset.add_new(0xFFFCFFFC, "OB", b"Brambleton")
    after = blanked(part_10(dataset))
    assert b"Brambleton" not in after
    assert_blanked(FRAME, pydicom.dcmread(io.BytesIO(after)).pixel_array)


@pytest.mark.parametrize("compressed", [False, True])
def test_of_many_frames_few_are_in_memory_at_a_time(compressed, tmp_path):
    frames = np.stack([np.roll(FRAME, n) for n in range(150)])
    data = part_10(made(frames))
    path = tmp_path / "many.dcm"
    path.write_bytes(coded(data) if compressed else data)
    del data
    document = opened(path.read_bytes(), pixels="blank")
    document._judged = Judged(blank=(BOX,))
    tracemalloc.start()
    try:
        size = len(document.write({}, {})) + sum(map(len, document.finish()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > frames.nbytes
    assert peak < frames.nbytes / 5


def test_where_nothing_is_covered_the_coding_stays():
    data = coded(part_10(made(ground())))
    document = opened(data, pixels="blank")
    document._judged = Judged(read="looks")
    copy = document.write({}, {}) + b"".join(document.finish())
    assert pydicom.dcmread(io.BytesIO(copy)).file_meta.TransferSyntaxUID == RLELossless


def test_frames_that_are_fewer_than_told_are_an_error_before_anything_is_written():
    data = part_10(made(np.stack([FRAME] * 3)))
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.NumberOfFrames = 4
    out = io.BytesIO()
    dataset.save_as(out)
    with pytest.raises(DocumentError, match="E267"):
        blanked(out.getvalue())


@pytest.fixture
def at_desk(tmp_path):
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    with desk(tmp_path / "desk", pixels="ocr") as one:
        yield one


def test_what_is_wrong_with_pixels_is_told_with_the_file(at_desk):
    data = part_10(made(np.stack([FRAME] * 3), SOPClassUID="1.2.840.10008.5.1.4.1.1.7"))
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.NumberOfFrames = 4
    out = io.BytesIO()
    dataset.save_as(out)
    outcome, copy = at_desk.copy(out.getvalue())
    assert copy is None
    assert outcome.error.startswith("error[E267]: image.dcm: there are fewer pixels")


def test_words_seen_in_pixels_are_told_of_as_covered(at_desk):
    picture = inked(ground(), ink(size=18, text="SEEN 04.11.1961"), 255)
    dataset = made(picture, SOPClassUID="1.2.840.10008.5.1.4.1.1.7", Modality="OT")
    outcome, copy = at_desk.copy(part_10(dataset))
    assert copy is not None, (outcome.error, outcome.reason)
    (told,) = [t for t in outcome.tallies if t.place == "(7FE0,0010) PixelData"]
    assert (told.identifier, told.action, told.operator) == ("date", "remove", "cover")
    assert any("places covered" in note for note in outcome.unread)
    others = {t.place: t.operator for t in outcome.tallies}
    assert others["(0010,0010) PatientName.family name"] == "omit"  # it stands empty
    assert others["(0010,0020) PatientID"] == "code"
