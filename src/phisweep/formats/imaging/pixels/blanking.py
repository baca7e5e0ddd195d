"""
Pixels blanked: every frame decoded, one at a time, the boxes blackened, nothing else changed.

What is written is uncompressed. Where nothing is blanked the pixels stay as they are coded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from phisweep.formats.imaging.pixels import reading
from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.imaging.pixels.decoding import Frame, count_of, frames, undecodable
from phisweep.formats.imaging.pixels.headers import Header
from phisweep.formats.imaging.pixels.judgement import Cleaned, Judged

if TYPE_CHECKING:
    from pydicom import Dataset

_LOOKS = (
    "something in its pixels looks like lines of text. Have somebody look at it, or choose"
    " --pixels ocr"
)
_LEFT = "text is still seen in its pixels after it was blanked several times"
_CHROMA = 128  # of YBR, no colour
#: What no longer holds of pixels that were blanked, or describes how they were packed.
GONE = (
    "SmallestImagePixelValue", "LargestImagePixelValue", "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    "PixelDataProviderURL", "PlanarConfiguration",
)  # fmt: skip


def seen(dataset: Dataset, judged: Judged) -> Cleaned:
    """Say what is to be blanked in a data set. Raises DocumentError E265, E266, E267."""
    header = Header(dataset)
    if "PixelData" not in dataset:
        return Cleaned(held="its pixels are numbers of another kind, and are not read here")
    bits = header.whole("BitsAllocated")
    if bits not in {8, 16, 32}:
        return Cleaned(held=f"its pixels have {bits} bits, which are not read here")
    boxes, told, words = judged.blank, tuple[str, ...](), tuple[str, ...]()
    if judged.read == "looks" and reading.looks(dataset, boxes):
        return Cleaned(held=_LOOKS)
    if judged.read == "words":
        found = reading.read(dataset, boxes)
        if found.left:
            return Cleaned(held=_LEFT)
        told, words = _told(found, len(boxes)), tuple(found.words)
        boxes = tuple(found.boxes)
    return Cleaned(notes=told, words=words, boxes=tuple(boxes))


def _told(found: reading.Reading, recipes: int) -> tuple[str, ...]:
    count = max(0, len(found.boxes) - recipes)
    told = [f"places covered because something like text was seen there: {count}"]
    if found.read < found.frames:
        told.append(
            f"frames read by OCR: {found.read} of {found.frames}; the same frames once, and all"
            " looked through for what looks like text"
        )
    return tuple(told)


def painted(dataset: Dataset, boxes: Sequence[Box], *, little: bool = True) -> Iterator[bytes]:
    """
    Yield each frame's bytes uncompressed, with the boxes blanked.

    Raises DocumentError E266, E267; also where frames are not of one size.
    """
    size = 0
    for frame in islice(frames(dataset), count_of(dataset)):
        pixels = np.ascontiguousarray(frame.pixels)
        value = dark(frame, dataset)
        for box in boxes:
            pixels[box.inside] = value
        data = pixels.astype(pixels.dtype.newbyteorder("<" if little else ">"), copy=False)
        if size and size != data.nbytes:
            raise undecodable()
        size = data.nbytes
        yield data.tobytes()


def described(dataset: Dataset) -> tuple[Dataset, int]:
    """
    Return what the header of a copy says of uncompressed pixels, and how many bytes they have.

    Raises DocumentError E266, E267.
    """
    from pydicom.dataset import Dataset  # noqa: PLC0415 - an extra

    frame = next(frames(dataset))
    new, properties = Dataset(), frame.properties
    new.PhotometricInterpretation = frame.photometric
    new.BitsAllocated = properties["bits_allocated"]
    new.BitsStored = properties["bits_stored"]
    new.HighBit = properties["bits_stored"] - 1
    new.PixelRepresentation = properties["pixel_representation"]
    new.SamplesPerPixel = properties["samples_per_pixel"]
    if properties["samples_per_pixel"] > 1:
        new.PlanarConfiguration = 0
    return new, frame.pixels.nbytes * count_of(dataset)


def dark(frame: Frame, dataset: Dataset) -> npt.NDArray[Any] | int:
    """Return the value of a pixel that shows nothing: black, in the words of its interpretation."""
    said = frame.photometric
    if said.startswith("YBR"):
        top = (_CHROMA << frame.properties["bits_stored"]) >> 8
        return np.array((0, top, top), frame.pixels.dtype)
    if said == "MONOCHROME1":
        return int(frame.pixels.max())
    if said == "MONOCHROME2":
        return int(frame.pixels.min())
    if said == "PALETTE COLOR":
        return _darkest(frame, dataset)
    return 0


def _darkest(frame: Frame, dataset: Dataset) -> int:
    """Return the number of the darkest colour of a palette that the frame has."""
    from pydicom.pixels import apply_color_lut  # noqa: PLC0415 - an extra

    numbers = np.unique(frame.pixels)
    colours = apply_color_lut(numbers[None], dataset)[0].astype(np.int64)
    return int(numbers[int(colours[..., :3].sum(axis=1).argmin())])
