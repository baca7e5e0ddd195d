"""OpenDocument texts and presentations: .odt, .ott, .odp, .otp, .odg, read as Office files are."""

from __future__ import annotations

from dataclasses import dataclass

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.office.package import Package
from phisweep.formats.office.telling import UNREAD, is_odf, opened_odf
from phisweep.model import Source


@dataclass(slots=True)
class Odf(FormatDefaults):
    """OpenDocument texts, presentations and drawings."""

    name: str = "odf"
    suffixes: tuple[str, ...] = (".odt", ".ott", ".odp", ".otp", ".odg")
    unread: tuple[str, ...] = UNREAD
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether its first member says so, as the standard asks."""
        return is_odf(head)

    def open(self, source: Source, options: ReadOptions) -> Package:
        """Open the document. Raises DocumentError E201, E216 to E218, E253, E255."""
        return opened_odf(source, options)


register(Odf())
