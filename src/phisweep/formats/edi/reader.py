"""Interchanges read segment by segment, from a text that grows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.edi.chunk import X12Chunk
from phisweep.formats.edi.names import SEGMENTS
from phisweep.formats.edi.owners import LOOPS, Owners
from phisweep.formats.edi.segment import Segment, cut
from phisweep.formats.edi.separators import LENGTH, Separators, separators
from phisweep.formats.plain import line_ends
from phisweep.formats.spots import Scribe, Stretch, kind_in
from phisweep.formats.stream import Opened
from phisweep.model import Location, Text

_ISA = re.compile(r"ISA(?=[^\w\s])")
_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_BLANK = re.compile(r"[ \t\r\n\ufeff]*")
_PROSE = Separators("\n", "\r", "\0")
_HELD = 4 * LENGTH  # code points in which an ISA may be cut off
_FURTHEST = 1 << 20  # code points that are held to see whose a loop is
_LONGEST_ID = 4  # code points of a segment's name and the separator behind it
_OTHER_INSURED = "S3"


@dataclass(slots=True)
class _Cursor:
    """Counts lines up to where a segment begins; positions are those of the text that is held."""

    at: int = 0
    line: int = 1
    begun: int = 0
    half: bool = False  # a return was the last, whose line feed may still come

    def place(self, text: str, start: int) -> tuple[int, int]:
        """Return the line and column, from 1, of a code point that is not before the last one."""
        passed = text[self.at : start]
        if "\n" in passed or "\r" in passed:
            self.line += line_ends(passed.encode()) - (self.half and passed[0] == "\n")
            self.begun = self.at + max(passed.rfind("\n"), passed.rfind("\r")) + 1
        if passed:
            self.half = passed[-1] == "\r"
        self.at = start
        return self.line, start - self.begun + 1

    def drop(self, text: str, size: int) -> None:
        """Forget the beginning of the text."""
        self.place(text, max(size, self.at))
        self.at, self.begun = self.at - size, self.begun - size


@dataclass(slots=True)
class Reader:
    """
    Reads a growing text, segment after segment; holds nothing of those that are done but counts.

    `error` is the first of what is wrong, for who asks when all is read. `interchanges` and
    `transactions` count those that began; `miscounted` says that a trailer counts otherwise.
    """

    opened: Opened
    interchanges: int = 0
    transactions: int = 0
    miscounted: bool = False
    error: DocumentError | None = None
    _cursor: _Cursor = field(default_factory=_Cursor)
    _separators: Separators | None = None
    _entity: str = ""
    _number: int = 0
    _inside: bool = False
    _claimed: bool = False
    _envelope: Counter[str] = field(default_factory=Counter)
    _owners: Owners = field(default_factory=Owners, repr=False)
    _scribe: Scribe = field(default_factory=Scribe, repr=False)
    _fixed: set[str] = field(default_factory=set)
    _strays: int = 0
    _read: int = 0

    def chunk(self, text: str, mark: bytes, *, last: bool) -> tuple[X12Chunk, int]:
        """
        Return the chunk of the whole segments that a text begins with, and how long it is.

        It is of no length where more is needed first; then the same text comes again with more.
        """
        at = self._read
        while at < len(text) and (end := self._next(text, at, last=last)) > at:
            at = end
        if self._scribe.begun and not last and at < _FURTHEST and self._may_go_on(text, at):
            self._read = at
            return X12Chunk(self.opened, mark, "", (), {}, frozenset()), 0
        self._read = 0
        self._scribe.flush()
        blocks, spots = self._scribe.blocks, self._scribe.spots
        chunk = X12Chunk(self.opened, mark, text[:at], blocks, spots, frozenset(self._fixed))
        self._scribe, self._fixed = Scribe(), set()
        self._cursor.drop(text, at)
        return chunk, at

    @property
    def _element(self) -> str:
        return self._separators.element if self._separators else "\n"

    def _may_go_on(self, text: str, at: int) -> bool:
        """Say whether the segment that comes next may be of the text that was begun."""
        start = self._skip(text, at)
        return len(text) - start < _LONGEST_ID or self._scribe.goes_on(
            (text[start : start + _LONGEST_ID].partition(self._element)[0],)
        )

    def finish(self) -> None:
        """Look at what should have come to its end."""
        if self._inside:
            self._fail("E241", "a transaction ends without its trailer (SE)")
        elif self._separators is not None:
            self._fail("E241", "an interchange ends without its trailer (IEA)")
        elif not self.interchanges and self._strays:
            self._fail("E240", "there is no interchange (ISA) in it")

    def _fail(self, code: str, what: str) -> None:
        todo = "Get it whole, or repair it; what was found is reported."
        self.error = self.error or failed(code, self.opened.source, what, todo)

    def _next(self, text: str, at: int, *, last: bool) -> int:
        """Take what comes next, and return where it ends; `at` where more is needed first."""
        start = self._skip(text, at)
        if start == len(text):
            return start if last else at
        if _ISA.match(text, start):
            if len(text) - start < _HELD and not last:
                return at
            self._header(text, start)
        if self._separators is None:
            return self._stray(text, at, start, last=last)
        end = text.find(self._separators.terminator, start)
        if end < 0 and not last:
            return at
        whole = last or len(text) - start > _FURTHEST
        end, cut_off = (end, False) if end >= 0 else (len(text), True)
        if not self._owners.begins(text, start, end, self._separators, last=whole):
            return at
        self._segment(text, start, end, self._separators)
        if cut_off:
            self._fail("E241", f"the last segment is cut off: line {self._cursor.line}")
        return min(end + 1, len(text))

    def _skip(self, text: str, at: int) -> int:
        """Return where something stands behind line ends and blanks, which separate nothing."""
        blank = _BLANK.match(text, at)
        assert blank is not None  # noqa: S101 - it may be empty
        end = self._separators.terminator if self._separators else ""
        stop = text.find(end, at, blank.end()) if end else -1
        return stop if stop >= 0 else blank.end()

    def _header(self, text: str, start: int) -> None:
        """Begin an interchange with the separators that its ISA names."""
        line, _ = self._cursor.place(text, start)
        if self._separators is not None:
            self._fail("E241", f"an interchange begins within another: line {line}")
        found = separators(text, start)
        self._separators, exact = found or (None, True)
        self._inside, self._entity = False, ""
        if found is None:
            self._fail("E240", f"ISA does not tell the separators: line {line}")
            return
        if not exact:
            self._fail("E240", f"ISA is not of {LENGTH} characters: line {line}")
        self.interchanges += 1
        self._envelope.clear()

    def _stray(self, text: str, at: int, start: int, *, last: bool) -> int:
        """Take text outside of interchanges, up to the next ISA or to the end of a line."""
        line, col = self._cursor.place(text, start)
        ends = (m.start() for m in _ISA.finditer(text, start + 1) if separators(text, m.start()))
        end = next(ends, len(text) if last else 0)
        if not end:
            border = len(text) - _HELD
            end = max(text.rfind("\n", start, border), text.rfind("\r", start, border)) + 1
            end = end or (border if border - start > _FURTHEST else at)
        if end > start:
            self._strays += 1
            where = Location(self.opened.source.shown, f"line {line}, column {col}")
            value, place = text[start:end], "outside of interchanges"
            block = Text(where, value, kind=kind_in(value), line=line, col=col, place=place)
            self._scribe.flush()
            self._scribe.add(block, Stretch(start, end, value), _PROSE.written)
        return end

    def _segment(self, text: str, start: int, end: int, split: Separators) -> None:
        line, col = self._cursor.place(text, start)
        elements = list(cut(text, start, end, split.element))
        raw = [text[a:b] for a, b in elements]
        name = raw[0].strip()
        if not _ID.fullmatch(name):
            self._no_segment(text, start, end, line, col)
            return
        address = self._address(name if name in SEGMENTS else "other", raw)
        self._follow(name, raw)
        segment = Segment(
            name if name in SEGMENTS else "other",
            start,
            elements,
            raw,
            split,
            address,
            line,
            col,
            self._entity,
            self._owners.key,
            self.opened.source.shown,
        )
        before = len(self._scribe.blocks)
        segment.read(text, self._scribe)
        if name == "ISA":
            self._fixed.update(b.location.address for b in self._scribe.blocks[before:])
        if name == "IEA":
            self._separators = None

    def _address(self, name: str, raw: list[str]) -> str:
        """Return where a segment stands, and take in where a transaction begins and ends."""
        if name == "ST":
            self.transactions += 1
            self._inside, self._number = True, 0
        if not self._inside:
            self._envelope[name] += 1
            nth = f"[{self._envelope[name]}]" if self._envelope[name] > 1 else ""
            return f"interchange {self.interchanges}, {name}{nth}"
        self._number += 1
        if name == "SE":
            self._inside = False
            said = raw[1].strip() if len(raw) > 1 else ""
            self.miscounted = self.miscounted or said.lstrip("0") != str(self._number)
        return f"transaction {self.transactions}, segment {self._number}, {name}"

    def _follow(self, name: str, raw: list[str]) -> None:
        """Keep of whom the loop speaks; a subscriber in a claim is that of another insurance."""
        if name in ("NM1", "N1"):
            self._entity = raw[1].strip() if len(raw) > 1 else ""
            if self._claimed and self._entity == "IL":
                self._entity = _OTHER_INSURED
        elif name in LOOPS or name in ("ST", "SE", "CLM", "LX"):
            self._entity = ""
            self._claimed = name == "CLM" or (self._claimed and name == "LX")

    def _no_segment(self, text: str, start: int, end: int, line: int, col: int) -> None:
        """Take what stands where a segment should: it is text."""
        if start == end:
            return
        self._fail("E241", f"no segment stands at line {line}")
        where = Location(self.opened.source.shown, f"line {line}, column {col}")
        value, place = text[start:end], "no segment"
        block = Text(where, value, line=line, col=col, owner=self._owners.key, place=place)
        self._scribe.flush()
        assert self._separators is not None  # noqa: S101 - a segment was looked for
        self._scribe.add(block, Stretch(start, end, value), self._separators.written)
