"""The charts of an evaluation."""

from __future__ import annotations

from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.pages.charts import Curve, Estimate, Intervals, Line
from phisweep.report.companions.evaluation import view
from phisweep.report.companions.evaluation.record import Record, ShareRecord, ToolRecord

_STARTS = (0.95, 0.9, 0.8, 0.5)


def by_letter(tool: ToolRecord) -> Intervals:
    """Return recall by letter, of those that have gold, and of all."""
    groups = [*(group for group in tool.letters if group.gold), tool.total]
    rows = []
    for group in groups:
        classes = [c.name for c in tool.classes if c.letter == group.letter and c.gold]
        label = f"({group.letter}) {', '.join(classes)}" if group.letter else "all"
        rows.append(_estimate(label, group.blind.covered.recall))
    seen = [row.low for row in rows if row.value is not None]
    told = ", ".join(f"{row.label} {row.shown}" for row in rows[-1:])
    return Intervals(
        f"Found, by letter: {legible(tool.name)}",
        f"Share of the gold of which nothing is left, with 95% bounds. {told}.",
        tuple(rows),
        _start(min(seen, default=0.0)),
    )


def by_tool(record: Record) -> Intervals:
    """Return the recall of all tools."""
    rows = tuple(_estimate(tool.name, tool.total.blind.covered.recall) for tool in record.tools)
    told = ", ".join(f"{row.label} {row.shown}" for row in rows)
    return Intervals(
        "Found, by tool",
        f"Share of the gold of which nothing is left, with 95% bounds: {told}.",
        rows,
        _start(min(row.low for row in rows)),
    )


def reliability(tool: ToolRecord) -> Curve | None:
    """Return how scores bear out, None without scores."""
    bins = tool.calibration.bins
    if not bins:
        return None
    points = tuple(
        (b.mean, b.right / b.predictions, f"{plural(b.predictions, 'prediction')}") for b in bins
    )
    return Curve(
        "Scores, and how often they are right; on the line, as often as they say",
        "On the line a score of 0.8 is right 8 times in 10; above it, more often.",
        (Line("", points),),
        "mean score",
        "share that is right",
        diagonal=True,
    )


def trade_off(tool: ToolRecord) -> Curve | None:
    """Return recall and precision over the score that is asked for, None without scores."""
    steps = tool.calibration.steps
    if not steps:
        return None
    recall = tuple((s.score, s.recall, f"recall from {s.score:.2f} on") for s in steps)
    precision = tuple(
        (s.score, s.precision, f"precision from {s.score:.2f} on")
        for s in steps
        if s.precision is not None
    )
    return Curve(
        "What a higher threshold would leave: recall (solid), precision (dashed)",
        "Recall (first line) and precision (second line), were lower scores left out.",
        (Line("recall", recall), Line("precision", precision)),
        "lowest score that counts",
        "share",
    )


def _estimate(label: str, share: ShareRecord) -> Estimate:
    shown = view.percent(share) + (f" of {number(share.of)}" if share.of else "")
    return Estimate(
        legible(label), share.hits / share.of if share.of else None, share.low, share.high, shown
    )


def _start(low: float) -> float:
    """Return where the axis begins: near the lowest bound, where that is high."""
    return next((start for start in _STARTS if start <= low), 0.0)
