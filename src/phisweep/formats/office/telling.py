"""Which zip files are Office documents, and opening them."""

from __future__ import annotations

import zipfile
from contextlib import closing

from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.office.package import Package
from phisweep.formats.signs import looks_like_zip
from phisweep.formats.stream import raw_stream
from phisweep.formats.zips import Zip
from phisweep.model import Source

_TYPES = "[Content_Types].xml"
_LOCKED = b"encryption-data"


def holds(head: bytes, source: Source, folder: str) -> bool:
    """Say whether a source is a zip file of Office parts with that folder among them."""
    if not looks_like_zip(head):
        return False
    try:
        with closing(raw_stream(source)) as stream, zipfile.ZipFile(stream) as packed:
            names = packed.namelist()
    except Exception:  # noqa: BLE001 - what cannot be read is not it
        return False
    return _TYPES in names and any(name.startswith(folder) for name in names)


def opened(source: Source, options: ReadOptions, folder: str) -> Package:
    """Open a document of Office Open XML. Raises DocumentError E201, E216 to E218, E255."""
    zip_ = Zip(source, options)
    names = zip_.names()
    if _TYPES not in names or not any(name.startswith(folder) for name in names):
        zip_.close()
        raise failed("E255", source, "no Office document of this kind: its main parts are missing")
    return Package(source, options, zip_)


def opened_odf(source: Source, options: ReadOptions) -> Package:
    """Open a document of OpenDocument. Raises DocumentError E201, E216 to E218, E253, E255."""
    zip_ = Zip(source, options)
    try:
        _check(zip_, source)
    except BaseException:
        zip_.close()
        raise
    return Package(source, options, zip_, odf=True)


def _check(zip_: Zip, source: Source) -> None:
    manifest, content = zip_.info("META-INF/manifest.xml"), zip_.info("content.xml")
    if content is None:
        raise failed("E255", source, "no OpenDocument file: it has no content")
    if manifest is not None and _LOCKED in zip_.read(manifest):
        raise failed("E253", source, "it is encrypted", "Save it without a password.")
