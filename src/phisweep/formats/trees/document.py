"""One JSON document, held whole and read by its leaves."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    failed,
)
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import Opened, TextDocument
from phisweep.formats.tokens import Fault, leaves

LARGEST = 256 << 20  # bytes of one JSON document, which is held whole
#: Where a document is searched as prose, for it cannot be parsed from there on.
REST = "what could not be parsed"
#: A leaf takes some ten times its bytes in memory, hence chunks are smaller than those of text.
SHARE_OF_CHUNK = 8


class JsonDocument(TextDocument):
    """One JSON document, held whole; its blocks are made chunk by chunk."""

    structure = "tree"

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
