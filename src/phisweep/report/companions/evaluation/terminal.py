"""An evaluation on a terminal, 80 columns and more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from phisweep.figures import number, plural
from phisweep.report.companions.evaluation import view
from phisweep.report.companions.evaluation.record import Record, ToolRecord
from phisweep.report.text import Style

_LISTED = 20  # columns, or rules, of a list
_NAME = 15
_FACT = 18
_WIDTHS = (_NAME, 6, 7, 14, 8, 7, 8, 7, 7)


def render(record: Record, style: Style) -> Iterator[str]:
    """Yield the lines, without the line feed."""
    yield style.paint(style.clean(record.corpus), "bold") + f": {view.corpus(record)}"
    for tool in record.tools:
        yield ""
        yield from _tool(record, tool, style)
    if len(record.tools) > 1:
        yield ""
        yield from _compared(record, style)
    yield ""
    for note in (view.READING, *view.notes(record), view.NOT_PROOF):
        yield from wrap(style.clean(note), min(style.width, 100))


def _tool(record: Record, tool: ToolRecord, style: Style) -> Iterator[str]:
    yield style.paint(style.clean(tool.name), "bold")
    yield from wrap(
        style.clean(view.about(tool)), style.width, initial_indent="  ", subsequent_indent="  "
    )
    yield ""
    yield style.paint(_line(view.HEAD), "dim")
    for line in view.lines(tool):
        text = _line(line.cells)
        yield style.paint(text, "bold") if line.total else text
    if missing := view.without_gold(tool):
        yield from wrap(f"no gold: {missing}", style.width, subsequent_indent="  ")
    yield ""
    unit = "columns" if record.unit == "cell" else "documents"
    recall = tool.estimates["covered recall"]
    facts = [
        (f"leaked {unit}", view.leaks(record, tool)),
        ("false finds", view.false(record, tool)),
        ("found, by draws", f"{view.drawn('covered recall', recall)} %"),
    ]
    if columns := view.whole_columns(tool):
        facts.insert(0, ("columns", columns))
    if tool.calibration.error is not None:
        scored = sum(each.predictions for each in tool.calibration.bins)
        off = f"scores are {100 * tool.calibration.error:.1f} % off on average"
        facts.append(("calibration", f"{off} ({plural(scored, 'prediction')})"))
    if tool.rules:
        told = ", ".join(f"{rule} {n}" for rule, n in list(tool.rules.items())[:3])
        facts.append(("most false", style.clean(told)))
    for name, told in facts:
        yield from wrap(f"{name:<{_FACT}}{told}", style.width, subsequent_indent=" " * (_FACT))
    yield from _columns(tool, style)


def _columns(tool: ToolRecord, style: Style) -> Iterator[str]:
    """Yield what there is to say of columns that are not as they should be."""
    if not tool.columns:
        return
    wrong = view.notable(tool)
    yield ""
    right = len(tool.columns) - len(wrong)
    yield f"{number(right)} of {plural(len(tool.columns), 'column')} as they should be"
    for column in wrong[:_LISTED]:
        place = style.clean(f"{column.file}: {column.place}")
        yield f"  {place}: {column.name}, {view.state(column)} of {number(column.cells)}"
    if len(wrong) > _LISTED:
        yield f"  ... and {number(len(wrong) - _LISTED)} more"


def _compared(record: Record, style: Style) -> Iterator[str]:
    """Yield the tools side by side; below each other where the screen is narrow."""
    yield style.paint("side by side", "bold") + " (per cent, but for false finds)"
    first, *others = record.tools
    for tool in others:
        yield ""
        names = [style.clean(name)[:20] for name in (first.name, tool.name)]
        yield style.paint(f"{'':<29}{names[0]:>12}{names[1]:>12}  difference (95% bounds)", "dim")
        for measure, name in view.measures(record).items():
            values = [_value(measure, t) for t in (first, tool)]
            (apart,) = (
                d for d in record.differences if (d.tool, d.measure) == (tool.name, measure)
            )
            told = view.drawn(measure, apart)
            sure = " *" if view.surely_apart(apart) else ""
            yield f"{name:<29}{values[0]:>12}{values[1]:>12}  {told}{sure}"
    yield "* the bounds lie on one side of zero"


def _value(measure: str, tool: ToolRecord) -> str:
    estimate = tool.estimates[measure]
    bare = estimate.model_copy(update={"low": None, "high": None})
    return view.drawn(measure, bare)


def _line(cells: Sequence[str]) -> str:
    """Return a line of the table, 78 columns wide."""
    return "".join(
        f"{cell:{align}{width}}"
        for cell, align, width in zip(cells, "<" + ">" * 8, _WIDTHS, strict=True)
    ).rstrip()
