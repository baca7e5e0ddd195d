"""How a text is laid before a reviewer: in passages, of which single words can be marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]

LONGEST = 300  # code points of a passage, where there is a space to end it at
_SHORT = 120  # a passage does not end with a sentence before
_LINE = re.compile(r"[^\r\n]+")
_SENTENCE = re.compile(r"[.!?][\"')\]]*\s+")
_WORD = re.compile(r"\S+")
_OUTER = re.compile(r"^[\W_]+|[\W_]+$")
#: Of fewer letters and digits nothing can be told: a possessive s, a sex, an answer.
FEWEST = 2


def passages(text: str) -> list[Span]:
    """
    Return the passages of a text: its lines, long ones cut behind a sentence or at a space.

    Half-open code points, without the spaces around; what holds no letter or digit is none.
    """
    found = []
    for line in _LINE.finditer(text):
        for start, end in _pieces(text, *line.span()):
            stripped = text[start:end].strip()
            if any(map(str.isalnum, stripped)):
                begin = text.index(stripped, start)
                found.append((begin, begin + len(stripped)))
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        ends = [m.end() for m in _SENTENCE.finditer(text, start + _SHORT, start + LONGEST)]
        cut = ends[-1] if ends else text.rfind(" ", start + _SHORT, start + LONGEST) + 1
        cut = cut or start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def around(text: str, start: int, end: int) -> Span:
    """Return the passages that a span lies in, as one span."""
    touched = [(s, e) for s, e in passages(text) if s < end and start < e]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def words(text: str, start: int, end: int) -> list[Span]:
    """Return the words of a passage: what stands between spaces, without the signs around it."""
    found = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        before = _OUTER.match(word)
        if before is not None and before.end() == len(word):
            continue
        inner = _OUTER.sub("", word)
        begin = match.start() + word.index(inner)
        found.append((begin, begin + len(inner)))
    return found


def kept(text: str, start: int, end: int, removed: Sequence[Span]) -> int:
    """Return how many letters and digits of a span lie in none of the removed ones."""
    count = sum(map(str.isalnum, text[start:end]))
    for from_, to in _joined(removed):
        count -= sum(map(str.isalnum, text[max(start, from_) : max(start, min(end, to))]))
    return count


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans that do not overlap, and cover what these cover."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def left(
    text: str, marks: Sequence[Span], removed: Sequence[Span], told: Sequence[Span]
) -> list[Span]:
    """
    Return the stretches of marked words that were left: what a reviewer saw and the run did not.

    A word is left unless what was removed covers it but for one letter or digit (the s of a name's
    possessive). One that touches a span in `told` is not counted here: it is a candidate that is
    drawn by itself, or the policy keeps it. Marked words side by side are one stretch.
    """
    out: list[Span] = []
    for start, end in sorted(marks):
        all_of_it = sum(map(str.isalnum, text[start:end]))
        if kept(text, start, end, removed) < min(FEWEST, all_of_it):
            continue
        if any(s < end and start < e for s, e in told):
            continue
        if out and not any(map(str.isalnum, text[out[-1][1] : start])) and start - out[-1][1] < 3:  # noqa: PLR2004 - a comma and a space
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
