"""The rows of INSERT and COPY: where each cell stands in the text, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from phisweep.formats.database.batch import Value
from phisweep.formats.database.lexer import Dialect, Token, pattern, token_at, unquoted
from phisweep.formats.database.literals import bytea, value_of

_NAME = r"""(?:[\w$@\#]+|"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^\]]+\])"""
_QUALIFIED = rf"{_NAME}(?:\s*\.\s*{_NAME}){{0,3}}"
_COLUMNS = rf"\(\s*(?P<columns>{_NAME}(?:\s*,\s*{_NAME})*+)\s*\)"
INSERT = re.compile(
    r"(?:INSERT|REPLACE)(?:\s+(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|INTO|OR\s+\w+)\b)*+"
    rf"\s*(?P<table>{_QUALIFIED})\s*(?:{_COLUMNS}\s*)?"
    r"(?:OVERRIDING\s+\w+\s+VALUE\s*)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
COPY = re.compile(
    rf"COPY\s+(?P<table>{_QUALIFIED})\s*(?:{_COLUMNS}\s*)?FROM\s+STDIN\b(?P<options>[^;\n]*);[^\n]*\n",
    re.IGNORECASE,
)
_LAST_NAME = re.compile(rf"{_NAME}\Z")
_EACH_NAME = re.compile(_NAME)
NEXT = re.compile(r"\s*,\s*(?=\()")
AGAIN = re.compile(r"\s*(?:;\s*)?(?:GO\b\s*)?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WRITTEN = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v", "\\": "\\"}
_QUOTES = 2
_UNSAFE = re.compile(r"[\x08\x0c\n\r\t\x0b\\]")
Cell = tuple[int, int, Value]
NULL: Cell = (-1, -1, None)


@dataclass(slots=True)
class Rows:
    """
    A stretch of text that holds rows of one table.

    `starts`, `ends` and `values` are by column, then by row; -1 where nothing is to be replaced.
    `at` are the places where rows begin, `heads` those of the INSERT that is said again and again.
    `further` are strings that stand in a cell beside its first one.
    """

    table: str = field(repr=False)
    labels: Sequence[str] = field(repr=False)
    head: str = field(default="", repr=False)
    copy: bool = False
    heads: list[int] = field(default_factory=list, repr=False)
    at: list[int] = field(default_factory=list, repr=False)
    cells: list[list[Cell]] = field(default_factory=list, repr=False)
    further: list[Token] = field(default_factory=list, repr=False)

    @property
    def width(self) -> int:
        """How many cells a row has; -1 where there is none yet."""
        return len(self.cells[0]) if self.cells else -1

    def add(self, at: int, cells: list[Cell]) -> None:
        """Add a row."""
        self.at.append(at)
        self.cells.append(cells)

    def label(self, index: int) -> str:
        """Return the name of a column, "" where the dump does not say it."""
        return self.labels[index] if len(self.labels) == self.width else ""

    def again(self) -> Rows:
        """Return what the next stretch of the same rows begins with."""
        return Rows(self.table, self.labels, self.head, self.copy)


class Cut(Exception):  # noqa: N818 - never leaves this floor
    """The text ends before the row does."""


def table_of(match: re.Match[str]) -> str:
    """Return the last name of a table."""
    name = _LAST_NAME.search(match["table"])
    return unquoted(name[0]) if name else ""


def columns_of(match: re.Match[str]) -> list[str]:
    """Return the columns that a head names."""
    return [unquoted(name) for name in _EACH_NAME.findall(match["columns"] or "")]


@lru_cache(maxsize=8)
def _cell(dialect: Dialect) -> re.Pattern[str]:
    own = r"'(?:[^'\\]|\\.|'')*+'" if dialect.escapes else r"'(?:[^']|'')*+'"
    return re.compile(
        rf"\s*+(?:(?P<string>[nN]?{own})|(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
        r"|(?P<word>NULL|TRUE|FALSE|DEFAULT))\s*+(?P<end>[,)])",
        re.DOTALL | re.IGNORECASE,
    )


def row(text: str, at: int, dialect: Dialect, further: list[Token]) -> tuple[list[Cell], int]:
    """
    Return the cells of the row whose parenthesis opens at `at`, and where it ends.

    Raises Cut where the text ends before.
    """
    simple, cells = _cell(dialect), []
    at += 1
    while True:
        match = simple.match(text, at)
        if match is None:
            cell, end, sign = _expression(text, at, dialect, further)
            cells.append(cell)
        else:
            string, number, _, sign = match.groups()
            end = match.end()
            if string is not None:
                start = match.start("string")
                plain = string[0] == "'" and "\\" not in string and string.count("'") == _QUOTES
                value = string[1:-1] if plain else value_of(string, dialect)
                cells.append((start, start + len(string), value))
            elif number is not None:
                start = match.start("number")
                cells.append((start, start + len(number), number))
            else:
                cells.append(NULL)
        at = end
        if sign == ")":
            return cells, at


def _expression(
    text: str, at: int, dialect: Dialect, further: list[Token]
) -> tuple[Cell, int, str]:
    """Return the first literal of an expression, where the expression ends, and by which sign."""
    scan, depth = pattern(dialect), 0
    found: Cell = NULL
    while at < len(text):
        token = token_at(scan, text, at)
        raw = text[token.start : token.end]
        if token.role == "open":
            raise Cut
        if token.role == "sign":
            further.append(token)
            if not depth and raw in ",)":
                return found, token.end, raw
            depth += (raw in "([") - (raw in ")]")
        elif token.role in ("string", "number") or (token.role == "name" and raw[0] == '"'):
            if found is NULL:
                value = unquoted(raw) if token.role == "name" else value_of(raw, dialect)
                found = (token.start, token.end, value)
            elif token.role != "name":
                further.append(token)
        elif token.role in ("comment", "word", "name"):
            further.append(token)
        at = token.end
    raise Cut


def copied(line: str, at: int) -> list[Cell]:
    """Return the cells of a line of COPY that begins at `at`."""
    cells: list[Cell] = []
    for raw in line.split("\t"):
        if raw == "\\N":
            cells.append(NULL)
        else:
            value = _ESCAPE.sub(_character, raw) if "\\" in raw else raw
            cells.append((at, at + len(raw), bytea(value)))
        at += len(raw) + 1
    return cells


def copy_literal(new: str | bytes) -> str:
    """Return a value as COPY writes it."""
    if isinstance(new, bytes):
        return f"\\\\x{new.hex()}"
    new = new.replace("\0", "")
    return _UNSAFE.sub(lambda m: "\\" + _WRITTEN[m[0]], new)


def _character(match: re.Match[str]) -> str:
    hexa, octal, sign = match.groups()
    if hexa:
        return chr(int(hexa, 16))
    return chr(int(octal, 8)) if octal else _SIGNS.get(sign, sign)
