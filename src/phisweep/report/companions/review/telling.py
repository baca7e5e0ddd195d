"""What a review says in words, and as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterator

from phisweep.figures import number, plural
from phisweep.pages.charts import Estimate, Intervals
from phisweep.report.companions.review.model import AgreementRecord, BoundedRecord, Record

_ROLES = {"reviewer": "reviewer", "adjudicator": "third decision"}


def sentences(record: Record) -> Iterator[str]:
    """Yield what the review says, in sentences; the first warns of one that is half-finished."""
    if record.state == "half-finished":
        left = record.drawn - record.answered
        open_ = [f"{number(left)} not answered"] if left else []
        open_ += [f"{number(record.disputed)} in dispute"] if record.disputed else []
        yield (
            f"This review is half-finished: of {plural(record.drawn, 'unit')} drawn,"
            f" {' and '.join(open_)}. Each counts against the run in the bounds."
        )
    for name, share in (("Recall", record.recall), ("Precision", record.precision)):
        told = "no estimate, for too little was answered"
        if share.estimate is not None:
            told = f"{percent(share.estimate)} by what was answered"
        yield f"{name}: {told}; at least {at_least(share.low)}, at 95 per cent."
    for group in record.groups:
        if not group.removed and group.decided:
            bound = (
                f"at most {at_most(group.share.high)} of all {number(group.population)} do, at 95"
                " per cent"
                if group.drawn < group.population
                else "that is all there are"
            )
            yield (
                f"{group.words[:1].upper()}{group.words[1:]}: {number(group.wrong)} of"
                f" {number(group.decided)} judged hold something that identifies; {bound}."
            )
    for reviewer in record.reviewers:
        yield (
            f"{reviewer.name} ({_ROLES[reviewer.role]}) answered {number(reviewer.answered)} of"
            f" {plural(reviewer.asked, 'unit')}, from {_minute(reviewer.begun)} to"
            f" {_minute(reviewer.saved)} UTC, and was not told what phisweep had done with them."
        )
    if record.agreement is not None:
        yield _agreement(record.agreement)
    if record.gone:
        yield (
            f"What reviewers marked in {plural(record.gone, 'unit')} stands nowhere in the copies: it"
            " was removed when they were searched again, and counts so."
        )
    for note in record.notes:
        yield f"Note: {note}."


def _minute(time: str) -> str:
    """`2026-11-22T21:59:15Z` -> `2026-11-22 21:59`."""
    return time[:16].replace("T", " ")


def _agreement(agreement: AgreementRecord) -> str:
    kappa = (
        "Cohen's kappa is not defined where both give one answer to all"
        if agreement.kappa is None
        else f"Cohen's kappa is {agreement.kappa:.2f}"
    )
    third = (
        f" Of the {plural(agreement.differing, 'disagreement')}, {number(agreement.decided)} went to"
        " a third decision."
        if agreement.differing
        else ""
    )
    return (
        f"Two reviewers judged {plural(agreement.both, 'unit')}, {number(agreement.same)} of them"
        f" alike; {kappa}.{third}"
    )


def chart(record: Record) -> Intervals:
    """Return recall, precision and the precision by letter, with their bounds."""
    rows = [
        Estimate("recall", *_bounds(record.recall)),
        Estimate("precision", *_bounds(record.precision)),
        *(Estimate(f"precision, ({one.letter})", *_right(one.share)) for one in record.letters),
    ]
    lowest = min(row.low for row in rows)
    return Intervals(
        "Recall and precision, with bounds at 95 per cent",
        "Each line runs from the lower bound to the upper one, each of them at 95 per cent; the dot"
        " is the estimate.",
        tuple(rows),
        start=0.5 if lowest >= 0.5 else 0.0,  # noqa: PLR2004 - half of the axis would be empty
    )


def _bounds(share: BoundedRecord) -> tuple[float | None, float, float, str]:
    return share.estimate, share.low, share.high, f"\u2265 {at_least(share.low)}"


def _right(share: BoundedRecord) -> tuple[float | None, float, float, str]:
    """Return the share of what is right, from that of what is wrong."""
    estimate = None if share.estimate is None else 1 - share.estimate
    low = 1 - share.high
    return estimate, low, 1 - share.low, f"\u2265 {at_least(low)}"


def percent(share: float | None) -> str:
    """Return a share in per cent, near the ends to two places: there they matter."""
    if share is None:
        return "not known"
    if share in {0.0, 1.0}:
        return f"{100 * share:.0f}%"
    return f"{100 * share:.1f}%" if 0.01 < share < 0.99 else f"{100 * share:.2f}%"  # noqa: PLR2004


def at_most(share: float) -> str:
    """Return an upper bound in per cent, rounded up."""
    return f"{math.ceil(round(share * 10_000, 6)) / 100:.4g}%"


def at_least(share: float) -> str:
    """Return a lower bound in per cent, rounded down."""
    return f"{math.floor(round(share * 10_000, 6)) / 100:.4g}%"
