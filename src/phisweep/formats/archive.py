"""
Zip archives: each member read by its own format, and written again in its place.

A member that is not changed keeps its compressed bytes; one that is, is compressed by the same
method. A changed copy has no comments of members, no extra fields, no times, nothing between the
members, and no member that cannot be assessed. Nothing is ever unpacked to where its name says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.signs import looks_like_zip
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.container.ziparchive import ZipArchive

UNREAD = (
    "times, permissions and numbers of owners of members (a changed copy has no times and owners)",
    "bytes that belong to no member (a copy leaves them out)",
    "in members: what their own formats do not look at, told under warnings",
)


@dataclass(slots=True)
class ZipFormat(FormatDefaults):
    """Zip archives that no special format is made of."""

    name: str = "zip"
    suffixes: tuple[str, ...] = (".zip",)
    unread: tuple[str, ...] = UNREAD
    structured: bool = True
    rank: int = 5  # type: ignore[misc] # after what is made of a zip file

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a zip file does."""
        return looks_like_zip(head)

    def open(self, source: Source, options: ReadOptions) -> ZipArchive:
        """Open the archive. Raises DocumentError E201, E216, E218."""
        from phisweep.formats.container.ziparchive import ZipArchive  # noqa: PLC0415 - where one is read

        return ZipArchive(source, options)


register(ZipFormat())
