"""
Pixels blanked and written: every frame decoded, the boxes blackened, nothing else changed.

What is written is uncompressed, Explicit VR Little Endian. Where nothing is blanked the pixels stay
as they are coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from phisweep.formats.imaging.pixels import reading
from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.imaging.pixels.decoding import Frame, frames
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
_GONE = (
    "SmallestImagePixelValue", "LargestImagePixelValue", "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    "PixelDataProviderURL",
)  # fmt: skip


def cleaned(dataset: Dataset, judged: Judged) -> Cleaned:
    """Blank the pixels of a data set in place. Raises DocumentError E265, E266, E267."""
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
    if boxes:
        write(dataset, boxes)
    return Cleaned(notes=told, words=words, changed=bool(boxes))


def _told(found: reading.Reading, recipes: int) -> tuple[str, ...]:
    seen = max(0, len(found.boxes) - recipes)
    told = [f"places blanked because something like text was seen there: {seen}"]
    if found.read < found.frames:
        told.append(
            f"frames read by OCR: {found.read} of {found.frames}; the same frames once, and all"
            " looked through for what looks like text"
        )
    return tuple(told)


def write(dataset: Dataset, boxes: Sequence[Box]) -> None:
    """Blank boxes in every frame of a data set. Raises DocumentError E266, E267."""
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415 - an extra

    data = bytearray()
    properties: dict[str, Any] = {}
    photometric = ""
    for frame in frames(dataset):
        pixels = np.ascontiguousarray(frame.pixels)
        value = dark(frame, dataset)
        for box in boxes:
            pixels[box.inside] = value
        data += pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()
        properties, photometric = frame.properties, frame.photometric
    _describe(dataset, properties, photometric)
    element = dataset["PixelData"]
    element.value = bytes(data) + b"\0" * (len(data) % 2)
    element.is_undefined_length = False
    element.VR = "OB" if properties["bits_allocated"] <= 8 else "OW"  # noqa: PLR2004 - a byte
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for keyword in _GONE:
        if keyword in dataset:
            delattr(dataset, keyword)


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


def _describe(dataset: Dataset, properties: dict[str, Any], photometric: str) -> None:
    """Make the header fit pixels as they lie decoded."""
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = properties["bits_allocated"]
    dataset.BitsStored = properties["bits_stored"]
    dataset.HighBit = properties["bits_stored"] - 1
    dataset.PixelRepresentation = properties["pixel_representation"]
    dataset.SamplesPerPixel = properties["samples_per_pixel"]
    if properties["samples_per_pixel"] > 1:
        dataset.PlanarConfiguration = 0
    elif "PlanarConfiguration" in dataset:
        del dataset.PlanarConfiguration
