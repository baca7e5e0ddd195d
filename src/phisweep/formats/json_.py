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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    Block,
    FormatDefaults,
    OnePart,
    ReadOptions,
    Replaced,
    failed,
    kind_of,
    register,
)
from phisweep.formats.escapes import edit_number, edit_string, resolve
from phisweep.formats.stream import Opened, opened
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.model import Edit, Kind, Location, Source, Text

LARGEST = 256 << 20  # bytes of one JSON document, which is held whole
SNIFF_DEPTH = 1000  # how deep a document is may be told by its reader, not by its choice
#: A leaf takes some ten times its bytes in memory, hence chunks are smaller than those of text.
SHARE_OF_CHUNK = 8
#: Escapes and markup are what hides identifiers from a search of the leaves.
UNREAD = ("what is encoded inside a string: base64, entities, another JSON document",)


@dataclass(frozen=True, slots=True)
class JsonChunk:
    """A stretch of the text: its blocks and, by address, the raw span and kind of each."""

    opened: Opened
    mark: bytes
    text: str = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    spans: Mapping[str, tuple[int, int, str]] = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """
        Return the stretch with the edits in place, escaped as they need.

        A number that is none any more becomes a string. Raises DocumentError E206.
        """
        code, at = self.opened.code, 0
        parts: list[str] = []
        changed = sorted((*self.spans[address], address) for address in edits if edits[address])
        for start, end, role, address in changed:
            raw, changes = self.text[start:end], edits[address]
            if role == "number":
                new = edit_number(raw, changes, escape_all=not code.whole)
            else:
                new = edit_string(raw, changes, escape_all=not code.whole)
            parts += (self.text[at:start], new)
            at = end
        parts.append(self.text[at:])
        return self.mark + code.encode("".join(parts), self.opened.source)


@dataclass(slots=True)
class Scribe:
    """
    Turns the leaves of a growing text into blocks, with lines and columns.

    Lines end at a newline only. `line` is the 1-based line of code point `at`, which stands on
    the line that begins at code point `start`.
    """

    opened: Opened
    line: int = 1
    at: int = 0
    start: int = 0
    base: int = 0
    blocks: list[Block] = field(default_factory=list)
    spans: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def add(self, text: str, leaf: Leaf, prefix: str = "") -> None:
        """Add the block of a leaf; the span that is kept is what an edit may touch."""
        quote = leaf.role != "number"
        start, end = leaf.start + quote, leaf.end - quote
        value = resolve(text[start:end])
        kind: Kind = "key" if leaf.role == "key" else kind_of(value)
        address = prefix + leaf.pointer
        where, (line, col) = Location(self.opened.source.shown, address), self._place(text, start)
        self.blocks.append(Text(where, value, leaf.label, "", kind, line, col))
        self.spans[address] = (start - self.base, end - self.base, leaf.role)

    def add_rest(self, text: str, start: int, end: int, address: str) -> None:
        """Add what could not be parsed, as prose."""
        where, (line, col) = Location(self.opened.source.shown, address), self._place(text, start)
        self.blocks.append(Text(where, text[start:end], line=line, col=col))
        self.spans[address] = (start - self.base, end - self.base, "string")

    def flush(self, text: str, end: int, mark: bytes) -> JsonChunk:
        """Return the chunk up to code point `end` of the text, and begin the next one there."""
        chunk = JsonChunk(self.opened, mark, text[self.base : end], self.blocks, self.spans)
        self.blocks, self.spans, self.base = [], {}, end
        return chunk

    def _place(self, text: str, start: int) -> tuple[int, int]:
        if breaks := text.count("\n", self.at, start):
            self.line += breaks
            self.start = text.rfind("\n", self.at, start) + 1
        self.at = start
        return self.line, start - self.start + 1


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
        text, options = self._text(), self.opened.options
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
                scribe.add_rest(text, fault.at, len(text), "what could not be parsed")
                byte = self.opened.code.size(text[: fault.at]) + len(self.opened.code.mark)
                error = malformed(self.opened, fault, byte, 1 + text.count("\n", 0, fault.at))
        yield scribe.flush(text, len(text), mark)
        if error:
            raise error

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()

    def _text(self) -> str:
        parts, size = [], 0
        for block in self.opened.blocks():
            size += len(block)
            if size > LARGEST:
                raise failed(
                    "E211",
                    self.opened.source,
                    f"JSON of more than {LARGEST >> 20} MiB is too large to be parsed whole",
                    "Write it as JSON lines, one record a line, and name it .jsonl.",
                )
            parts.append(block)
        return self.opened.text(b"".join(parts))


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


def malformed(opened_: Opened, fault: Fault, byte: int, line: int) -> DocumentError:
    """Return the error for a fault at a 0-based byte of the source, on a 1-based line."""
    return failed(
        fault.code,
        opened_.source,
        f"{fault.reason}: byte {byte} (line {line})",
        "Repair the document; if it has one JSON value a line, name it .jsonl.",
    )


register(Json())
