"""A document of RTF, held whole and read by its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from phisweep.formats.base import OnePart, ReadOptions, failed
from phisweep.formats.richtext.held import Builder, HeldChunk
from phisweep.formats.richtext.rtfpage import RtfPage
from phisweep.model import Source


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
