"""The texts of a sample read again from the originals, for the eyes of a reviewer alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from phisweep.discover import Skipped, discover
from phisweep.errors import VerificationError
from phisweep.formats.base import Block, Document, cell_address
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Source, Text
from phisweep.review.passages import Span, around, words
from phisweep.review.sample import FileRef, SampleRecord, UnitRecord, digests_of, unit_digest

#: What is shown around a passage: so many code points, and lines, the end of its own among them.
_BESIDE, _LINES = 160, 3


@dataclass(frozen=True, slots=True)
class View:
    """
    A unit as it is shown: the passage that it is or lies in, and what stands around that.

    `text` is the whole text or cell, `start:end` the passage in it. `label` is what the text stands
    under, `where` its place in the format's own language.
    """

    unit: UnitRecord
    text: str = field(repr=False)
    start: int
    end: int
    label: str = field(repr=False)
    where: str = field(repr=False)

    @property
    def before(self) -> str:
        """What stands before the passage: some words of the two lines before it."""
        near = self.text[max(0, self.start - _BESIDE) : self.start]
        lines = near.splitlines(keepends=True)[-_LINES:]
        cut = len(near) < self.start and "".join(lines) == near
        return "\u2026" + near.partition(" ")[2] if cut else "".join(lines)

    @property
    def after(self) -> str:
        """What stands behind it, likewise."""
        near = self.text[self.end : self.end + _BESIDE]
        lines = near.splitlines(keepends=True)[:_LINES]
        cut = self.end + len(near) < len(self.text) and "".join(lines) == near
        return near.rpartition(" ")[0] + "\u2026" if cut else "".join(lines).rstrip("\r\n")

    @property
    def words(self) -> list[Span]:
        """The words of the passage, which can be marked."""
        return words(self.text, self.start, self.end)

    @property
    def pieces(self) -> Iterator[tuple[str, int | None]]:
        """Yield the passage in pieces, each with its number where it is a word."""
        at = self.start
        for number, (start, end) in enumerate(self.words):
            if start > at:
                yield self.text[at:start], None
            yield self.text[start:end], number
            at = end
        if at < self.end:
            yield self.text[at : self.end], None


def originals(files: Sequence[FileRef], data: Sequence[str]) -> dict[str, Source]:
    """
    Return the files among those that `data` leads to, by SHA-256.

    Raises VerificationError (E505) where one is missing, or is not what the run read.
    """
    sizes = {file.bytes for file in files}
    found: dict[str, Source] = {}
    for item in discover(data):
        if isinstance(item, Skipped) or item.data is not None or item.size not in sizes:
            continue
        digest, _ = digests_of(item.path)
        found.setdefault(digest, item)
    for file in files:
        if file.sha256 not in found:
            raise _unlike(
                "no file of --data has the SHA-256 of what the run read",
                file.path,
                "Give the originals of the run by --data, as they were then.",
            )
    return found


def _unlike(why: str, where: str, todo: str) -> VerificationError:
    what = f"the originals are not those of the sample: {why}"
    return VerificationError("E505", what, where=where, todo=todo)


def read_views(sample: SampleRecord, data: Sequence[str]) -> dict[str, View]:
    """
    Return what is shown of each unit, by its id; read from the originals, and held in memory alone.

    Raises VerificationError (E505), DocumentError.
    """
    wanted: dict[int, list[UnitRecord]] = defaultdict(list)
    for unit in sample.units:
        wanted[unit.file].append(unit)
    files = {i: sample.files[i] for i in sorted(wanted)}
    paths = originals([*files.values()], data)
    views: dict[str, View] = {}
    for i, file in files.items():
        source = replace(paths[file.sha256], shown=file.path)
        _, key = digests_of(source.path)
        with closing(
            choose_format(source, sample.options).open(source, sample.options)
        ) as document:
            for view in _of_document(document, wanted[i], file.path):
                part = view.text[view.unit.start : view.unit.end]
                if unit_digest(key, part) == view.unit.digest:
                    views[view.unit.id] = view
        for unit in wanted[i]:
            if unit.id not in views:
                raise _unlike(
                    "a unit does not stand where it was drawn",
                    f"{file.path}: {unit.place}",
                    "Draw the sample again, with this version: phisweep sample.",
                )
    return views


def _of_document(document: Document, units: Sequence[UnitRecord], path: str) -> Iterator[View]:
    places: Mapping[tuple[int, int], list[UnitRecord]] = defaultdict(list)
    for unit in units:
        places[unit.part, unit.block].append(unit)
    left = len(units)
    for number, part in enumerate(document.parts(), 1):
        at = 0
        for chunk in part.chunks():
            for block in chunk.blocks:
                for unit in places.get((number, at), ()):
                    yield from _of_block(block, unit, path)
                    left -= 1
                at += 1
            if not left:
                return


def _of_block(block: Block, unit: UnitRecord, path: str) -> Iterator[View]:
    if isinstance(block, Text):
        text, label = block.text, block.label
        where = block.location.address
        if where == "text" and block.line is not None:
            where = f"line {block.line + text.count(chr(10), 0, unit.start)}"
    elif isinstance(block, Column) and unit.row is not None and unit.row < len(block.values):
        text = block.values.dictionary[block.values.indices[unit.row].as_py()].as_py()
        label = block.label
        line = None if block.lines is None else int(block.lines[unit.row])
        where = cell_address(block, unit.row, line)
    else:
        return
    if unit.end <= len(text):
        start, end = unit.start, unit.end
        if unit.is_candidate:
            start, end = around(text, start, end)
        yield View(unit, text, start, end, label, f"{path}: {where}")
