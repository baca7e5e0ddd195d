"""A CREATE TABLE of SQLite without the promises that generalised values cannot keep."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from phisweep.formats.database.lexer import SQLITE, Token, tokens

Promise = Literal["numbers", "keys", "types"]


def relaxed(sql: str, given_up: Collection[Promise]) -> str:
    """
    Return the statement without what is given up.

    That is a key that is a row's number, which becomes TEXT; UNIQUE and PRIMARY KEY; STRICT.
    A constraint that goes becomes CHECK (1), which may stand wherever one may.
    """
    numbers, keys, types = (name in given_up for name in ("numbers", "keys", "types"))
    words = tokens(sql, SQLITE)
    cuts: list[tuple[int, int, str]] = []
    index = 0
    while index < len(words):
        word = _word(sql, words, index)
        after = index + 1
        if numbers and word == "INTEGER" and not keys and _is_key(sql, words, after):
            cuts.append((words[index].start, words[index].end, "TEXT"))
        elif numbers and word == "AUTOINCREMENT":
            cuts.append((words[index].start, words[index].end, ""))
        elif keys and word == "PRIMARY" and _word(sql, words, after) == "KEY":
            after = _end(sql, words, after + 1)
            cuts.append((words[index].start, words[after - 1].end, "CHECK (1)"))
        elif keys and word == "UNIQUE":
            after = _end(sql, words, after)
            cuts.append((words[index].start, words[after - 1].end, "CHECK (1)"))
        elif types and word == "ANY" and words[index].role == "word":
            cuts.append((words[index].start, words[index].end, "BLOB"))
        index = after
    last = max((i for i, w in enumerate(words) if sql[w.start : w.end] == ")"), default=None)
    if last is not None:
        options = sql[words[last].end :].upper()
        kept = [] if types or "STRICT" not in options else ["STRICT"]
        kept += ["WITHOUT ROWID"] if "WITHOUT" in options and not keys else []
        cuts.append((words[last].end, len(sql), " " + ", ".join(kept) if kept else ""))
    parts: list[str] = []
    at = 0
    for start, end, new in cuts:
        parts += (sql[at:start], new)
        at = end
    return "".join([*parts, sql[at:]])


def without_unique(sql: str) -> str:
    """Return a CREATE UNIQUE INDEX without UNIQUE."""
    for index, token in enumerate(tokens(sql, SQLITE)):
        if sql[token.start : token.end].upper() == "UNIQUE" and index == 1:
            return sql[: token.start] + sql[token.end :]
    return sql


def _is_key(sql: str, words: list[Token], index: int) -> bool:
    """Say whether a type is that of a column that is the key, before its comma."""
    while (word := _word(sql, words, index)) not in (",", "(", ")") and index < len(words):
        if word == "PRIMARY":
            return True
        index += 1
    return False


def _word(sql: str, words: list[Token], index: int) -> str:
    if index < len(words) and words[index].role in ("word", "sign"):
        return sql[words[index].start : words[index].end].upper()
    return ""


def _end(sql: str, words: list[Token], index: int) -> int:
    """Return the index behind the columns of a key and its ON CONFLICT, ASC, AUTOINCREMENT."""
    if _word(sql, words, index) == "(":
        depth = 0
        while index < len(words):
            sign = _word(sql, words, index)
            depth += (sign == "(") - (sign == ")")
            index += 1
            if not depth:
                break
    while (word := _word(sql, words, index)) in ("ASC", "DESC", "AUTOINCREMENT", "ON"):
        if word == "ON" and _word(sql, words, index + 1) != "CONFLICT":
            break
        index += 3 if word == "ON" else 1
    return min(index, len(words))
