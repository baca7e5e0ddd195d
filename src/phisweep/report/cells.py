"""Values as Markdown: plain text, code spans and tables, in which no mark is by chance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from phisweep.figures import number
from phisweep.legible import legible

Cell = str | int | float | None
#: Rows of a table, at most: run.json holds all.
MOST = 20_000
#: What Markdown could take for a mark; an underscore inside a word is none.
_SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def text(value: Cell) -> str:
    """Return a value as one line that Markdown takes for plain text."""
    if isinstance(value, int):
        return number(value)
    return _SPECIAL.sub(r"\\\1", legible("" if value is None else str(value)))


def code(value: str) -> str:
    """Return a name or digest in a code span; as plain text where it holds a mark of its own."""
    shown = legible(value)
    return f"`{shown}`" if shown and "`" not in shown and "|" not in shown else text(value)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of cells that are Markdown already, or that there is nothing to show."""
    rows = iter(rows)
    lines = ["| " + " | ".join(row) + " |" for row in islice(rows, MOST)]
    if not lines:
        yield from ("None.", "")
        return
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    yield from lines
    yield ""
    more = sum(1 for _ in rows)
    if more:
        yield from (
            f"These are the first {number(MOST)} of {number(MOST + more)}; run.json holds all.",
            "",
        )
