"""What was measured, as charts."""

from __future__ import annotations

from collections.abc import Sequence

from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.pages.charts import Bars, Histogram, Row
from phisweep.report.companions.risk import words
from phisweep.report.companions.risk.records import AssessmentRecord, SizeRecord

_TWO = 2  # columns, of which one may drive the risk more than the other
_LISTED = 24  # subsets
_LABEL = 6  # characters below a bar


def sizes(title: str, told: Sequence[SizeRecord], top: int = 0) -> Histogram:
    """Return people by the size of their class; `top` is the count that reaches the top."""
    rows = tuple(
        Row(
            size.label if len(size.label) <= _LABEL else f"{number(size.low)}+",
            size.people if isinstance(size.people, int) else 0,
            words.count(size.people),
            exact=isinstance(size.people, int),
        )
        for size in told
    )
    listed = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return Histogram(title, f"People by class size. {listed}.", rows, "Class size", top=top)


def both(one: AssessmentRecord) -> list[tuple[str, Histogram]]:
    """Return the sizes as they are, and those after the first suggestion, on one scale."""
    told = one.suggestions
    sides = {"Class sizes": one.sizes}
    if told is not None and told.best:
        sides = {
            "Class sizes, before": one.sizes,
            "Class sizes, after the first suggestion": told.best[0].sizes,
        }
    counts = [s.people for side in sides.values() for s in side if isinstance(s.people, int)]
    last = max(len(words.filled(side)) for side in sides.values())
    top = max(counts, default=0)
    return [(title, sizes(title, side[:last], top)) for title, side in sides.items()]


def parts(one: AssessmentRecord) -> Bars | None:
    """Return the part of each column in the risk."""
    told = [c for c in one.quasi_identifiers if c.part is not None]
    if len(told) < _TWO or not any(c.part for c in told):
        return None
    rows = [
        Row(legible(c.name), max(0.0, c.part or 0.0), words.percent(max(0.0, c.part or 0.0)))
        for c in told
    ]
    rows.sort(key=lambda row: -row.value)
    people = words.shown(one.small)
    return Bars(
        "Which column drives the risk",
        f"The part of each column in the people in classes under 11 ({people}); they add up.",
        tuple(rows),
        "Part of all people",
    )


def subsets(one: AssessmentRecord) -> Bars | None:
    """Return the people in small classes by what is known."""
    if len(one.subsets) < _TWO or all(s.small == 0 for s in one.subsets):
        return None
    ranked = sorted(one.subsets, key=lambda s: (-_share(s.small), len(s.columns)))[:_LISTED]
    rows = tuple(
        Row(words.known(one, s), _share(s.small), words.shown(s.small), isinstance(s.small, float))
        for s in ranked
    )
    more = len(one.subsets) - len(ranked)
    left = f" The first {len(ranked)} of {plural(len(one.subsets), 'combination')}." if more else ""
    return Bars(
        "People in classes under 11, by what is known of them",
        f"Share of people whose class has fewer than 11.{left}",
        rows,
        "Share of people",
    )


def _share(share: float | str) -> float:
    return share if isinstance(share, float) else 0.0
