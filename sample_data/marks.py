"""
Marks in a text: `{{name|Maria}}` says that what stands there is a finding, and of which kind.

Offsets come from the marks, so they are right by construction. Half-open code points.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass

from hospital import TODAY

OLD = 90  # years: from here on an age, or a year of birth, is an identifier
MARK = re.compile(r"\{\{(?P<identifier>\w+)\|(?P<text>[^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open code points of a text, and what stands there."""

    start: int
    end: int
    identifier: str


def render(template: str, fields: Mapping[str, str]) -> tuple[str, list[Span]]:
    """Fill a template and take the marks out; return the text and what was marked in it."""
    return unmarked(string.Template(template).substitute(fields))


def unmarked(filled: str) -> tuple[str, list[Span]]:
    """Take the marks out of a filled text; return it and what was marked in it."""
    pieces: list[str] = []
    spans: list[Span] = []
    at = done = 0
    for mark in MARK.finditer(filled):
        before, text = filled[done : mark.start()], mark["text"]
        start = at + len(before)
        if counts(mark["identifier"], text):
            spans.append(Span(start, start + len(text), mark["identifier"]))
        pieces += (before, text)
        at, done = start + len(text), mark.end()
    return "".join((*pieces, filled[done:])), spans


def counts(identifier: str, text: str) -> bool:
    """Say whether a mark is a finding: an age under 90 and a year that implies none are not."""
    if identifier == "age":
        return int(text) >= OLD
    if identifier == "date" and re.fullmatch(r"\d{4}", text):
        return TODAY.year - int(text) >= OLD
    return bool(text)


def mark(identifier: str, text: str) -> str:
    """Return a text that is one finding from end to end."""
    return f"{{{{{identifier}|{text}}}}}"
