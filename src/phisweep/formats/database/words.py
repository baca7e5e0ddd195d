"""
What is searched in a stretch of SQL that is no row of data, and how it is written again.

Comments and literals are texts, each beside the name that it is compared with or defines; names of
tables, columns and users are keys. Words of the language itself are not searched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from phisweep.formats.base import kind_of
from phisweep.formats.database.keywords import CONSTRAINTS, LANGUAGE, NO_USER
from phisweep.formats.database.lexer import Dialect, Token, quoted_like, unquoted
from phisweep.formats.database.literals import literal, value_of
from phisweep.model import Edit, Kind
from phisweep.splicing import splice

_COMPARING = frozenset(["=", "==", "<>", "!=", ":="])
_BETWEEN = frozenset(["like", "ilike", "in", "(", "glob", "between"])
_SEQUENCES = frozenset(["nextval", "currval", "setval"])
_USER = frozenset(["owner", "user", "role", "authorization", "definer", "login"])
_OWNER = re.compile(r"; Owner: (?P<owner>[^;\n]+?)[ \t\r]*(?=\n|\Z)")
_LEAST_DIGITS = 5  # a shorter number in a definition is a length, a count or a code
_LETTER = re.compile(r"[^\W_]")
#: An address with @ or a number with signs in it, where no quote is near.
_BARE = re.compile(
    r"[^\s'\"`;,()\[\]@]+@[^\s'\"`;,()\[\]@]+|(?<![\w.])\d+(?:[-/.]\d+){2,}(?![\w.])"
)
_QUOTED = frozenset(["comment", "string", "open"])
_BREAKS = re.compile(r"[\r\n]+")


class Piece(NamedTuple):
    """A searched piece of SQL: half-open code points, its value, and what it stands under."""

    start: int
    end: int
    role: str  # "comment", "string", "number", "name", "user"
    value: str
    label: str
    kind: Kind


def pieces(
    text: str, tokens: Sequence[Token], dialect: Dialect, defined: Defining | None = None
) -> list[Piece]:
    """Return what is searched in tokens of a text, in order; `defined` is of what stood before."""
    out: list[Piece] = []
    defined = defined or Defining()
    for number, (role, start, end) in enumerate(tokens):
        raw = text[start:end]
        before = tokens[max(0, number - 3) : number]
        if role == "comment":
            out += _comment(raw, start)
        elif role in ("string", "open"):
            value = value_of(raw, dialect) if role == "string" else raw
            if isinstance(value, str):
                label = _compared(text, before) or defined.name
                label = "" if _commented(text, before) else label
                out.append(Piece(start, end, role, value, label, kind_of(value)))
        elif role == "number" and len(raw) >= _LEAST_DIGITS:
            out.append(Piece(start, end, role, raw, _compared(text, before), "value"))
        elif role in ("name", "word"):
            name = unquoted(raw)
            if role == "name" or (name.lower() not in LANGUAGE and _LETTER.search(name)):
                out.append(_name(text, before, (start, end), name))
        defined.see(role, raw)
    return out


def bare(text: str, tokens: Sequence[Token]) -> list[Piece]:
    """Return what stands among the words of SQL as no SQL has it: addresses, numbers with dashes."""
    code = [token for token in tokens if token.role not in _QUOTED]
    ends = {end for _, _, end in code}
    starts = {start for _, start, _ in code}
    quoted = [token for token in tokens if token.role in _QUOTED]
    out = []
    for match in _BARE.finditer(text):
        start, end = match.span()
        whole = start in starts and end in ends
        if whole and not any(t.start < end and start < t.end for t in quoted):
            out.append(Piece(start, end, "bare", match[0], "", "value"))
    return out


def without(found: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """Return pieces and others, without the pieces that overlap one of the others."""
    clear = [p for p in found if not any(p.start < o.end and o.start < p.end for o in others)]
    return sorted([*clear, *others])


def rewritten(text: str, changed: Sequence[tuple[Piece, Sequence[Edit]]], dialect: Dialect) -> str:
    """Return a text with edits of its pieces in place."""
    parts: list[str] = []
    at = 0
    for piece, edits in sorted(changed):
        raw = text[piece.start : piece.end]
        parts += (text[at : piece.start], written(piece, raw, splice(piece.value, edits), dialect))
        at = piece.end
    return "".join([*parts, text[at:]])


def renamed(text: str, tokens: Sequence[Token], names: Mapping[str, str], dialect: Dialect) -> str:
    """Return a text with its names replaced, wherever they stand; `names` are lower case."""
    parts: list[str] = []
    at = 0
    for role, start, end in tokens:
        if role not in ("name", "word"):
            continue
        if (new := names.get(unquoted(text[start:end]).lower())) is not None:
            parts += (text[at:start], quoted_like(text[start:end], new, dialect))
            at = end
    return "".join([*parts, text[at:]])


def written(piece: Piece, raw: str, new: str, dialect: Dialect) -> str:
    """Return what stands in a piece's place, as its place needs it."""
    if piece.role in ("name", "user"):
        return quoted_like(raw, new, dialect)
    if piece.role == "comment":
        lead = "/*" if raw.startswith("/*") else "--"
        body = new.removeprefix("/*").removesuffix("*/")
        if lead == "/*":
            return f"/*{body.replace('*/', '* /')}*/"
        lines = new.split("\n")
        return "\n".join(x if x.lstrip().startswith(("--", "#")) else f"-- {x}" for x in lines)
    if piece.role == "owner":
        return _BREAKS.sub(" ", new)
    if piece.role in ("open", "bare"):
        return new
    return literal(raw, new, dialect)


def _comment(raw: str, start: int) -> list[Piece]:
    """Return a comment; the owners that a dump names in it are pieces of their own."""
    owners = [m for m in _OWNER.finditer(raw) if m["owner"].lower() not in NO_USER | {"-"}]
    if not owners:
        return [Piece(start, start + len(raw), "comment", raw, "", "prose")]
    out, at = [], 0
    for owner in owners:
        first, last = owner.span("owner")
        role = "comment" if not at else "owner"
        out.append(Piece(start + at, start + first, role, raw[at:first], "", "prose"))
        name = owner["owner"]
        out.append(Piece(start + first, start + last, "owner", name, "user_name", "value"))
        at = last
    if raw[at:].strip():
        out.append(Piece(start + at, start + len(raw), "owner", raw[at:], "", "prose"))
    return out


def _name(text: str, before: Sequence[Token], span: tuple[int, int], name: str) -> Piece:
    words = [text[token.start : token.end].lower() for token in before]
    if words and name.lower() not in NO_USER:
        user = words[-1] in _USER or (words[-1] in ("to", "=") and _USER & set(words))
        if user or (words[-1] == "@" and len(words) > 1):
            return Piece(*span, "user", name, "user_name", "value")
    return Piece(*span, "name", name, "", "key")


def _compared(text: str, before: Sequence[Token]) -> str:
    """Return the name that a literal is compared with or set to, "" where there is none."""
    for index in range(len(before) - 1, 0, -1):
        word = text[before[index].start : before[index].end].lower()
        if word in _COMPARING or word in ("like", "ilike", "in"):
            token = before[index - 1]
            if token.role in ("name", "word"):
                return unquoted(text[token.start : token.end])
            return ""
        if word not in _BETWEEN:
            return ""
    return ""


def _commented(text: str, before: Sequence[Token]) -> bool:
    """Say whether a string is what COMMENT says of something, or the name of a sequence."""
    words = [text[token.start : token.end].lower() for token in before]
    if len(words) > 1 and words[-1] == "(" and words[-2] in _SEQUENCES:
        return True
    return bool(words) and words[-1] in ("comment", "is")


class Defining:
    """
    Follows CREATE TABLE, to know which column a literal belongs to.

    `name` is the column that is being defined, `tables` the columns of each table by its last name.
    """

    def __init__(self) -> None:
        self.name = ""
        self.tables: dict[str, list[str]] = {}
        self._columns: list[str] = []
        self._table = ""
        self._depth = 0
        self._in_table = self._wanted = False
        self._last = ""

    def see(self, role: str, raw: str) -> None:
        """Take the next token."""
        if role == "comment":
            return
        low = raw.lower() if role in ("word", "sign") else ""
        if low == "table" and self._last in ("create", "temp", "temporary", "unlogged"):
            self._in_table, self._depth, self._table = True, 0, ""
        elif low == ";":
            self._in_table, self.name = False, ""
        elif self._in_table and role == "sign":
            self._sign(raw)
        elif self._in_table and role in ("name", "word"):
            self._named(role, raw, low)
        self._last = low

    def _sign(self, raw: str) -> None:
        self._depth += (raw == "(") - (raw == ")")
        if raw in "(," and self._depth == 1:
            if raw == "(":
                self._columns = self.tables[self._table] = []
            self._wanted, self.name = True, ""
        elif raw == ")" and not self._depth:
            self._in_table, self.name = False, ""

    def _named(self, role: str, raw: str, low: str) -> None:
        if not self._depth:
            self._table = unquoted(raw).lower()
        elif self._wanted:
            self._wanted = False
            if role == "name" or low not in CONSTRAINTS:
                self.name = unquoted(raw)
                self._columns.append(self.name)
