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
from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    FormatDefaults,
    OnePart,
    ReadOptions,
    failed,
    register,
)
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import Opened, opened
from phisweep.formats.tokens import Fault, leaves
from phisweep.model import Source

LARGEST = 256 << 20  # bytes of one JSON document, which is held whole
#: Where a document is searched as prose, for it cannot be parsed from there on.
REST = "what could not be parsed"
SNIFF_DEPTH = 1000  # how deep a document is may be told by its reader, not by its choice
#: A leaf takes some ten times its bytes in memory, hence chunks are smaller than those of text.
SHARE_OF_CHUNK = 8
#: Escapes and markup are what hides identifiers from a search of the leaves.
UNREAD = ("what is encoded inside a string: base64, entities, another JSON document",)


@dataclass(slots=True)
class JsonDocument(OnePart):
    """One JSON document, held whole; its blocks are made chunk by chunk."""

    structure = "tree"

    opened: Opened
    encoding: str
    warnings: list[str]
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211."""
        text, options = whole_text(self.opened), self.opened.options
        scribe, mark = Scribe(self.opened), self.opened.code.mark
        step = max(1, options.chunk_bytes // SHARE_OF_CHUNK)
        error: DocumentError | None = None
        if not text or text.isspace():
            self.warnings.append("the document is empty")
        else:
            try:
                for leaf in leaves(text, 0, len(text), options.max_depth):
                    if leaf.start - scribe.base > step:
                        yield scribe.flush(text, leaf.start, mark)
                        mark = b""
                    scribe.add(text, leaf)
            except Fault as fault:
                scribe.add_rest(text, fault.at, len(text), REST)
                error = broken(self.opened, fault, text)
        yield scribe.flush(text, len(text), mark)
        if error:
            raise error

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()


def whole_text(opened_: Opened) -> str:
    """Return one JSON document as text. Raises DocumentError E201, E203, E204, E211."""
    parts, size = [], 0
    for block in opened_.blocks():
        size += len(block)
        if size > LARGEST:
            raise failed(
                "E211",
                opened_.source,
                f"JSON of more than {LARGEST >> 20} MiB is too large to be parsed whole",
                "Write it as JSON lines, one record a line, and name it .jsonl.",
            )
        parts.append(block)
    return opened_.text(b"".join(parts))


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
        document = opened(source, options)
        return JsonDocument(document, document.code.label, document.warnings)


def begins_as_json(head: bytes) -> bool:
    """Say whether the bytes are UTF-8 and an object or array, or the beginning of one."""
    text = head.removeprefix(BOM_UTF8).decode("utf-8", "ignore").strip()
    if not text.startswith(("{", "[")):
        return False
    try:
        for _ in leaves(text, 0, len(text), SNIFF_DEPTH):
            pass
    except Fault as fault:
        return fault.cut_off
    return True


def broken(opened_: Opened, fault: Fault, text: str) -> DocumentError:
    """Return the error for a fault in the text of a whole document."""
    byte = opened_.code.size(text[: fault.at]) + len(opened_.code.mark)
    return malformed(opened_, fault, byte, 1 + text.count("\n", 0, fault.at))


def malformed(opened_: Opened, fault: Fault, byte: int, line: int) -> DocumentError:
    """Return the error for a fault at a 0-based byte of the source, on a 1-based line."""
    return failed(
        fault.code,
        opened_.source,
        f"{fault.reason}: byte {byte} (line {line})",
        "Repair the document; if it has one JSON value a line, name it .jsonl.",
    )


register(Json())
