"""
JSON and JSON lines: parsed to find, spliced to write.

Every string, number and key is searched: a string that reads like prose (longer than 80
characters, or with a newline, or of six words and more) as prose, other values as values, keys as
keys. Addresses are JSON pointers (RFC 6901), "/patient/0/name", in JSON lines after the line,
"line 3: /patient/name"; a key's address is that of its member and " (key)". A pointer is made of
keys: where a key holds an identifier, so does the address of what stands under it.

What cannot be parsed is searched as prose all the same, so that its findings are known; then the
document fails.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    register,
)
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.trees.document import JsonDocument
SNIFF_DEPTH = 1000  # how deep a document is may be told by its reader, not by its choice
#: Escapes and markup are what hides identifiers from a search of the leaves.
UNREAD = ("what is encoded inside a string: base64, entities, another JSON document",)


@dataclass(slots=True)
class Json(FormatDefaults):
    """One JSON document."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json", ".geojson")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def sniff(self, head: bytes) -> bool:
        """Say whether the head is an object or array as far as it goes."""
        return begins_as_json(head)

    def open(self, source: Source, options: ReadOptions) -> JsonDocument:
        """Open the document. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.trees.document import JsonDocument  # noqa: PLC0415 - where one is read

        return JsonDocument(opened(source, options))


def begins_as_json(head: bytes) -> bool:
    """Say whether the bytes are UTF-8 and an object or array, or the beginning of one."""
    text = head.removeprefix(BOM_UTF8).decode("utf-8", "ignore").strip()
    if not text.startswith(("{", "[")):
        return False
    from phisweep.formats.tokens import Fault, leaves  # noqa: PLC0415 - where one may be

    try:
        for _ in leaves(text, 0, len(text), SNIFF_DEPTH):
            pass
    except Fault as fault:
        return fault.cut_off
    return True


register(Json())
