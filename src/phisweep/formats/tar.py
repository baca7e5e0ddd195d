"""
Tar archives, packed or not: each member read by its own format, and written again in its place.

Links, devices and pipes are kept as what they are and never followed: their names and targets are
searched. A changed copy tells no owners, no times and no extended headers. Nothing is ever unpacked
to where its name says. What stands behind the archive's end is an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phisweep.formats import signs
from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.container.tararchive import TarArchive

_UNIT = 512  # bytes of a header
#: What tarfile reads as a number, octal or of 256, where a header has its checksum.
_CHECKSUM = re.compile(rb"[\x80\xff].*|[0-7oO_+\-\s\x1c-\x1f]*(?:\0.*)?", re.DOTALL)
_CHECKSUM_AT = (148, 156)


@dataclass(slots=True)
class Tar(FormatDefaults):
    """Tar archives."""

    name: str = "tar"
    suffixes: tuple[str, ...] = (
        ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst",
        ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst",
    )  # fmt: skip
    unread: tuple[str, ...] = (
        "times, permissions and numbers of owners of members (a changed copy has no times and owners)",
        "what links lead to: they are not followed",
        "in members: what their own formats do not look at, told under warnings",
    )
    structured: bool = True
    rank: int = 4  # type: ignore[misc] # before what is only packed

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with the header of a member, packed or not."""
        packed = bool(signs.packing(head))
        if not packed and not (len(head) >= _UNIT and _CHECKSUM.fullmatch(head, *_CHECKSUM_AT)):
            return False
        from phisweep.formats.container.packing import head_of  # noqa: PLC0415 - where one may be
        from phisweep.formats.container.tarfiles import begins  # noqa: PLC0415

        return begins(head_of(head) if packed else head)

    def open(self, source: Source, options: ReadOptions) -> TarArchive:
        """Open the archive. Raises DocumentError E201, E218, E260."""
        from phisweep.formats.container.tararchive import TarArchive  # noqa: PLC0415 - where one is read

        return TarArchive(source, options)


register(Tar())
