"""What the pipeline decided, heard by standing where it enters its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from phisweep.keys import Key
from phisweep.model import Column, Decision, Text
from phisweep.places import place_of
from phisweep.records import Keeping, Ledger


class Heard(Ledger):
    """Hears what the pipeline decided of the blocks of a chunk."""

    def __init__(self, source: str, key: Key) -> None:
        super().__init__(source, key, Keeping(records=False))
        self.texts: dict[str, Sequence[Decision]] = {}
        self.columns: dict[str, tuple[Column, Mapping[int, Sequence[Decision]]]] = {}

    def text(self, block: Text, decisions: Sequence[Decision]) -> None:
        """Hear of a text."""
        self.texts[block.location.address] = decisions

    def column(self, block: Column, decided: Mapping[int, Sequence[Decision]]) -> None:
        """Hear of a column; its dictionary may have an entry for each subject of a value."""
        self.columns[block.location.address] = block, decided

    def place(self, block: Text) -> str:
        """Return the place of a text, without keys that may be data."""
        return self._prefix + (block.place or place_of(self.shown(block.location.address)))
