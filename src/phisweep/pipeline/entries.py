"""What becomes of the distinct values of a chunk's column, by their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from phisweep.arrays import numbers, of_numbers, of_texts
from phisweep.formats.base import Replaced
from phisweep.model import Column, Decision
from phisweep.records import Decided

Whole = npt.NDArray[np.int64]


class Entries:
    """
    The distinct values, those of subjects behind them, what is decided of each and what replaces it.

    What stands in the place of many is held once: `_places` says for each value which of `_pool` it
    is, -1 where the value stays.
    """

    def __init__(self, block: Column) -> None:
        self._block = block
        self.own: pa.StringArray = block.values.dictionary
        if not pa.types.is_string(self.own.type):
            self.own = self.own.cast(pa.string())
        self._numbers = np.full(len(self.own), -1, dtype=np.int64)
        self._places = np.full(len(self.own), -1, dtype=np.int64)
        self._further: list[str] = []
        self._outcomes: list[Sequence[Decision]] = []
        self._pool: list[str] = []
        #: Which value stands in each row, where some stand in it for a subject.
        self.indices: Whole | None = None

    @cached_property
    def _values(self) -> list[str]:
        values: list[str] = self.own.to_pylist()
        return values

    def value(self, at: int) -> str:
        """Return one of the values."""
        return self._values[at] if at < len(self.own) else self._further[at - len(self.own)]

    def append(self, values: Sequence[str]) -> int:
        """Add values for one subject each; return the index of the first."""
        first = len(self._numbers)
        self._further += values
        none = np.full(len(values), -1, dtype=np.int64)
        self._numbers = np.concatenate((self._numbers, none))
        self._places = np.concatenate((self._places, none))
        return first

    def decide(self, at: int | Whole, decisions: Sequence[Decision]) -> None:
        """Enter what is decided of values."""
        self._numbers[at] = len(self._outcomes)
        self._outcomes.append(decisions)

    def put(self, at: int | Whole, text: str) -> None:
        """Let a text stand in the place of values."""
        self._places[at] = len(self._pool)
        self._pool.append(text)

    def put_all(self, at: Whole, texts: Sequence[str], which: Whole) -> None:
        """Let `texts[which[i]]` stand in the place of value `at[i]`."""
        self._places[at] = len(self._pool) + which
        self._pool += texts

    def decided(self) -> Decided:
        """Return what is decided of each value."""
        return Decided(self._numbers, self._outcomes)

    @cached_property
    def texts(self) -> pa.StringArray:
        """All values, those of subjects too; asked when all of them are there."""
        if not self._further:
            return self.own
        return pa.concat_arrays([self.own, of_texts(self._further)])

    @property
    def rows(self) -> Whole:
        """Which value stands in each row."""
        return numbers(self._block.values.indices) if self.indices is None else self.indices

    def column(self) -> Column:
        """Return the column with an entry of its dictionary for each subject of a value."""
        if self.indices is None:
            return self._block
        values = pa.DictionaryArray.from_arrays(of_numbers(self.indices), self.texts)
        return replace(self._block, values=values)

    def after(self) -> pa.StringArray | None:
        """Return what stands in the place of each value, null where it stays; None: all stay."""
        if not self._pool:
            return None
        places = pa.Array.from_buffers(
            pa.int64(),
            len(self._places),
            [
                pa.py_buffer(np.packbits(self._places >= 0, bitorder="little")),
                pa.py_buffer(self._places),
            ],
        )
        return of_texts(self._pool).take(places)

    def replaced(self) -> Replaced | None:
        """Return what stands in the cells, None where all stay."""
        if not self._pool:
            return None
        return Replaced([*self._pool, None], self._places[self.rows])
