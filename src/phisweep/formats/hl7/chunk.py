"""Some messages, searched and written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import Block, Replaced
from phisweep.formats.hl7.attachments import Attachment
from phisweep.formats.spots import Scribe, Spot, edited, spliced
from phisweep.formats.stream import Opened
from phisweep.model import Edit


@dataclass(frozen=True, slots=True)
class Hl7Chunk:
    """Some messages, or a part of a long one: blocks, and where they stand in its text."""

    opened: Opened
    mark: bytes
    text: str = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    spots: Mapping[str, Spot] = field(repr=False)
    attachments: Sequence[Attachment] = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the messages with the edits in place, escaped. Raises DocumentError E206."""
        changes = edited(self.spots, edits)
        for attachment in self.attachments:
            changes += attachment.changes(edits)
        code = self.opened.code
        return self.mark + code.encode(spliced(self.text, changes), self.opened.source)

    def close(self) -> None:
        """Release the documents in it."""
        for attachment in self.attachments:
            attachment.inner.close()


@dataclass(slots=True)
class Notes(Scribe):
    """What is collected of a chunk: blocks, where they stand, and the documents in fields."""

    attachments: list[Attachment] = field(default_factory=list, repr=False)

    def chunk(self, opened: Opened, text: str, mark: bytes) -> Hl7Chunk:
        """Return the chunk of all that was added, and begin the next one."""
        self.flush()
        chunk = Hl7Chunk(opened, mark, text, self.blocks, self.spots, self.attachments)
        self.blocks, self.spots, self.attachments = [], {}, []
        return chunk
