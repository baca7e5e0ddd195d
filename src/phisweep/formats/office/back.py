"""Edits of a part's words back into its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from phisweep.formats.markup import Span, edited, escaped, spliced
from phisweep.formats.office.words import Piece, Words
from phisweep.model import Edit

#: Attributes that a schema lets nothing but a moment stand in, and does without.
_MOMENTS = frozenset({"date", "dateUtc", "dt", "fullDate"})
_NEEDED_MOMENTS = frozenset({"created", "modified"})
_OF_CORE = frozenset({"created", "modified", "lastPrinted"})
_MOMENT = re.compile(r"-?\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_YEAR = re.compile(r"\d{4}")
_NAME = re.compile(rb"\s+[^\s=]+\s*=\s*[\"']$")
_TYPED = re.compile(
    rb"<((?:[\w.-]+:)?)(i1|i2|i4|i8|int|ui1|ui2|ui4|ui8|uint|r4|r8|decimal|bool|date|filetime|cy)$"
)
_BEFORE = 200  # bytes that the name of an attribute may take


def written(
    data: bytes, words: Words, edits: Mapping[str, Sequence[Edit]], names: Mapping[str, str]
) -> bytes:
    """Return the part with the edits in place, and members that it names under their new names."""
    changes: dict[Span, list[Edit]] = {}
    for each in words.found:
        for edit in edits.get(each.block.location.address, ()):
            _spread(edit, each.pieces, changes)
    spans: list[tuple[int, int, bytes]] = []
    for span, found in changes.items():
        spans += _changed(data, span, _merged(found))
    for span, name in words.named:
        if names.get(name):
            spans.append((span.start, span.end, escaped(names[name], "attribute").encode()))
    return spliced(data, spans)


def _spread(edit: Edit, pieces: Sequence[Piece], changes: dict[Span, list[Edit]]) -> None:
    """Share an edit out among the pieces that it touches; the first takes its text."""
    at, text = 0, edit.text
    for piece in pieces:
        start, end = max(edit.start, at) - at, min(edit.end, at + len(piece.text)) - at
        if piece.span is not None and (start < end or (start == end == edit.end - at)):
            changes.setdefault(piece.span, []).append(Edit(start, end, text))
            text = ""
            if edit.start == edit.end:
                return
        at += len(piece.text)


def _merged(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits of one stretch that do not overlap: those that do are one."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        last = merged[-1] if merged else None
        if last is not None and (edit.start < last.end or edit == last):
            merged[-1] = replace(last, end=max(last.end, edit.end), text=last.text or edit.text)
        else:
            merged.append(edit)
    return merged


def _changed(data: bytes, span: Span, edits: Sequence[Edit]) -> list[tuple[int, int, bytes]]:
    """Return what to splice for the edits of one span, so that its schema still holds."""
    new = edited(data[span.start : span.end].decode(), span.role, edits)
    if span.role == "attribute":
        if span.name in _MOMENTS and not _MOMENT.fullmatch(new):
            name = _NAME.search(data, max(0, span.start - _BEFORE), span.start)
            return [(name.start() if name else span.start, span.end + bool(name), b"")]
        if span.name in _NEEDED_MOMENTS:
            new = _moment(new)
        return [(span.start, span.end, new.encode())]
    strict = span.path[-1] == "lastPrinted" or not _YEAR.fullmatch(new)
    if strict and "coreProperties" in span.path and span.path[-1] in _OF_CORE:
        new = _moment(new)
    changes = [(span.start, span.end, new.encode())]
    opened = data.rfind(b"<", 0, span.start)
    tag = data[opened : span.start].removesuffix(b">")
    if "Properties" in span.path[:1] and (match := _TYPED.fullmatch(tag)):
        begin = opened + 1 + len(match[1])
        close = data.index(b"</", span.end) + 2 + len(match[1])
        changes += [(at, at + len(match[2]), b"lpwstr") for at in (begin, close)]
    return changes


def _moment(text: str) -> str:
    """Return a moment that tells no more than a text: the first of its year, else the first of all."""
    if _MOMENT.fullmatch(text):
        return text
    year = _YEAR.fullmatch(text.strip())
    return f"{year[0] if year else '1970'}-01-01T00:00:00Z"
