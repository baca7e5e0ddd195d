"""One result per file, place and rule, with its count: what a CI system is told of a scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.figures import plural
from phisweep.legible import legible
from phisweep.model import Severity
from phisweep.report.inventory import Told, told_of
from phisweep.report.record import RunRecord


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule found in one place of a file; `line` and `col` are of the first, if known."""

    path: str
    place: str
    identifier: str
    letter: str
    rule: str
    severity: Severity
    count: int
    score: float
    line: int | None
    col: int | None

    @property
    def message(self) -> str:
        """Say it in one line: `108 findings of ssn (G) in column 4, by the rule ssn/dashed.`."""
        found = plural(self.count, "finding")
        return legible(
            f"{found} of {self.identifier} ({self.letter}) in {self.place}, by the rule {self.rule}."
        )


def results_of(record: RunRecord) -> Iterator[Result]:
    """Yield the results in the order of the inventory; outcomes of one rule are summed."""
    for file in record.files:
        groups: dict[tuple[str, str, str], list[Told]] = {}
        for tally in told_of(file, record.places):
            groups.setdefault((tally.place, tally.rule, tally.severity), []).append(tally)
        for group in groups.values():
            first = group[0]
            yield Result(
                path=file.path,
                place=first.place,
                identifier=first.identifier,
                letter=first.letter,
                rule=first.rule,
                severity=first.severity,
                count=sum(tally.count for tally in group),
                score=min(tally.min_score for tally in group),
                line=first.line,
                col=first.col,
            )
