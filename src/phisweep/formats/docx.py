"""
Word documents: .docx, .docm, .dotx, .dotm; members of XML are read by paragraph and spliced.

What is left out of a copy that has changes: macros and digital signatures. Pictures, recordings and
embedded objects are empty in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.signs import looks_like_zip
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.office.package import Package

UNREAD = (
    "styles, themes and fonts, and their names",
    "names of XML elements",
    "attributes that only lay out",
)

_MAIN = "word/"


@dataclass(slots=True)
class Docx(FormatDefaults):
    """Word documents of Office Open XML."""

    name: str = "docx"
    suffixes: tuple[str, ...] = (".docx", ".docm", ".dotx", ".dotm")
    unread: tuple[str, ...] = UNREAD
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a zip file with the parts of a Word document."""
        if not looks_like_zip(head):
            return False
        from phisweep.formats.office.telling import holds  # noqa: PLC0415 - for zip files

        return holds(head, source, _MAIN)

    def open(self, source: Source, options: ReadOptions) -> Package:
        """Open the document. Raises DocumentError E201, E216 to E218, E255."""
        from phisweep.formats.office.telling import opened  # noqa: PLC0415 - where one is read

        return opened(source, options, _MAIN)


register(Docx())
