"""
JSON lines: one JSON value a line, read by chunks of lines.

A blank line is nothing. A line that cannot be parsed is searched as prose; all the others are read,
and then the document fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.json_ import (
    UNREAD,
    begins_as_json,
)
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.pieces import Cut, Marks, Piece, PieceDocument
    from phisweep.formats.trees.lines import JsonLinesDocument


@dataclass(slots=True)
class JsonLines(FormatDefaults):
    """JSON lines."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def sniff(self, head: bytes) -> bool:
        """Say whether several lines begin, each of them as an object or array."""
        lines = [line for line in head.splitlines()[:3] if line.strip()]
        return len(lines) > 1 and all(begins_as_json(line) for line in lines)

    def open(self, source: Source, options: ReadOptions) -> JsonLinesDocument:
        """Open the lines. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.trees.lines import JsonLinesDocument  # noqa: PLC0415 - where one is read

        return JsonLinesDocument(opened(source, options))

    def marks(self, source: Source, options: ReadOptions, *, linked: bool) -> Marks | None:
        """Return where the chunks end, None where lines may say whose others are. Raises DocumentError."""
        from phisweep.formats.trees.pieces import marks  # noqa: PLC0415 - few files are cut

        return None if linked else marks(self.open(source, options))

    def piece(self, source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> PieceDocument:
        """Open a piece. Raises DocumentError E201."""
        from phisweep.formats.trees.lines import enter_leaves  # noqa: PLC0415 - as above
        from phisweep.formats.trees.pieces import open_piece  # noqa: PLC0415 - as above

        return open_piece(source, options, enter_leaves, cut, piece)


register(JsonLines())
