"""
A sorted array in a file, looked up at its place.

Mapped into memory, one in which values are looked up at random would soon lie there whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
import numpy.typing as npt

_BLOCK = 512  # entries that are read at once where one is looked up
_AT_ONCE = 1 << 22  # bytes that are read at once where all entries are, in whole blocks
_AT_A_PLACE = hasattr(os, "pread")  # Windows has none, and no forks


class SortedFile:
    """
    The entries of a file from byte `begin` on: the last one of every block, and the block asked for.

    `key` is the field that they are sorted by, "" where an entry is one itself. Processes may share
    it. Raises OSError where the file is gone, ValueError where it ends within an entry.
    """

    def __init__(self, path: Path, kind: npt.DTypeLike, *, key: str = "", begin: int = 0) -> None:
        self.dtype = np.dtype(kind)
        self._key = key
        self._begin = begin
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        finalize(self, os.close, self._file)
        size = os.fstat(self._file).st_size - begin
        if size % self.dtype.itemsize:
            raise ValueError("a part of an entry")
        self._size = size // self.dtype.itemsize

    def __len__(self) -> int:
        """Return how many entries there are."""
        return self._size

    def blocks(self) -> Iterator[npt.NDArray[Any]]:
        """Yield all entries in order, some megabytes at a time."""
        count = max(1, _AT_ONCE // self.dtype.itemsize // _BLOCK) * _BLOCK
        for start in range(0, self._size, count):
            yield self._read(start, count)

    def block(self, key: Any) -> npt.NDArray[Any]:
        """Return the entries among which is the least whose key is no less, if there is one."""
        return self._read(int(np.searchsorted(self._lasts, key)) * _BLOCK, _BLOCK)

    @cached_property
    def _lasts(self) -> npt.NDArray[Any]:
        """The key of the last entry of each whole block, which the first look-up reads."""
        lasts = (self._keys(block)[_BLOCK - 1 :: _BLOCK].copy() for block in self.blocks())
        return np.concatenate([self._keys(np.empty(0, self.dtype)), *lasts])

    def _keys(self, entries: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return entries[self._key] if self._key else entries

    def _read(self, start: int, count: int) -> npt.NDArray[Any]:
        width = self.dtype.itemsize
        begin = self._begin + start * width
        if _AT_A_PLACE:  # processes that were forked share where a file was read to
            data = os.pread(self._file, count * width, begin)
        else:
            os.lseek(self._file, begin, os.SEEK_SET)
            data = os.read(self._file, count * width)
        return np.frombuffer(data, self.dtype)
