"""
A Python pattern as RE2 reads it: a superset, with lookaround dropped and counts loosened.

It is matched against a projection of the text, one byte a code point: ASCII as it is, and 0x80
for everything else. An automaton over UTF-8 has a hundred states where this has one.
"""

from __future__ import annotations

import codecs
import re
from re import _constants as c  # type: ignore[attr-defined]  # no public parser of patterns
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from phisweep.errors import RuleError

_LOOSEN = 3  # counted repeats over this become `+`; more exact ones only cost states
_ANYTHING = r"(?s:.)"
_OTHER = r"\x80"  # what stands for every code point beyond ASCII
_KIN = frozenset("iksIKS")  # that a letter beyond ASCII equals where case is ignored


def superset(regex: str, flags: int = 0) -> str:
    """
    Return an RE2 pattern that matches wherever the Python pattern does, and maybe elsewhere.

    Raises RuleError for what has no such superset: conditionals.
    """
    tree = parser.parse(regex, flags)
    body = _sequence(tree, first=True)
    return f"(?i:{body})" if tree.state.flags & re.IGNORECASE else body


def project(text: str) -> bytes:
    """Return the text as supersets read it: one byte a code point."""
    return text.encode("ascii", "phisweep-other")


def _other(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - only `project` names this handler
    return b"\x80" * (error.end - error.start), error.end


codecs.register_error("phisweep-other", _other)


def width(regex: str, flags: int = 0) -> int:
    """Return the largest width of a match in code points. Raises RuleError where unbounded."""
    largest = int(parser.parse(regex, flags).getwidth()[1])
    if largest >= 10_000:
        raise RuleError("E161", "the pattern's width is not bounded", todo="Write {0,40} for *.")
    return largest


def _sequence(nodes: Any, *, first: bool = False) -> str:
    """`first` says that nothing of a match stands before: there a lookbehind can be read along."""
    out = []
    for op, arg in nodes:
        out.append(node(op, arg, first=first))
        first = first and (op is c.AT or (op in (c.ASSERT, c.ASSERT_NOT) and arg[0] >= 0))
    return "".join(out)


def node(op: Any, arg: Any, *, first: bool = False) -> str:  # noqa: C901, PLR0911 - one line a kind
    """Return one node of a parsed pattern in RE2's dialect. Raises RuleError."""
    if op is c.LITERAL:
        return _literal(arg)
    if op is c.NOT_LITERAL:
        return f"[^{_char(arg)}]" if arg < 0x80 else _ANYTHING
    if op is c.ANY:
        return r"[^\n]"
    if op is c.IN:
        return _charset(arg)
    if op is c.BRANCH:
        return "(?:" + "|".join(_sequence(branch, first=first) for branch in arg[1]) + ")"
    if op is c.SUBPATTERN:
        _, add, _, body = arg
        prefix = "(?i:" if add & re.IGNORECASE else "(?:"
        return f"{prefix}{_sequence(body, first=first)})"
    if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        return _repeat(*arg)
    if op is c.ATOMIC_GROUP:
        return f"(?:{_sequence(arg, first=first)})"
    if op is c.ASSERT and first and arg[0] < 0:
        return _sequence(arg[1])
    if op in (c.AT, c.ASSERT, c.ASSERT_NOT):
        return ""
    if op is c.GROUPREF:
        return f"{_ANYTHING}*"
    raise RuleError("E162", f"the pattern uses {op}, which no superset can stand for")


def _repeat(low: int, high: int, body: Any) -> str:
    inner = f"(?:{_sequence(body)})"
    if high <= _LOOSEN:
        return f"{inner}{{{low},{high}}}"
    if low == 0:
        return f"{inner}*"
    return f"{inner}{{{min(low, 12)},}}" if low > 1 else f"{inner}+"


def _char(point: int) -> str:
    if point >= 0x80:
        return _OTHER
    char = chr(point)
    return char if char.isalnum() else f"\\x{point:02x}"


def _literal(point: int) -> str:
    """Return a character; a letter with kin beyond ASCII may be written as one of those."""
    return f"[{chr(point)}{_OTHER}]" if chr(point) in _KIN else _char(point)


_CLASSES = {
    c.CATEGORY_DIGIT: "0-9",  # normalised text holds no other digits
    c.CATEGORY_SPACE: r"\t-\r\x1c-\x20" + _OTHER,
    c.CATEGORY_WORD: "0-9A-Za-z_" + _OTHER,
}


def _charset(items: Any) -> str:
    negate = items[0][0] is c.NEGATE
    parts: list[str] = []
    for op, arg in items[1:] if negate else items:
        if op is c.LITERAL:
            parts += [] if negate and arg >= 0x80 else [_char(arg)]
        elif op is c.RANGE:
            parts += _range(*arg, negate=negate)
        elif op is c.CATEGORY and arg in _CLASSES:
            parts.append(_CLASSES[arg].replace(_OTHER, "") if negate else _CLASSES[arg])
        elif not negate:  # a negated class in a class: anything
            return _ANYTHING
    if negate:
        return f"[^{''.join(parts)}]" if parts else _ANYTHING
    if any(part in _KIN for part in parts) and _OTHER not in parts:
        parts.append(_OTHER)
    return f"[{''.join(dict.fromkeys(parts))}]"


def _range(low: int, high: int, *, negate: bool) -> list[str]:
    out = []
    if low < 0x80:
        out.append(f"{_char(low)}-{_char(min(high, 0x7F))}")
    if high >= 0x80 and not negate:
        out.append(_OTHER)
    return out
