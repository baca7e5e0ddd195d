"""Literals of SQL: what they say, and what is written in their place."""

from __future__ import annotations

import re

from phisweep.formats.database.lexer import Dialect

_PREFIX = re.compile(r"(?:[eEnNbBxX]|_[A-Za-z0-9]+ ?|[uU]&)?(?=['\"])")
_DOLLAR = re.compile(r"(\$\w*\$)(.*)\1", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_BACKSLASH = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL
)
_MYSQL = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_MYSQL_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}
_WILD = "%_"  # stay escaped: they mean something to LIKE
_BYTEA = re.compile(r"\\x(?:[0-9A-Fa-f]{2}){4,}")


def value_of(raw: str, dialect: Dialect) -> str | bytes:
    """Return what a literal says: the text of a string, the bytes of hexadecimal digits."""
    if raw[:2] in ("0x", "0X"):
        return _bytes(raw[2:], raw)
    if raw[0] == "$" and (dollar := _DOLLAR.fullmatch(raw)):
        return dollar[2]
    prefix = _PREFIX.match(raw)
    if prefix is None:
        return raw
    lead, quote = prefix[0], raw[prefix.end()]
    body = raw[prefix.end() + 1 : -1].replace(quote * 2, quote)
    if lead in ("x", "X"):
        return _bytes(body, body)
    if "\\" in body:
        if lead in ("e", "E"):
            body = _BACKSLASH.sub(_character, body)
        elif dialect.escapes:
            body = _MYSQL.sub(_mysql_character, body)
    return bytea(body)


def bytea(text: str) -> str | bytes:
    r"""Return the bytes of PostgreSQL's `\x0a1b...`; other texts stay."""
    return _bytes(text[2:], text) if text[:2] == "\\x" and _BYTEA.fullmatch(text) else text


def literal(raw: str, new: str | bytes, dialect: Dialect) -> str:
    """
    Return a literal that says something else, in the manner of `raw`.

    A number that is none any more becomes a string.
    """
    if isinstance(new, bytes):
        return _hexadecimal(raw, new)
    if _NUMBER.fullmatch(raw) and _NUMBER.fullmatch(new):
        return new
    if raw[0] == "$" and "$" not in new:
        tag = raw[: raw.index("$", 1) + 1]
        return tag + new + tag
    prefix = _PREFIX.match(raw)
    lead, quote = (prefix[0], raw[prefix.end()]) if prefix else ("", "'")
    lead = "" if lead in ("x", "X", "b", "B") else lead
    body = new.replace("\0", "").replace(quote, quote * 2)
    if lead in ("e", "E") or dialect.escapes:
        body = body.replace("\\", "\\\\")
    return lead + quote + body + quote


def _hexadecimal(raw: str, new: bytes) -> str:
    digits = new.hex()
    if raw[:2] in ("0x", "0X"):
        return f"0x{digits}" if digits else "''"
    if raw[:1] in ("x", "X"):
        return f"X'{digits}'"
    lead = raw[: raw.index("'")] if "'" in raw else ""
    slash = "\\\\" if lead in ("e", "E") else "\\"
    return f"{lead}'{slash}x{digits}'"


def _bytes(digits: str, otherwise: str) -> str | bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return otherwise


def _character(match: re.Match[str]) -> str:
    short, long, hexa, octal, sign = match.groups()
    if code := short or long or hexa:
        return _of_code(int(code, 16))
    return _of_code(int(octal, 8)) if octal else _SIGNS.get(sign, sign)


def _of_code(code: int) -> str:
    valid = code < 0x110000 and not 0xD800 <= code < 0xE000  # noqa: PLR2004 - Unicode's own limits
    return chr(code) if valid else "\ufffd"


def _mysql_character(match: re.Match[str]) -> str:
    sign = match[1]
    return match[0] if sign in _WILD else _MYSQL_SIGNS.get(sign, sign)
