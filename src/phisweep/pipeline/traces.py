"""What edits took out of a document and what they put in, remembered by keyed digests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from phisweep.decide import READABLE
from phisweep.model import Decision, Edit
from phisweep.values import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

    from phisweep.detect.known import Collector
    from phisweep.detect.written import WrittenCollector
    from phisweep.transform.codes import RandomCodes
    from phisweep.transform.vault import Vault

#: Operators whose results lead back by a vault, and are no codes in a mark.
_REMEMBERED = frozenset({"surrogate", "uid"})


@dataclass(slots=True)
class Traces:
    """
    The traces of one document; `file` is the name of its copy.

    What keeps the codes hears what each surrogate stands for; a vault keeps that too.
    """

    file: str
    removed: Collector
    written: WrittenCollector
    codes: RandomCodes | Vault | None = field(default=None, repr=False)
    _readable: list[tuple[str, str]] = field(default_factory=list, repr=False)

    def add(self, text: str, edits: Sequence[Edit], decisions: Sequence[Decision]) -> None:
        """Remember the edits of a text; an edit begins where its finding does."""
        decided = {d.finding.start: d for d in decisions}
        for edit in edits:
            decision = decided[edit.start]
            before, identifier = text[edit.start : edit.end], decision.finding.identifier
            self.removed.add(before, identifier)
            if decision.operator in READABLE:
                self._readable.append((edit.text, identifier))
            if self.codes is not None and decision.operator in _REMEMBERED:
                self.codes.remember(identifier, before, edit.text)

    def value(self, value: str, identifier: str) -> None:
        """Remember a value that a mark took the place of."""
        self.removed.add(value, identifier)

    def values(self, values: pa.StringArray, identifier: str) -> None:
        """Remember many values that marks, or what is no identifier, took the place of."""
        self.removed.add_all(values, identifier)

    def settle(self, file: str) -> None:
        """Enter what was put in since, now that the name of the copy is known; "": it is `file`."""
        for text, identifier in self._readable:
            self.written.add(file or self.file, text, identifier)
        self._readable.clear()

    def finish(self) -> int:
        """Write what is held; return how many removed values cannot be looked for again."""
        self.settle("")
        self.removed.finish()
        self.written.finish()
        if self.codes is not None:
            self.codes.flush()
        return self.removed.unsearchable
