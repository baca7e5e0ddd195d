"""DICOM files with drawn pixels, and text of nobody drawn into them."""

from __future__ import annotations

import io

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CANARY = "QUAYLE^IMOGEN 04.11.1961"
US, SC, CT = (
    "1.2.840.10008.5.1.4.1.1.6.1",
    "1.2.840.10008.5.1.4.1.1.7",
    "1.2.840.10008.5.1.4.1.1.2",
)


def header(modality="OT", sop_class=SC, rows=128, columns=256, **elements):
    """Return a header without pixels."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid()
    made.Modality, made.Rows, made.Columns = modality, rows, columns
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def ground(rows=128, columns=256, most=100):
    """Return a smooth picture of bytes with a little noise."""
    y, x = np.mgrid[:rows, :columns]
    noise = np.random.default_rng(1).integers(0, 4, (rows, columns))
    light = most * np.exp(-(((x / columns - 0.5) / 0.3) ** 2) - ((y / rows - 0.5) / 0.3) ** 2)
    return (light + noise).astype(np.uint8)


def ink(rows=128, columns=256, *, size=14, at=(8, 6), text=CANARY):
    """Return what of a picture is ink, in [0, 1], where text is written with Pillow's own font."""
    mask = Image.new("L", (columns, rows), 0)
    ImageDraw.Draw(mask).text(at, text, font=ImageFont.load_default(size), fill=255)
    return np.asarray(mask, float) / 255


def inked(picture, mask, value):
    """Return a picture, grey or colour, with ink of a value in it."""
    mask = mask if picture.ndim == mask.ndim else mask[..., None]
    return (picture * (1 - mask) + np.asarray(value) * mask).round().astype(picture.dtype)


def with_pixels(made, frames):
    """Put frames into a header, uncompressed."""
    frames = np.asarray(frames)
    colour = frames.shape[-1] == 3
    made.BitsAllocated = made.BitsStored = frames.dtype.itemsize * 8
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(frames.dtype.kind == "i")
    if colour:
        made.SamplesPerPixel, made.PlanarConfiguration = 3, 0
        if made.PhotometricInterpretation == "MONOCHROME2":
            made.PhotometricInterpretation = "RGB"
    several = frames.ndim - colour == 3
    if several:
        made.NumberOfFrames = len(frames)
    made.Rows, made.Columns = frames.shape[several : several + 2]
    data = frames.tobytes()
    made.PixelData = data + b"\0" * (len(data) % 2)
    made["PixelData"].VR = "OB" if made.BitsAllocated == 8 else "OW"
    return made


def again(made):
    """Return a data set as it is when it was written and read."""
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, made, enforce_file_format=True)
    stream.seek(0)
    return pydicom.dcmread(stream)
