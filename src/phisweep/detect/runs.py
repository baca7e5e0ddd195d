"""Neighbours in a pattern, read from left to right, and the choices of literals between them."""

from __future__ import annotations

from phisweep.detect import literals
from phisweep.detect.literals import EMPTY, FAR, MANY, Literals, Part, Span, Trigger
from phisweep.detect.views import View


class Run:
    """
    Neighbours read so far, in code points from the start of their sequence.

    `run` holds what they can end with, each with the distances at which it begins.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.low = self.high = 0
        self.run: dict[bytes, Span] = {b"": (0, 0)}
        self.starts: frozenset[bytes] | None = None  # once they cannot be written out as a whole
        self.best: Trigger | None = None
        self.head: Trigger | None = None
        self.peek: frozenset[bytes] | None = None
        self.before: dict[bytes, Span] | None = None  # what stands before optional parts, and what
        self.front: dict[bytes, Span] = {}  # that becomes with the one that is there
        self.rare: dict[bytes, Span] = {}  # literals too many to be read on with as a whole, and
        self.live: dict[bytes, Span] = {}  # those of them for which that is worth while

    def look(self, around: Part, *, ahead: bool) -> None:
        """Read what stands around a place without being part of the match."""
        if ahead:
            self._within(around)
            seen = literals.join(self.run, around.first) or {}
            self._take(seen)
            self.peek = frozenset(seen)
        elif self.starts is None and set(self.run) == {b""} and around.exact:
            self.run = dict.fromkeys(around.exact, (-around.low, -around.low))
            self.starts = EMPTY

    def add(self, part: Part) -> None:
        """Read on."""
        self._within(part)
        self.peek = None
        if part.peek:
            seen = literals.join(self.run, part.peek) or {}
            self._take(seen)
            self.peek = frozenset(seen)
        if self.live:
            self._extend(part)
        if self.before is not None or (self.starts in (None, EMPTY) and part.maybe):
            self._fork(part)
        joined = literals.join(self.run, part.first)
        if part.exact is not None and joined is not None:
            self.run = joined
            self.low, self.high = self._end(part)
        else:
            self._cut(part, joined)

    def part(self) -> Part:
        """Return what is known of the sequence."""
        if self.before is not None and self.starts is None:
            self.starts = EMPTY
        if self.starts is None:
            exact = frozenset(self.run)
            return Part(self.low, self.high, exact, best=self.best, head=self.head, peek=self.peek)
        self._take(self.run)
        ends = frozenset(self.run)
        return Part(self.low, self.high, None, self.starts, ends, self.best, self.head)

    def _end(self, part: Part) -> Span:
        return self.low + part.low, min(self.high + part.high, FAR)

    def _take(self, found: Literals) -> None:
        self._weigh(literals.choice(self.view, found))

    def _weigh(self, choice: Trigger | None) -> None:
        self.best = literals.cheaper(self.best, choice)
        if choice is not None and choice.fixed:
            self.head = literals.cheaper(self.head, choice)

    def _within(self, part: Part) -> None:
        """Weigh the choices within a neighbour."""
        self._weigh(literals.shifted(part.best, self.low, self.high))
        if self.low == self.high:
            self._weigh(literals.shifted(part.head, self.low, self.high))

    def _cut(self, part: Part, joined: dict[bytes, Span] | None) -> None:
        """End the run at a neighbour and begin another with that neighbour's end."""
        done = self.run if joined is None else joined
        if self.starts is None and self.before is None:
            self.starts = frozenset(done)
        self._take(done)
        if joined is None:
            self._take(literals.join(done, frozenset(t[:1] for t in part.first), MANY) or {})
            if not self.live and part.exact is not None:
                self.rare = {}
                self._split(done)
                self._extend(part)
            self._take(dict.fromkeys(part.first, (self.low, self.high)))
        ends = set(part.last)
        if part.low == 0 and part.exact is None:  # it may not be there
            ends |= set(self.run)
        self.low, self.high = self._end(part)
        self.run = {
            end: (self.low - len(end), self.high - len(end)) for end in literals.tails(ends)
        }

    def _fork(self, part: Part) -> None:
        """Note what the sequence starts with where optional parts are left out or not."""
        if self.before is None:
            self.before, self.front = dict(self.run), {}
        joined = literals.join(self.before, part.maybe or part.first)
        if joined is None:
            self.starts, self.before = self.starts or EMPTY, None
            return
        literals.merge(self.front, joined)
        if part.maybe is None:
            self._take(self.front)
            self.starts = frozenset(self.front) if self.starts is None else self.starts
            self.before = None

    def _split(self, found: Literals) -> None:
        """Read on with those of these literals that stand often."""
        self.live = {}
        for literal, span in found.items():
            often = literals.stands_often(self.view, literal)
            (self.live if often else self.rare)[literal] = span

    def _extend(self, part: Part) -> None:
        live = literals.join(self.live, part.first, MANY)
        if live is None:
            self.live = {}
            return
        self._take({**self.rare, **live})
        self.live = {}
        if part.exact is not None:
            self._split(live)
