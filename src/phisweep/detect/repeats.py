"""
A number found once is removed everywhere: the same letters and digits stand further down alone.

"Subject 117-0042" at the top says what "117-0042 wants her money" is about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from phisweep.detect.propagate import union
from phisweep.detect.signatures import LEAST, WEAKER, outside
from phisweep.model import Finding

#: Identifiers that are numbers, which mean the same wherever they stand.
_NUMBERS = frozenset(
    ["ssn", "mrn", "health_plan", "account", "license", "vehicle", "device", "other_id"]
)
#: Letters and digits that a number has at least, and how many of them are digits.
_SHORTEST, _DIGITS = 6, 4
#: What makes what stands before or behind it part of a longer one.
_BEFORE = re.compile(r"[\w$/.+-]")
_FIGURES = re.compile(r"\d+")
_BEHIND = re.compile(r"\w|[@/:+-]\w|[.,]\d")


def repeats(text: str, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield further occurrences of the numbers that were found; none overlaps what was found."""
    known: dict[str, Finding] = {}
    for found in sorted(findings, key=attrgetter("score")):
        number = text[found.start : found.end]
        if found.identifier in _NUMBERS and found.score >= LEAST and _tells(number):
            known[number] = found
    places = sorted(_places(text, known)) if known else []
    covered = union((f.start, f.end) for f in findings) if places else []
    for start, end in outside(places, covered):
        found = known[text[start:end]]
        yield replace(
            found,
            start=start,
            end=end,
            rule=f"{found.identifier}/propagated",
            score=round(found.score * WEAKER, 3),
            explanation=(f"a further occurrence of a number found by {found.rule}",),
        )


def _tells(number: str) -> bool:
    signs = [c for c in number if c.isalnum()]
    return len(signs) >= _SHORTEST and sum(map(str.isdigit, signs)) >= _DIGITS


def _places(text: str, numbers: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of numbers that are no part of a longer one: one pass over all figures."""
    by_figures: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number in numbers:
        first = _FIGURES.search(number)
        if first:
            by_figures[first[0]].append((first.start(), number))
    for figures in _FIGURES.finditer(text):
        for before, number in by_figures.get(figures[0], ()):
            at = figures.start() - before
            end = at + len(number)
            if at < 0 or not text.startswith(number, at) or _BEHIND.match(text, end):
                continue
            if not (at and _BEFORE.match(text, at - 1)):
                yield at, end
