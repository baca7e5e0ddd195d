"""
Column gold: what each column of some tables is, or that it is none; every cell is then gold.

    file,column,identifier                 {"patients.csv": {"ssn": "SSN", "arm": null}}
    patients.csv,ssn,SSN
    patients.csv,arm,none

A part of a workbook or an archive is `book.xlsx!Sheet1`. Columns that are not named are left out;
`ignore` says that a column cannot be decided. Ages under 90 and bare years are ignored cell by cell.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from phisweep.detect.shapes import says_nothing
from phisweep.evaluate import faults
from phisweep.evaluate.gold.lines import head, lines, whole
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.texts import Reading, blocks
from phisweep.evaluate.values import Span
from phisweep.formats.base import cell_address
from phisweep.legible import legible
from phisweep.model import Column, Text
from phisweep.places import column_place

_NONE = frozenset({"", "none", "null", "no", "-"})
_FILES, _COLUMNS = ("file", "path", "table"), ("column", "field", "name")
_IDENTIFIERS = ("identifier", "class", "label")
_FOLLOWS = "Columns are file, column, identifier; JSON is {file: {column: identifier or null}}."
#: By file (of a part: file!part), by column, the label; "" is none.
ColumnGold = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A cell that holds something, of a column that the gold names.

    `column` is its column's number in the file, `place` what that is called, `gold` empty for a
    column that is no identifier.
    """

    column: int
    place: str
    kind: str
    where: str
    value: str = field(repr=False)
    gold: tuple[Span, ...]


def looks_so(path: Path, encoding: str = "") -> bool:
    """Say whether a file is column gold."""
    if path.is_dir():
        return False
    start = head(path, encoding)
    if start.startswith("{"):
        try:
            return _is_map(json.loads(whole(path, path.name, encoding)))
        except (ValueError, RecursionError):
            return False
    return _header(start.partition("\n")[0]) is not None


def read(path: Path, encoding: str = "") -> ColumnGold:
    """Read column gold. Raises UsageError E176."""
    name = legible(path.name)
    out: dict[str, dict[str, str]] = {}
    if head(path, encoding).startswith("{"):
        for file, columns in json.loads(whole(path, path.name, encoding)).items():
            out[file] = {column: _label(told) for column, told in columns.items()}
        return out
    rows = csv.reader(line + "\n" for _, line in lines(path, path.name, encoding))
    indices = _header(",".join(next(rows)))
    assert indices is not None  # noqa: S101 - looks_so saw it
    try:
        for row in rows:
            if not any(row):
                continue
            if len(row) <= max(indices):
                raise faults.unreadable(
                    f"{name}: line {rows.line_num:,}", "a field is missing", _FOLLOWS
                )
            file, column, label = (row[i] for i in indices)
            columns = out.setdefault(file.strip(), {})
            if column in columns:
                raise faults.unreadable(
                    f"{name}: line {rows.line_num:,}", "the column stands twice", _FOLLOWS
                )
            columns[column] = _label(label)
    except csv.Error:
        raise faults.unreadable(
            f"{name}: line {rows.line_num:,}", "it is no CSV", _FOLLOWS
        ) from None
    return out


def cells(
    path: Path, name: str, gold: ColumnGold, labels: Labels, reading: Reading
) -> Iterator[Cell]:
    """
    Yield the cells of a file that hold something, of the columns that the gold names.

    Raises UsageError E177 for a column that is not there, DocumentError where the file cannot be
    read.
    """
    wanted = {
        (file, column) for file in gold for column in gold[file] if file_part(file)[0] == name
    }
    met: set[tuple[str, str]] = set()
    numbers: dict[tuple[int, int], int] = {}
    for each in blocks(path, name, reading):
        block = each.block
        key = f"{name}!{each.name}" if f"{name}!{each.name}" in gold else name
        columns = gold.get(key, {})
        if isinstance(block, Column) and (column := _named(block, columns)) is not None:
            met.add((key, column))
            number = numbers.setdefault((each.part, block.index), len(numbers))
            hidden = bool(reading.find(Text(block.location, block.label, kind="key")))
            place = each.prefix + column_place(block, hidden=hidden)
            yield from _cells(block, number, each.prefix, _Golds(columns[column], place, labels))
    if missing := wanted - met:
        raise faults.misplaced(
            legible(name), f"{len(missing):,} columns of the gold are not in it", "See their names."
        )


def file_part(name: str) -> tuple[str, str]:
    """`book.xlsx!Sheet1` -> `book.xlsx`, `Sheet1`."""
    file, _, part = name.partition("!")
    return file, part


def files(gold: ColumnGold) -> list[str]:
    """Return the files of a gold, in its order."""
    return list(dict.fromkeys(file_part(name)[0] for name in gold))


def file_of(root: Path, name: str) -> Path:
    """Return the path of a file of the gold. Raises UsageError E176."""
    path = root / name
    if not path.is_file():
        raise faults.unreadable(
            legible(name), "there is no such file", "Say by --data in which folder the files lie."
        )
    return path


@dataclass(slots=True)
class _Golds:
    """What is gold in the values of a column, each looked at once; None in one that says nothing."""

    label: str
    place: str
    labels: Labels
    kind: str = field(init=False)
    known: dict[int, tuple[Span, ...] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kind = self.labels.gold(self.label, "", self.place) if self.label else ""

    def of(self, index: int, value: str) -> tuple[Span, ...] | None:
        if index not in self.known:
            self.known[index] = None if says_nothing(value.strip()) else self._spans(value)
        return self.known[index]

    def _spans(self, value: str) -> tuple[Span, ...]:
        if not self.label:
            return ()
        stripped = value.strip()
        start = len(value) - len(value.lstrip())
        kind = self.labels.gold(self.label, stripped, self.place, "values")
        return (Span(((start, start + len(stripped)),), kind),)


def _cells(block: Column, number: int, prefix: str, golds: _Golds) -> Iterator[Cell]:
    """Yield the cells of a chunk of a column, with their addresses as a search tells them."""
    values = block.values.dictionary.to_pylist()
    for row, index in enumerate(block.values.indices.to_pylist()):
        gold = None if index is None else golds.of(index, values[index])
        if gold is not None:
            line = None if block.lines is None else int(block.lines[row])
            where = prefix + cell_address(block, row, line)
            yield Cell(number, golds.place, golds.kind, where, values[index], gold)


def _named(block: Column, columns: Mapping[str, str]) -> str | None:
    """Return the name under which the gold has a column."""
    label = block.label.strip()
    if label in columns:
        return label
    folded = {name.strip().casefold(): name for name in columns}
    return folded.get(label.casefold())


def _label(told: object) -> str:
    if told is None or (isinstance(told, str) and told.strip().casefold() in _NONE):
        return ""
    return str(told).strip()


def _is_map(data: object) -> bool:
    return (
        isinstance(data, dict)
        and bool(data)
        and all(
            isinstance(columns, dict)
            and all(isinstance(v, str) or v is None for v in columns.values())
            for columns in data.values()
        )
    )


def _header(line: str) -> tuple[int, int, int] | None:
    """Return where file, column and identifier stand in a header."""
    names = [name.strip().strip('"').casefold() for name in line.rstrip("\r").split(",")]
    found = [
        next((names.index(each) for each in choices if each in names), None)
        for choices in (_FILES, _COLUMNS, _IDENTIFIERS)
    ]
    file, column, label = found
    if file is None or column is None or label is None:
        return None
    return file, column, label
