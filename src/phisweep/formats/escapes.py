"""The strings of JSON: escapes resolved to be searched, and written again where text changed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from phisweep.model import Edit
from phisweep.splicing import splice

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
#: Stands for half of a surrogate pair, which is no character and cannot be encoded.
LONE = "\ufffd"
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def resolve(raw: str) -> str:
    """Return the text of a JSON string without its quotes; a lone surrogate becomes U+FFFD."""
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def offsets(raw: str) -> Sequence[int]:
    """Return where in `raw` each code point of `resolve(raw)` begins, and the end."""
    starts: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(raw):
        starts.extend(range(at, match.start() + 1))
        at = match.end()
    starts.extend(range(at, len(raw) + 1))
    return starts


def edit_string(raw: str, edits: Sequence[Edit], *, escape_all: bool) -> str:
    """
    Return the raw JSON string with edits of its resolved text in place.

    Outside the edits the raw characters stay. `escape_all` writes the replacements in ASCII.
    """
    if "\\" not in raw:
        place: Sequence[int] = range(len(raw) + 1)
    else:
        place = offsets(raw)
    changes = [
        Edit(place[e.start], place[e.end], quoted(e.text, escape_all=escape_all)[1:-1])
        for e in edits
    ]
    return splice(raw, changes)


def edit_number(raw: str, edits: Sequence[Edit], *, escape_all: bool) -> str:
    """Return the number with the edits in place, as a string where it is no number any more."""
    new = splice(raw, edits)
    return new if NUMBER.fullmatch(new) else quoted(new, escape_all=escape_all)


def quoted(text: str, *, escape_all: bool) -> str:
    """Return the text as a JSON string, in its quotes."""
    return json.dumps(text, ensure_ascii=escape_all)


def _character(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[1] != "u":
        return _SHORT.get(escape[1], escape[1])
    code = int(escape[2:6], 16)
    if len(escape) > 6:  # noqa: PLR2004 - two escapes, one character
        return chr(0x10000 + ((code - 0xD800) << 10) + int(escape[8:], 16) - 0xDC00)
    return LONE if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004 - surrogates
