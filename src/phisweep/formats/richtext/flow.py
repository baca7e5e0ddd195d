"""Running text as paragraphs, items and cells, whatever tags stand within the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from phisweep.formats.richtext.grid import Grid
from phisweep.formats.richtext.held import Builder, Said
from phisweep.formats.richtext.pieces import Joined, Writing


@dataclass(slots=True)
class _Block:
    steps: str
    runs: int = 0
    table: bool = False


@dataclass(slots=True)
class Flow:
    """
    Gathers the pieces of running text, and adds one text for each paragraph, item and cell.

    `said` tells of a text by its label and the path of its block. Each text has the address of its
    block; of several in one block (around an inner table) the later ones are numbered.
    """

    builder: Builder
    writing: Writing
    said: Callable[[str, str], Said]
    label: str = field(default="", repr=False)
    _blocks: list[_Block] = field(default_factory=list)
    _grids: list[Grid] = field(default_factory=list, repr=False)
    _joined: Joined = field(default_factory=Joined, repr=False)
    _own: str = field(default="", repr=False)

    @property
    def open(self) -> bool:
        """Say whether a text has begun that is not added yet."""
        return bool(self._joined.pieces)

    def begin(self, steps: str) -> None:
        """Begin a block of that path."""
        self.end_run()
        self._blocks.append(_Block(steps))

    def end(self) -> None:
        """End the block that began last."""
        self.end_run()
        block = self._blocks.pop()
        if block.table and self._grids:
            self._grids.pop().end_row()

    def table(self) -> None:
        """Say that the last block is a table, or a list of terms."""
        self._blocks[-1].table = True
        self._grids.append(Grid())

    def cell(self, *, head: bool = False, span: int = 1) -> None:
        """Say that a cell begins; a heading or not."""
        if self._grids:
            self._grids[-1].cell(head=head, span=span)

    def end_row(self, *, head: bool = False) -> None:
        """Say that a row ends."""
        self.end_run()
        if self._grids:
            self._grids[-1].end_row(head=head)

    def own_label(self, label: str) -> None:
        """Label what stands up to the end of this text."""
        self._own = label

    def add(self, text: str, start: int, end: int, role: str = "") -> None:
        """Add a piece."""
        if text:
            self._joined.add(text, start, end, role)

    def gap(self, text: str, at: int) -> None:
        """Add code points that stand nowhere in the source."""
        self._joined.gap(text, at)

    def end_run(self) -> None:
        """Add the text that is gathered."""
        joined, self._joined = self._joined, Joined()
        own, self._own = self._own, ""
        text = joined.text
        if not text or text.isspace():
            return
        block = self._blocks[-1]
        block.runs += 1
        address = block.steps if block.runs == 1 else f"{block.steps}/text()[{block.runs}]"
        label = own or (self._grids[-1].label if self._grids else "") or self.label
        self.builder.text(address, joined, self.writing, self.said(label, block.steps))
        if self._grids:
            self._grids[-1].said(text)
