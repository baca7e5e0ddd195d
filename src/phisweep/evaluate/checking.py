"""Spans as a corpus gives them -> spans that are true of their text, or an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from phisweep.evaluate import faults
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.values import IGNORE, Span


@dataclass(frozen=True, slots=True)
class Marked:
    """
    A span as it was written.

    `parts` are code points, as yet unchecked, `quote` what the corpus says stands there, None where
    it says nothing. `ours` says that the label is a class or identifier of ours already.
    """

    parts: tuple[tuple[int, int], ...]
    label: str = field(repr=False)
    quote: str | None = field(default=None, repr=False)
    ours: bool = False
    score: float | None = None
    rule: str = ""


def true_of(
    text: str, marked: Sequence[Marked], labels: Labels, where: str, prefer: str = ""
) -> tuple[Span, ...]:
    """
    Return the gold of a text, in the order of its places; what stands twice is one.

    Raises UsageError: E177 outside of the text, empty, another text than is quoted, two classes for
    one piece; E179 for an unknown label.
    """
    spans: dict[Span, None] = {}
    for number, each in enumerate(marked, 1):
        parts = _parts(each, len(text), f"{where}, span {number}")
        value = " ".join(text[start:end] for start, end in parts)
        if each.quote is not None and each.quote.split() != value.split():
            raise faults.misplaced(
                f"{where}, span {number}",
                "another text stands at its offsets than the one that it quotes",
                "Offsets count code points from 0, as Python does, over the text as it is in the file.",
            )
        kind = labels.gold(each.label, value, where, "phisweep" if each.ours else prefer)
        spans[Span(parts, kind)] = None
    ordered = sorted(spans, key=lambda span: (span.parts, span.kind))
    _agreeing(ordered, where)
    return tuple(ordered)


def predicted(
    marked: Sequence[Marked], length: int | None, labels: Labels, where: str, prefer: str = ""
) -> tuple[Span, ...]:
    """Return predictions for a text of that length, None for any. Raises UsageError (E177)."""
    out = []
    for number, each in enumerate(marked, 1):
        parts = _parts(each, length, f"{where}, span {number}")
        kind = labels.predicted(each.label, "phisweep" if each.ours else prefer)
        out.append(Span(parts, kind, each.score, each.rule))
    return tuple(out)


def _parts(marked: Marked, length: int | None, where: str) -> tuple[tuple[int, int], ...]:
    parts = tuple(sorted(marked.parts))
    if not parts or any(start >= end for start, end in parts):
        raise faults.misplaced(where, "it is empty", "Offsets are half-open: its end is behind it.")
    beyond = parts[0][0] < 0 or (length is not None and parts[-1][1] > length)
    if beyond or any(b < c for (_, c), (b, _) in pairwise(parts)):
        told = "" if length is None else f", which has {length:,} code points"
        raise faults.misplaced(
            where,
            f"its offsets lie outside of the text{told}, or its parts in each other",
            "Offsets count code points from 0, as Python does; not bytes, nor UTF-16 units.",
        )
    return parts


def _agreeing(spans: Sequence[Span], where: str) -> None:
    """Raise UsageError (E177) where one piece of the text is said to be of two classes."""
    pieces = sorted((*part, span.kind) for span in spans for part in span.parts)
    open_: list[tuple[int, int, str]] = []
    for start, end, kind in pieces:
        open_ = [other for other in open_ if other[1] > start]
        for other in open_:
            same = (other[0], other[1]) == (start, end)
            if other[2] != kind and (same or IGNORE not in {other[2], kind}):
                raise faults.misplaced(
                    where,
                    f"the code points from {start:,} on are marked as {_told(other[2])} and as"
                    f" {_told(kind)}",
                    "Let one mark stand; an ignored piece may lie within another, or around it.",
                )
        open_.append((start, end, kind))


def _told(kind: str) -> str:
    return "ignored" if kind == IGNORE else kind
