"""Names of things made fit to write down: no lone surrogate, no control or direction character."""

from __future__ import annotations

import os
import re
import shlex
import unicodedata

from phisweep.places import looks_like_data

#: Control, format (bidirectional overrides among them), surrogate, line and paragraph separator.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_COLUMN = re.compile(r"(column \d+)(?: \((.*)\))?", re.DOTALL)
_KEY = "[KEY]"


def portable(text: str) -> str:
    """
    Return the text with lone surrogates written as escapes, all else as it is.

    A file name that is not UTF-8 reaches Python with lone surrogates, which no JSON reader takes.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def placed(place: str) -> str:
    """
    Return a place, fit to write down, without the name of a column or key that may be data.

    Those who give places leave such names out already; here nothing depends on it.
    """
    place = portable(place)
    column = _COLUMN.fullmatch(place)
    if column:
        return column[1] if looks_like_data(column[2] or "") else place
    return "/".join(_KEY if looks_like_data(part) else part for part in place.split("/"))


def legible(text: str, *, ascii_only: bool = False) -> str:
    """
    Return the text with every character that would not be seen written as an escape.

    A newline in a file name must not start a line of its own, nor may an escape sequence or a
    direction mark act on the reader's screen. `ascii_only` escapes whatever is not ASCII too.
    """
    if text.isprintable() and (not ascii_only or text.isascii()):
        return text
    shown = "".join(_escaped(c) if unicodedata.category(c) in _UNSEEN else c for c in text)
    return shown.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else shown


def quoted(argument: str) -> str:
    """Return an argument of a command as the shell of this system takes it."""
    if os.name != "nt":
        return shlex.quote(argument)
    plain = re.fullmatch(r"[\w@%+=:,./\\-]+", argument)
    return argument if plain else '"' + argument.replace('"', '""') + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - the range that two hex digits can write
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
