"""
Texts with marks: [[NAME:Ana Diaz]] is an identifier and its class.

`%%` alone on a line parts two texts of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

Gold = tuple[int, int, str]  # start, end (half-open code points), class
UNDECIDED = "IGNORE"  # the class of what teaches nothing, and is not measured
_MARK = re.compile(r"\[\[([A-Z_]+):(.*?)\]\]", re.DOTALL)


def unmarked(marked: str) -> tuple[str, list[Gold]]:
    """Take the marks out of a text; return it and the entities that they marked."""
    out: list[str] = []
    gold: list[Gold] = []
    size = 0
    for piece, label in pieces(marked):
        if label is not None:
            gold.append((size, size + len(piece), label))
        out.append(piece)
        size += len(piece)
    return "".join(out), gold


def pieces(marked: str) -> list[tuple[str, str | None]]:
    """Return the pieces of a marked text, each with its class, None between marks."""
    split = _MARK.split(marked)
    found: list[tuple[str, str | None]] = [(split[0], None)]
    for label, inside, behind in zip(split[1::3], split[2::3], split[3::3], strict=True):
        found += [(inside, label), (behind, None)]
    return found


def marked(path: Path) -> Iterator[str]:
    """Yield the marked texts of a file."""
    for piece in re.split(r"(?m)^%%[ \t]*\n", path.read_text(encoding="utf-8")):
        if piece.strip():
            yield piece
