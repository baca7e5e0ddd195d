"""
A measured recall: what a tool found in a corpus whose identifiers are known.

`record` is its model, `view` its words; `terminal` shows it there, `page` by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from phisweep import pages
from phisweep.report.cells import table, text
from phisweep.report.companions.evaluation import charted, view
from phisweep.report.companions.evaluation.record import Record, ToolRecord

__all__ = ["TITLE", "Record", "markdown", "page", "section"]

TITLE = "Measured recall"
_FOLDER = Path(__file__).parents[2] / "templates" / "evaluation"


def section(record: Record) -> Markup:
    """Return the section of a report, without its heading."""
    return Markup(_rendered("section.html.j2", record))  # noqa: S704 - escaped by its template


def page(record: Record) -> str:
    """Return a page of its own."""
    return _rendered("evaluation.html.j2", record)


def _rendered(template: str, record: Record) -> str:
    context = {"r": record, "view": view, "charted": charted}
    return pages.render(_FOLDER, template, context)


def markdown(record: Record) -> Iterator[str]:
    """Yield the lines of the section in Markdown."""
    yield from (f"{text(record.corpus)}: {text(view.corpus(record))}.", "")
    for tool in record.tools:
        yield from _tool(record, tool)
    if len(record.tools) > 1:
        yield from ("### Side by side", "", "Per cent, but for false finds.", "")
        yield from table(_compared_head(record), _texts(view.compared(record)))
    for note in (view.READING, *view.notes(record), view.NOT_PROOF):
        yield from (text(note), "")


def _tool(record: Record, tool: ToolRecord) -> Iterator[str]:
    yield from (f"### {text(tool.name)}", "", f"{text(view.about(tool))}.", "")
    yield from table(view.HEAD, _texts(line.cells for line in view.lines(tool)))
    if missing := view.without_gold(tool):
        yield from (f"No gold: {missing}.", "")
    unit = "columns" if record.unit == "cell" else "documents"
    yield from (
        f"- Leaked {unit}: {text(view.leaks(record, tool))}",
        f"- False finds: {text(view.false(record, tool))}",
    )
    if columns := view.whole_columns(tool):
        yield f"- Columns: {text(columns)}"
    for measure, name in view.measures(record).items():
        if measure not in view.COUNTED:
            told = view.drawn(measure, tool.estimates[measure])
            yield f"- {name[:1].upper()}{name[1:]}, by {unit}: {told} %"
    if tool.calibration.error is not None:
        yield f"- Expected calibration error: {tool.calibration.error:.3f}"
    yield ""
    if tool.columns:
        rows = (
            (text(f"{c.file}: {c.place}"), text(c.name), text(c.cells), text(view.state(c)))
            for c in tool.columns
        )
        yield from table(("Column", "Gold", "Cells", "Outcome"), rows)


def _compared_head(record: Record) -> list[str]:
    first, *others = (text(tool.name) for tool in record.tools)
    return ["", first, *others, *(f"{name}, difference" for name in others)]


def _texts(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    return ([text(cell) for cell in row] for row in rows)
