"""Some segments of an interchange, searched and written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import Block, Replaced
from phisweep.formats.spots import Spot, spliced
from phisweep.formats.stream import Opened
from phisweep.marks import REMOVED
from phisweep.model import Edit


@dataclass(frozen=True, slots=True)
class X12Chunk:
    """Some segments: blocks, where they stand in its text, and which of them have a fixed width."""

    opened: Opened
    mark: bytes
    text: str = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    spots: Mapping[str, Spot] = field(repr=False)
    fixed: frozenset[str]

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """
        Return the segments with the edits in place; elements of ISA keep their width.

        Raises DocumentError E206.
        """
        changes: list[tuple[int, int, str]] = []
        for address, made in edits.items():
            if not made or address not in self.spots:
                continue
            spot = self.spots[address]
            if address in self.fixed:
                stretch = spot.stretches[0]
                width = stretch.end - stretch.start
                inner = [
                    (a - stretch.start, b - stretch.start, t) for a, b, t in spot.changes(made)
                ]
                new = spliced(stretch.text, inner).rstrip()
                if len(new) > width:  # a mark that is cut would be none any more
                    new = REMOVED[:width]
                changes.append((stretch.start, stretch.end, new.ljust(width)))
            else:
                changes += spot.changes(made)
        code = self.opened.code
        return self.mark + code.encode(spliced(self.text, changes), self.opened.source)
