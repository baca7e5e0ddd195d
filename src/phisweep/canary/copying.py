"""The planted copy of one source, written by its own format."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from phisweep.canary.finding import Finder
from phisweep.canary.model import Planting
from phisweep.formats.base import Chunk, Document, ReadOptions, Replaced
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Edit, Source, Text
from phisweep.splicing import splice
from phisweep.spool import write_new

_SEEN = re.compile(r"\S")
_Here = Mapping[str, Sequence[Planting]]


@dataclass(frozen=True, slots=True)
class Copied:
    """A planted copy, and the numbers of those canaries that stand in the data without us."""

    path: Path = field(repr=False)
    occurring: frozenset[int]


def plant(
    source: Source, target: Path, plantings: Sequence[Planting], options: ReadOptions
) -> Copied:
    """
    Write a copy of a source with everything planted in it, mode 0600; the source stays as it is.

    Raises DocumentError, OSError; then there is no copy.
    """
    where: dict[tuple[int, int], dict[str, list[Planting]]] = defaultdict(lambda: defaultdict(list))
    for planting in plantings:
        slot = planting.slot
        where[slot.part, slot.chunk][slot.address].append(planting)
    finder = Finder([planting.canary for planting in plantings])
    occurring: set[int] = set()
    format_ = choose_format(source, options)
    _folder(target.parent)
    try:
        with closing(format_.open(source, options)) as document:
            write_new(target, _pieces(document, where, finder, occurring))
        if format_.copied_as:
            target = target.rename(target.with_name(target.name + format_.copied_as))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Copied(target, frozenset(occurring))


def _folder(path: Path) -> None:
    """Make a folder and those above it that are not there, each of mode 0700."""
    if not path.is_dir():
        _folder(path.parent)
        path.mkdir(mode=0o700)


def _pieces(
    document: Document,
    where: Mapping[tuple[int, int], _Here],
    finder: Finder,
    occurring: set[int],
) -> Iterator[bytes]:
    for number, part in enumerate(document.parts()):
        part.sample()  # as whoever reads a part does: some formats read on from there
        for count, chunk in enumerate(part.chunks()):
            occurring |= finder.numbers(chunk.blocks)
            yield _written(chunk, where.get((number, count), {}))
    yield from document.finish()


def _written(chunk: Chunk, here: _Here) -> bytes:
    edits: dict[str, Sequence[Edit]] = {}
    columns: dict[str, Replaced] = {}
    for block in chunk.blocks if here else ():
        plantings = here.get(block.location.address, ())
        if plantings and isinstance(block, Column):
            columns[block.location.address] = _cells(block, plantings)
        elif plantings and isinstance(block, Text):
            edits[block.location.address] = _edits(block, plantings)
    return chunk.write(edits, columns)


def _cells(block: Column, plantings: Sequence[Planting]) -> Replaced:
    """Return the cells of a column with a few rows of their own."""
    values: list[str | None] = [None] * len(block.values.dictionary)
    indices = np.asarray(block.values.indices, dtype=np.int64).copy()
    for planting in plantings:
        row, canary = planting.slot.row, planting.canary
        new = canary.snippet
        if not canary.whole:
            before = block.values.dictionary[int(indices[row])].as_py()
            at = len(before.rstrip()) if canary.number % 2 else 0
            new = splice(before, [Edit(at, at, _joined(before, at, canary.snippet, " "))])
        indices[row] = len(values)
        values.append(new)
    return Replaced(values, indices)


def _edits(block: Text, plantings: Sequence[Planting]) -> list[Edit]:
    """Return what changes a text; what is planted within it takes the place of nothing."""
    out = []
    for planting in sorted(plantings, key=lambda p: p.slot.at):
        slot, snippet = planting.slot, planting.canary.snippet
        if planting.canary.whole:
            core = block.text.strip()
            start = block.text.index(core)
            out.append(Edit(start, start + len(core), snippet))
        else:
            if out and slot.at < out[-1].end:
                continue  # another stands there: this one is told as not written
            gap = "\n" if slot.place == "own-line" else " "
            new = _joined(block.text, slot.at, snippet, gap)
            out.append(_inserted(block.text, slot.at, new, out[-1].end if out else 0))
    return out


def _inserted(text: str, at: int, new: str, done: int) -> Edit:
    """
    Return the edit that puts something before a code point, by way of a character beside it.

    A format that maps text to pieces of markup knows where a character stands, and not where
    nothing does. `done` is where the edit before ended.
    """
    if at - 1 >= done and not text[at - 1].isspace():
        return Edit(at - 1, at, text[at - 1] + new)
    beside = _SEEN.search(text, at)
    if beside is not None:
        return Edit(at, beside.end(), new + text[at : beside.end()])
    return Edit(at, at, new)


def _joined(text: str, at: int, snippet: str, gap: str) -> str:
    """
    Return the snippet with what parts it from the text around it: a line end, or as of sentences.

    Who writes two things into one line puts a stop between them, or a dash.
    """
    before, behind = text[:at].rstrip(" ")[-1:], text[at : at + 1]
    if gap == "\n":
        head = gap if before and before != "\n" else ""
        return f"{head}{snippet}{gap if behind and behind != gap else ''}"
    head = tail = ""
    if before.isalnum() or before in {")", "]", "%"}:
        head = "."
    if behind and snippet[-1:].isalnum():
        tail = "."
    head += " " if (head or before) and not text[:at][-1:].isspace() else ""
    tail += " " if behind and not behind.isspace() else ""
    return f"{head}{snippet}{tail}"
