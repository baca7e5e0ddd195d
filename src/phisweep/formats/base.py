"""
What a format owes: parse to find, splice to write.

A format module defines one subclass-free object that satisfies `Format` and registers it with
`@register`; modules are found by pkgutil. A format opens a source as a `Document`; a document
yields chunks in the order of the source; a chunk holds blocks to search and writes itself with the
replaced blocks in place and every other byte as it was. Memory is bounded by the chunk.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from phisweep.errors import DocumentError
from phisweep.model import Column, Edit, Source, Text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: an encoding that overrides sniffing, and sizes in bytes."""

    encoding: str = ""
    chunk_bytes: int = 2 << 20
    max_line_bytes: int = 32 << 20  # a longer line or record is an error, not a chunk
    max_depth: int = 256
    sample_records: int = 10_000


@dataclass(frozen=True, slots=True)
class Replaced:
    """
    What stands in the cells of a column: `values[indices[row]]` in each row, None where it stays.

    `indices` None: the values are those of the column's own dictionary, in its order.
    """

    values: Sequence[str | None] = field(repr=False)
    indices: npt.NDArray[np.int64] | None = field(default=None, repr=False)


class Chunk(Protocol):
    """A part of a document that is searched and written at once."""

    @property
    def blocks(self) -> Sequence[Text | Column]:
        """What to search. A block's address is unique in the source."""

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],
    ) -> bytes:
        """
        Return the chunk's bytes with the changes in place.

        `edits` maps the address of a Text to its edits (sorted, not overlapping), `columns` the
        address of a Column to what stands in its cells.
        With both empty the bytes are those of the source.
        """


class Document(Protocol):
    """An opened source. `encoding`, `rows` and `warnings` are final once the chunks are read."""

    encoding: str
    rows: int | None
    columns: int | None
    warnings: list[str]

    def sample(self) -> Sequence[Column]:
        """Return the first records of a table, by column, to judge the columns by; else ()."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks in order. Raises DocumentError where the source cannot be read on."""

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""

    def close(self) -> None:
        """Release the source."""


class Format(Protocol):
    """One way of writing data down."""

    name: str
    suffixes: tuple[str, ...]
    #: What this format never looks at, in words for the report.
    unread: tuple[str, ...]
    #: Whether its values stand under names of columns or keys.
    structured: bool

    def sniff(self, head: bytes) -> bool:
        """Say whether the first 64 KiB look like this format; asked where no suffix matches."""

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the source. Raises DocumentError."""


FORMATS: dict[str, Format] = {}


def register(format_: Format) -> Format:
    """Add a format to the registry, under its name."""
    FORMATS[format_.name] = format_
    return format_


def load() -> Mapping[str, Format]:
    """
    Import every module of this folder, and return the registry.

    A format that somebody imported by name before does not keep the others out.
    """
    package = importlib.import_module("phisweep.formats")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"phisweep.formats.{module.name}")
    return FORMATS


def cell_address(record: int, line: int, index: int) -> str:
    """Return where a cell stands: `record 12, line 14, column 3`; `index` counts from 0."""
    return f"record {record}, line {line}, column {index + 1}"


def failed(code: str, source: Source, what: str, todo: str = "") -> DocumentError:
    """Return the error for a source that cannot be read; the place is its shown name."""
    return DocumentError(code, what, where=source.shown or "standard input", todo=todo)
