"""
What a copy kept of its source, so that a researcher can judge: counts and shares, no values.

The figures of tables need numpy and Arrow, which are imported with the first column.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from phisweep.model import Edit, UsefulnessFigures

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from phisweep.usefulness.tables import Tables

_WORD = re.compile(r"\w+")


class Usefulness:
    """
    Gathers the figures of one document while it is written, in bounded memory.

    `reference_year` is that of the policy: years that tell an age of 90 or more are one band. Where it
    is a piece of the document, `first` is the number of its first row, from 0.
    """

    def __init__(self, reference_year: int, first: int = 0) -> None:
        self._reference_year = reference_year
        self._first = first
        self._tables: Tables | None = None
        self._words = 0
        self._touched = 0

    def column(
        self,
        place: str,
        identifiers: Collection[str],
        indices: npt.NDArray[np.integer],
        before: pa.StringArray,
        after: pa.StringArray | None = None,
    ) -> None:
        """
        Enter a chunk of a column; the chunks of a table come in its order.

        `place` names the column as a report may. `identifiers` are what the column was judged to
        be, the same for all its chunks: "date" and "age" get a distribution. `indices` says which
        entry of `before`, the chunk's distinct values, stands in each row; `after` is what stands
        there now, null where nothing changed, None where nothing in the chunk did.
        """
        if self._tables is None:
            from phisweep.usefulness.tables import Tables  # noqa: PLC0415 - numpy takes 0.1 s

            self._tables = Tables(self._reference_year, self._first)
        self._tables.column(place, identifiers, indices, before, after)

    def rows(self) -> None:
        """Say that the columns given since the last call are those of one chunk of one table."""
        if self._tables is not None:
            self._tables.rows()

    def text(self, text: str, edits: Sequence[Edit]) -> None:
        """Enter a text and its edits, sorted and not overlapping."""
        self._words += sum(1 for _ in _WORD.finditer(text))
        self._touched += touched(text, edits)

    def join(self, other: Usefulness) -> None:
        """Enter what was gathered of the piece of the document behind this one."""
        self._words += other._words
        self._touched += other._touched
        if self._tables is None:
            self._tables = other._tables
        elif other._tables is not None:
            self._tables.join(other._tables)

    def finish(self) -> UsefulnessFigures:
        """Return the figures, in which no count of rows is from 1 to 10."""
        columns, spreads, intervals, left_out = (
            self._tables.finish() if self._tables is not None else ((), (), (), 0)
        )
        return UsefulnessFigures(
            columns, spreads, intervals, left_out, self._words, self._words - self._touched
        )


def touched(text: str, edits: Sequence[Edit]) -> int:
    """Return how many words of the text an edit covers, be it in part."""
    count = last = 0
    for edit in edits:
        start, end = max(edit.start, last), max(edit.end, last)
        while start > last and _is_word(text[start - 1]):
            start -= 1
        while end < len(text) and _is_word(text[end]):
            end += 1
        count += sum(1 for _ in _WORD.finditer(text, start, end))
        last = end
    return count


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
