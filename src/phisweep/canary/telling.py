"""The measurement as text for a terminal, and as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from phisweep import pages
from phisweep.canary.counting import Counted
from phisweep.canary.model import PLACES
from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.report.companions import canary as companion
from phisweep.report.companions.canary import Rate, Record

_FOLDER = Path(__file__).parent / "templates"
_FIGURE = 8
_UNREAD = 5  # files that are told
_MISSES = 12  # kinds that are told


def text(record: Record, width: int) -> Iterator[str]:
    """Yield the lines of a terminal of so many columns, without their ends."""
    width = max(72, min(width, 120))
    names = [
        *(f"({e.letter}) {', '.join(e.identifiers).replace('_', ' ')}" for e in record.letters)
    ]
    wide = width - 5 * _FIGURE - 9
    yield _head("by letter", wide)
    for name, entry in zip(names, record.letters, strict=True):
        if entry.rate.planted:
            yield _row(name, entry.rate, wide)
        else:
            said = "cannot be planted" if entry.state == "not plantable" else "no place left"
            yield f"{name:<{wide}}{said:>{5 * _FIGURE + 8}}"
    yield _row("all letters", record.total, wide)
    for title, groups in companion.tables(record)[:4]:
        if len(groups) > 1:
            yield ""
            yield _head(f"by {title}", wide)
            for group in groups:
                yield _row(group.name, group.rate, wide)
    yield from _missed(record, width)
    yield ""
    yield from textwrap.wrap(f"phisweep: {companion.words(record)}", width)
    planted = f"{number(record.planted_files)} of {plural(record.files, 'file')} planted"
    planted += f" in {plural(record.rounds, 'round')}" if record.rounds > 1 else ""
    model = f", model {record.model}" if record.model else ""
    yield from textwrap.wrap(
        f"{planted}; seed {record.seed}, engine {record.engine}{model}, policy"
        f" {legible(record.policy)}, rules {record.ruleset_version}.",
        width,
    )
    if record.occurring or record.unwritten:
        yield (
            f"not counted: {number(record.occurring)} stood in the data already,"
            f" {number(record.unwritten)} were not kept by the format"
        )
    yield from textwrap.wrap(companion.short_of(record), width)
    for each in record.unread[:_UNREAD]:
        yield from textwrap.wrap(f"not counted: {legible(each)}", width, subsequent_indent="  ")
    if left := record.unread[_UNREAD:]:
        yield f"not counted: {plural(len(left), 'more file')}; --format md tells all"
    for caveat in record.caveats:
        yield from textwrap.wrap(f"note: {caveat}", width, subsequent_indent="      ")


def revealed(counted: Sequence[Counted]) -> Iterator[str]:
    """Yield what was missed as it was planted: invented words alone, none of the data around them."""
    for each in counted:
        c = each.canary
        if each.fate in {"partly", "missed"}:
            yield f"{each.fate:<7} ({c.letter}) {PLACES[c.place]}: {legible(c.snippet)}"


def page(record: Record) -> str:
    """Return the measurement as a page of its own."""
    context = {
        "record": record,
        "title": companion.TITLE,
        "words": companion.words(record),
        "section": companion.section(record),
    }
    return pages.render(_FOLDER, "canary_page.html.j2", context)


def markdown(record: Record) -> Iterator[str]:
    """Yield the lines of a Markdown page."""
    yield f"# {companion.TITLE}"
    yield ""
    yield from companion.markdown(record)


def _missed(record: Record, width: int) -> Iterator[str]:
    if not record.missed:
        return
    yield ""
    yield "not removed whole"
    for entry in record.missed[:_MISSES]:
        yield from textwrap.wrap(
            companion.miss(entry), width, initial_indent="  ", subsequent_indent="    "
        )
    left = record.missed[_MISSES:]
    if left:
        count = sum(entry.count for entry in left)
        yield f"  and {number(count)} more, of {plural(len(left), 'kind')}; --format md tells all"


def _head(title: str, wide: int) -> str:
    names = ("planted", "found", "other", "partly", "missed")
    return f"{title:<{wide}}" + "".join(f"{name:>{_FIGURE}}" for name in names) + f"{'recall':>8}"


def _row(name: str, rate: Rate, wide: int) -> str:
    if len(name) >= wide:
        name = f"{name[: wide - 4]}..."
    counts = (rate.planted, rate.found, rate.elsewhere, rate.partly, rate.missed)
    figures = "".join(f"{number(count):>{_FIGURE}}" for count in counts)
    return f"{name:<{wide}}{figures}{companion.percent(rate.recall):>8}"
