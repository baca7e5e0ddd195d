"""
JSON lines: one JSON value a line, read by chunks of lines.

A blank line is nothing. A line that cannot be parsed is searched as prose; all the others are read,
and then the document fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.json_ import (
    UNREAD,
    begins_as_json,
)
from phisweep.formats.stream import opened
from phisweep.model import Source

if TYPE_CHECKING:
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


register(JsonLines())
