"""
JSON (RFC 8259) without recursion: every key, string and number with its span.

Nothing is converted: 1.70E+2 stays as it is written. NaN and Infinity are taken, as Python takes
them. The grammar is that of `json.loads(strict=True)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from phisweep.formats.escapes import resolve

Role = Literal["key", "string", "number"]

_BODY = r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
_SPACE = r"[ \t\n\r]*+"
_VALUE = re.compile(
    rf'{_SPACE}(?:("{_BODY}")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)'
    r"|(true|false|null|NaN|-?Infinity)|([\[{]))"
)
_KEY = re.compile(rf'{_SPACE}("{_BODY}"){_SPACE}:')
_AFTER = re.compile(rf"{_SPACE}([,\]}}])")
_REST = re.compile(_SPACE)
#: What may stand at the end of a document that is cut off: nothing, a string, a word or number.
_CUT_OFF = re.compile(rf'(?:"{_BODY}(?:\\(?:u[0-9a-fA-F]{{0,3}})?|"{_SPACE})?|[-+.\w]{{0,30}})\Z')
_STRING, _NUMBER, _LITERAL = 1, 2, 3


class Leaf(NamedTuple):
    """
    A key, string or number: its raw span in the text, in code points, quotes included.

    `pointer` is its JSON pointer (RFC 6901), of a key that of its member followed by ` (key)`,
    made unique where a key stands twice by ` (2)`, ` (3)`; `label` the nearest key above.
    """

    start: int
    end: int
    role: Role
    pointer: str
    label: str


class Fault(Exception):  # noqa: N818 - never leaves this floor
    """The text is no JSON at the code point `at`; `reason` holds nothing of it."""

    def __init__(self, at: int, reason: str, *, code: str = "E210", cut_off: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.code = code
        self.cut_off = cut_off


@dataclass(slots=True)
class _Frame:
    """An open array or object."""

    closer: str
    pointer: str
    label: str
    index: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def segment(self, key: str) -> str:
        """Return the key as a part of a pointer that no other member of the object has."""
        name = key.replace("~", "~0").replace("/", "~1")
        unique, seen = name, self.seen
        while unique in seen or f"{unique} (key)" in seen:
            seen[name] = seen.get(name, 1) + 1
            unique = f"{name} ({seen[name]})"
        seen[unique] = seen[f"{unique} (key)"] = 1
        return unique


def leaves(text: str, begin: int, end: int, max_depth: int) -> Iterator[Leaf]:  # noqa: C901, PLR0912 - one automaton
    """
    Yield the leaves of the one JSON document in `text[begin:end]`, in their order.

    Raises Fault with E209 where it is nested deeper than `max_depth`, else E210.
    """
    frames: list[_Frame] = []
    at, pointer, label = begin, "", ""
    while True:
        match = _VALUE.match(text, at, end)
        if match is None:
            raise _fault(text, at, end)
        at, which = match.end(), match.lastindex
        if which in (_STRING, _NUMBER):
            role: Role = "string" if which == _STRING else "number"
            yield Leaf(match.start(which), at, role, pointer, label)
        elif which != _LITERAL:
            if len(frames) == max_depth:
                raise Fault(at - 1, f"nested deeper than {max_depth}", code="E209")
            frame = _Frame("}" if text[at - 1] == "{" else "]", pointer, label)
            if (empty := _AFTER.match(text, at, end)) and empty[1] == frame.closer:
                at = empty.end()
            else:
                frames.append(frame)
                if frame.closer == "]":
                    pointer, label = f"{frame.pointer}/0", frame.label
                else:
                    key, at, pointer, label = _key(text, at, end, frame)
                    yield key
                continue
        while frames:
            match = _AFTER.match(text, at, end)
            if match is None:
                raise _fault(text, at, end)
            at, frame, sign = match.end(), frames[-1], match[1]
            if sign == ",":
                if frame.closer == "]":
                    frame.index += 1
                    pointer, label = f"{frame.pointer}/{frame.index}", frame.label
                else:
                    key, at, pointer, label = _key(text, at, end, frame)
                    yield key
                break
            if sign != frame.closer:
                raise Fault(at - 1, "not valid JSON")
            frames.pop()
        else:
            _nothing_more(text, at, end)
            return


def _key(text: str, at: int, end: int, frame: _Frame) -> tuple[Leaf, int, str, str]:
    match = _KEY.match(text, at, end)
    if match is None:
        raise _fault(text, at, end)
    start, stop = match.span(1)
    key = resolve(text[start + 1 : stop - 1])
    pointer = f"{frame.pointer}/{frame.segment(key)}"
    leaf = Leaf(start, stop, "key", f"{pointer} (key)", frame.label)
    return leaf, match.end(), pointer, key


def _nothing_more(text: str, at: int, end: int) -> None:
    rest = _REST.match(text, at, end)
    if rest is not None and rest.end() < end:
        raise Fault(rest.end(), "something follows the end of the JSON")


def _fault(text: str, at: int, end: int) -> Fault:
    rest = _REST.match(text, at, end)
    at = rest.end() if rest is not None else at
    if _CUT_OFF.match(text, at, end):
        return Fault(at, "the JSON ends before it is complete", cut_off=True)
    return Fault(at, "not valid JSON")
