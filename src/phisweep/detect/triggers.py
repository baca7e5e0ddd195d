"""
What every match of a pattern must hold: a few short literals, of which one stands in each match.

The parse tree of a pattern is read for the views of a text (`views`) in turn. Neighbours that can
be written in few ways are joined to literals (`runs`), at each break the literals so far are a
choice, and the choice that should be met most seldom wins (`literals`). With each literal goes how
far before it the match may start: the exact pattern is tried there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from re import _constants as c  # type: ignore[attr-defined]  # no public parser of patterns
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from phisweep.detect import classes, literals
from phisweep.detect.blanks import most
from phisweep.detect.literals import EMPTY, FAR, FEW, Part, Span, Trigger, few
from phisweep.detect.runs import Run
from phisweep.detect.views import KIN, View, image
from phisweep.values import dataclass

_CHEAP = 1e-4  # a trigger that costs less needs no other view,
_SELDOM = 0.05  # if its head stands no more often in a code point
_VIEWS = (View.WORDS, View.FOLDED, View.SHAPE, View.KEPT)
_ONE = (c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY)
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
#: Parts by view, node and case, with the widest lookahead and the groups in each.
Memo = dict[tuple[View, str, bool], tuple[Part, int, Mapping[int, Span]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What the engine needs to know of a pattern, in code points.

    A match is at most `width` wide, and what it looks at ends at most `reach` after its start; from
    FAR on, either is without bound. Each match holds a literal of `trigger`, None where a match
    need not hold anything; where that leaves open where it starts, also one of `head`, which does
    not, or None. A match holds at most `spaces` and `lines` blanks and ends of line. It is looked
    `behind` code points before a match for a literal, and between two places that are `widest`
    apart at most for its start.
    """

    width: int
    reach: int
    trigger: Trigger | None
    head: Trigger | None
    spaces: int = FAR
    lines: int = FAR
    behind: int = 0
    widest: int = 0


def read(
    regex: str,
    flags: int = 0,
    lists: Mapping[int, Sequence[str]] | None = None,
    memo: Memo | None = None,
    *,
    normalised: bool = True,
) -> Reading:
    """
    Return the widths of a pattern and its triggers.

    `lists` maps private code points, which stand in the pattern for alternatives, to those. `memo`
    may be kept for patterns with the same lists, which have parts in common. Where texts are not
    `normalised`, digits and spaces may also be those of other scripts. Raises re.error.
    """
    tree = parser.parse(regex, flags)
    fold = bool(tree.state.flags & re.IGNORECASE)
    head = trigger = None
    for view in (View.WORDS, View.FOLDED) if fold else _VIEWS:
        reader = _Reader(view, lists or {}, {} if memo is None else memo, normalised)
        part = literals.weighed(view, reader.sequence(tree, fold=fold))
        head = literals.cheaper(head, part.head)
        trigger = literals.cheaper(trigger, part.best)
        if trigger and trigger.cost < _CHEAP and (trigger.fixed or (head and head.often < _SELDOM)):
            break
    width, reach = part.high, part.high + reader.ahead + 2  # a border is seen from both sides
    if part.low == 0:
        return Reading(width, reach, None, None)
    if trigger is not None and head is not None and head.often <= max(trigger.cost, _CHEAP):
        trigger = head
    fixed = trigger is not None and trigger.fixed
    spaces, lines = (FAR, FAR) if fixed else (most(tree, char, lists or {}) for char in " \n")
    head = None if fixed else head
    near = [low for part in (trigger, head) if part for low, _ in part.literals.values()]
    wide = (far - low for low, far in trigger.literals.values()) if trigger else ()
    return Reading(
        width, reach, trigger, head, spaces, lines,
        behind=max(0, -min(near, default=0)), widest=max(wide, default=0),
    )  # fmt: skip


@dataclass(slots=True)
class _Reader:
    """Reads a tree in one view. `ahead` is the widest lookahead met."""

    view: View
    lists: Mapping[int, Sequence[str]]
    memo: Memo
    normalised: bool
    ahead: int = 0
    groups: dict[int, Span] = field(default_factory=dict)

    def sequence(self, nodes: Any, *, fold: bool) -> Part:
        run = Run(self.view)
        for op, arg in nodes:
            if op in (c.ASSERT, c.ASSERT_NOT):
                run.look(self.around(op, *arg, fold=fold), ahead=arg[0] > 0)
            else:
                run.add(self.node(op, arg, fold=fold))
        return run.part()

    def node(self, op: Any, arg: Any, *, fold: bool) -> Part:  # noqa: PLR0911 - one line a kind
        if op in _ONE:
            return self.one(arg if op is c.IN else [(op, arg)], fold=fold)
        if op is c.BRANCH:
            return self.remembered(arg[1], fold=fold)
        if op is c.SUBPATTERN:
            return self.group(*arg, fold=fold)
        if op is c.ATOMIC_GROUP:
            return self.sequence(arg, fold=fold)
        if op in _REPEATS:
            return self.repeat(*arg, fold=fold)
        if op is c.AT:
            return Part(0, 0, EMPTY)
        if op is c.GROUPREF:
            return Part(*self.groups.get(arg, (0, FAR)))
        if op is c.GROUPREF_EXISTS:
            _, yes, no = arg
            either = [self.sequence(body or [], fold=fold) for body in (yes, no)]
            return Part(min(p.low for p in either), max(p.high for p in either))
        return Part(0, FAR)

    def group(self, number: int | None, add: int, drop: int, body: Any, *, fold: bool) -> Part:
        inner = (fold or bool(add & re.IGNORECASE)) and not drop & re.IGNORECASE
        part = self.sequence(body, fold=inner)
        if number is not None:
            self.groups[number] = (part.low, part.high)
        return part

    def remembered(self, branches: Sequence[Any], *, fold: bool) -> Part:
        """Read a choice between branches, or remember it from another place."""
        key = (self.view, repr(branches), fold)
        if key not in self.memo or "GROUPREF" in key[1]:  # what that refers to stands elsewhere
            alone = replace(self, ahead=0, groups=dict(self.groups))
            part = alone.branch([alone.sequence(branch, fold=fold) for branch in branches])
            self.memo[key] = part, alone.ahead, alone.groups
        part, ahead, groups = self.memo[key]
        self.ahead = max(self.ahead, ahead)
        self.groups.update(groups)
        return part

    def branch(self, parts: Sequence[Part]) -> Part:
        widths = (min(p.low for p in parts), max(p.high for p in parts))
        starts = few(s for p in parts for s in p.first)
        if starts is not None and all(p.exact is not None for p in parts):
            return Part(
                *widths,
                starts,
                best=literals.all_of(self.view, [p.best for p in parts]),
                head=literals.all_of(self.view, [p.head for p in parts]),
                peek=few(s for p in parts for s in p.peek or p.first),
            )
        whole = [literals.weighed(self.view, part) for part in parts]
        return Part(
            *widths,
            None,
            starts or EMPTY,
            few(s for p in parts for s in p.last) or EMPTY,
            literals.all_of(self.view, [p.best for p in whole]),
            literals.all_of(self.view, [p.head for p in whole]),
        )

    def around(self, op: Any, direction: int, body: Any, *, fold: bool) -> Part:
        """Read what must stand before or behind a place; of what must not, one character's rest."""
        before, self.ahead = self.ahead, 0
        part = self.sequence(body, fold=fold)
        self.ahead = max(before, self.ahead + part.high)
        if op is c.ASSERT:
            exact = part.exact if direction > 0 or part.low == part.high else None
            return replace(part, exact=exact, starts=part.first, ends=part.last)
        if len(body) == 1 and body[0][0] in (c.IN, c.LITERAL, c.NOT_LITERAL):
            op, arg = body[0]
            items = arg if op is c.IN else [(op, arg)]
            if not any(item in self.lists for _, item in items):
                rest = classes.outside(self.view, items, fold=fold, normalised=self.normalised)
                return Part(1, 1, rest)
        return Part(0, 0)

    def repeat(self, low: int, high: int, body: Any, *, fold: bool) -> Part:
        once = self.sequence(body, fold=fold)
        widths = (min(once.low * low, FAR), min(once.high * high, FAR))
        if high == 0:
            return Part(0, 0, EMPTY)
        if low == 0:
            if high == 1 and once.exact and len(once.exact) < FEW:
                return Part(*widths, once.exact | EMPTY)
            return Part(*widths, None, EMPTY, once.last, maybe=once.first)
        if once.exact is None:
            return Part(*widths, None, once.starts, once.ends, once.best, once.head)
        run: dict[bytes, Span] = {b"": (0, 0)}
        whole = low == high
        for _ in range(low):
            joined = literals.join(run, once.exact)
            if joined is None:
                whole = False
                break
            run = joined
        strings = frozenset(run)
        return Part(*widths, strings) if whole else Part(*widths, None, strings, strings)

    def one(self, items: Any, *, fold: bool) -> Part:
        listed = [item for item in items if item[1] in self.lists]
        if listed and items[0][0] in classes.NEGATED:
            return Part(0, FAR)
        if listed:  # the parser made a class of branches that are one code point each
            parts = [self.alternatives(self.lists[point], fold=fold) for _, point in listed]
            rest = [item for item in items if item not in listed]
            return self.branch([*parts, self.one(rest, fold=fold)] if rest else parts)
        if items[0][0] is c.ANY:
            return Part(1, 1)
        exact = classes.inside(self.view, items, fold=fold, normalised=self.normalised)
        return Part(1, 1, exact)

    def alternatives(self, entries: Sequence[str], *, fold: bool) -> Part:
        widths = (min(map(len, entries), default=0), max(map(len, entries), default=0))
        if self.view is View.SHAPE or (fold and self.view is View.KEPT):
            return Part(*widths)
        return Part(
            *widths,
            frozenset(
                bytes(
                    image(self.view, ord(KIN.get(char, char) if fold else char)) for char in entry
                )
                for entry in entries
            ),
        )
