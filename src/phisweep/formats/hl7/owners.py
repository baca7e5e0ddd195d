"""Whose record a message is: the patient's number in PID."""

from __future__ import annotations

import re

from phisweep.formats.hl7 import lexer
from phisweep.formats.hl7.escapes import Separators, resolved
from phisweep.formats.hl7.lexer import Line

_NEXT = re.compile(r"[\r\n\x0b][ \t\ufeff\x0b]*(MSH|PID)(?![A-Za-z0-9])([^\r\n]*)")
_IDENTIFIERS, _OLD = 3, 2  # the list of identifiers, and the one of older versions
_TYPE = 5
#: Numbers that are not those of a record of this house.
_OTHERS = frozenset(
    ("SS", "SSN", "DL", "PPN", "MC", "MA", "MB", "MCD", "NI", "AN", "VN", "ANC", "BRN", "PC", "HC")
)


def owner_of(text: str, line: Line, separators: Separators) -> str:
    """
    Return the patient's number of a PID segment as plain text, "" where it has none.

    Of several identifiers in PID-3 it is that whose type is MR, else the first that is no number
    of another kind (of insurance, a licence, an account), else the first; without any, PID-2.
    """
    spans = {n: (a, b) for n, a, b in lexer.fields(text, line, "PID", separators.field)}
    for number in (_IDENTIFIERS, _OLD):
        if number not in spans:
            continue
        found: list[tuple[int, str]] = []
        for _, start, end in lexer.repetitions(text, *spans[number], separators):
            parts = text[start:end].split(separators.component or "\n")
            kind = parts[_TYPE - 1].strip() if len(parts) >= _TYPE else ""
            first = parts[0].partition(separators.subcomponent or "\n")[0]
            value = resolved(first, 0, len(first), separators).text.strip()
            if value and value != lexer.NULL:
                found.append((0 if kind == "MR" else 2 if kind in _OTHERS else 1, value))
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return ""


def owner_ahead(text: str, at: int, separators: Separators) -> str:
    """Return the number in the first PID behind a code point, before the next message begins."""
    match = _NEXT.search(text, at)
    if match is None or match[1] == "MSH":
        return ""
    return owner_of(text, Line(match.start(1), match.end(2), 0, 0), separators)
