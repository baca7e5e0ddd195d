"""A measured risk on a terminal, 80 columns and more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from phisweep.report.companions.risk import words
from phisweep.report.companions.risk.records import AssessmentRecord, Record, SuggestionsRecord
from phisweep.report.text import Style

_FIGURE = 30
_LISTED = 12  # combinations of columns
_INDENT = "  "
_NARROWEST, _WIDEST = 40, 100


def render(record: Record, style: Style) -> Iterator[str]:
    """Yield the lines, without the line feed."""
    for one in record.assessments:
        yield style.paint(style.clean(words.files(one)), "bold")
        yield from _told(words.summary(one), style)
        yield from _told(words.verdict(one), style) if words.verdict(one) else ()
        for sentence in one.not_counted:
            yield from _told(f"not counted: {sentence}", style)
        yield from _candidates(one, style)
        yield ""
        yield from (f"{_INDENT}{what:<{_FIGURE}}{told:>16}" for what, told in words.figures(one))
        yield ""
        head = ("Risk by attacker", "highest", "mean", words.over(one).lower())
        yield from _table([head, *words.attackers(one)], style)
        yield ""
        sizes = [
            (s.label, words.count(s.classes), words.count(s.people))
            for s in words.filled(one.sizes)
        ]
        yield from _table([("Class size", "classes", "people"), *sizes], style)
        yield from _sensitive(one, style)
        yield from _driven(one, style)
        yield from _suggestions(one.suggestions, style)
        yield ""
        for sentence in one.methods:
            yield from _told(sentence, style)


def _told(text: str, style: Style, indent: str = "") -> Iterator[str]:
    width = max(_NARROWEST, min(style.width, _WIDEST))  # some terminals say that they have none
    yield from wrap(
        style.clean(text), width, initial_indent=indent, subsequent_indent=indent + _INDENT
    )


def _candidates(one: AssessmentRecord, style: Style) -> Iterator[str]:
    if not one.candidates:
        return
    yield ""
    yield style.paint("Columns that were looked at", "bold")
    for each in one.candidates:
        name, use, values, tells, why = words.candidate(each)
        told = ", ".join(part for part in (f"{values} values", tells) if part)
        yield from _told(f"{name}: {use} ({told})", style, _INDENT)
        yield from _told(why, style, _INDENT * 3)


def _sensitive(one: AssessmentRecord, style: Style) -> Iterator[str]:
    for told in one.sensitive:
        yield ""
        name, *figures = words.sensitive(told)
        yield style.paint(style.clean(f"What a class tells of {name}"), "bold")
        for what, figure in zip(words.SENSITIVE, figures, strict=True):
            yield f"{_INDENT}{what:<{_FIGURE}}{figure:>16}"


def _driven(one: AssessmentRecord, style: Style) -> Iterator[str]:
    if len(one.subsets) == 1:
        return
    yield ""
    parts = [(c.name, c.part) for c in one.quasi_identifiers if c.part is not None]
    if any(part for _, part in parts):
        yield style.paint("Which column drives the risk (parts of those in small classes)", "bold")
        ranked = sorted(parts, key=lambda pair: -(pair[1] or 0))
        drives = [(style.clean(name), words.percent(max(0.0, part or 0))) for name, part in ranked]
        yield from _table(drives, style, head=False)
        yield ""
    head = ("Known of a person", "k", "alone", "class under 11")
    first = [s for s in one.subsets if len(s.columns) in {1, len(one.quasi_identifiers)}]
    others = [s for s in one.subsets if s not in first]
    listed = [*first, *others[: max(0, _LISTED - len(first))]]
    rows = [(style.clean(words.known(one, s)), f"{s.least:,}", *words.shares(s)) for s in listed]
    yield from _table([head, *rows], style)
    if len(one.subsets) > len(listed):
        yield f"{_INDENT}... and {len(one.subsets) - len(listed)} more in json, md and html"


def _suggestions(told: SuggestionsRecord | None, style: Style) -> Iterator[str]:
    if told is None:
        return
    yield ""
    yield style.paint(f"To reach k = {told.k}", "bold")
    yield from _told(words.suggested(told), style, _INDENT)
    for i, best in enumerate(told.best, 1):
        least, loss, left, mean = words.gain(best)
        yield from _told(f"{i}. {words.steps(best)}", style, _INDENT)
        told_ = f"k {least}, loss {loss}, rows left out: {left}, mean risk {mean}"
        yield from _told(told_, style, _INDENT + "   ")


def _table(rows: Sequence[Sequence[str]], style: Style, *, head: bool = True) -> Iterator[str]:
    """Yield a table whose first column is to the left, and all others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    over = sum(widths) + 3 * len(widths) - max(_NARROWEST, style.width)
    widths[0] = max(12, widths[0] - max(0, over))
    for i, row in enumerate(rows):
        first = row[0] if len(row[0]) <= widths[0] else f"{row[0][: widths[0] - 3]}..."
        rest = "   ".join(f"{cell:>{w}}" for cell, w in zip(row[1:], widths[1:], strict=True))
        line = f"{_INDENT}{first:<{widths[0]}}   {rest}"
        yield style.paint(line, "dim") if head and not i else line
