"""OpenDocument texts and presentations: .odt, .ott, .odp, .otp, .odg, read as Office files are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.docx import UNREAD
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.office.package import Package

_BEGIN = re.compile(
    rb"PK\x03\x04.{22}\x08\x00.{2}mimetypeapplication/vnd\.oasis\.opendocument\.(?:text|presentation"
    rb"|graphics)",
    re.DOTALL,
)


@dataclass(slots=True)
class Odf(FormatDefaults):
    """OpenDocument texts, presentations and drawings."""

    name: str = "odf"
    suffixes: tuple[str, ...] = (".odt", ".ott", ".odp", ".otp", ".odg")
    unread: tuple[str, ...] = UNREAD
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether its first member says so, as the standard asks."""
        return _BEGIN.match(head) is not None

    def open(self, source: Source, options: ReadOptions) -> Package:
        """Open the document. Raises DocumentError E201, E216 to E218, E253, E255."""
        from phisweep.formats.office.telling import opened_odf  # noqa: PLC0415 - where one is read

        return opened_odf(source, options)


register(Odf())
