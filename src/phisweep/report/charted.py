"""The charts of a report: findings by letter, by file, by score, and of columns by letter."""

from __future__ import annotations

from collections import Counter

from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.model import LETTERS
from phisweep.pages.charts import Bars, Heat, Histogram, Row, described
from phisweep.records import BINS
from phisweep.report.inventory import is_many, told_of
from phisweep.report.record import RunRecord

_FILES = 20  # that have a bar of their own
_PLACES = 60  # that have a row in the heat map


def by_letter(record: RunRecord) -> Bars:
    """Return a bar for each of (A) to (R), with the state of those that have no finding."""
    rows = tuple(
        Row(
            f"({entry.letter}) {', '.join(entry.identifiers).replace('_', ' ')}",
            entry.count,
            number(entry.count) if entry.count else entry.state,
        )
        for entry in record.letters
    )
    return Bars("Findings by letter", described(rows, several="letters"), rows, "Findings")


def by_file(record: RunRecord) -> Bars | None:
    """Return a bar for each of the files with most findings, and one for the rest; None for one."""
    found = sorted(
        (file for file in record.files if file.findings), key=lambda f: (-f.findings, f.path)
    )
    if len(found) < 2:  # noqa: PLR2004 - one bar compares with nothing
        return None
    rows = [Row(legible(file.path), file.findings) for file in found[:_FILES]]
    rest = found[_FILES:]
    if rest:
        sum_ = sum(file.findings for file in rest)
        rows.append(Row(f"the other {number(len(rest))} with findings", sum_))
    said = f"{plural(len(found), 'file')} with findings, of {number(len(record.files))}."
    return Bars("Findings by file", said, tuple(rows), "Findings")


def scores(record: RunRecord) -> Histogram | None:
    """Return how the scores of the findings are spread; None where none is known."""
    bins: Counter[str] = Counter()
    for rule in record.rules:
        bins.update(rule.scores)
    if not bins.total():
        return None
    names = [f"{i / BINS:.2f}" for i in range(BINS)]
    least = names.index(min(name for name in bins if bins[name]))
    rows = tuple(Row(name, bins[name]) for name in names[least:])
    known = bins.total()
    said = f"{plural(known, 'finding')}, in bins of 0.05, each named by its lower end."
    if known < record.totals.findings:
        said += f" Of {number(record.totals.findings - known)} more the score was not counted."
    return Histogram("Findings by score", said, rows, "Score from")


def heat(record: RunRecord) -> Heat | None:
    """
    Return the columns and places with most findings, by letter; None without findings.

    Where many files have findings a place stands for itself, whatever the file.
    """
    cells: dict[tuple[str, str], Counter[str]] = {}
    if is_many(record.files):
        for place in record.places:
            cells.setdefault(("", place.place), Counter())[place.letter] += place.count
    else:
        for file in record.files:
            for told in told_of(file, record.places):
                cells.setdefault((file.path, told.place), Counter())[told.letter] += told.count
    if not cells:
        return None
    most = sorted(cells, key=lambda key: (-cells[key].total(), key))[:_PLACES]
    order = {file.path: i for i, file in enumerate(record.files)}
    first = {key: i for i, key in enumerate(cells)}
    most.sort(key=lambda key: (order.get(key[0], 0), first[key]))
    letters = tuple(x for x in LETTERS if any(cells[key][x] for key in most))
    several = len(cells) > len(most)
    said = (
        f"The {number(len(most))} of {number(len(cells))} columns and places with most findings."
        if several
        else f"All {plural(len(cells), 'column or place', 'columns and places')} with findings."
    )
    return Heat(
        "Columns and places by letter",
        said,
        tuple(f"({letter})" for letter in letters),
        tuple(
            (f"{path}: {place}" if path else place, tuple(cells[path, place][x] for x in letters))
            for path, place in most
        ),
    )
