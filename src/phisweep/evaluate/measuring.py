"""
A corpus gone through once, and every tool asked about each of its documents.

What is held is the document at hand, and the counts of those before. A table's documents are its
columns, and what is counted in them are cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from phisweep.evaluate.columns import Cell
from phisweep.evaluate.matching import CLEARED, COVERED, TOUCHED, Compared, Matcher
from phisweep.evaluate.results import Column
from phisweep.evaluate.searched import Places, Search
from phisweep.evaluate.tally import FIELDS, GOLD, PREDICTED, WORDS, Row, Tally
from phisweep.evaluate.values import IGNORE, Document, Mistake, Span

_AROUND = 30  # code points of the text that a mistake shows on each side

Sink = Callable[[Mistake], None]


class ByText(Protocol):
    """What predicts spans of documents."""

    def of(self, document: Document) -> Sequence[Span]:
        """Return the predictions for a document."""


class ByFile(Protocol):
    """What predicts spans in files, by address."""

    def in_file(self, name: str) -> Places:
        """Return the findings in a file."""


@dataclass(slots=True)
class Measured:
    """What was counted of each tool, by its name, and what the corpus has."""

    tallies: dict[str, Tally]
    matcher: Matcher
    documents: int = 0
    words: int = 0
    ignored: int = 0
    columns: dict[str, list[Column]] = field(default_factory=dict)
    of_columns: dict[str, list[int]] = field(default_factory=dict)


def measured(names: Iterable[str], matcher: Matcher) -> Measured:
    """Return counts of nothing yet."""
    tools = list(names)
    return Measured(
        {name: Tally() for name in tools},
        matcher,
        columns={name: [] for name in tools},
        of_columns={name: [0] * len(FIELDS) for name in tools},
    )


def go_through(
    documents: Iterable[Document], tools: Mapping[str, ByText], counts: Measured, tell: Sink | None
) -> None:
    """Compare all documents with what each tool says; mistakes are told of the first tool."""
    first = next(iter(tools))
    for document in documents:
        words = len(document.text.split())
        counts.documents += 1
        counts.words += words
        counts.ignored += _ignored(document.spans, counts.matcher)
        for name, tool in tools.items():
            spans = tool.of(document)
            compared = counts.matcher.compare(document.text, document.spans, spans)
            row = Row()
            counts.tallies[name].add(compared, row, words)
            counts.tallies[name].close(row)
            if tell and name == first:
                for mistake in mistakes(document.id, document.text, compared):
                    tell(mistake)


#: Gives the texts of a file at some addresses, and how many words it has; no texts of one absent.
Reader = Callable[[str, frozenset[str]], tuple[Mapping[str, str], int]]


def go_through_places(
    gold: Search, tools: Mapping[str, ByFile], counts: Measured, read: Reader, tell: Sink | None
) -> None:
    """Compare the files of a gold that says where its spans stand, and not in which text."""
    first = next(iter(tools))
    for name in gold.files:
        marked = gold.in_file(name)
        places = {tool: found.in_file(name) for tool, found in tools.items()}
        texts, words = read(name, frozenset(marked).union(*places.values()))
        counts.documents += 1
        counts.words += words
        counts.ignored += sum(_ignored(spans, counts.matcher) for spans in marked.values())
        for tool, found in places.items():
            row = Row()
            row.counts[WORDS] = words
            for where in {**marked, **found}:
                text = texts.get(where)
                compared = counts.matcher.compare(text, marked.get(where, ()), found.get(where, ()))
                counts.tallies[tool].add(compared, row)
                if tell and tool == first:
                    for mistake in mistakes(f"{name}: {where}", text or "", compared):
                        tell(mistake)
            counts.tallies[tool].close(row)


def go_through_tables(
    files: Mapping[str, Callable[[], Iterator[Cell]]],
    tools: Mapping[str, ByFile],
    counts: Measured,
    tell: Sink | None,
) -> None:
    """Compare the cells of tables with what each tool found in them."""
    first = next(iter(tools))
    for name, cells in files.items():
        places = {tool: found.in_file(name) for tool, found in tools.items()}
        columns: dict[int, dict[str, _Column]] = {}
        for cell in cells():
            if cell.column not in columns:
                columns[cell.column] = {tool: _Column(cell.place, cell.kind) for tool in tools}
                counts.documents += 1
            counts.words += 1
            counts.ignored += _ignored(cell.gold, counts.matcher)
            for tool, found in places.items():
                spans = found.get(cell.where, ())
                compared = counts.matcher.compare(cell.value, cell.gold, spans)
                columns[cell.column][tool].add(compared, cell.gold, spans)
                counts.tallies[tool].add(compared, columns[cell.column][tool].row, 1)
                if tell and tool == first:
                    at = f"{name}: {cell.where}"
                    for mistake in mistakes(at, cell.value, compared):
                        tell(mistake)
        for by_tool in columns.values():
            for tool, column in by_tool.items():
                counts.tallies[tool].close(column.row)
                counts.columns[tool].append(column.told(name))
                column.enter(counts.of_columns[tool])


@dataclass(slots=True)
class _Column:
    """The counts of one column of a table, for one tool."""

    place: str
    kind: str
    row: Row = field(default_factory=Row)
    cells: int = 0
    ignored: int = 0
    covered: int = 0
    touched: int = 0
    own: int = 0

    def add(self, compared: Compared, gold: Sequence[Span], spans: Sequence[Span]) -> None:
        """Enter a cell."""
        self.cells += 1
        self.ignored += bool(gold) and not compared.gold
        self.covered += any(each.blind[COVERED] for each in compared.gold)
        self.own += any(each.typed[COVERED] for each in compared.gold)
        self.touched += bool(spans)

    def told(self, file: str) -> Column:
        """Return the column's line in a report."""
        name = self.kind or "none"
        return Column(file, self.place, name, self.cells, self.ignored, self.covered, self.touched)

    def enter(self, counts: list[int]) -> None:
        """
        Enter the column as one piece of gold, or as a prediction.

        Strict: every cell covered, by its own class; covered, cleared: every cell; touched: some.
        """
        gold = self.row.counts[GOLD]
        if self.kind and self.kind != IGNORE and gold:
            cleared = self.row.counts[GOLD + 1 + CLEARED]
            found = (self.own == gold, self.covered == gold, cleared == gold, self.touched > 0)
            for at in (GOLD, PREDICTED) if self.touched else (GOLD,):
                for i, yes in enumerate((True, *found, *found), at):
                    counts[i] += yes
        elif not self.kind and self.row.counts[PREDICTED]:
            counts[PREDICTED] += 1


def mistakes(document: str, text: str, compared: Compared) -> Iterator[Mistake]:
    """Yield what is wrong in a text: gold that is missed or left in part, false predictions."""
    for each in compared.gold:
        span = each.span
        if not each.blind[COVERED]:
            left = "left" if each.blind[TOUCHED] else "missed"
            yield _mistake(document, text, span, "may stay" if each.blind[CLEARED] else left)
        elif not each.typed[TOUCHED]:
            yield _mistake(document, text, span, "mistyped")
    for each in compared.predictions:
        if not each.blind[TOUCHED]:
            yield _mistake(document, text, each.span, "false")


def _mistake(document: str, text: str, span: Span, kind: str) -> Mistake:
    return Mistake(
        document,
        kind,
        span.kind or "other",
        span.start,
        span.end,
        text[span.start : span.end],
        text[max(0, span.start - _AROUND) : span.start],
        text[span.end : span.end + _AROUND],
        span.rule,
        span.score,
    )


def _ignored(gold: Sequence[Span], matcher: Matcher) -> int:
    return sum(not matcher.counts(span) for span in gold)
