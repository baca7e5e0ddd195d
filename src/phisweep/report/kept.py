"""What a copy kept, as words and charts: all of it from counts that may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.model import Shown
from phisweep.pages.charts import Histogram, Row
from phisweep.report import words
from phisweep.report.cells import MOST, code, table, text
from phisweep.report.inventory import FEW
from phisweep.report.parts import (
    BandRecord,
    ColumnKeptRecord,
    FileRecord,
    IntervalRecord,
    IntervalSideRecord,
    SpreadRecord,
)
from phisweep.report.record import RunRecord

_FLOOR = 11
_CHART = 40  # rows that a chart before and after takes the room of
_TABLE = 26  # rows of a table of numbers
_CLOSE = 0.05  # two estimates that differ by less tell no difference
_UNDER, _OVER = 0.5, 99.5  # per cent
_ONLY_YEARS = "only years are left"
_NOTHING = "nothing is left of one of the dates"
_KINDS = {"age": "Ages", "year": "Years of dates"}


def shown(count: Shown) -> str:
    """`2406` -> `2,406`; a word stays."""
    return count if isinstance(count, str) else number(count)


def share(column: ColumnKeptRecord) -> str:
    """Return the share of rows that were changed: `100%`, `91 to 99%`, `under 1%`."""
    low, high = (100 * n / column.rows for n in limits(column)[2])
    one, other = _percent(low), _percent(high)
    if one == other:
        return one if low == high or not one[0].isdecimal() else f"about {one}"
    return f"{low:.0f} to {high:.0f}%"


def _percent(share_: float) -> str:
    if 0 < share_ < _UNDER:
        return "under 1%"
    return "over 99%" if _OVER <= share_ < 100 else f"{share_:.0f}%"  # noqa: PLR2004 - all


def limits(column: ColumnKeptRecord) -> list[tuple[int, int]]:
    """Return the least and the most that empty, unchanged and changed cells can be."""
    cells = (column.empty, column.unchanged, column.changed)
    wide = [_limits(cell, column.rows) for cell in cells]
    low, high = (sum(limit[side] for limit in wide) for side in (0, 1))
    return [
        (max(least, column.rows - (high - most)), min(most, column.rows - (low - least)))
        for least, most in wide
    ]


def _limits(count: Shown, rows: int) -> tuple[int, int]:
    if isinstance(count, int):
        return count, count
    return {"<11": (1, _FLOOR - 1), "11+": (_FLOOR, rows)}.get(count, (0, rows))


def parts(column: ColumnKeptRecord) -> tuple[float, float]:
    """Return where the changed and the unchanged part of a bar of 100 end."""
    _, unchanged, changed = ((low + high) / 2 for low, high in limits(column))
    first = 100 * changed / column.rows
    return round(first, 1), round(min(first + 100 * unchanged / column.rows, 100.0), 1)


def distinct(column: ColumnKeptRecord) -> str:
    """Say what became of the number of distinct values."""
    before, after = column.distinct_before, column.distinct_after
    if column.changed == 0:
        return "as they were"
    near = column.estimated and abs(before - after) <= _CLOSE * max(before, after)
    if before == after or near:
        return "about as many" if column.estimated else "still told apart"
    if not after:
        return "none left"
    return "some now alike" if after < before else "more"


def about(count: int, column: ColumnKeptRecord) -> str:
    """Return a count of distinct values, and that it is an estimate where it may be one."""
    return f"about {number(count)}" if column.estimated else number(count)


def title(spread: SpreadRecord) -> str:
    """Return what a spread counts: `Years of dates`."""
    return _KINDS[spread.kind]


def charts(spread: SpreadRecord) -> Iterator[tuple[str, Histogram]]:
    """Yield before and after with their charts, on one scale; one chart where they are the same."""
    sides = {"before": [b.before for b in spread.bands], "after": [b.after for b in spread.bands]}
    if sides["before"] == sides["after"]:
        sides = {"before and after": sides["before"]}
    most = max((n for side in sides.values() for n in side if isinstance(n, int)), default=0)
    labels = [band.label for band in spread.bands]
    for when, counts in sides.items():
        rows = tuple(
            Row(label, count if isinstance(count, int) else 0, shown(count), isinstance(count, int))
            for label, count in zip(labels, counts, strict=True)
        )
        hollow = "" if all(row.exact for row in rows) else "; hollow: the count is not shown"
        title_ = f"{legible(spread.place)}, {when}"
        yield when + hollow, Histogram(title_, _described(labels, counts), rows, top=most)


def _described(labels: Sequence[str], counts: Sequence[Shown]) -> str:
    told = [(count, label) for label, count in zip(labels, counts, strict=True)]
    known = [(count, label) for count, label in told if isinstance(count, int) and count]
    hidden = sum(1 for count, _ in told if isinstance(count, str))
    if not known:
        return f"{hidden} bands, of none of which the count is shown."
    most, label = max(known, key=lambda entry: entry[0])
    also = f"; of {hidden} more the count is not shown" if hidden else ""
    return f"{len(known)} bands with a count{also}. Most in {label}: {number(most)}."


def tables(spread: SpreadRecord) -> list[Sequence[BandRecord]]:
    """Return the bands of a spread in as many tables as stand well beside each other."""
    bands = spread.bands
    pieces = -(-len(bands) // _TABLE)
    size = -(-len(bands) // pieces)
    return [bands[i : i + size] for i in range(0, len(bands), size)]


def left(interval: IntervalRecord) -> str:
    """Say why the time between two dates cannot be computed after; empty where it can."""
    after = {side.unit for side in interval.sides if side.when == "after" and side.rows}
    if "days" in after:
        return ""
    return _ONLY_YEARS if "years" in after else _NOTHING


def quantile(value: int | None) -> str:
    """Return a quantile, with a minus sign of its own; `-` where it is not shown."""
    if value is None:
        return "-"
    return number(value) if value >= 0 else f"\u2212{number(-value)}"


def sides(interval: IntervalRecord) -> Iterator[tuple[str, IntervalSideRecord]]:
    """Yield the sides of an interval with their names."""
    for side in interval.sides:
        yield f"{side.when}, in {side.unit}", side


def chosen(record: RunRecord) -> list[FileRecord]:
    """Return the files with figures of what was kept, as long as a page has room for them."""
    room = MOST
    out: list[FileRecord] = []
    for file in record.files:
        if file.kept:
            room -= len(file.kept.columns) + _CHART * len(file.kept.spreads)
            if (room < 0 and out) or len(out) == FEW:
                break
            out.append(file)
    return out


def lines(record: RunRecord) -> Iterator[str]:
    """Yield the section as Markdown, nothing where nothing was compared."""
    files = [(file.path, file.kept) for file in chosen(record) if file.kept]
    if not files:
        return
    yield from ("## What was kept", "", words.KEPT, "", text(words.FLOOR), "")
    more = sum(1 for file in record.files if file.kept) - len(files)
    if more:
        told = plural(len(files), "file")
        yield from (words.NOT_TOLD.format(told=told, more=number(more)), "")
    columns = [
        (
            code(path),
            text(column.place),
            number(column.rows),
            *(text(shown(n)) for n in (column.empty, column.unchanged, column.changed)),
            share(column),
            about(column.distinct_before, column),
            about(column.distinct_after, column),
        )
        for path, told in files
        for column in told.columns
    ]
    header = (
        *("File", "Column", "Rows", "Empty", "As it was", "Changed", "Share changed"),
        *("Distinct before", "Distinct after"),
    )
    yield from table(header, columns) if columns else ()
    bands = [
        (code(path), text(spread.place), band.label, *(text(shown(n)) for n in both))
        for path, told in files
        for spread in told.spreads
        for band in spread.bands
        if any(both := (band.before, band.after))
    ]
    yield from table(("File", "Column", "Age or year", "Before", "After"), bands) if bands else ()
    intervals = [
        (
            code(path),
            text(f"{interval.first}, {interval.second}"),
            name,
            text(shown(side.rows)),
            *(quantile(value) for value in side.quantiles),
        )
        for path, told in files
        for interval in told.intervals
        for name, side in sides(interval)
    ]
    header = ("File", "Time between", "When", "Rows", "5%", "25%", "Half", "75%", "95%")
    yield from table(header, intervals) if intervals else ()
    prose = [
        (code(path), number(told.words), number(told.untouched))
        for path, told in files
        if told.words
    ]
    yield from table(("File", "Words of text", "As they were"), prose) if prose else ()
