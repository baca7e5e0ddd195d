"""
Short literals of which a match holds one, and what is known of the parts of a pattern.

Which of several such choices is best is reckoned; that each match holds a literal of every choice
is what all functions here keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from phisweep.detect.rarity import rarity
from phisweep.detect.views import View
from phisweep.values import dataclass

Span = tuple[int, int]  # least and greatest code points
Literals = Mapping[bytes, Span]
FAR = 10_000  # code points; a width from here on counts as unbounded
EMPTY: frozenset[bytes] = frozenset({b""})
MANY = 2_048  # literals of one choice
FEW = 12  # forms of one character, or ends of a part, that are still told apart
BORDERS = 4  # forms of a character beside a match, for that to be worth while
_JOINED = 256  # literals that two neighbours may be joined to, unless one has few forms
_LONG = 10  # bytes of a literal that are kept
_WORD = 40  # bytes of a literal that are read on
_TAIL = 3  # bytes of an end that are joined to what follows
_OFTEN = 1e-5  # of a literal in a code point, from which on it is worth while to make it longer
_LOOK = 0.05  # what looking for a head costs a code point; one try of a pattern costs 1


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    Literals in a view, each with the least and greatest distance from a match's start to it.

    `often` is how many of them are reckoned to stand in a code point of text, `cost` what they
    are reckoned to cost there, in tries of the pattern. `fixed` says that each literal tells the
    very place where a match starts.
    """

    view: View
    literals: Literals
    often: float
    cost: float
    fixed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """
    What is known of a node: all that it can be, or how it starts and ends, and its choices.

    `head` is a fixed choice. `peek` is all that an exact part can be with what must stand behind
    it, `maybe` what an optional part starts with where it is there.
    """

    low: int
    high: int
    exact: frozenset[bytes] | None = None
    starts: frozenset[bytes] = EMPTY
    ends: frozenset[bytes] = EMPTY
    best: Trigger | None = None
    head: Trigger | None = None
    peek: frozenset[bytes] | None = None
    maybe: frozenset[bytes] | None = None

    @property
    def first(self) -> frozenset[bytes]:
        """What it starts with."""
        return self.starts if self.exact is None else self.exact

    @property
    def last(self) -> frozenset[bytes]:
        """What it ends with; where it may be empty, unless it is."""
        return self.ends if self.exact is None else self.exact


def choice(view: View, literals: Literals) -> Trigger | None:
    """Weigh literals; None where they say nothing."""
    if not literals or len(literals) > MANY or b"" in literals:
        return None
    cut: dict[bytes, Span] = {}
    last = b""
    for literal in sorted(literals):  # one that begins with another adds nothing but its span
        if not last or not literal.startswith(last):
            last = literal[:_LONG]
            cut[last] = literals[literal]
        elif cut[last] != literals[literal]:
            cut[last] = _union(cut[last], literals[literal])
    often = cost = 0.0
    fixed = True
    for literal, (near, far) in cut.items():
        chance = rarity(literal, view)
        often += chance
        cost += chance * (1 + _LOOK * (far - near))
        fixed = fixed and near == far
    return Trigger(view, cut, often, cost, fixed)


def shifted(trigger: Trigger | None, low: int, high: int) -> Trigger | None:
    """Return the choice of a part that starts so far from the start of its sequence."""
    if trigger is None or high == 0:
        return trigger
    literals = {
        literal: (near + low, min(far + high, FAR))
        for literal, (near, far) in trigger.literals.items()
    }
    cost = trigger.cost + trigger.often * _LOOK * (high - low)
    return replace(trigger, literals=literals, cost=cost, fixed=trigger.fixed and low == high)


def all_of(view: View, choices: Sequence[Trigger | None]) -> Trigger | None:
    """Return the choice that any of these alternatives fires; None where one has none."""
    literals: dict[bytes, Span] = {}
    for one in choices:
        if one is None:
            return None
        for literal, span in one.literals.items():
            literals[literal] = _union(literals.get(literal, span), span)
    return choice(view, literals)


def weighed(view: View, part: Part) -> Part:
    """Return the part with all that it can be as a choice."""
    if part.exact is None:
        return part
    whole = choice(view, dict.fromkeys(part.exact, (0, 0)))
    return replace(part, best=cheaper(part.best, whole), head=cheaper(part.head, whole))


def cheaper(a: Trigger | None, b: Trigger | None) -> Trigger | None:
    """Return the better of two choices."""
    if a is None or b is None:
        return a or b
    return min(a, b, key=lambda trigger: trigger.cost)


def join(run: Literals, tails: frozenset[bytes], most: int = _JOINED) -> dict[bytes, Span] | None:
    """Return every string of a run with every tail; None where it is not worth it."""
    if tails == EMPTY:
        return dict(run)
    size = len(run) * len(tails)
    if not size or min(map(len, run)) >= _WORD:
        return None
    if size > (MANY if min(len(run), len(tails)) <= BORDERS else most):
        return None
    joined = {literal + tail: span for literal, span in run.items() for tail in tails}
    if len(joined) < size:  # two ways to write the same
        for literal, span in run.items():
            for tail in tails:
                joined[literal + tail] = _union(joined[literal + tail], span)
    return joined


def merge(into: dict[bytes, Span], literals: Literals) -> None:
    """Add literals to others."""
    for literal, span in literals.items():
        into[literal] = _union(into.get(literal, span), span)


def few(strings: Iterable[bytes]) -> frozenset[bytes] | None:
    """Return the strings; None where they are too many."""
    found = frozenset(strings)
    return found if len(found) <= MANY else None


def tails(strings: Iterable[bytes]) -> set[bytes]:
    """Return ends of the strings, so short that they are few."""
    found = set(strings)
    for size in range(_TAIL, 0, -1):
        cut = {string[-size:] for string in found}
        if len(cut) <= FEW and b"" not in cut:
            return cut
    return {b""}


def stands_often(view: View, literal: bytes) -> bool:
    """Say whether it is worth while to make a literal longer."""
    return rarity(literal[:_LONG], view) > _OFTEN


def _union(a: Span, b: Span) -> Span:
    return min(a[0], b[0]), max(a[1], b[1])
