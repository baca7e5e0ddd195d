"""
Which patterns may match where: one pass of an automaton over each view of a text.

The automata (Aho-Corasick) find all literals of all triggers at the speed of a table look-up a
character, on text never seen before as on any other. A literal that fires says between which two
places a match of its pattern may start; the exact pattern is tried there and nowhere else.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

from phisweep.detect.compiled import Compiled
from phisweep.detect.factor import joined
from phisweep.detect.triggers import Reading
from phisweep.detect.views import KIN, View, project
from phisweep.values import dataclass

try:
    import ahocorasick_rs
except ImportError:  # pragma: no cover - `everywhere` is tested by itself
    ahocorasick_rs = None  # type: ignore[assignment]

_KIN = re.compile(f"[{''.join(KIN)}]")
_WIDE = 24  # a span from which on it is worth while to look for blanks in it
_BLANKS = 10  # that are looked for at most
_LINES = 1
_FEW = 4  # places that are tried without looking for a head there
Span = tuple[int, int]
_Owners = tuple[list[tuple[int, int]], list[tuple[int, int, int]]]  # patterns, distances before
_Finder = Callable[[bytes, int, int], Iterator[re.Match[bytes]]]
_Heads = tuple[View, int, list[tuple[int, _Finder]]]


@dataclass(frozen=True, slots=True)
class Merged:
    """The literals of some patterns in one view, and for whom each fires; equal owners are shared."""

    view: View
    literals: list[bytes]
    owners: list[_Owners]


def merge(readings: Sequence[Reading]) -> list[Merged]:
    """Return the literals of all triggers, by view: what the automata are made of."""
    literals: list[dict[bytes, _Owners]] = [{} for _ in View]
    for i, reading in enumerate(readings):
        if reading.trigger is not None:
            for literal, (near, far) in reading.trigger.literals.items():
                fixed, loose = literals[reading.trigger.view].setdefault(literal, ([], []))
                if reading.trigger.fixed:  # a view starts with a byte more
                    fixed.append((i, near + 1))
                else:
                    loose.append((i, far + 1, near))
    return [
        Merged(view, list(found), list(found.values()))
        for view, found in zip(View, literals, strict=True)
        if found
    ]


class Prefilter:
    """
    The triggers of a fixed sequence of patterns, of which a match of each must hold one.

    `merged` are their literals, where they are at hand; `compiled` keeps what each one needs.
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        merged: Sequence[Merged] | None = None,
        compiled: Sequence[Compiled] | None = None,
    ) -> None:
        self._compiled = compiled or [Compiled()] * len(readings)
        self._readings = readings
        self._merged = merged
        self._heads: dict[int, _Heads | tuple[()]] = {}
        self._always = [(i, None) for i, r in enumerate(readings) if r.trigger is None]
        self._bounds = {i: (_bounds(r), r.behind) for i, r in enumerate(readings) if _bounds(r)}

    @cached_property
    def _automata(self) -> list[tuple[View, Any, list[_Owners]]]:
        return [
            (part.view, ahocorasick_rs.BytesAhoCorasick(part.literals), part.owners)
            for part in (merge(self._readings) if self._merged is None else self._merged)
        ]

    def places(self, text: str) -> Iterable[tuple[int, Sequence[int] | None]]:
        """
        Return each pattern that may match, with the places where a match may start.

        They are in no order, may repeat themselves and lie before the text; None is every place.
        """
        if ahocorasick_rs is None:
            return [(i, None) for i, _ in self.everywhere(text)]
        places: dict[int, list[int]] = defaultdict(list)
        spans: dict[int, list[Span]] = defaultdict(list)
        views = project(text)
        self._search(views, places, spans)
        for i, found in spans.items():
            bounds = self._bounds.get(i)
            near = _clipped(text, found, *bounds) if bounds else found
            self._narrow(i, _merged(near, len(text)), views, places[i])
        if not text.isascii():
            self._near_kin(text, places)
        return itertools.chain(places.items(), self._always)

    def spans(self, text: str) -> Iterator[tuple[int, list[Span]]]:
        """Yield each pattern that may match, with the sorted half-open spans where one may start."""
        for i, starts in self.places(text):
            if starts is None:
                yield i, [(0, len(text))]
            elif starts:
                spans = _merged([(at, at + 1) for at in starts], len(text))
                if spans:
                    yield i, spans

    def everywhere(self, text: str) -> Iterator[tuple[int, list[Span]]]:
        """Yield every pattern with the whole text: the slow path, with the same findings."""
        for i in range(len(self._readings)):
            yield i, [(0, len(text))]

    def fires(self, text: str) -> bool:
        """Say whether any pattern may match anywhere in the text."""
        return any(True for _ in self.spans(text))

    def _search(
        self, views: Sequence[bytes], places: dict[int, list[int]], spans: dict[int, list[Span]]
    ) -> None:
        for view, automaton, owners in self._automata:
            matches = automaton.find_matches_as_indexes(views[view], overlapping=True)
            for literal, start, _ in matches:
                fixed, loose = owners[literal]
                for i, distance in fixed:
                    places[i].append(start - distance)
                if loose:
                    for i, far, near in loose:
                        spans[i].append((start - far, start - near))

    def _near_kin(self, text: str, places: dict[int, list[int]]) -> None:
        """Let every pattern start where it may meet a character that no view tells from others."""
        for match in _KIN.finditer(text):
            at = match.start()
            for i, reading in enumerate(self._readings):
                if reading.trigger is not None:
                    places[i] += range(max(at - reading.reach, 0), at + reading.behind + 1)

    def _narrow(self, i: int, spans: list[Span], views: Sequence[bytes], places: list[int]) -> None:
        """Add the places within the spans where a head of the pattern stands, if it has heads."""
        known = self._heads.get(i)
        if known is None:
            known = self._heads[i] = self._heads_of(i)
        if not known or (len(spans) == 1 and spans[0][1] - spans[0][0] <= _FEW):
            for start, end in spans:
                places += range(start, end)
            return
        view, longest, heads = known
        seen = views[view]
        for distance, find in heads:
            for start, end in spans:
                for match in find(seen, start + distance, end + distance + longest):
                    place = match.start() - distance
                    if place >= end:
                        break
                    places.append(place)

    def _heads_of(self, i: int) -> _Heads | tuple[()]:
        """Return a pattern's heads by their place in a view after that of a match in the text."""
        head = self._readings[i].head
        if head is None:
            return ()
        literals: dict[int, list[bytes]] = {}
        for literal, (near, _) in head.literals.items():
            literals.setdefault(near + 1, []).append(literal)
        longest = max(map(len, head.literals))
        finders: list[tuple[int, _Finder]] = []
        for far, found in literals.items():
            made_of = b"\n".join((b"heads", *found))
            finders.append((far, self._compiled[i].get(made_of, partial(_head, found)).finditer))
        return head.view, longest, finders


def _head(literals: Sequence[bytes]) -> bytes:
    """Write literals as an expression that finds each place where one stands, the next byte too."""
    rests: dict[str, list[tuple[str, ...]]] = {}
    for literal in literals:
        first, *rest = map(re.escape, literal.decode("ascii"))
        rests.setdefault(first, []).append(tuple(rest))
    return "|".join(f"{first}(?={joined(rest)})" for first, rest in rests.items()).encode("ascii")


def _bounds(reading: Reading) -> list[tuple[str, int]]:
    """Return the signs of which a match holds so few that it is worth while to look for them."""
    if reading.trigger is None or reading.trigger.fixed:
        return []
    if reading.widest < _WIDE:
        return []
    held = (("\n", reading.lines, _LINES), (" ", reading.spaces, _BLANKS))
    return [(sign, most) for sign, most, limit in held if most <= limit]


def _clipped(
    text: str, spans: list[Span], bounds: Sequence[tuple[str, int]], behind: int
) -> list[Span]:
    """Cut off the fore part of each span from where a match would hold too many signs."""
    clipped = []
    for start, end in spans:
        low = max(start, 0)
        at = end - 1 - behind  # no literal of the match stands before
        if at - low >= _WIDE:
            for sign, most in bounds:
                place = at
                for _ in range(most + 1):
                    place = text.rfind(sign, low, place)
                    if place < 0:
                        break
                else:
                    low = place + 1
        clipped.append((low, end))
    return clipped


def _merged(spans: list[Span], size: int) -> list[Span]:
    """Return the spans sorted, within the text, and joined where they touch."""
    if len(spans) > 1:
        spans.sort()
    merged: list[Span] = []
    until = 0
    for start, end in spans:
        first = max(start, 0)
        last = min(end, size)
        if merged and first <= until:
            if last > until:
                merged[-1] = (merged[-1][0], last)
                until = last
        elif first < last:
            merged.append((first, last))
            until = last
    return merged
