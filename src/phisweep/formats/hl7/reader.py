"""Messages, batches and what stands around them, read line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.hl7 import lexer
from phisweep.formats.hl7.chunk import Hl7Chunk, Notes
from phisweep.formats.hl7.escapes import Separators, resolved
from phisweep.formats.hl7.fields import SEGMENTS
from phisweep.formats.hl7.lexer import Line
from phisweep.formats.hl7.owners import owner_ahead, owner_of
from phisweep.formats.hl7.segment import Segment
from phisweep.formats.stream import Opened
from phisweep.model import Location, Text

_MESSAGE_TYPE = 9  # the field of MSH without which there is no message
_HEADERS, _TRAILERS = ("FHS", "BHS"), ("BTS", "FTS")
_NONE = Separators("\n")  # of text outside of messages


@dataclass(slots=True)
class Reader:
    """
    Reads a growing text, message after message; holds nothing of those that are done but counts.

    `error` is the first of what is wrong, for who asks when all is read. `messages` counts those
    that began, `strays` lines within messages that are no segments.
    """

    opened: Opened
    messages: int = 0
    strays: int = 0
    error: DocumentError | None = None
    _notes: Notes = field(default_factory=Notes, repr=False)
    _line: int = 1
    _inside: bool = False
    _framed: bool = False
    batched: bool = False
    _batches: int = 0
    _separators: Separators | None = None
    _batch: Separators | None = None
    _owner: str = field(default="", repr=False)
    _counts: Counter[str] = field(default_factory=Counter)
    _outer: Counter[str] = field(default_factory=Counter)

    def chunk(self, text: str, mark: bytes) -> Hl7Chunk:
        """Return the chunk of the next stretch of the text, which ends at the end of a line."""
        for line in lexer.lines(text, self._line):
            try:
                self._take(text, line)
            except DocumentError as error:  # of a document in a field; the others are read on
                self.error = self.error or error
        self._line += text.count("\n") + text.count("\r") - text.count("\r\n")
        return self._notes.chunk(self.opened, text, mark)

    def finish(self) -> None:
        """Look at what should have come to its end."""
        if self._framed:
            self._fail("E239", "it ends within an MLLP frame")
        if self._batches > 0:
            self._fail("E239", "a batch ends without its trailer (BTS, FTS)")

    def _fail(self, code: str, what: str) -> None:
        todo = "Get it whole, or repair it; what was found is reported."
        self.error = self.error or failed(code, self.opened.source, what, todo)

    def _take(self, text: str, line: Line) -> None:
        if line.closes:
            self._framed = False
            return
        if line.opens and self._framed:
            self._fail("E239", f"an MLLP frame begins within another: line {line.number}")
        self._framed = self._framed or line.opens
        if line.start == line.end:
            return
        if begins := lexer.header(text, line):
            self._begin(text, line, begins)
        separators = self._separators
        if self._batch and text.startswith(_TRAILERS, line.start):
            separators = self._batch
        name = lexer.segment(text, line, separators) if separators else ""
        if name and separators:
            self._segment(text, line, name, separators)
        else:
            self._other(text, line)

    def _begin(self, text: str, line: Line, name: str) -> None:
        """Begin a message or a batch, with the separators that its header names."""
        self._notes.flush()
        separators = lexer.separators(text, line, self.opened.code.codec)
        self._separators, self._inside, self._owner = separators, name == "MSH", ""
        if not self._inside:
            self._batch = separators
        if self._inside:
            self.messages += 1
            self._counts.clear()
        if separators is None:
            what = f"the separators that {name} names cannot be used"
            self._fail("E238", f"{what}: line {line.number}")
        elif self._inside:
            self._owner = owner_ahead(text, line.end, separators)
            if text.count(separators.field, line.start, line.end) < _MESSAGE_TYPE - 1:
                self._fail("E238", f"MSH ends before the message's type: line {line.number}")

    def _segment(self, text: str, line: Line, name: str, separators: Separators) -> None:
        if name in _HEADERS or name in _TRAILERS:
            self._batches += 1 if name in _HEADERS else -1
            self.batched = True
            self._inside, self._owner = False, ""
        known = name if name in SEGMENTS or name.startswith("Z") else "other"
        counts = self._counts if self._inside else self._outer
        counts[known] += 1
        if known == "PID":
            self._owner = owner_of(text, line, separators) or self._owner
        nth = f"[{counts[known]}]" if counts[known] > 1 else ""
        where = f"message {self.messages}, " if self._inside else ""
        address = f"{where}{known}{nth}"
        segment = Segment(self.opened, line, known, address, separators, self._owner)
        segment.read(text, self._notes)

    def _other(self, text: str, line: Line) -> None:
        """Take a line that is no segment: it goes on with the text above it, or is text itself."""
        separators = self._separators if self._inside else None
        if self._inside:
            self.strays += 1
            if separators and lexer.strange(text, line, separators, SEGMENTS):
                self._fail("E238", f"not the separators that its MSH names: line {line.number}")
        stretch = resolved(text, line.start, line.end, separators or _NONE)
        if self._notes.begun:
            self._notes.more(stretch)
            return
        where = Location(self.opened.source.shown, f"line {line.number}")
        block = Text(
            where,
            "",
            line=line.number,
            col=line.col,
            owner=self._owner,
            place="a line that is no segment",
        )
        written: Callable[[str], str] = (separators or _NONE).written
        self._notes.begin(("",), block, stretch, written)
