"""
Documents as JSON objects: one a line, or in an array as presidio-research writes them.

    {"id": "a1", "text": "...", "spans": [{"start": 4, "end": 13, "class": "NAME"}]}
    {"full_text": "...", "spans": [{"start_position": 4, "end_position": 13, "entity_type": "PERSON",
                                    "entity_value": "..."}]}

What a span is called stands under class or identifier (ours), or entity_type, label or type (the
corpus's). Predictions may leave the text out, and have a score and a rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from phisweep.errors import UsageError
from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked
from phisweep.evaluate.gold.lines import encoding_of, lines
from phisweep.evaluate.gold.raw import Raw
from phisweep.legible import legible

_TEXTS = ("text", "full_text")
_OURS = ("class", "identifier")
_THEIRS = ("entity_type", "label", "type")
_CHUNK = 1 << 18
_FOLLOWS = "JSON lines are one object a line, with id, text and spans."


def is_line(head: str) -> bool:
    """Say whether the first line, as far as it is seen, is an object with a text or with spans."""
    first = head.partition("\n")[0]
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return len(first) == len(head) and any(f'"{key}"' in first for key in (*_TEXTS, "spans"))
    if not isinstance(row, dict):
        return False
    return isinstance(row.get("spans"), list) or any(isinstance(row.get(k), str) for k in _TEXTS)


def read_lines(path: Path, name: str, encoding: str = "") -> Iterator[Raw]:
    """Yield the documents of JSON lines. Raises UsageError E176, E177."""
    for number, line in lines(path, name, encoding):
        if not line.strip():
            continue
        where = f"{legible(name)}: line {number:,}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise faults.unreadable(where, "it is no JSON", _FOLLOWS) from None
        yield document(row, where, name, f"line {number}: ", number)


def read_array(path: Path, name: str, encoding: str = "") -> Iterator[Raw]:
    """Yield the documents of a JSON array, one by one. Raises UsageError E176, E177."""
    try:
        with path.open(encoding=encoding_of(path, encoding)) as file:
            for number, row in enumerate(_members(file, legible(name))):
                where = f"{legible(name)}: document {number + 1:,}"
                yield document(row, where, name, f"/{number}", 0)
    except UnicodeError:
        told = encoding_of(path, encoding)
        raise faults.unreadable(
            legible(name), f"it is not valid {told}", "Set --encoding."
        ) from None


def document(row: object, where: str, file: str, at: str, line: int) -> Raw:
    """Return the document of an object. Raises UsageError E176, E177."""
    if not isinstance(row, dict):
        raise faults.unreadable(where, "it is no object", _FOLLOWS)
    key = next((k for k in _TEXTS if isinstance(row.get(k), str)), None)
    given = row.get("spans")
    spans = None
    if isinstance(given, list):
        spans = tuple(_marked(span, f"{where}, span {n}") for n, span in enumerate(given, 1))
    id_ = row.get("id", "")
    if not isinstance(id_, str | int):
        raise faults.unreadable(where, "its id is neither a text nor a number")
    text = row[key] if key else None
    return Raw(str(id_), text, spans, file, f"{at}/{key}" if key else "", line)


def _marked(span: object, where: str) -> Marked:
    if not isinstance(span, dict):
        raise faults.misplaced(where, "it is no object with start and end")
    start = _offset(span, "start", where)
    end = _offset(span, "end", where)
    ours = next((k for k in _OURS if isinstance(span.get(k), str)), None)
    key = ours or next((k for k in _THEIRS if isinstance(span.get(k), str)), None)
    if key is None:
        raise faults.unlabelled(
            where, "it has no label", "Name its class, identifier, entity_type, label or type."
        )
    score, quote, rule = span.get("score"), span.get("entity_value"), span.get("rule", "")
    if score is not None and not (isinstance(score, int | float) and 0 <= score <= 1):
        raise faults.misplaced(where, "its score is no number from 0 to 1")
    return Marked(
        ((start, end),),
        span[key],
        quote if isinstance(quote, str) else None,
        ours is not None,
        None if score is None else float(score),
        rule if isinstance(rule, str) else "",
    )


def _offset(span: Mapping[str, Any], name: str, where: str) -> int:
    value = span.get(name, span.get(f"{name}_position"))
    if not isinstance(value, int) or isinstance(value, bool):
        raise faults.misplaced(where, f"it has no {name}, or one that is no whole number")
    return value


def _members(file: Any, where: str) -> Iterator[object]:
    """Yield the values of an array, holding no more of its text than the longest of them."""
    decode = json.JSONDecoder().raw_decode
    held = file.read(_CHUNK).lstrip("\ufeff \t\r\n").removeprefix("[").lstrip()
    size = _CHUNK
    while not held.startswith("]"):
        try:
            value, end = decode(held)
        except ValueError:
            more = file.read(size)
            if not more:
                raise _broken(where) from None
            size *= 2  # a long value is tried again as often as it doubles
            held = (held + more).lstrip()
            continue
        except RecursionError:
            raise _broken(where) from None
        rest = held[end:].lstrip()
        if not rest:
            rest = file.read(_CHUNK).lstrip()
        if not rest.startswith((",", "]")) or (len(rest) == 1 and rest == ","):
            rest += file.read(_CHUNK)
        if not rest.lstrip().startswith((",", "]")):
            raise _broken(where)
        yield value
        size = _CHUNK
        held = rest.lstrip().removeprefix(",").lstrip()
        if not held:
            held = file.read(_CHUNK).lstrip()


def _broken(where: str) -> UsageError:
    return faults.unreadable(where, "its JSON is malformed or ends too early")
