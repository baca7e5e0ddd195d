"""A data set as pydicom knows it, for what judges and cleans pixels."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from phisweep.formats.imaging.elements import PIXELS, DataSet
from phisweep.formats.imaging.file import PREAMBLE, Dicom
from phisweep.formats.imaging.pixels.window import Window
from phisweep.formats.imaging.syntaxes import Syntax

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset

    from phisweep.formats.imaging.pixels import Box

_PIXEL_DATA = 0x7FE00010
#: What describes pixels, and may be another after they were cleaned; and the pixels.
_OF_PIXELS = (
    *(0x00280002, 0x00280003, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011),
    *(0x00280034, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280106, 0x00280107),
    *(0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202, 0x00281203),
    *(0x00282110, 0x00282112, 0x00282114, 0x7FE00001, 0x7FE00002, *PIXELS),
)


def header(dicom: Dicom) -> Dataset:
    """Return the header: no large value, and nothing private."""
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415 - where DICOM is read

    found = _viewed(dicom.data, little=dicom.syntax.little)
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = dicom.syntax.uid
    return found


def _viewed(data: DataSet, *, little: bool) -> Dataset:
    from pydicom.dataelem import DataElement, RawDataElement  # noqa: PLC0415 - as above
    from pydicom.dataset import Dataset  # noqa: PLC0415
    from pydicom.sequence import Sequence  # noqa: PLC0415
    from pydicom.tag import BaseTag  # noqa: PLC0415

    raw: dict[BaseTag, DataElement | RawDataElement] = {}
    for element in data.elements:
        tag = BaseTag(element.tag)
        if element.private:
            continue
        if element.items is not None:
            items = Sequence([_viewed(item, little=little) for item in element.items])
            raw[tag] = DataElement(tag, "SQ", items)
        elif element.value is not None:
            raw[tag] = RawDataElement(
                tag,
                element.vr,
                element.length,
                element.value,
                element.start,
                data.implicit,
                little,
                is_raw=True,
                is_buffered=False,
            )
    return Dataset(raw)


def pixels(dicom: Dicom) -> Dataset:
    """Return the header, and the pixels, which are read from the file where they are asked for."""
    from pydicom.dataelem import DataElement  # noqa: PLC0415 - where DICOM is read

    found = header(dicom)
    for element in dicom.data.elements:
        if element.value is None and element.items is None and element.tag in _OF_PIXELS:
            if element.tag in PIXELS:
                value = Window(dicom.stream, element.start, element.length)
                found[element.tag] = DataElement(element.tag, _bytes_of(element.vr), value)
                found[element.tag].is_undefined_length = element.undefined
            elif not element.private:
                raw = dicom.bytes(element.start, element.length)
                found[element.tag] = DataElement(element.tag, element.vr, raw)
    return found


def _bytes_of(vr: str) -> str:
    return vr if vr in ("OB", "OW", "OF", "OD") else "OW"


def repainted(
    dicom: Dicom, whole: Dataset, head: bytes, boxes: Sequence[Box]
) -> tuple[bytes, Iterable[bytes]]:
    """
    Return a copy with boxes of its pixels blanked: what stands before them, and then the rest.

    `whole` is what `pixels` gave, `head` the copy without its pixels. What is written is Explicit VR
    Little Endian; a naked data set stays as it is written. Raises DocumentError E266, E267.
    """
    from pydicom import dcmread  # noqa: PLC0415 - where pixels are cleaned
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415 - as above

    from phisweep.formats.imaging.pixels.blanking import (  # noqa: PLC0415 - as above
        GONE,
        described,
        painted,
    )

    syntax = dicom.syntax if dicom.meta is None else Syntax.of(ExplicitVRLittleEndian)
    new = dcmread(BytesIO(head), force=True)
    told, size = described(whole)
    for keyword in GONE:
        if keyword in new:
            delattr(new, keyword)
    new.update(told)
    for _ in new.iterall():
        pass  # what is still raw cannot be written in another syntax than it was read in
    before = _written(new[:_PIXEL_DATA], new.file_meta, syntax, meta_too=dicom.meta is not None)
    after = _written(new[_PIXEL_DATA:], new.file_meta, syntax, meta_too=False)
    vr = b"OB" if told.BitsAllocated <= 8 else b"OW"  # noqa: PLR2004 - a byte
    order = "<" if syntax.little else ">"
    start = struct.pack(f"{order}HH", _PIXEL_DATA >> 16, _PIXEL_DATA & 0xFFFF)
    start += (b"" if syntax.implicit else vr + b"\0\0") + struct.pack(f"{order}L", size + size % 2)
    frames = painted(whole, boxes, little=syntax.little)
    return before + start, chain(frames, (b"\0" * (size % 2), after))


def _written(data: Dataset, meta: FileMetaDataset, syntax: Syntax, *, meta_too: bool) -> bytes:
    """Return elements as bytes, with what stands before the data set where that is asked for."""
    from pydicom import dcmwrite  # noqa: PLC0415 - where pixels are cleaned
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415 - as above

    out = BytesIO()
    if meta_too:
        data.file_meta = meta
        data.file_meta.TransferSyntaxUID = syntax.uid
        data.preamble = bytes(PREAMBLE)
        dcmwrite(out, data, enforce_file_format=True, overwrite=True)
    else:
        data.file_meta = FileMetaDataset()
        dcmwrite(
            out, data, implicit_vr=syntax.implicit, little_endian=syntax.little, overwrite=True
        )
    return out.getvalue()
