"""Lines and segments of HL7 v2, as spans of their text; nothing is copied and nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.hl7.escapes import Separators

_PART = re.compile(r"(?P<end>\r\n|\r|\n)|(?P<close>\x1c)|[^\r\n\x1c]+")
_BEFORE = re.compile(r"[ \t\ufeff]*(?P<open>\x0b?)[ \t\ufeff]*")
_ID = re.compile(r"[A-Z][A-Z0-9]{2}(?![A-Za-z0-9])")
_HEADER = ("MSH", "FHS", "BHS")
_MARKS = 5  # that MSH-2 may name: component, repetition, escape, subcomponent, truncation
_SEPARATOR = re.compile(r"[^\w\s\"\x00-\x1f\x7f]")
NULL = '""'


@dataclass(frozen=True, slots=True)
class Line:
    """
    Half-open code points of a line without its end and what stands before its segment.

    `opens` and `closes` say that a frame of MLLP begins before it, and that the line is only the
    end of one. `number` and `col` count from 1.
    """

    start: int
    end: int
    number: int
    col: int
    opens: bool = False
    closes: bool = False


@dataclass(slots=True)  # one for each value: not frozen, which takes twice as long
class Leaf:
    """
    Half-open code points of one value of a field.

    `repetition`, `component` and `sub` count from 1; `components` and `subs` say of how many.
    `told` are the components of its repetition.
    """

    start: int
    end: int
    repetition: int
    component: int = 1
    sub: int = 1
    components: int = 1
    subs: int = 1
    told: Sequence[str] = field(default=(), repr=False)


def lines(text: str, number: int) -> Iterator[Line]:
    """Yield the lines of a text, of which the first has this number; empty ones are left out."""
    begin = 0
    for match in _PART.finditer(text):
        if match["end"]:
            number, begin = number + 1, match.end()
        elif match["close"]:
            yield Line(*match.span(), number, match.start() - begin + 1, closes=True)
        else:
            before = _BEFORE.match(text, *match.span())
            assert before is not None  # noqa: S101 - it may be empty
            start = before.end()
            opens = bool(before["open"])
            if start < match.end() or opens:
                yield Line(start, match.end(), number, start - begin + 1, opens=opens)


def header(text: str, line: Line) -> str:
    """Return MSH, FHS or BHS where the line begins a message or batch, else ""."""
    match = _ID.match(text, line.start, line.end)
    return match[0] if match and match[0] in _HEADER else ""


def separators(text: str, line: Line, codec: str) -> Separators | None:
    """Return those that a header names, None where they cannot be used."""
    if line.end - line.start < len("MSH|^"):
        return None
    field = text[line.start + 3]
    named = text[line.start + 4 : line.end].partition(field)[0]
    every = field + named
    usable = all(_SEPARATOR.fullmatch(c) for c in every) and len(set(every)) == len(every)
    if not usable or not 1 <= len(named) <= _MARKS:
        return None
    return replace(Separators(field, *named), codec=codec)


def segment(text: str, line: Line, separators: Separators) -> str:
    """Return the name of the segment that a line is, "" where it is none."""
    match = _ID.match(text, line.start, line.end)
    if match is None:
        return ""
    alone = match.end() == line.end
    return match[0] if alone or text[match.end()] == separators.field else ""


def strange(text: str, line: Line, separators: Separators, known: frozenset[str]) -> bool:
    """Say whether a line is a known segment that another character than MSH-1 separates."""
    match = _ID.match(text, line.start, line.end)
    if match is None or match[0] not in known:
        return False
    return text[match.end() : match.end() + 1] in set("|^~&#*!$") - {separators.field}


def fields(text: str, line: Line, name: str, separator: str) -> Iterator[tuple[int, int, int]]:
    """Yield the number and the half-open code points of each field that is not empty."""
    begins = name in _HEADER
    first = 2 if begins else 0  # MSH-1 is the separator itself, MSH-2 are the others
    for number, (start, end) in enumerate(
        _split(text, line.start, line.end, separator), int(begins)
    ):
        if number > first and start < end:
            yield number, start, end


def repetitions(
    text: str, start: int, end: int, separators: Separators
) -> Iterator[tuple[int, int, int]]:
    """Yield the number and the half-open code points of each repetition of a field."""
    for number, span in enumerate(_split(text, start, end, separators.repetition), 1):
        yield number, *span


def values(
    text: str, start: int, end: int, repetition: int, separators: Separators
) -> Iterator[Leaf]:
    """Yield the values of one repetition; what is empty or null is left out."""
    spans = list(_split(text, start, end, separators.component))
    told = [text[a:b] for a, b in spans] if len(spans) > 1 else ()
    for component, (first, last) in enumerate(spans, 1):
        if first == last:
            continue
        subs = list(_split(text, first, last, separators.subcomponent))
        for sub, (a, b) in enumerate(subs, 1):
            if a < b and text[a:b] != NULL and not text[a:b].isspace():
                yield Leaf(a, b, repetition, component, sub, len(spans), len(subs), told)


def _split(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    if separator:
        while (at := text.find(separator, start, end)) >= 0:
            yield start, at
            start = at + 1
    yield start, end
