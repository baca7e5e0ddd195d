"""
Presentations: .pptx, .pptm, .ppsx, .ppsm, .potx; members of XML are read by paragraph and spliced.

What is left out of a copy that has changes: macros and digital signatures. Pictures, recordings and
embedded objects are empty in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.docx import UNREAD
from phisweep.formats.signs import looks_like_zip
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.office.package import Package

_MAIN = "ppt/"


@dataclass(slots=True)
class Pptx(FormatDefaults):
    """Presentations of Office Open XML."""

    name: str = "pptx"
    suffixes: tuple[str, ...] = (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm")
    unread: tuple[str, ...] = UNREAD
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a zip file with the parts of a presentation."""
        if not looks_like_zip(head):
            return False
        from phisweep.formats.office.telling import holds  # noqa: PLC0415 - for zip files

        return holds(head, source, _MAIN)

    def open(self, source: Source, options: ReadOptions) -> Package:
        """Open the presentation. Raises DocumentError E201, E216 to E218, E255."""
        from phisweep.formats.office.telling import opened  # noqa: PLC0415 - where one is read

        return opened(source, options, _MAIN)


register(Pptx())
