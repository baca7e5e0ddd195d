"""
Plain text, Markdown, logs: the whole document is one block, or pieces of it.

Up to twice `chunk_bytes` (16 MiB as shipped) a document is one block at the address "text", so
that offsets are those of the document. A longer one is read in pieces of at most `chunk_bytes`, at
"text@<code point offset>". What spans the border of two pieces would be lost, hence a piece ends at
a blank line where one lies in its last 64 KiB: no identifier runs on past a paragraph. Only where
there is none does it end at the end of a line, and there what is broken over two lines (a name, an
address) may be seen as two halves; never inside a line: a line over `max_line_bytes` is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    Block,
    FormatDefaults,
    ReadOptions,
    Replaced,
    failed,
    register,
)
from phisweep.formats.encoding import looks_like_text
from phisweep.formats.stream import Opened, TextDocument, and_last, opened
from phisweep.model import Edit, Kind, Location, Source, Text
from phisweep.splicing import splice
from phisweep.values import dataclass

WINDOW = 1 << 16  # bytes at the end of a piece where a blank line is looked for
_BLANK = re.compile(rb"(?>\r\n|\n|\r)[ \t]*(?>\r\n|\n|\r)")
_END = re.compile(rb"\r\n|\n|\r(?!\n)")


@dataclass(frozen=True, slots=True)
class PlainChunk:
    """A piece of text, as one block; without blocks where the source is empty."""

    opened: Opened
    mark: bytes
    blocks: Sequence[Block] = field(repr=False)
    text: str = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the piece with the edits in place. Raises DocumentError E206."""
        changes = edits.get(self.blocks[0].location.address, ()) if self.blocks else ()
        return self.mark + self.opened.code.encode(splice(self.text, changes), self.opened.source)


class PlainDocument(TextDocument):
    """An opened text."""

    def __init__(self, opened: Opened, kind: Kind = "prose") -> None:
        super().__init__(opened)
        self.kind = kind

    def chunks(self) -> Iterator[PlainChunk]:
        """Yield the pieces. Raises DocumentError E201, E203, E204, E205."""
        mark, offset, line = self.opened.code.mark, 0, 1
        source, options = self.opened.source, self.opened.options
        whole = True
        for piece, last in and_last(pieces(self.opened.blocks(), source, options)):
            whole = whole and last
            text = self.opened.text(piece)
            address = "text" if whole else f"text@{offset}"
            blocks = (
                Text(Location(source.shown, address), text, kind=self.kind, line=line, col=1),
            )
            yield PlainChunk(self.opened, mark, blocks, text)
            mark = b""
            offset += len(text)
            line += line_ends(piece)
        if mark:
            yield PlainChunk(self.opened, mark, (), "")


@dataclass(slots=True)
class Plain(FormatDefaults):
    """Plain text."""

    name: str = "plain"
    suffixes: tuple[str, ...] = (
        *("", ".txt", ".text", ".md", ".markdown", ".log"),
        *(".org", ".list", ".lst", ".tex", ".bib", ".srt", ".vtt", ".sbv", ".yaml", ".yml"),
        *(".env", ".rmd", ".qmd", ".readme", ".out", ".err", ".asc"),
    )
    unread: tuple[str, ...] = (
        "what is encoded inside the text: base64, escapes, entities, targets of links",
    )
    structured: bool = False

    def sniff(self, head: bytes) -> bool:
        """Say whether the head may be a text."""
        return looks_like_text(head)

    def open(self, source: Source, options: ReadOptions) -> PlainDocument:
        """Open the text. Raises DocumentError E201, E203, E204."""
        return PlainDocument(opened(source, options))


def line_ends(data: bytes) -> int:
    r"""Return how many lines end here: at `\n`, at `\r\n`, at a lone `\r`."""
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def pieces(blocks: Iterable[bytes], source: Source, options: ReadOptions) -> Iterator[bytes]:
    """
    Yield pieces of the blocks that end at line ends.

    Raises DocumentError E205 for a line longer than the options' max_line_bytes.
    """
    size, most = options.chunk_bytes, options.max_line_bytes
    held, line = b"", 1
    for block in blocks:
        held += block
        while len(held) > 2 * size:
            cut = _cut(held, size)
            if not cut:
                if len(held) > most:
                    raise too_long(source, line, most)
                break
            piece, held = held[:cut], held[cut:]
            check_lines(piece, source, line, most)
            yield piece
            line += line_ends(piece)
    if held:
        check_lines(held, source, line, most)
        yield held


def check_lines(piece: bytes, source: Source, line: int, most: int) -> None:
    """Raise DocumentError E205 where a line, its end included, is over `most` bytes."""
    at = 0
    while len(piece) - at > most:
        end = max(piece.rfind(b"\n", at, at + most), piece.rfind(b"\r", at, at + most)) + 1
        if not end:
            raise too_long(source, line + line_ends(piece[:at]), most)
        at = end


def too_long(source: Source, line: int, most: int) -> DocumentError:
    """Return the error for a line or record over `most` bytes."""
    return failed(
        "E205",
        source,
        f"line {line} is longer than {most} bytes",
        "No document is written that broken; split the line, or exclude the file.",
    )


def _cut(held: bytes, size: int) -> int:
    """Return where to end a piece, or 0 where no line ends; looks past `size` only in need."""
    end = size - 1 if held[size - 1 : size + 1] == b"\r\n" else size
    blank = [match.end() for match in _BLANK.finditer(held, max(0, end - WINDOW), end)]
    if blank:
        return blank[-1]
    last = max(held.rfind(b"\n", 0, end), held.rfind(b"\r", 0, end)) + 1
    if last:
        return last
    match = _END.search(held, end)
    half = match is not None and match.end() == len(held) and held.endswith(b"\r")
    return match.end() if match and not half else 0  # the LF after a last CR may still come


register(Plain())
