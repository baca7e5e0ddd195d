"""The labels of the cells of a table in running text: their column's heading, their row's name."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST = 60  # code points of a heading that is a label
_WIDEST = 100  # columns that one cell may span


@dataclass(slots=True)
class Grid:
    """
    One table, told of its rows and cells as they come.

    A row of headings labels the columns of the rows below it; a heading before cells, or a cell
    that ends with a colon, labels what stands beside it.
    """

    heads: list[str] = field(default_factory=list, repr=False)
    _row: list[tuple[str, bool]] = field(default_factory=list, repr=False)
    _text: list[str] = field(default_factory=list, repr=False)
    _head: bool = False
    _span: int = 0  # columns of the cell that is open, 0 where none is

    def cell(self, *, head: bool = False, span: int = 1) -> None:
        """Begin a cell, a heading or not, that spans so many columns."""
        self.end_cell()
        self._head, self._span = head, min(max(span, 1), _WIDEST)

    @property
    def label(self) -> str:
        """What labels the cell that is open; "" for a heading."""
        if self._head or not self._span:
            return ""
        text, head = self._row[-1] if self._row else ("", False)
        if text.endswith(":"):
            return text.rstrip(": ")
        column = len(self._row)
        above = self.heads[column].rstrip(": ") if column < len(self.heads) else ""
        return above or (text.rstrip(": ") if head else "")

    def said(self, text: str) -> None:
        """Take in a text of the cell that is open."""
        self._text.append(text)

    def end_cell(self) -> None:
        """End the cell that is open, if one is."""
        if self._span:
            text = " ".join(" ".join(self._text).split())
            label = text if len(text) <= LONGEST else ""
            self._row += [(label, self._head)] * self._span
        self._text, self._span, self._head = [], 0, False

    def end_row(self, *, head: bool = False) -> None:
        """End the row that is open, if one is; `head` says that it is one of headings."""
        self.end_cell()
        if self._row and (head or all(told for _, told in self._row)):
            self.heads = [text for text, _ in self._row]
        self._row = []
