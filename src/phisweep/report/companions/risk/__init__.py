"""
How likely somebody in the copies is found again: what `phisweep risk` measured.

`records` is its model, `words` and `drawing` what is told of it; `terminal` shows it there, `page` by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from markupsafe import Markup

from phisweep import pages
from phisweep.report.cells import table, text
from phisweep.report.companions.risk import drawing, words
from phisweep.report.companions.risk.records import AssessmentRecord, Record

__all__ = ["TITLE", "Record", "markdown", "page", "section"]

TITLE = "Measured risk of re-identification"
_FOLDER = Path(__file__).parents[2] / "templates" / "risk"
_FILTERS: dict[str, Callable[..., object]] = {
    "percent": words.percent,
    "shown": words.shown,
    "count": words.count,
}


def page(record: Record) -> str:
    """Return a page of its own."""
    return _rendered("risk.html.j2", record)


def section(record: Record) -> Markup:
    """Return the section of a report, without its heading."""
    return Markup(_rendered("section.html.j2", record))  # noqa: S704 - escaped by its template


def _rendered(template: str, record: Record) -> str:
    context = {"r": record, "words": words, "drawing": drawing, "title": TITLE}
    return pages.render(_FOLDER, template, context, _FILTERS)


def markdown(record: Record) -> Iterator[str]:
    """Yield the lines of the section in Markdown."""
    for one in record.assessments:
        yield from (f"### {text(words.files(one))}", "", text(words.summary(one)), "")
        yield from (text(words.verdict(one)), "") if words.verdict(one) else ()
        yield from _candidates(one)
        yield from table(
            ("Figure", "Value"), ((text(what), text(told)) for what, told in words.figures(one))
        )
        rows = (tuple(map(text, row)) for row in words.attackers(one))
        yield from table(("Attacker", "Highest", "Mean", words.over(one)), rows)
        sizes = (
            (s.label, words.count(s.classes), text(words.count(s.people)))
            for s in words.filled(one.sizes)
        )
        yield from table(("Class size", "Classes", "People"), sizes)
        yield from _sensitive(one)
        yield from _driven(one)
        yield from _suggestions(one)
        yield from (f"- {text(sentence)}" for sentence in one.methods)
        yield ""


def _candidates(one: AssessmentRecord) -> Iterator[str]:
    if one.candidates:
        yield from ("#### Columns that were looked at", "")
        rows = (tuple(map(text, words.candidate(each))) for each in one.candidates)
        yield from table(("Column", "Proposed as", "Values", "Tells", "Why"), rows)


def _sensitive(one: AssessmentRecord) -> Iterator[str]:
    if one.sensitive:
        rows = (tuple(map(text, words.sensitive(each))) for each in one.sensitive)
        yield from table(("Sensitive column", *words.SENSITIVE), rows)


def _driven(one: AssessmentRecord) -> Iterator[str]:
    rows = (
        (text(words.known(one, each)), f"{each.least:,}", *map(text, words.shares(each)))
        for each in one.subsets
    )
    yield from table(("Known", "k", "Alone", "In classes under 11"), rows)


def _suggestions(one: AssessmentRecord) -> Iterator[str]:
    told = one.suggestions
    if told is None:
        return
    yield from (text(words.suggested(told)), "")
    if told.best:
        rows = (
            (f"{i}", text(words.steps(best)), *map(text, words.gain(best)))
            for i, best in enumerate(told.best, 1)
        )
        yield from table(("", "Generalisations", *words.GAIN), rows)
        yield from ("```yaml", *told.best[0].policy.splitlines(), "```", "")
