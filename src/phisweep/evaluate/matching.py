"""
One text: which gold a tool found, and which of its predictions are right.

Four readings. Of gold: *strict*, a prediction has the same bounds; *covered*, no character that tells
something is left (white space and punctuation tell nothing); *cleared*, nothing is left but words
that may stay, such as a title or a state; *touched*, some character is covered. Of predictions:
strict; they lie in gold; they do but for such words; they touch it. Each by class, and whatever the
class.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.evaluate.stays import Stays
from phisweep.evaluate.values import IGNORE, Span

READINGS = ("strict", "covered", "cleared", "touched")
STRICT, COVERED, CLEARED, TOUCHED = range(4)
Verdict = tuple[bool, bool, bool, bool]
_NOT = (False, False, False, False)
_WORD = re.compile(r"\w+")
_SILENT = frozenset("PZC")  # Unicode's punctuation, separators, controls


@dataclass(frozen=True, slots=True)
class Judged:
    """
    A span by the readings: `blind` whatever the class, `typed` in its own.

    Of gold, `needed` is the highest score that may be asked for while it stays covered, None where
    it is not, or where what covers it has no score.
    """

    span: Span
    blind: Verdict
    typed: Verdict
    needed: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A text compared: its gold, and its predictions but for those that count for nothing."""

    gold: tuple[Judged, ...]
    predictions: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """
    Compares texts.

    `scope` are the classes that the gold is complete for, None all: gold of others is ignored, and
    so are predictions of others that touch nothing.
    """

    stays: Stays = field(default_factory=Stays)
    scope: frozenset[str] | None = None

    def counts(self, span: Span) -> bool:
        """Say whether a piece of gold counts."""
        return span.kind != IGNORE and (self.scope is None or span.kind in self.scope)

    def compare(
        self, text: str | None, gold: Sequence[Span], predictions: Sequence[Span]
    ) -> Compared:
        """Compare gold with predictions. Without the `text`, every character tells something."""
        counted = [span for span in gold if self.counts(span)]
        if not predictions:
            return Compared(tuple(self._missed(text, span) for span in counted), ())
        ignored = _Lane([span for span in gold if not self.counts(span)])
        of_gold, found = _Lane(counted), _Lane(predictions)
        judged = (self._prediction(text, span, of_gold, ignored) for span in predictions)
        return Compared(
            tuple(self._gold(text, span, found) for span in counted),
            tuple(each for each in judged if each is not None),
        )

    def _missed(self, text: str | None, span: Span) -> Judged:
        """Return gold that nothing touches; all of it may be words that may stay."""
        cleared = self._cleared(text, span, span.parts)
        verdict = (False, False, cleared, False)
        return Judged(span, verdict, verdict)

    def _gold(self, text: str | None, span: Span, found: _Lane) -> Judged:
        near = found.over_all(span)
        if not near:
            return self._missed(text, span)
        own = [piece for piece in near if piece.span.kind == span.kind]
        same = all(part in found.exact for part in span.parts)
        alike = same and all(span.kind in found.exact[part] for part in span.parts)
        covered, cleared = self._told(text, span, near)
        return Judged(
            span,
            (same, covered, cleared, True),
            (alike, *self._told(text, span, own), bool(own)),
            _needed(text, span, near) if covered else None,
        )

    def _prediction(
        self, text: str | None, span: Span, gold: _Lane, ignored: _Lane
    ) -> Judged | None:
        """Return a prediction as it is judged, None where it counts for nothing."""
        near, beside = gold.over_all(span), ignored.over_all(span)
        if not near:
            if beside or (self.scope is not None and span.kind not in self.scope):
                return None
            return Judged(span, _NOT, _NOT)
        own = [piece for piece in near if piece.span.kind == span.kind]
        same = all(part in gold.exact for part in span.parts)
        alike = same and all(span.kind in gold.exact[part] for part in span.parts)
        typed = (alike, *self._told(text, span, own + beside), True) if own else _NOT
        return Judged(span, (same, *self._told(text, span, near + beside), True), typed)

    def _told(self, text: str | None, span: Span, pieces: Sequence[_Piece]) -> tuple[bool, bool]:
        """Say whether a span is covered by pieces, and whether it is but for what may stay."""
        left = _left(span, pieces)
        covered = not left or _silent(text, span, left)
        return covered, covered or self._cleared(text, span, left)

    def _cleared(self, text: str | None, span: Span, left: Sequence[tuple[int, int]]) -> bool:
        if text is None:
            return False
        words = [
            word[0]
            for start, end in span.parts
            for word in _WORD.finditer(text, start, end)
            if any(word.start() < stop and begin < word.end() for begin, stop in left)
        ]
        return bool(words) and self.stays.may_stay(span.kind, words)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    span: Span


@dataclass(slots=True)
class _Lane:
    """Spans that can be asked what they have over a piece of the text."""

    spans: Sequence[Span]
    pieces: list[_Piece] = field(init=False)
    starts: list[int] = field(init=False)
    longest: int = field(init=False)
    exact: dict[tuple[int, int], set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = sorted(
            (_Piece(start, end, span) for span in self.spans for start, end in span.parts),
            key=lambda piece: (piece.start, piece.end),
        )
        self.starts = [piece.start for piece in self.pieces]
        self.longest = max((piece.end - piece.start for piece in self.pieces), default=0)
        self.exact = {}
        for piece in self.pieces:
            self.exact.setdefault((piece.start, piece.end), set()).add(piece.span.kind)

    def over(self, start: int, end: int) -> Iterator[_Piece]:
        """Yield the pieces that share a character with the one asked about."""
        first = bisect.bisect_left(self.starts, start - self.longest)
        for piece in self.pieces[first : bisect.bisect_left(self.starts, end)]:
            if piece.end > start:
                yield piece

    def over_all(self, span: Span) -> list[_Piece]:
        """Return the pieces that share a character with a span."""
        return [piece for part in span.parts for piece in self.over(*part)]


def _left(span: Span, pieces: Iterable[_Piece]) -> list[tuple[int, int]]:
    """Return what of a span no piece covers."""
    over = sorted((piece.start, piece.end) for piece in pieces)
    return [gap for start, end in span.parts for gap in _gaps(start, end, over)]


def _silent(text: str | None, span: Span, left: Sequence[tuple[int, int]]) -> bool:
    """Say whether what is left of a span tells nothing; of a span that does not either, all counts."""
    if text is None or not any(tells(text, *part) for part in span.parts):
        return False
    return not any(tells(text, *gap) for gap in left)


def _gaps(start: int, end: int, pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of a piece of the text no other covers."""
    for begin, stop in pieces:
        if begin > start:
            yield start, min(begin, end)
        start = max(start, stop)
        if start >= end:
            return
    yield start, end


def tells(text: str, start: int, end: int) -> bool:
    """Say whether a piece of a text has more in it than white space and punctuation."""
    return any(unicodedata.category(c)[0] not in _SILENT for c in text[start:end])


def _needed(text: str | None, span: Span, pieces: Sequence[_Piece]) -> float | None:
    """Return the highest of the scores from which on the pieces still cover the span."""
    for score in sorted({p.span.score for p in pieces if p.span.score is not None}, reverse=True):
        left = _left(span, [p for p in pieces if (p.span.score or 0.0) >= score])
        if not left or _silent(text, span, left):
            return score
    return None
