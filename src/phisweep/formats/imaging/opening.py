"""Which kind of document a DICOM file is."""

from __future__ import annotations

from phisweep.formats.base import ReadOptions
from phisweep.formats.imaging.directory import DIRECTORY, Directory
from phisweep.formats.imaging.document import DicomDocument
from phisweep.formats.imaging.elements import META_CLASS
from phisweep.formats.imaging.file import opened
from phisweep.model import Source


def document(source: Source, options: ReadOptions) -> DicomDocument:
    """Open a file. Raises DocumentError E201, E209, E211, E218, E235, E236."""
    dicom = opened(source, options)
    directory = dicom.meta is not None and dicom.meta.told(META_CLASS) == DIRECTORY
    return (Directory if directory else DicomDocument)(source, options, dicom)
