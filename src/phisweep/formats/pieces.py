"""
Documents cut into pieces, each of which another process may read.

A piece is a run of the chunks that the document is read in as a whole: what is found in them, in which
order, and what they write is the same. A format that can be cut tells where its chunks end, having
gone through the source once without reading its values, and opens a piece as a document of its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import field
from itertools import accumulate
from typing import BinaryIO, Protocol, runtime_checkable

from phisweep.formats.base import Document, Format, ReadOptions, failed
from phisweep.formats.stream import raw_stream
from phisweep.model import Source, Text
from phisweep.values import dataclass

#: Chunks of a table that one piece has at most: what is done again where a process is killed.
MOST = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """One chunk of a document: where it ends, and how many records and lines end in it."""

    end: int
    records: int
    lines: int


@dataclass(frozen=True, slots=True)
class Piece:
    """
    Some chunks, in order; `number` is from 0.

    `begin` and `ends` say where they lie, in what their format counts by: bytes, batches. `record` and
    `line`, from 1, are those of the first; `records` is how many there are. In the first piece of a table the
    names of its columns are a record, and record 1 is that behind them.
    """

    number: int
    begin: int
    ends: tuple[int, ...]
    record: int
    line: int
    records: int


@dataclass(frozen=True, slots=True)
class Cut:
    """
    A document in pieces; `known` is what its format found out of it, and needs to open one.

    `state` tells whether the source is still what was cut.
    """

    format: str
    known: object = field(repr=False)
    state: tuple[int, ...]
    pieces: tuple[Piece, ...]


class PieceDocument(Document, Protocol):
    """A piece as a document of its own."""

    def names(self) -> Sequence[Text]:
        """Return the names of columns that stand in the first piece, where this is another."""


@runtime_checkable
class Divisible(Format, Protocol):
    """What a format owes whose documents can be cut."""

    def marks(self, source: Source, options: ReadOptions, *, linked: bool) -> Marks | None:
        """
        Return where the chunks end, None where the document is to be done as a whole.

        `linked`: it matters whose record is what. Raises DocumentError.
        """

    def piece(self, source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> PieceDocument:
        """Open a piece. Raises DocumentError E201 where the source is not what was cut."""


@dataclass(frozen=True, slots=True)
class Marks:
    """
    Where the chunks of a document end; the first one begins at `begin`.

    `names`: the first record holds the names of columns. `copied`: what pieces write, put together, is
    the copy. For `known` and `state` see Cut.
    """

    known: object = field(repr=False)
    state: tuple[int, ...]
    begin: int
    chunks: Sequence[Mark]
    names: bool = False
    copied: bool = True
    most: int = MOST  # of one piece


def cut(format_: str, marks: Marks, wanted: int) -> Cut:
    """Return about so many pieces of a document, or more where they would be large."""
    chunks = marks.chunks
    size = min(marks.most, max(1, len(chunks) // max(1, wanted)))
    records = [0, *accumulate(mark.records for mark in chunks)]
    lines = [0, *accumulate(mark.lines for mark in chunks)]
    ends = [marks.begin, *(mark.end for mark in chunks)]
    pieces = tuple(
        Piece(
            number,
            ends[at],
            tuple(ends[at + 1 : at + size + 1]),
            records[at] + 1 - (marks.names and at > 0),
            lines[at] + 1,
            records[min(at + size, len(chunks))] - records[at],
        )
        for number, at in enumerate(range(0, len(chunks), size))
    )
    return Cut(format_, marks.known, marks.state, pieces)


def state_of(stream: BinaryIO) -> tuple[int, ...]:
    """
    Return what changes when a file is written to, or another takes its place. Raises OSError.

    Every machine that has mounted it says the same: the number of the device is its own.
    """
    told = os.fstat(stream.fileno())
    return told.st_ino, told.st_size, told.st_mtime_ns


def unchanged(source: Source, cut: Cut) -> BinaryIO:
    """Open a source again that is still what was cut. Raises DocumentError E201."""
    stream = raw_stream(source)
    try:
        check_state(stream, cut.state, source)
    except BaseException:
        stream.close()
        raise
    return stream


def check_state(stream: BinaryIO, state: tuple[int, ...], source: Source) -> None:
    """Raise DocumentError E201 where a source is not what was cut."""
    if state_of(stream) != state:
        raise failed("E201", source, "it changed while it was read")
