"""A file of messages cut where messages begin, so that memory is bounded by some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from phisweep.formats.base import ReadOptions
from phisweep.formats.plain import check_lines, line_ends
from phisweep.model import Source

#: A value takes some ten times its bytes in memory, hence pieces are smaller than those of text.
SHARE_OF_CHUNK = 8
_MESSAGE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?=[\x0b\x1c]*(?:MSH|FHS|BHS)[^A-Za-z0-9])")
#: Where a long message may be cut: not within a text that is broken over segments.
_SEGMENT = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?=(?!OBX|NTE)[A-Z][A-Z0-9]{2}[^A-Za-z0-9])")
_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?=[^\r\n])")


def pieces(blocks: Iterable[bytes], source: Source, options: ReadOptions) -> Iterator[bytes]:
    """
    Yield whole messages, as many as lie in a share of the options' chunk_bytes.

    A message longer than chunk_bytes is cut between its segments. Raises DocumentError E205 for a
    line longer than max_line_bytes.
    """
    size, most = max(1, options.chunk_bytes // SHARE_OF_CHUNK), options.max_line_bytes
    held, line = bytearray(), 1
    for block in blocks:
        held += block
        while len(held) > size:
            cut = _cut(held, size, options.chunk_bytes)
            if not cut:
                if len(held) > most:
                    check_lines(bytes(held), source, line, most)
                break
            piece = bytes(held[:cut])
            del held[:cut]
            check_lines(piece, source, line, most)
            yield piece
            line += line_ends(piece)
    if held:
        check_lines(bytes(held), source, line, most)
        yield bytes(held)


def _cut(held: bytearray, size: int, most: int) -> int:
    """Return where a piece of about `size` bytes ends, 0 where more is to be read first."""
    last = 0
    for match in _MESSAGE.finditer(held):
        if match.end() > size and last:
            return last
        last = match.end()
    if last or len(held) <= most:
        return last
    for border in (_SEGMENT, _LINE):
        ends = [match.end() for match in border.finditer(held, 0, most)]
        if ends:
            return ends[-1]
    return 0
