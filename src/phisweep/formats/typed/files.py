"""A source as a file that Arrow reads, and whether it is still what it was."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pyarrow as pa

from phisweep.formats.stream import unreadable
from phisweep.model import Source


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file. `stamp` is what the system says of it: its size, and when it was written."""

    source: Source
    file: pa.NativeFile = field(repr=False)
    stamp: tuple[int, int]

    def unchanged(self) -> bool:
        """Say whether the source is still what it was when it was opened."""
        try:
            return self.stamp == _stamp(self.source)
        except OSError:
            return False


def opened(source: Source) -> Opened:
    """Open a source. Raises DocumentError E201."""
    try:
        file = (
            pa.BufferReader(source.data)
            if source.data is not None
            else pa.OSFile(os.fspath(source.path))
        )
        return Opened(source, file, _stamp(source))
    except OSError as error:
        raise unreadable(source, error) from None


def _stamp(source: Source) -> tuple[int, int]:
    if source.data is not None:
        return len(source.data), 0
    told = source.path.stat()
    return told.st_size, told.st_mtime_ns
