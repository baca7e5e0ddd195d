"""
The words of SQL, with their spans: comments, strings, numbers, names, and the rest.

What ends a string, a name or a comment differs between databases; `Dialect` says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

Role = Literal["space", "comment", "string", "number", "name", "word", "sign", "open"]
Family = Literal["sqlite", "duckdb", "mysql", "postgres", "mssql", "standard"]
_DOLLARS = frozenset(["postgres", "duckdb", "standard"])
_BRACKETS = frozenset(["mssql", "sqlite"])


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How a database writes its words.

    `escapes`: a backslash escapes in every string. `quoted_strings`: "..." is a string.
    """

    family: Family
    escapes: bool = False
    quoted_strings: bool = False


SQLITE = Dialect("sqlite")
DUCKDB = Dialect("duckdb")


class Token(NamedTuple):
    """A word of SQL: half-open code points. "open": it begins here and never ends."""

    role: Role
    start: int
    end: int


@lru_cache(maxsize=16)
def pattern(dialect: Dialect) -> re.Pattern[str]:
    """Return the pattern of one token; the group that matches is its role."""
    family = dialect.family
    plain = r"'(?:[^']|'')*+'"
    escaped = r"'(?:[^'\\]|\\.|'')*+'"
    own = escaped if dialect.escapes else plain
    strings = [rf"(?:[eE]){escaped}", rf"(?:[nNbBxX]|_[A-Za-z0-9]+[ ]?|[uU]&)?{own}"]
    names = [] if dialect.quoted_strings else [r'(?:[uU]&)?"(?:[^"]|"")*+"']
    if dialect.quoted_strings:
        strings.append(r'"(?:[^"\\]|\\.|"")*+"' if dialect.escapes else r'"(?:[^"]|"")*+"')
    if family in _DOLLARS:
        strings.append(r"\$(?P<tag>[A-Za-z_]\w*)?+\$.*?\$(?(tag)(?P=tag))\$")
    names.append(r"`(?:[^`]|``)*+`")
    if family in _BRACKETS:
        names.append(r"\[(?:[^\]]|\]\])*+\]")
    line = r"--[^\n]*+(?:\n[ \t]*+--[^\n]*+)*+"
    comments = [line, r"/\*(?!M?!).*?\*/"]
    if family == "mysql":
        comments.append(r"\#[^\n]*+")
    opens = [r"(?:[eEnNbBxX]|_[A-Za-z0-9]+[ ]?|[uU]&)?'", '["`]', r"/\*(?!M?!)"]
    if family in _DOLLARS:
        opens.append(r"\$(?:[A-Za-z_]\w*)?\$")
    if family in _BRACKETS:
        opens.append(r"\[")
    return re.compile(
        rf"(?P<space>\s++)|(?P<comment>{'|'.join(comments)})|(?P<string>{'|'.join(strings)})"
        r"|(?P<number>(?:0[xX][0-9A-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)(?![\w$]))"
        rf"|(?P<name>{'|'.join(names)})|(?P<open>{'|'.join(opens)})"
        r"|(?P<word>(?!\d)[\w$@\#]+|\d\w*)|(?P<sign>/\*M?!\d*|\*/|::|:=|[<>!=]=|<>|.)",
        re.DOTALL,
    )


def tokens(text: str, dialect: Dialect) -> list[Token]:
    """Return all tokens of a text, without space between them."""
    out = []
    scan, at = pattern(dialect), 0
    while at < len(text):
        token = token_at(scan, text, at)
        if token.role != "space":
            out.append(token)
        at = token.end
    return out


def token_at(scan: re.Pattern[str], text: str, at: int) -> Token:
    """Return the token that begins at a code point; one that never ends is the rest."""
    match = scan.match(text, at)
    assert match is not None  # noqa: S101 - the last alternative takes every character
    role: Role = match.lastgroup if match.lastgroup != "tag" else "string"  # type: ignore[assignment]
    return Token(role, at, len(text) if role == "open" else match.end())


def unquoted(raw: str) -> str:
    """Return the name that a word or a quoted name is."""
    raw = raw[2:] if raw[:2] in ("U&", "u&") else raw
    if len(raw) > 1 and raw[0] in '"`[':
        close = "]" if raw[0] == "[" else raw[0]
        return raw[1:-1].replace(close * 2, close)
    return raw


def quoted_like(raw: str, name: str, dialect: Dialect) -> str:
    """Return a name in the quotes of another, or in its dialect's where that has none."""
    if raw[:1] not in '"`[':
        raw = {"mysql": "`", "mssql": "["}.get(dialect.family, '"')
    close = "]" if raw[0] == "[" else raw[0]
    return raw[0] + name.replace("\0", "").replace(close, close * 2) + close
