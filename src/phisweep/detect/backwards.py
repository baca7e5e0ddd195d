r"""
A pattern as Hyperscan reads it, from behind: where it ends in a text turned round, matches start.

Hyperscan says where matches end, and knows no lookaround. Read from behind, an end is the place
where `re` has to be tried, and what a pattern looks ahead to simply comes first. Of a lookbehind at
the start one character is read as well, always, so that each end lies one character before a match;
every other lookaround, and what a group repeats, is left open. So each match of `re` is met, and
some places more.

A text is read one byte a code point: ASCII as it is, `?` for all beyond, `\x80` at both ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as c  # type: ignore[attr-defined]  # no public parser of patterns
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from phisweep.detect.classes import members_of

_OTHER = ord("?")
_PAD = 0x80
_NEVER = 0xFF  # a byte that stands nowhere
_BEYOND = re.compile(rb"[\x80-\xff]").sub
_ALL = frozenset(range(_PAD + 1))
_ASCII = frozenset(range(_PAD))
_ANY = "(?s:.)"
_KINDRED = frozenset(map(ord, "iksIKS"))  # what letters beyond ASCII equal where case is ignored
_ONE = (c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY)
_GROUPS = (c.BRANCH, c.SUBPATTERN, c.ATOMIC_GROUP)
_AROUND = (c.ASSERT, c.ASSERT_NOT, c.AT)
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
_STARTS = {c.AT_BEGINNING_STRING: frozenset({_PAD}), c.AT_BEGINNING: frozenset({_PAD, 10})}
_ENDS = {c.AT_END_STRING: frozenset({_PAD}), c.AT_END: frozenset({_PAD, 10})}
Bytes = frozenset[int]


def turned(*texts: str) -> bytes:
    """Return normalised texts as they are read: from behind, one byte a code point, padded."""
    return b"\x80%b\x80" % b"\x80".join(map(_turned, reversed(texts)))


def _turned(text: str) -> bytes:
    plain = text.encode("latin-1", "replace")
    if not plain.isascii():
        plain = _BEYOND(b"?", plain)
    return plain[::-1]


def place(end: int, size: int) -> int:
    """Return where a match may start in a text of so many code points, of which an end tells."""
    return size + 2 - end


def backwards(source: str, flags: int = 0, least: int | None = None) -> bytes:
    """
    Return a pattern in Hyperscan's dialect that ends, in a turned text, wherever a match starts.

    `least` cuts off what follows so many code points of the shortest match. Raises re.error.
    """
    tree = parser.parse(source, flags)
    nodes = list(tree) if least is None else _cut(tree, least)[0]
    fold = bool(tree.state.flags & re.IGNORECASE)
    return _Writer().sequence(nodes, fold=fold, first=True, last=True).encode("ascii")


class _Writer:
    """
    Writes nodes from behind.

    `first` says that a match starts with them: they write what stands before it, too. `last` says
    that a match ends with them, so that what they look ahead to is all that follows.
    """

    def sequence(self, nodes: Iterable[Any], *, fold: bool, first: bool, last: bool) -> str:
        body = list(nodes)
        before = _ALL
        while first and body and body[0][0] in _AROUND:
            before &= self.before(*body.pop(0), fold=fold)
        behind = self.behind(body, fold=fold) if last else ""
        opens = first and before == _ALL and bool(body) and body[0][0] in _GROUPS
        written = [_class(before)] if first and not opens else []
        for i, (op, arg) in enumerate(body):
            ends = last and not behind and i == len(body) - 1
            written.append(self.node(op, arg, fold=fold, first=opens and i == 0, last=ends))
        return behind + "".join(reversed(written))

    def node(self, op: Any, arg: Any, *, fold: bool, first: bool, last: bool) -> str:  # noqa: PLR0911 - one line a kind
        if op in _ONE:
            return _class(_members(arg if op is c.IN else [(op, arg)], fold=fold))
        if op is c.BRANCH:
            branches = (self.sequence(b, fold=fold, first=first, last=last) for b in arg[1])
            return f"(?:{'|'.join(dict.fromkeys(branches))})"
        if op is c.SUBPATTERN:
            _, add, drop, body = arg
            inner = (fold or bool(add & re.IGNORECASE)) and not drop & re.IGNORECASE
            return f"(?:{self.sequence(body, fold=inner, first=first, last=last)})"
        if op is c.ATOMIC_GROUP:
            return f"(?:{self.sequence(arg, fold=fold, first=first, last=last)})"
        if op in _REPEATS:
            low, high, body = arg
            if high == 0:
                return ""
            inside = self.sequence(body, fold=fold, first=False, last=False)
            return f"(?:{inside}){{{low},{'' if high == c.MAXREPEAT else high}}}"
        return "" if op in _AROUND else f"{_ANY}*"

    def before(self, op: Any, arg: Any, *, fold: bool) -> Bytes:
        """Return what may stand before a match that starts with a lookaround."""
        if op is c.AT:
            return _STARTS.get(arg, _ALL)
        direction, body = arg
        if direction > 0:
            return _ALL
        if op is c.ASSERT:
            return self.final(body, fold=fold)
        one = _single(body)
        return _strangers(one, fold=fold) if one else _ALL

    def final(self, nodes: Sequence[Any], *, fold: bool) -> Bytes:
        """Return what the last character of nodes may be, of which none may be empty."""
        if not nodes:
            return _ALL
        op, arg = nodes[-1]
        if op in _ONE:
            return _members(arg if op is c.IN else [(op, arg)], fold=fold)
        if op is c.BRANCH:
            return frozenset().union(*(self.final(branch, fold=fold) for branch in arg[1]))
        return _STARTS.get(arg, _ALL) if op is c.AT else _ALL

    def behind(self, body: list[Any], *, fold: bool) -> str:
        """Take the lookarounds off the end, and write what may follow a match that ends so."""
        follows, written = _ALL, ""
        while body and body[-1][0] in _AROUND:
            op, arg = body.pop()
            if op is c.AT:
                follows &= _ENDS.get(arg, _ALL)
            elif arg[0] > 0:
                one = _single(arg[1])
                if one:
                    of = _members if op is c.ASSERT else _strangers
                    follows &= of(one, fold=fold)
                elif op is c.ASSERT:
                    written = self.sequence(arg[1], fold=fold, first=False, last=True)
        return written or ("" if follows == _ALL else _class(follows))


def _single(nodes: Sequence[Any]) -> Sequence[Any]:
    """Return the members of the one class that nodes are; none where they are more."""
    if len(nodes) != 1 or nodes[0][0] not in (c.LITERAL, c.NOT_LITERAL, c.IN):
        return ()
    op, arg = nodes[0]
    members: Sequence[Any] = arg if op is c.IN else [(op, arg)]
    return members


def _members(items: Sequence[Any], *, fold: bool) -> Bytes:
    """Return all that a member of a class may be."""
    found = None if items[0][0] is c.ANY else members_of(items, fold=fold, normalised=True)
    if found is None:
        return _ASCII
    points, some_others, _ = found
    if some_others or (fold and not _KINDRED.isdisjoint(points)):
        points.add(_OTHER)
    return frozenset(points)


def _strangers(items: Sequence[Any], *, fold: bool) -> Bytes:
    """Return all that may stand where no member of a class may: the end of the text, too."""
    found = members_of(items, fold=fold, normalised=True)
    if found is None:
        return _ALL
    points, _, all_others = found
    return (_ALL - points) | ({_OTHER} if fold or not all_others else set())


def _class(members: Bytes) -> str:
    """Write a class of bytes, the shorter way."""
    if members == _ALL:
        return _ANY
    if len(members) <= 1:
        return _byte(*(members or {_NEVER}))
    inside = members if len(members) <= len(_ALL) // 2 else _ALL - members
    ranges: list[list[int]] = []
    for byte in sorted(inside):
        if ranges and ranges[-1][1] == byte - 1:
            ranges[-1][1] = byte
        else:
            ranges.append([byte, byte])
    spans = (_byte(a) if a == b else f"{_byte(a)}-{_byte(b)}" for a, b in ranges)
    return f"[{'' if inside is members else '^'}{''.join(spans)}]"


def _byte(point: int) -> str:
    char = chr(point)
    return char if char.isascii() and char.isalnum() else f"\\x{point:02x}"


def _cut(nodes: Iterable[Any], least: int) -> tuple[list[Any], int]:
    """Return nodes of which the shortest match holds so many code points, and how many lack."""
    kept: list[Any] = []
    for op, arg in nodes:
        if least <= 0:
            break
        if op is c.SUBPATTERN:
            inner, least = _cut(arg[3], least)
            kept.append((op, (*arg[:3], inner)))
        elif op is c.BRANCH and all(branch.getwidth()[0] >= least for branch in arg[1]):
            kept.append((op, (arg[0], [_cut(branch, least)[0] for branch in arg[1]])))
            least = 0
        elif op is c.BRANCH:
            kept.append((op, arg))
            least -= min(branch.getwidth()[0] for branch in arg[1])
        elif op in _REPEATS:
            low, _, body = arg
            short = len(body) == 1 and body[0][0] in _ONE and low >= least
            kept.append((op, (least, least, body) if short else arg))
            least -= low * body.getwidth()[0]
        else:
            kept.append((op, arg))
            least -= 1 if op in _ONE else 0
    return kept, least
