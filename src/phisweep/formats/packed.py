"""
One file, packed: gzip, bzip2, xz or Zstandard around a document of any other format.

Its parts are those of the document inside, under its name without the suffix. It is unpacked when it
is opened, in memory or, where it is large, into a private temporary file. A copy is packed the same
way, as one stream, without name, comment and time in its header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    register,
)
from phisweep.formats.signs import packing
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.container.packedfile import PackedDocument

_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


@dataclass(slots=True)
class Packed(FormatDefaults):
    """One packed file."""

    name: str = "packed"
    suffixes: tuple[str, ...] = _SUFFIXES
    unread: tuple[str, ...] = (
        "the time in the header of what is packed (a changed copy has none)",
        "in what is packed: what its own format does not look at, told under warnings",
    )
    structured: bool = True
    rank: int = 6  # type: ignore[misc] # behind those that are packed by themselves

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a packed file does."""
        return bool(packing(head))

    def open(self, source: Source, options: ReadOptions) -> PackedDocument:
        """Open it, and what is in it. Raises DocumentError E201, E202, E218, E260 and the inner's."""
        from phisweep.formats.container.packedfile import PackedDocument  # noqa: PLC0415 - where one is read

        return PackedDocument(source, options)


register(Packed())
