"""A file of genetic data as the lines of its headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import (
    Block,
    Fidelity,
    OnePart,
    ReadOptions,
    Replaced,
)
from phisweep.formats.genetics import headers
from phisweep.model import Edit, Location, Source, Text

HELD = "genetic data are not assessed: biometric (P), any unique characteristic (R)"
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class HeaderChunk:
    """Lines of a header; nothing is ever written."""

    blocks: Sequence[Block] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: no copy is written."""
        return b""


@dataclass(slots=True)
class GenomeDocument(OnePart):
    """An opened file of genetic data."""

    fidelity: Fidelity = field(default="always", init=False)  # type: ignore[misc]
    held: str = field(default=HELD, init=False)  # type: ignore[misc]
    source: Source
    options: ReadOptions
    encoding: str = ""
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[HeaderChunk]:
        """Yield the headers, some thousand lines at once. Raises DocumentError E201, E218, E260."""
        held: list[Block] = []
        told = headers.read(self.source, self.options)
        for number, (label, text) in enumerate(told, 1):
            if text.strip():
                where = Location(self.source.shown, f"header {number}")
                path = f"genome:{label}" if label in headers.IDS else ""
                held.append(Text(where, text, label, kind="metadata", path=path, place="header"))
            if len(held) == _AT_ONCE:
                yield HeaderChunk(held)
                held = []
        yield HeaderChunk(held)

    def position(self) -> int:
        """Return the size."""
        return self.source.size

    def close(self) -> None:
        """Do nothing: the source is not kept open."""
