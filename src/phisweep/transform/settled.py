"""
What an operator has coarsened is settled: found again, it would be left as it is.

A tag is known by its form, whoever reads it. A month, a range or four last digits are what the
policy asks for only under that policy; so the operator itself is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from phisweep.model import Decision, Finding
from phisweep.transform.edits import edits_for
from phisweep.transform.operators import COARSE, Context

#: The rule of places where a year must be written as a day, the first of January (DICOM's DA).
DAYS = "date/dicom-date"
_FIRST_DAY = re.compile(r"(?P<year>\d{4})0101(?:0{2,6}(?:\.0{1,6})?)?(?:[+-]\d{4})?")
#: What may stand around a result in prose; a full stop may be a part of it.
_AROUND = ",;:()[]{}\"'"


def coarse() -> frozenset[str]:
    """Return the names of the operators that leave a part of the text to be read."""
    return frozenset(COARSE)


def is_year(text: str, decision: Decision, context: Callable[[Finding], Context]) -> bool:
    """
    Say whether the decision writes the year of a day that is no more than that already.

    Raises what the operator raises.
    """
    finding = decision.finding
    if decision.operator != "year" or finding.rule != DAYS:
        return False
    match = _FIRST_DAY.fullmatch(text[finding.start : finding.end])
    return match is not None and all(
        edit.text == match["year"] for edit in edits_for(text, [decision], context)
    )


def is_settled(text: str, decision: Decision, context: Callable[[Finding], Context]) -> bool:
    """
    Say whether the decision's operator leaves as it is what the finding covers, or what it is in.

    A rule may find `J` of `J***`, or `Q1` of `2024-Q1`: then the word around it is asked about.
    Raises what the operator raises.
    """
    finding = decision.finding
    for piece in _pieces(text, finding.start, finding.end):
        whole = replace(decision, finding=replace(finding, start=0, end=len(piece)))
        if not edits_for(piece, [whole], context):
            return True
    return False


def _pieces(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the covered text, and the words that it stands in, with and without what frames it."""
    yield text[start:end]
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = text[start:end]
    yield words
    yield words.strip(_AROUND)
    yield words.strip(_AROUND + ".")
