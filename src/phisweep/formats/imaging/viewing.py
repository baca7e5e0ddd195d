"""A data set as pydicom knows it, for what judges and cleans pixels."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.elements import PIXELS, DataSet
from phisweep.formats.imaging.file import Dicom
from phisweep.formats.stream import raw_stream
from phisweep.model import Source

if TYPE_CHECKING:
    from pydicom import Dataset

    from phisweep.formats.imaging.pixels import Cleaned, Judged

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


def with_pixels(
    source: Source, dicom: Dicom, copy: bytes, judged: Judged, imaging: Imaging
) -> tuple[Cleaned, bytes]:
    """
    Return what became of the pixels, and the copy with them in place of those of the source.

    Raises DocumentError E265, E266, E267.
    """
    from pydicom import dcmread, dcmwrite  # noqa: PLC0415 - where pixels are cleaned
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415

    from phisweep.formats.imaging.pixels import clean  # noqa: PLC0415 - as above

    with closing(raw_stream(source)) as stream:
        original = dcmread(stream, force=True)
        if "TransferSyntaxUID" not in original.file_meta:
            original.file_meta.TransferSyntaxUID = dicom.syntax.uid
        cleaned = clean(original, judged, imaging)
    if cleaned.held:
        return cleaned, b""
    new = dcmread(BytesIO(copy), force=True)
    syntax = original.file_meta.TransferSyntaxUID
    for tag in _OF_PIXELS:  # no other element of the source: what it says was not cleaned
        if tag in original:
            new[tag] = original[tag]
        elif tag in new:
            del new[tag]
    for _ in new.iterall():
        pass  # what is still raw cannot be written in another syntax than it was read in
    out = BytesIO()
    if dicom.meta is None:  # a naked data set stays one
        new.file_meta = FileMetaDataset()
        told = dicom.syntax
        dcmwrite(out, new, implicit_vr=told.implicit, little_endian=told.little, overwrite=True)
    else:
        new.file_meta.TransferSyntaxUID = syntax
        dcmwrite(out, new, enforce_file_format=True, overwrite=True)
    return cleaned, out.getvalue()
