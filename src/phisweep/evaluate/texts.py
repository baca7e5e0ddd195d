"""The texts that stand at the addresses of a file, as a search tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from phisweep.formats.base import ReadOptions, cell_address
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Finding, Media, Source, Text
from phisweep.places import part_source


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: options, and what searches the names of parts and columns."""

    options: ReadOptions
    find: Callable[[Text], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a file: the part that it lies in, and what addresses in it begin with."""

    part: int
    name: str
    prefix: str
    block: Text | Column


def blocks(path: Path, name: str, reading: Reading) -> Iterator[Block]:
    """Yield what is searched of a file. Raises DocumentError where it cannot be read."""
    source = Source(path, name, path.stat().st_size, name)
    document = choose_format(source, reading.options).open(source, reading.options)
    with closing(document):
        for number, part in enumerate(document.parts(), 1):
            shown = part_source(source, part, number, reading.find).shown
            prefix = f"{shown.removeprefix(name + '!')}!" if shown != name else ""
            for block in (block for chunk in part.chunks() for block in chunk.blocks):
                if not isinstance(block, Media):
                    yield Block(number, part.name, prefix, block)


def texts(
    path: Path, name: str, reading: Reading, wanted: frozenset[str]
) -> tuple[dict[str, str], int]:
    """Return the texts at the addresses that are wanted, and how many words the file has."""
    out: dict[str, str] = {}
    words = 0
    for each in blocks(path, name, reading):
        block, prefix = each.block, each.prefix
        if isinstance(block, Text):
            words += len(block.text.split())
            if prefix + block.location.address in wanted:
                out[prefix + block.location.address] = block.text
            continue
        values = [value or "" for value in block.values.dictionary.to_pylist()]
        sizes = [len(value.split()) for value in values]
        for row, index in enumerate(block.values.indices.to_pylist()):
            if index is not None:
                words += sizes[index]
                line = None if block.lines is None else int(block.lines[row])
                where = prefix + cell_address(block, row, line)
                if where in wanted:
                    out[where] = values[index]
    return out, words
