r"""
RTF: each paragraph, cell, header, footnote, annotation and property as one text.

Words that formatting breaks into runs are one text; escapes, code pages and \u are read as what they
mean, hidden and deleted text as any other. Pictures and embedded objects are not assessed: a copy has
empty ones. What is replaced is written in ASCII, every other byte stays.

The document is held whole, up to 256 MiB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from phisweep.formats.base import FormatDefaults, OnePart, ReadOptions, failed, register
from phisweep.formats.encoding import HEAD
from phisweep.formats.richtext.held import Builder, HeldChunk, raw_bytes
from phisweep.formats.richtext.rtfpage import RtfPage
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

SIGNATURE = b"{\\rtf"
UNREAD = (
    "pictures, embedded objects, themes and custom data: a copy has them empty",
    "targets of links; what fields would become when they are updated",
)


@dataclass(slots=True)
class RtfDocument(OnePart):
    """An opened document."""

    source: Source
    options: ReadOptions
    _data: bytes = field(repr=False)
    encoding: str = "rtf"
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[HeldChunk]:
        """Yield the chunks. Raises DocumentError E209, E242."""
        raw = self._data.decode("latin-1")  # each byte is one code point
        builder = Builder(
            raw, self.source, self.options, lambda text: text.encode("latin-1"), lined=False
        )
        page = RtfPage(builder)
        for _ in page.read():
            yield from builder.drain()
        builder.flush(len(raw))
        self.encoding = page.codes.own
        yield from builder.drain()
        if page.unclosed:
            raise failed(
                "E242",
                self.source,
                f"RTF that ends while {page.unclosed} groups are open",
                "It is cut off: get the whole document.",
            )

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return len(self._data)

    def close(self) -> None:
        """Do nothing: the source is held in memory."""


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
