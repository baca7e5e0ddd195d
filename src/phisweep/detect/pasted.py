"""
Tables that stand in texts: rows of cells under the names of their columns.

"Pt | Rm | By" over "Okafor, L | 12b | jb" says of each cell what it is, as a column of a file does.
Cells stand between bars or tabs, or begin where the names of their columns do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from phisweep.detect.compiled import Compiled
from phisweep.detect.fields import Fields, found_by
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset

_FEWEST = 3  # columns, and lines: the names and two rows
_LONGEST = 40  # code points of a column's name
_MOST = 40  # columns
_BROKEN = 2  # lines in a row that do not fit before a table is over
_SEGMENT = re.compile(r"\s*[A-Z][A-Z0-9]{2}\|")  # of HL7, whose places have no names
_WHY = "the name over its column says so"
_RULE = re.compile(r"[\s|:+=-]*")
_SPACED = re.compile(r"[^\s](?:[^\s]| (?! ))*")  # what two blanks part from what is beside it
_DIGIT = re.compile(r"\d")
_DIGITS = 2  # of names of columns: o2, bg 2
_ALIGNED = 2  # cells of a row that begin where names do

Cell = tuple[int, int]  # half-open code points of a text, blanks left out


class Pasted:
    """Finds what stands under the names of a pasted table's columns."""

    def __init__(self, ruleset: Ruleset, compiled: Compiled | None = None) -> None:
        self._fields = Fields(ruleset, compiled, ("pasted",))

    def find(self, block: Text) -> list[Finding]:
        """Return the findings in the tables of a block of prose."""
        text = block.text
        found: list[Finding] = []
        if block.kind != "prose":
            return found
        for sign in "|\t":
            if text.count(sign) < _FEWEST * (_FEWEST - 1):
                continue
            for names, rows in _tables(text, sign):
                for row in rows:
                    found += self._in(block, zip(row, names, strict=True))
        if "  " in text:
            for aligned in _aligned(text):
                found += self._in(block, aligned)
        return found

    def _in(self, block: Text, row: Iterable[tuple[Cell, Cell]]) -> Iterator[Finding]:
        """Yield the findings of a row: its cells, each with the name of its column."""
        for (start, end), (a, b) in row:
            rule = self._fields.fitting(block.text[a:b], block.text[start:end])
            if rule is not None:
                yield found_by(rule, block.location, start, end, _WHY)


def _tables(text: str, sign: str) -> Iterator[tuple[Sequence[Cell], Sequence[Sequence[Cell]]]]:
    """Yield the names of columns and the rows of each table."""
    names: Sequence[Cell] = ()
    rows: list[Sequence[Cell]] = []
    broken = 0
    for cells in _lines(text, sign):
        if names and len(cells) == len(names):
            rows.append(cells)
            broken = 0
            continue
        broken += 1
        if names and len(cells) > 1 and broken <= _BROKEN:
            continue  # a cell with a bar inside, a remark between
        if len(rows) >= _FEWEST - 1:
            yield names, rows
        names = cells if _are_names(text, cells) else ()
        rows, broken = [], 0
    if len(rows) >= _FEWEST - 1:
        yield names, rows


def _lines(text: str, sign: str) -> Iterator[Sequence[Cell]]:
    """Yield the cells of each line, one cell for a line without the sign; rules are left out."""
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if sign in line and _RULE.fullmatch(line):
            continue
        if sign not in line or _SEGMENT.match(line) or line.count(sign) > _MOST:
            yield ((start, start),)
            continue
        yield [*_cells(text, start, start + len(line.rstrip("\r\n")), sign)]


def _cells(text: str, start: int, end: int, sign: str) -> Iterator[Cell]:
    if sign == "|":  # bars may stand outside as well
        if text[start:end].lstrip().startswith(sign):
            start = text.index(sign, start) + 1
        if text[start:end].rstrip().endswith(sign):
            end = text.rindex(sign, start, end)
    for piece in text[start:end].split(sign):
        inner = piece.strip()
        first = start + len(piece) - len(piece.lstrip()) if inner else start
        yield first, first + len(inner)
        start += len(piece) + 1


def _aligned(text: str) -> Iterator[Sequence[tuple[Cell, Cell]]]:
    """Yield the rows of tables whose cells begin below the names of their columns."""
    names: Sequence[Cell] = ()
    top = at = 0
    rows: list[Sequence[tuple[Cell, Cell]]] = []
    for line in text.splitlines(keepends=True):
        if not names and len(_DIGIT.findall(line)) > _DIGITS:
            at += len(line)
            continue  # no names of columns, and they are what is looked for
        cells = [(at + m.start(), at + m.end()) for m in _SPACED.finditer(line)]
        below = {start - top: (start, end) for start, end in names}
        row = [(cell, below[cell[0] - at]) for cell in cells if cell[0] - at in below]
        if names and len(row) >= _ALIGNED:
            rows.append(row)
        elif names and line.strip() and rows and len(cells) < _FEWEST:
            pass  # a remark between the rows
        else:
            if len(rows) >= _FEWEST - 1:
                yield from rows
            names, top, rows = (cells if _are_names(text, cells) else ()), at, []
        at += len(line)
    if len(rows) >= _FEWEST - 1:
        yield from rows


def _are_names(text: str, cells: Sequence[Cell]) -> bool:
    """Say whether cells may be the names of columns: short, and mostly words."""
    if len(cells) < _FEWEST or any(end - start > _LONGEST for start, end in cells):
        return False
    words = [text[start:end] for start, end in cells if start < end]
    digits = sum(len(_DIGIT.findall(word)) for word in words)
    return 2 * len(words) > len(cells) and digits <= _DIGITS
