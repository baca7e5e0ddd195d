"""What lies in pixel data beside pixels is in no copy, and the pixels are the same."""

import io

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, ImplicitVRLittleEndian, JPEGBaseline8Bit

from formats.imaging.drawn import ground, with_pixels
from formats.imaging.invented import naked, opened, part_10, quietly, slice_of
from phisweep.formats.imaging.beside import emptied

CANARY = b"QUAYLE^IMOGEN 04.11.1961 "
FRAME = ground(128, 256)


def made(frames=FRAME, **elements):
    dataset = slice_of(1, PhotometricInterpretation="MONOCHROME2", **elements)
    dataset.SamplesPerPixel = 1
    return with_pixels(dataset, frames)


def copy_of(data):
    """Return the copy and what is warned of; the file is one whose pixels are copied."""
    document = opened(data, faces="accept")
    document._judged = None
    copy = document.write({}, {}) + b"".join(document.finish())
    document.close()
    return copy, document.warnings


def read(data):
    return quietly(lambda: pydicom.dcmread(io.BytesIO(data), force=True))


@pytest.mark.parametrize("size", [(128, 256), (600, 400)])  # held in memory, and in the file
@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian])
def test_bytes_behind_the_last_frame_are_cut_off(size, frames, syntax):
    picture = ground(*size)
    dataset = made(np.stack([picture] * frames) if frames > 1 else picture)
    before = dataset.PixelData
    dataset.PixelData = before + CANARY * 2
    data = naked(dataset) if syntax else part_10(dataset)
    copy, warnings = copy_of(data)
    assert CANARY not in copy
    assert before in copy
    assert any("behind the last of its pixels" in w for w in warnings)
    assert not any("behind" in w for w in copy_of(copy)[1])


@pytest.mark.parametrize(
    "elements", [{"NumberOfFrames": "x"}, {"PhotometricInterpretation": "ODD"}]
)
def test_what_the_header_does_not_tell_is_not_cut(elements):
    dataset = made()
    data = part_10(dataset)
    if "NumberOfFrames" in elements:
        dataset.NumberOfFrames = "7"
        data = part_10(dataset).replace(b"IS\2\0" + b"7 ", b"IS\2\0x ")
    else:
        data = data.replace(b"MONOCHROME2 ", b"ODD         ")
    assert FRAME.tobytes() in copy_of(data)[0]


def jpeg():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    Image.fromarray(FRAME).save(out, "JPEG", comment=CANARY, exif=exif)
    return out.getvalue()


def jpeg_2000():
    out = io.BytesIO()
    Image.fromarray(FRAME).save(out, "JPEG2000", no_jp2=True, comment=CANARY.decode())
    return out.getvalue()


@pytest.mark.parametrize(("coded", "syntax"), [(jpeg, JPEGBaseline8Bit), (jpeg_2000, JPEG2000)])
@pytest.mark.parametrize("frames", [1, 2])
def test_comments_within_compressed_frames_are_empty_and_show_the_same(coded, syntax, frames):
    dataset = made()
    dataset.NumberOfFrames = frames
    dataset.PixelData = encapsulate([coded()] * frames)
    dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OB"
    data = part_10(dataset, syntax)
    assert CANARY[:6] in data
    copy, warnings = copy_of(data)
    assert CANARY[:6] not in copy
    assert len(read(copy).PixelData) == len(read(data).PixelData)
    assert np.array_equal(read(copy).pixel_array, read(data).pixel_array)
    assert any("comments within its compressed pixels" in w for w in warnings)


@pytest.mark.parametrize(
    ("spans", "left"),
    [([], b"abcdef"), ([(9, 3)], b"\0\0cdef"), ([(11, 2), (15, 9)], b"a\0\0de\0")],
)
def test_spans_are_emptied_wherever_a_block_is_cut(spans, left):
    assert emptied(b"abcdef", 10, spans) == left
