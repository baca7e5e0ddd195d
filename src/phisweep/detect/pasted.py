"""
Tables that stand in texts: rows of cells between bars or tabs, under the names of their columns.

"Pt | Rm | By" over "Okafor, L | 12b | jb" says of each cell what it is, as a column of a file does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from phisweep.detect.compiled import Compiled
from phisweep.detect.fields import Fields
from phisweep.detect.rules import FieldRule
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset

_FEWEST = 3  # columns, and lines: the names and two rows
_LONGEST = 40  # code points of a column's name
_MOST = 40  # columns
_BROKEN = 2  # lines in a row that do not fit before a table is over
_SEGMENT = re.compile(r"\s*[A-Z][A-Z0-9]{2}\|")  # of HL7, whose places have no names
_RULE = re.compile(r"[\s|:+=-]*")

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
                labels = [text[a:b] for a, b in names]
                for row in rows:
                    for (start, end), label in zip(row, labels, strict=True):
                        rule = self._fields.fitting(label, text[start:end])
                        if rule is not None:
                            found.append(_finding(block, start, end, rule))
        return found


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
    if text[start:end].lstrip().startswith(sign) and sign == "|":
        start = text.index(sign, start) + 1
    if text[start:end].rstrip().endswith(sign) and sign == "|":
        end = text.rindex(sign, start, end)
    for piece in text[start:end].split(sign):
        inner = piece.strip()
        first = start + len(piece) - len(piece.lstrip()) if inner else start
        yield first, first + len(inner)
        start += len(piece) + 1


def _are_names(text: str, cells: Sequence[Cell]) -> bool:
    """Say whether cells may be the names of columns: short, and mostly words."""
    if len(cells) < _FEWEST or any(end - start > _LONGEST for start, end in cells):
        return False
    words = [text[start:end] for start, end in cells if start < end]
    plain = sum(not any(map(str.isdigit, word)) for word in words)
    return 2 * len(words) > len(cells) and plain == len(words)


def _finding(block: Text, start: int, end: int, rule: FieldRule) -> Finding:
    why = f"field {rule.id}: the name over its column says so"
    return Finding(
        block.location,
        start,
        end,
        rule.identifier,
        rule.id,
        rule.entry.confidence,
        rule.severity,
        (why,),
    )
