"""The human review of a run: what was drawn, what was answered, recall and precision with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup

from phisweep import pages
from phisweep.figures import number
from phisweep.report.cells import code, table, text
from phisweep.report.companions.review.model import Record
from phisweep.report.companions.review.telling import at_most, chart, percent, sentences

__all__ = ["TITLE", "Record", "markdown", "section"]
TITLE = "Human review"


def section(record: Record) -> Markup:
    """Return the section: what it says in words, the bounds as a chart, and the tables."""
    context = {"r": record, "chart": chart(record), "said": [*sentences(record)]}
    folder = Path(__file__).parents[2] / "templates"
    filters = {"percent": percent, "at_most": at_most}
    return Markup(pages.render(folder, "review.html.j2", context, filters))  # noqa: S704 - it escapes


def markdown(record: Record) -> Iterator[str]:
    """Yield the section as lines."""
    for sentence in sentences(record):
        yield from (text(sentence), "")
    yield from table(
        ("What", "In all", "Drawn", "Decided", "Wrong", "Share wrong", "At most"),
        (
            (
                text(group.words),
                *map(number, (group.population, group.drawn, group.decided, group.wrong)),
                percent(group.share.estimate),
                at_most(group.share.high),
            )
            for group in record.groups
        ),
    )
    if record.letters:
        yield from table(
            ("Letter", "Removals", "Drawn", "Decided", "Identify nobody", "At most"),
            (
                (
                    f"({one.letter})",
                    *map(number, (one.population, one.drawn, one.decided, one.wrong)),
                    at_most(one.share.high),
                )
                for one in record.letters
            ),
        )
    if record.misses:
        yield from table(
            ("Left in", "Place", "Shape", "Seen"),
            (
                (text(miss.path), text(miss.place), code(miss.shape), number(miss.count))
                for miss in record.misses
            ),
        )
    if record.wrongs:
        yield from table(
            ("Removed in", "Place", "Rule", "Identify nobody"),
            (
                (text(wrong.path), text(wrong.place), text(wrong.rule), number(wrong.count))
                for wrong in record.wrongs
            ),
        )
