"""DICOM files: held, and not looked into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.model import Source

if TYPE_CHECKING:
    from phisweep.formats.picture.document import MediaDocument

_PREAMBLE = 128


@dataclass(slots=True)
class Dicom(FormatDefaults):
    """Pictures of medicine, with the tags that say whose they are."""

    name: str = "dicom"
    suffixes: tuple[str, ...] = (".dcm", ".dicom")
    unread: tuple[str, ...] = ("all of it: no tag and no picture is looked at",)
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether the letters DICM stand behind the preamble."""
        return head[_PREAMBLE : _PREAMBLE + 4] == b"DICM"

    def open(self, source: Source, options: ReadOptions) -> MediaDocument:  # noqa: ARG002 - the contract's
        """Open the file, to hold it."""
        from phisweep.formats.picture.document import MediaDocument  # noqa: PLC0415 - where one is read

        return MediaDocument(
            source, None, "a DICOM file cannot be assessed: all identifiers, full faces (Q)"
        )


register(Dicom())
