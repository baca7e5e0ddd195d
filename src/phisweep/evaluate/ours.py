"""What phisweep itself finds, asked like any other tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from phisweep.errors import PhisweepError
from phisweep.evaluate import columns, faults
from phisweep.evaluate.keeping import prediction_line
from phisweep.evaluate.searched import Found, Places
from phisweep.evaluate.values import Document, Span, class_of
from phisweep.legible import legible
from phisweep.model import Finding, Location, Outcome, Text
from phisweep.records import records_of


@dataclass(slots=True)
class Ours:
    """
    Findings of one engine: `find` searches a text, `search` a file.

    `root` is where the files of tables lie, `about` what makes the measurement repeatable; `save`
    hears of the predictions for each text.
    """

    find: Callable[[Text], Sequence[Finding]]
    search: Callable[[Path], Outcome]
    root: Path = field(repr=False)
    about: Mapping[str, str]
    save: Callable[[str], None] | None = None
    unanswered: int = 0

    def of(self, document: Document) -> Sequence[Span]:
        """Return the findings in a document. Raises DetectionError."""
        block = Text(Location("text", "text"), document.text, line=1, col=1)
        try:
            found = self.find(block)
        except PhisweepError as error:
            raise error.at(faults.of(document.file, document.number, document.id)) from None
        spans = [
            Span(((each.start, each.end),), class_of(each.identifier), each.score, each.rule)
            for each in found
        ]
        if self.save:
            self.save(prediction_line(document, spans))
        return spans

    def in_file(self, name: str) -> Places:
        """Return the findings in a file, by address. Raises UsageError (E176)."""
        outcome = self.search(columns.file_of(self.root, name))
        if outcome.error or outcome.status in {"incomplete", "skipped"}:
            told = outcome.error or outcome.reason
            raise faults.unreadable(legible(name), f"it was not searched whole: {told}")
        found = Found()
        for each in records_of(outcome):
            kind = class_of(each.identifier)
            found.add(each.where, Span(((each.start, each.end),), kind, each.score, each.rule))
        return found.places

    def check_used(self) -> None:
        """Whatever was asked about was searched."""
