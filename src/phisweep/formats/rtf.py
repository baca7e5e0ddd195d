r"""
RTF: each paragraph, cell, header, footnote, annotation and property as one text.

Words that formatting breaks into runs are one text; escapes, code pages and \u are read as what they
mean, hidden and deleted text as any other. Pictures and embedded objects are not assessed: a copy has
empty ones. What is replaced is written in ASCII, every other byte stays.

The document is held whole, up to 256 MiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, failed, register
from phisweep.formats.encoding import HEAD
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.richtext.rtfdocument import RtfDocument

SIGNATURE = b"{\\rtf"
UNREAD = (
    "pictures, embedded objects, themes and custom data: a copy has them empty",
    "targets of links; what fields would become when they are updated",
)


@dataclass(slots=True)
class Rtf(FormatDefaults):
    """RTF."""

    name: str = "rtf"
    suffixes: tuple[str, ...] = (".rtf",)
    unread: tuple[str, ...] = UNREAD
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as RTF does."""
        return head.startswith(SIGNATURE)

    def sniff(self, head: bytes) -> bool:
        """Say whether it begins as RTF does, behind white space."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(SIGNATURE)

    def open(self, source: Source, options: ReadOptions) -> RtfDocument:
        """Open the document. Raises DocumentError E201, E211, E243."""
        from phisweep.formats.richtext.held import raw_bytes  # noqa: PLC0415 - where one is read
        from phisweep.formats.richtext.rtfdocument import RtfDocument  # noqa: PLC0415

        stream = raw_stream(source)
        try:
            if not self.sniff(read(stream, 0, HEAD, source)):
                raise failed(
                    "E243", source, "it does not begin as RTF", "Give it the name of what it is."
                )
            data = raw_bytes(stream, source, options, "RTF")
        finally:
            stream.close()
        return RtfDocument(source, options, data)


register(Rtf())
