"""What of an evaluation is shown, and in which words: the same on a page, in Markdown, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.figures import number, plural
from phisweep.report.companions.evaluation.record import (
    ColumnRecord,
    DifferenceRecord,
    EstimateRecord,
    GroupRecord,
    Record,
    ShareRecord,
    ToolRecord,
)

NOTHING = "-"
#: Measures of the whole corpus that are told, with what they are called.
MEASURES = {
    "covered recall": "recall",
    "cleared recall": "recall, but for what may stay",
    "strict recall": "strict recall",
    "touched recall": "touched recall",
    "typed strict recall": "strict recall, its own class",
    "touched precision": "precision",
    "strict F1": "strict F1",
    "leaked documents": "leaked documents",
    "telling documents": "leaked, but for what may stay",
    "false per 1,000 words": "false per 1,000 words",
}
PER_WORDS = "false per 1,000 words"
COUNTED = frozenset({PER_WORDS, "leaked documents", "telling documents"})
HEAD = ("", "gold", "found", "95% bounds", "cleared", "strict", "touched", "class", "right")
READING = (
    "Found: no letter or digit of the gold is left, whatever class was named; cleared: nothing but"
    " what may stay, such as a title, a state or a year; strict: the same bounds; touched: some"
    " character is covered; class: found as what it is. Right: of what was predicted, the share that"
    " touches gold."
)
NOT_PROOF = (
    "These figures hold for this corpus. Other data are written otherwise, and recall there may be"
    " lower."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of classes: its cells, and whether it is a sum."""

    cells: tuple[str, ...]
    total: bool = False


def percent(share: ShareRecord) -> str:
    """`98.8%`; 100.0% and 0.0% are said of all and of none alone."""
    return NOTHING if not share.of else _percent(share.hits / share.of)


def bounds(share: ShareRecord) -> str:
    """`97.2 - 99.6`."""
    return NOTHING if not share.of else f"{_bare(share.low)} - {_bare(share.high)}"


def lines(tool: ToolRecord) -> Iterator[Line]:
    """Yield the table of classes, in the order of the letters, and its sum."""
    for letter in tool.letters:
        classes = [group for group in tool.classes if group.letter == letter.letter]
        for group in classes:
            yield Line(cells(group, f"({group.letter}) {group.name}"))
        if sum(group.gold > 0 for group in classes) > 1:
            yield Line(cells(letter, f"({letter.letter}) both"), total=True)
    for group in tool.classes:
        if not group.letter:
            yield Line(cells(group, "    other"))
    yield Line(cells(tool.total, "all"), total=True)


def cells(group: GroupRecord, label: str) -> tuple[str, ...]:
    """Return a line of the table under HEAD."""
    blind = group.blind
    return (
        label,
        number(group.gold),
        percent(blind.covered.recall),
        bounds(blind.covered.recall),
        percent(blind.cleared.recall),
        percent(blind.strict.recall),
        percent(blind.touched.recall),
        percent(group.typed.covered.recall),
        percent(blind.touched.precision),
    )


def without_gold(tool: ToolRecord) -> str:
    """`(E) (K) (P)`, the letters of which the corpus has no gold."""
    return " ".join(f"({group.letter})" for group in tool.letters if not group.gold)


def corpus(record: Record) -> str:
    """Return a sentence on the corpus."""
    gold = record.tools[0].total.gold
    if record.unit == "cell":
        what = f"{plural(record.documents, 'column')}, {plural(record.words, 'cell')} that hold"
        return f"{what} something, {number(gold)} of them identifiers"
    words = f", {plural(record.words, 'word')}" if record.words else ""
    ignored = f", {number(record.ignored)} ignored" if record.ignored else ""
    return (
        f"{plural(record.documents, 'document')}{words}, {plural(gold, 'gold span')}{ignored};"
        f" {record.format}"
    )


def about(tool: ToolRecord) -> str:
    """Return what a tool was."""
    told = tool.about
    if "engine" not in told:
        return f"predictions of {told.get('predictions', 'a file')}"
    model = f", model {told['model']}" if told["model"] else ""
    return (
        f"phisweep {told['version']}, engine {told['engine']}, policy {told['policy']},"
        f" rules {told['rules']} ({told['ruleset_sha256'][:12]}){model}"
    )


def leaks(record: Record, tool: ToolRecord) -> str:
    """Return how many documents have a piece of gold left in them."""
    share, telling = tool.leaked, tool.telling
    what = "columns" if record.unit == "cell" else "documents"
    if not share.of:
        return f"no {what} with gold"
    told = (
        f"{number(share.hits)} of {number(share.of)} with gold, {percent(share)} ({bounds(share)})"
    )
    if telling.hits == share.hits:
        return told
    return f"{told}; but for what may stay {number(telling.hits)}, {percent(telling)} ({bounds(telling)})"


def false(record: Record, tool: ToolRecord) -> str:
    """Return how much was found that is none."""
    estimate = tool.estimates.get(PER_WORDS)
    told = number(tool.total.false)
    if estimate is None or estimate.value is None:
        return told
    per = "1,000 cells" if record.unit == "cell" else "1,000 words"
    span = f" ({estimate.low:.2f} - {estimate.high:.2f})" if estimate.low is not None else ""
    return f"{told}, {estimate.value:.2f} per {per}{span}"


def drawn(measure: str, estimate: EstimateRecord | DifferenceRecord) -> str:
    """Return an estimate with its bounds: `98.1 (97.2 - 98.9)`; a difference has a sign."""
    if estimate.value is None:
        return NOTHING
    sign = "+" if isinstance(estimate, DifferenceRecord) else ""
    times, form = (1, f"{sign}.2f") if measure == PER_WORDS else (100, f"{sign}.1f")
    told = format(times * estimate.value, form)
    if estimate.low is None or estimate.high is None:
        return told
    return f"{told} ({format(times * estimate.low, form)} to {format(times * estimate.high, form)})"


def measures(record: Record) -> dict[str, str]:
    """Return the measures that are told, by their keys, with what each is called for this corpus."""
    if record.unit == "span":
        return MEASURES
    return {
        key: name.replace("words", "cells").replace("documents", "columns")
        for key, name in MEASURES.items()
    }


def whole_columns(tool: ToolRecord) -> str:
    """Return how many columns were found whole, and how many others were touched."""
    shares = tool.column_shares
    if shares is None:
        return ""
    recall, others = shares.covered.recall, [c for c in tool.columns if c.name == "none"]
    touched = sum(c.touched > 0 for c in others)
    return (
        f"{number(recall.hits)} of {number(recall.of)} found whole, {percent(recall)}"
        f" ({bounds(recall)}), {number(shares.touched.recall.hits)} at least in part;"
        f" {number(touched)} of {number(len(others))} others touched"
    )


def compared(record: Record) -> list[tuple[str, ...]]:
    """Return a line a measure: its name, each tool's value, and each difference from the first."""
    out = []
    for measure, name in measures(record).items():
        values = [drawn(measure, tool.estimates[measure]) for tool in record.tools]
        apart = [drawn(measure, d) for d in record.differences if d.measure == measure]
        out.append((name, *values, *apart))
    return out


def surely_apart(difference: DifferenceRecord) -> bool:
    """Say whether the bounds of a difference leave nothing out but one side of zero."""
    if difference.low is None or difference.high is None:
        return False
    return difference.low > 0 or difference.high < 0


def notable(tool: ToolRecord) -> list[ColumnRecord]:
    """Return columns that are not as they should be: gold cells left, or others touched."""
    return [c for c in tool.columns if left_of(c) or (c.name == "none" and c.touched)]


def left_of(column: ColumnRecord) -> int:
    """Return how many cells of an identifier are left."""
    if column.name in {"none", "IGNORE"}:
        return 0
    return column.cells - column.ignored - column.covered


def state(column: ColumnRecord) -> str:
    """Return what became of a column."""
    if column.name == "none":
        return f"{number(column.touched)} touched" if column.touched else "untouched"
    if column.name == "IGNORE" or column.cells == column.ignored:
        return "ignored"
    return f"{number(left_of(column))} left" if left_of(column) else "found"


def notes(record: Record) -> Iterator[str]:
    """Yield what a reader must know of the figures."""
    yield from record.notes
    if record.scope:
        yield (
            f"Measured on {', '.join(record.scope)} alone: what else is marked or predicted there is"
            " neither right nor wrong."
        )
    for tool in record.tools:
        if tool.unanswered:
            yield (
                f"{tool.name} says nothing of {plural(tool.unanswered, 'document')}; there it was"
                " taken to have found nothing."
            )
    if not record.tools[0].total.gold:
        yield "There is no gold, so nothing is said of recall."
    yield (
        f"Bounds of shares are {'exact' if record.interval == 'exact' else 'Wilson'} ones, as if each"
        f" {record.unit} were apart from all others; those of whole-corpus measures come of"
        f" {number(record.draws)} draws of {'columns' if record.unit == 'cell' else 'documents'}"
        f" (seed {record.seed})."
    )


def _percent(share: float) -> str:
    return f"{_bare(share)}%"


def _bare(share: float) -> str:
    told = f"{100 * share:.1f}"
    if told == "100.0" and share < 1:
        return "99.9"
    return "0.1" if told == "0.0" and share > 0 else told
