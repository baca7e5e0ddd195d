"""
A document inside a value of another: base64 in a resource, an attachment in a message.

Its texts become blocks of the outer document, at "<address>!<address in there>"; of tables the rows
are read as text. What no format reads is Media: in a copy nothing is left of it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.errors import DocumentError
from phisweep.formats.base import EMPTIED, Block, Chunk, Document, Format, ReadOptions, failed, load
from phisweep.formats.choose import by_suffix, choose_format
from phisweep.model import Edit, Location, Media, Source, Text

#: Suffixes of media types that documents carry; a name that the sender gave comes first.
SUFFIXES: Mapping[str, str] = {
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/hl7-v3+xml": ".xml",
    "application/pdf": ".pdf",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/json": ".json",
    "application/fhir+json": ".json",
    "text/csv": ".txt",
    "text/markdown": ".md",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_SPACE = re.compile(r"\s+")
_LEAST = 16  # characters of base64 that are worth a document


@dataclass(slots=True)
class Embedded:
    """An opened inner document. `emptied` is what stands in its place where it cannot be assessed."""

    blocks: Sequence[Block] = field(repr=False)
    _chunks: Sequence[tuple[Chunk, Mapping[str, str]]] = field(default=(), repr=False)
    _document: Document | None = field(default=None, repr=False)
    _data: bytes = field(default=b"", repr=False)
    emptied: bytes = field(default=b"", repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]]) -> bytes | None:
        """
        Return the inner document with the edits in place, by addresses of `blocks`.

        None where nothing in it changed, and its bytes may stay as they are.
        """
        own = [address for block in self.blocks if edits.get(address := block.location.address)]
        if self._document is None:
            return self.emptied if own else None
        always = self._document.fidelity == "always"
        if not own and not always:
            return None
        parts = [
            chunk.write(
                {inner: edits[outer] for outer, inner in names.items() if edits.get(outer)}, {}
            )
            for chunk, names in self._chunks
        ]
        return b"".join([*parts, *self._document.finish()])

    def close(self) -> None:
        """Release what is held open."""
        if self._document is not None:
            self._document.close()


def embed(
    data: bytes,
    source: Source,
    options: ReadOptions,
    address: str,
    *,
    media_type: str = "",
    name: str = "",
    owner: str = "",
) -> Embedded:
    """
    Open bytes that stand at an address of a source; `media_type` and `name` are what is said of them.

    Raises DocumentError where an inner document cannot be read whole, E218 where too many lie in
    each other.
    """
    if options.nesting >= options.max_nesting:
        raise failed("E218", source, f"more than {options.max_nesting} documents in each other")
    kind = media_type.partition(";")[0].strip().lower()
    suffix = SUFFIXES.get(kind, "")
    inner = Source(source.path, name or f"attachment{suffix}", len(data), source.shown, data)
    options = replace(options, nesting=options.nesting + 1, encoding=_encoding(media_type))
    format_ = _format(inner, options, suffix)
    if format_ is None:
        return _unread(data, source, address, kind or "an attachment of no known kind")
    document = format_.open(inner, options)
    try:
        blocks, chunks = ([], []) if document.held else _read(document, source, address, owner)
    except BaseException:
        document.close()
        raise
    if document.held:
        document.close()
        return _unread(data, source, address, document.held)
    return Embedded(blocks, chunks, document, data)


def _read(
    document: Document, source: Source, address: str, owner: str
) -> tuple[list[Block], list[tuple[Chunk, Mapping[str, str]]]]:
    """Return the blocks under their outer addresses, and each chunk with its inner ones."""
    blocks: list[Block] = []
    chunks: list[tuple[Chunk, Mapping[str, str]]] = []
    for number, part in enumerate(document.parts(), 1):
        prefix = f"{address}!part {number}!" if part.name else f"{address}!"
        for chunk in part.chunks():
            names: dict[str, str] = {}
            for block in chunk.blocks:
                if not isinstance(block, Text | Media):
                    raise failed("E202", source, "a table inside a value")
                outer = prefix + block.location.address
                names[outer] = block.location.address
                moved = replace(block, location=Location(source.shown, outer))
                if isinstance(moved, Text):
                    moved = replace(moved, owner=moved.owner or owner, line=None, col=None)
                blocks.append(moved)
            chunks.append((chunk, names))
    return blocks, chunks


def decoded(text: str) -> bytes | None:
    """Return the bytes of base64, with line ends or not; None where it is none."""
    packed = _SPACE.sub("", text)
    if len(packed) < _LEAST or len(packed) % 4:
        return None
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None


def encoded(data: bytes) -> str:
    """Return bytes as base64 in one line."""
    return base64.b64encode(data).decode("ascii")


def _format(source: Source, options: ReadOptions, suffix: str) -> Format | None:
    """Return what reads an inner document as text, None where nothing does."""
    try:
        chosen = choose_format(source, options)
    except DocumentError as error:
        if error.code == "E202":
            return None
        raise
    if chosen.name == "delimited":  # rows are no columns of the outer document
        return load()["plain"]
    said = by_suffix(f"x{suffix}") if suffix else None
    return said if said is not None and chosen.name == "plain" else chosen


def _unread(data: bytes, source: Source, address: str, what: str) -> Embedded:
    place = Location(source.shown, f"{address}!")
    letters = "".join(dict.fromkeys(re.findall(r"\(([A-R])\)", what))) or "Q"  # of what is held
    return Embedded([Media(place, what.partition(":")[0], letters, len(data))])


def _encoding(media_type: str) -> str:
    match = re.search(r"charset\s*=\s*\"?([A-Za-z0-9._-]+)", media_type)
    return match[1].lower() if match else ""


__all__ = ["EMPTIED", "Embedded", "decoded", "embed", "encoded"]
