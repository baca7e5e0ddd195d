"""What is to change in a workbook, gathered while it is read and written at its end."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phisweep.formats.workbook.batch import Formula, Odd
from phisweep.formats.workbook.texts import Change

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: A cell's half-open bytes, up to its closing tag.
Extent = tuple[int, int]


@dataclass(slots=True)
class SheetChanges:
    """
    The changes of one sheet: some twenty bytes for a cell, and each new value once a chunk.

    `headers` are the new texts of the cells that head tables, by row and column, `header_at` where
    all of those stand, `unformed` cells whose formula goes; `frame` changes what stands around the
    rows, in offsets of the part: always, `derived` where what was made of cells goes, and `names` are
    the formulas there with the bytes that they stand in.
    """

    starts: list[npt.NDArray[np.int64]] = field(default_factory=list)
    ends: list[npt.NDArray[np.int64]] = field(default_factory=list)
    which: list[npt.NDArray[np.int64]] = field(default_factory=list)
    pool: list[str] = field(default_factory=list, repr=False)
    odd: list[Odd] = field(default_factory=list, repr=False)
    frame: list[Change] = field(default_factory=list, repr=False)
    derived: list[Change] = field(default_factory=list, repr=False)
    names: list[tuple[str, Change]] = field(default_factory=list, repr=False)
    unformed: set[int] = field(default_factory=set)
    headers: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)
    header_texts: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)
    header_at: dict[tuple[int, int], Extent] = field(default_factory=dict)
    formula_starts: array[int] = field(default_factory=lambda: array("q"))
    formula_ends: array[int] = field(default_factory=lambda: array("q"))
    formula_groups: array[int] = field(default_factory=lambda: array("q"))

    @property
    def any_cell(self) -> bool:
        """Say whether a cell is changed."""
        return bool(self.starts or self.headers)

    def cells(
        self,
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
        which: npt.NDArray[np.int64],
        pool: Sequence[str],
    ) -> None:
        """Take cells and which of the new texts comes into each."""
        if len(starts):
            self.starts.append(starts)
            self.ends.append(ends)
            self.which.append(which + len(self.pool))
            self.pool += pool

    def formulas(self, formulas: Iterable[Formula]) -> None:
        """Take where formulas stand: a shared one by twice its number, its first one by one more."""
        for each in formulas:
            self.formula_starts.append(each.start)
            self.formula_ends.append(each.end)
            self.formula_groups.append(-1 if each.group < 0 else 2 * each.group + each.master)


@dataclass(slots=True)
class Changes:
    """What is to change in a workbook, by the names of its parts."""

    sheets: dict[str, SheetChanges] = field(default_factory=dict, repr=False)
    parts: dict[str, list[Change]] = field(default_factory=dict, repr=False)
    strings: set[int] = field(default_factory=set)
    emptied: dict[str, bytes | None] = field(default_factory=dict, repr=False)
    members: dict[str, str] = field(default_factory=dict, repr=False)
    sheet_names: dict[str, str] = field(default_factory=dict, repr=False)
    defined: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def any_cell(self) -> bool:
        """Say whether a cell of any sheet is changed."""
        return any(sheet.any_cell for sheet in self.sheets.values())
