"""Characters of a page as a text: lines joined to paragraphs, and rows of what stands side by side."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.paged.glyphs import Box, Char

_LIGATURES = range(0xFB00, 0xFB07)
_FAR = 1.2  # heights of a line between two that belong to different paragraphs
_NEAR = 4  # characters back, among which there is one with a place
_UNEVEN = 1.5  # times the highest of its characters
_SPACES = frozenset({0x20, 0xA0, 0x09})
_FEW = 5  # words that a label or a value in a form has at most, so that a row is worth reading


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, and the index of the character that each of its code points is, -1 for none."""

    text: str = field(repr=False)
    chars: Sequence[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """Characters of one line, and the rectangle around them."""

    indices: Sequence[int]
    box: Box


def lines(chars: Sequence[Char]) -> list[Line]:
    """Return the lines, as pdfium breaks them, after hyphens at their ends, and at jumps."""
    found: list[Line] = []
    held: list[int] = []
    for i, char in enumerate(chars):
        if char.code in (10, 13):
            if held:
                found.append(_line(chars, held))
            held = []
        else:
            if _jumps(chars, held, char):
                found.append(_line(chars, held))
                held = []
            held.append(i)
            if char.hyphen:  # after which pdfium leaves the break out
                found.append(_line(chars, held))
                held = []
    if held:
        found.append(_line(chars, held))
    return found


def _jumps(chars: Sequence[Char], held: Sequence[int], char: Char) -> bool:
    """Say whether a character stands far above or below the one before, though no break was told."""
    last = next((chars[i].box for i in reversed(held[-_NEAR:]) if not chars[i].box.empty), None)
    box = char.box
    if last is None or box.empty or char.code in _SPACES:
        return False
    apart = max(last.bottom - box.top, box.bottom - last.top)
    return apart > max(last.top - last.bottom, box.top - box.bottom)


def _line(chars: Sequence[Char], indices: list[int]) -> Line:
    boxes = [
        chars[i].box for i in indices if chars[i].code not in _SPACES and not chars[i].box.empty
    ]
    if not boxes:
        return Line(indices, Box(0, 0, 0, 0))
    left, bottom, right, top = zip(*boxes, strict=True)
    return Line(indices, Box(min(left), min(bottom), max(right), max(top)))


def is_level(chars: Sequence[Char], line: Line) -> bool:
    """Say whether a line is hardly higher than its highest character."""
    highest = max((chars[i].box.top - chars[i].box.bottom for i in line.indices), default=0)
    return line.box.top - line.box.bottom <= _UNEVEN * highest


def paragraphs(chars: Sequence[Char], found: Sequence[Line]) -> Reading:
    """Return the page as running text: a line that is broken for want of room is joined to the next."""
    out: list[str] = []
    at: list[int] = []
    for number, line in enumerate(found):
        for k, i in enumerate(line.indices):
            following = line.indices[k + 1] if k + 1 < len(line.indices) else None
            if following is None and number + 1 < len(found):
                following = found[number + 1].indices[0]
            for sign in _signs(chars, i, following, out[-1] if out else ""):
                out.append(sign)
                at.append(i)
        if number + 1 < len(found) and not chars[line.indices[-1]].hyphen:
            between = _between(chars, line, found[number + 1], found)
            out.extend(between)
            at.extend([-1] * len(between))
    return Reading("".join(out), at)


def _signs(chars: Sequence[Char], i: int, following: int | None, before: str) -> str:
    """Return what a character is in the text: nothing for a hyphen inside a word."""
    char = chars[i]
    if char.hyphen:
        after = chr(chars[following].code) if following is not None else ""
        return "" if before.isalpha() and after.islower() else "-"
    if char.code == 0:
        return "\ufffd"
    if char.code in _LIGATURES:
        return unicodedata.normalize("NFKC", chr(char.code))
    return " " if char.code == 0xA0 else chr(char.code)  # noqa: PLR2004 - no-break space


def _between(chars: Sequence[Char], line: Line, after: Line, found: Sequence[Line]) -> str:
    """Return what stands between two lines: a space where the next word had no room."""
    height = line.box.top - line.box.bottom
    gap = line.box.bottom - after.box.top
    if height <= 0 or gap > _FAR * height or after.box.top > line.box.top:
        return "\n\n" if height > 0 else "\n"
    word = 0.0
    for i in after.indices:
        if chars[i].code == 32:  # noqa: PLR2004 - a space
            break
        word = max(word, chars[i].box.right - after.box.left)
    edge = max(
        each.box.right for each in found if abs(each.box.left - line.box.left) < _FAR * height
    )
    return " " if line.box.right + word > edge else "\n"


def rows(chars: Sequence[Char], found: Sequence[Line], most: int) -> list[Reading]:
    """
    Return rows of lines that stand side by side, as in a form whose labels were written before its values.

    Columns of running text are left out, as are rows on a page of more than `most` lines.
    """
    if len(found) > most:
        return []
    placed = sorted(
        (line for line in found if not line.box.empty and is_level(chars, line)),
        key=lambda line: -line.box.top,
    )
    made: list[Reading] = []
    used: set[int] = set()
    for k, line in enumerate(placed):
        if k in used:
            continue
        row = [line]
        for j in range(k + 1, len(placed)):
            if placed[j].box.top < line.box.bottom:
                break
            if j not in used and _beside(line, placed[j]):
                row.append(placed[j])
                used.add(j)
        if len(row) > 1 and any(_words(chars, each) <= _FEW for each in row):
            made.append(_joined(chars, row))
    return made


def _words(chars: Sequence[Char], line: Line) -> int:
    return len("".join(chr(chars[i].code) for i in line.indices).split())


def _apart(chars: Sequence[Char], line: Line) -> list[Line]:
    """Return the words of a line."""
    found: list[Line] = []
    held: list[int] = []
    for i in line.indices:
        if chr(chars[i].code).isspace():
            if held:
                found.append(_line(chars, held))
            held = []
        else:
            held.append(i)
    return [*found, _line(chars, held)] if held else found


def _beside(line: Line, other: Line) -> bool:
    shared = min(line.box.top, other.box.top) - max(line.box.bottom, other.box.bottom)
    height = min(line.box.top - line.box.bottom, other.box.top - other.box.bottom)
    return shared > height / 2


def _joined(chars: Sequence[Char], row: Sequence[Line]) -> Reading:
    out: list[str] = []
    at: list[int] = []
    words = [word for line in row for word in _apart(chars, line)]
    for word in sorted(words, key=lambda each: each.box.left):
        for k, i in enumerate(word.indices):
            following = word.indices[k + 1] if k + 1 < len(word.indices) else None
            for sign in _signs(chars, i, following, out[-1] if out else ""):
                out.append(sign)
                at.append(i)
        out.append(" ")
        at.append(-1)
    return Reading("".join(out[:-1]), at[:-1])
