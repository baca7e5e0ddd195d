"""
What in a formula may be data - its literals and long numbers -, and the names that it uses.

A formula is not evaluated. Where what stands in it must go and is no string of its own, the whole
formula goes, and the value that it had stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

#: What stands for a reference that must not be told.
NO_REFERENCE = "#REF!"
_TOKENS = re.compile(
    r'"(?P<literal>(?:[^"]|"")*)"'
    r"|'(?P<quoted>(?:[^']|'')*)'!"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<sheet>[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!"
    r"|(?P<name>[^\W\d\\][\w.\\?]*|\\[\w.\\?]*)"
    r"|(?P<number>\d[\d.]*)"
)
_REFERENCE = re.compile(r"\$?[A-Za-z]{1,3}\$?\d{1,7}|R\d*C\d*", re.IGNORECASE)
_WORTH = re.compile(r'["\[]|\d{5}|[^\W\d]{3}|!')
_SHORTEST = 3  # letters of a name that may be a person's
_LONG = 5  # digits of a number that may be one of the data


@dataclass(frozen=True, slots=True)
class Piece:
    """Half-open code points of a formula, and the text that they stand for."""

    start: int
    end: int
    text: str = field(repr=False)
    literal: bool = False


def pieces(formula: str, known: Collection[str]) -> Iterator[Piece]:
    """
    Yield what in a formula may be data: literals, long numbers, and names.

    `known` are names in lower case that are searched where they are defined.
    """
    if not _WORTH.search(formula):
        return
    for match in _TOKENS.finditer(formula):
        kind = match.lastgroup or ""
        text, (start, end) = match[kind], match.span(kind)
        if kind == "literal":
            if text.strip():
                yield Piece(start, end, text.replace('""', '"'), literal=True)
        elif kind == "number":
            if sum(map(str.isdigit, text)) >= _LONG:
                yield Piece(start, end, text)
        elif text.lower().rpartition("]")[2] not in known and not _syntax(
            kind, text, formula[end:]
        ):
            yield Piece(start, end, text)


def _syntax(kind: str, text: str, behind: str) -> bool:
    """Say whether a token is the formula's own, and no name."""
    if kind == "bracket":
        return text.isdecimal() or not text.strip("#@, ")
    if kind == "name":
        return behind.startswith("(") or len(text) < _SHORTEST or bool(_REFERENCE.fullmatch(text))
    return False


@dataclass(slots=True)
class Renames:
    """New names of sheets, defined names and columns of tables, by the old ones in lower case."""

    sheets: dict[str, str] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    columns: set[str] = field(default_factory=set, repr=False)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.names or self.columns)

    def formula(self, text: str) -> str | None:
        """Return a formula with the new names; None where that is not safe."""
        out: list[str] = []
        at = 0
        for match in _TOKENS.finditer(text):
            kind = match.lastgroup or ""
            new = self._renamed(kind, match[kind], text[match.end() : match.end() + 1])
            if new is None:
                return None
            if new != match[kind]:
                whole = kind in ("quoted", "sheet")
                start, end = match.span() if whole else match.span(kind)
                out += (text[at:start], f"'{new.replace(chr(39), chr(39) * 2)}'!" if whole else new)
                at = end
        return "".join([*out, text[at:]])

    def _renamed(self, kind: str, text: str, behind: str) -> str | None:
        folded = text.lower()
        if kind == "literal":
            every = (*self.sheets, *self.names, *self.columns)
            return None if any(old in folded for old in every) else text
        if kind == "bracket":
            return None if any(old in folded for old in self.columns) else text
        if kind in ("quoted", "sheet"):
            return self._sheet(text, folded.replace("''", "'") if kind == "quoted" else folded)
        called = kind == "name" and behind != "(" and not _REFERENCE.fullmatch(text)
        return self.names.get(folded, text) if called else text

    def _sheet(self, text: str, folded: str) -> str | None:
        """Return the new name of a sheet; None for a range of sheets of which one is renamed."""
        book, sign, inner = folded.rpartition("]")
        if sign and book.strip("[0"):  # of another workbook
            return text
        if inner in self.sheets:
            return self.sheets[inner]
        return None if any(part in self.sheets for part in inner.split(":")) else text


def free_name(wanted: str, taken: Mapping[str, object], most: int, bad: str) -> str:
    """Return a name like the wanted one, of `most` code points, without the bad signs, and not taken."""
    table = {ord(sign): None for sign in bad} | {ord("["): "(", ord("]"): ")"}
    base = wanted.translate(table).strip(" '")[:most].strip(" '") or "removed"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        tail = f" {number}"
        name = base[: most - len(tail)].rstrip() + tail
    return name
