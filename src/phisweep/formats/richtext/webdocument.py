"""A page, held whole and read by its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.formats.richtext.held import Builder, HeldChunk, held_bytes
from phisweep.formats.richtext.webpage import Page
from phisweep.formats.stream import TextDocument


class HtmlDocument(TextDocument):
    """An opened page."""

    def chunks(self) -> Iterator[HeldChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E211, and what is wrong within."""
        held = self.opened
        source = held.source
        raw = held.text(held_bytes(held.blocks(), source, "HTML"))
        builder = Builder(
            raw, source, held.options, lambda text: held.code.encode(text, source), held.code.mark
        )
        for _ in Page(builder, held.code.codec).read():
            yield from builder.drain()
        builder.flush(len(raw))
        yield from builder.drain()
        if builder.errors:
            raise builder.errors[0]
