"""
A number found once is removed everywhere, and so are those that are written like it.

"Subject 117-0042" at the top says what "117-0042 wants her money" is about, and what 117-0039 is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from phisweep.detect.propagate import union
from phisweep.detect.signatures import LEAST, WEAKER
from phisweep.model import NAMES_MODEL, Finding

#: Identifiers that are numbers, which mean the same wherever they stand.
_NUMBERS = frozenset(
    ["ssn", "mrn", "health_plan", "account", "license", "vehicle", "device", "other_id"]
)
#: Letters and digits that a number has at least, and how many of them are digits.
_SHORTEST, _DIGITS = 6, 4
#: The same of a number that tells others by its form, which has letters or a sign inside as well.
_FORMED = 6
_SURE = 0.7
#: What makes what stands before or behind it part of a longer one.
_BEFORE = re.compile(r"[\w$/.+-]")
_BEHIND = re.compile(r"\w|[@/:+-]\w|[.,]\d")
_FIGURES = re.compile(r"\d+")
_SIGNS = re.compile(r"[A-Z]+|[0-9]+|[^A-Z0-9]+")
#: How much stands before a row of figures in a number, the number or its form, and who found it.
Sought = tuple[int, str | re.Pattern[str], Finding]


def repeats(text: str, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield further occurrences of found numbers and of their forms; none is found already."""
    known = {
        text[found.start : found.end]: found
        for found in sorted(findings, key=attrgetter("score"))
        if found.identifier in _NUMBERS and found.score >= LEAST
    }
    sought = _sought({number: found for number, found in known.items() if _tells(number)})
    if not sought:
        return
    covered = union((f.start, f.end) for f in findings)
    starts = [start for start, _ in covered]
    done = 0
    for start, end, found in _places(text, sought):
        inside = bisect_right(starts, start) - 1
        if start < done or (inside >= 0 and end <= covered[inside][1]):
            continue
        done = end
        like = "a further occurrence of" if text[start:end] in known else "written like"
        yield replace(
            found,
            start=start,
            end=end,
            rule=f"{found.identifier}/propagated",
            score=round(found.score * WEAKER, 3),
            explanation=(f"{like} a number found by {found.rule}",),
        )


def _tells(number: str) -> bool:
    signs = [c for c in number if c.isalnum()]
    return len(signs) >= _SHORTEST and sum(map(str.isdigit, signs)) >= _DIGITS


def _sought(known: Mapping[str, Finding]) -> Mapping[str | int, Sequence[Sought]]:
    """
    Return numbers by their longest row of figures, which few share, and forms by its length.

    A number costs no expression of its own: a text may hold very many.
    """
    sought: dict[str | int, list[Sought]] = defaultdict(list)
    forms: dict[str, tuple[int, int, Finding]] = {}
    for number, found in known.items():
        rows = [*_FIGURES.finditer(number)]
        if not rows:
            continue
        row = max(rows, key=lambda row: len(row[0]))
        sought[row[0]].append((row.start(), number, found))
        if _forms(number, found):
            forms[_form(number)] = (len(row[0]), row.start(), found)
    for form, (length, before, found) in forms.items():
        sought[length].append((before, re.compile(form), found))
    return sought


def _forms(number: str, found: Finding) -> bool:
    """Say whether a number has a form that others of its kind share, and nothing else has."""
    if found.rule.startswith(f"{NAMES_MODEL}/") or found.score < _SURE or not number.isascii():
        return False
    digits = sum(map(str.isdigit, number))
    return digits >= _FORMED and digits < len(number) and not re.search(r"[a-z\s.,]", number)


def _form(number: str) -> str:
    parts = _SIGNS.findall(number)
    kinds = ("[0-9]" if part.isdigit() else "[A-Z]" if part.isalpha() else "" for part in parts)
    return "".join(
        f"{kind}{{{len(part)}}}" if kind else re.escape(part)
        for kind, part in zip(kinds, parts, strict=True)
    )


def _places(
    text: str, sought: Mapping[str | int, Sequence[Sought]]
) -> Iterator[tuple[int, int, Finding]]:
    """Yield where what is sought stands as no part of a longer one: one pass over all figures."""
    for figures in _FIGURES.finditer(text):
        row = figures[0]
        for before, form, found in (*sought.get(row, ()), *sought.get(len(row), ())):
            at = figures.start() - before
            end = _end(text, at, form) if at >= 0 else 0
            if not end or _BEHIND.match(text, end):
                continue
            if not (at and _BEFORE.match(text, at - 1)):
                yield at, end, found
                break


def _end(text: str, at: int, form: str | re.Pattern[str]) -> int:
    """Return where a number or one of a form ends that stands at a place; 0 where none does."""
    if isinstance(form, str):
        return at + len(form) if text.startswith(form, at) else 0
    match = form.match(text, at)
    return match.end() if match else 0
