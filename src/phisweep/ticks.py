"""
How far workers are in what they read: a file of eight bytes for each process.

A worker tells the bytes it has read of its present source; whoever shows progress adds them up.
Nothing else is said, so nothing of the data can be in it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

_PAUSE = 0.1  # seconds


class Ticker:
    """Writes a process's place; does nothing where there is no folder to write to."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / f"{os.getpid()}.tick" if folder is not None else None
        self._next = 0.0
        self._told = False  # that it is within a source

    def tell(self, position: int) -> None:
        """
        Say how many bytes of the present source were read; 0 between two sources.

        Nobody looks more often than some times a second: of small sources most are not told.
        """
        now = time.monotonic()
        if self._path is None or (now < self._next if position else not self._told):
            return
        self._told, self._next = bool(position), now + _PAUSE
        self._path.write_bytes(position.to_bytes(8, "big"))


def tell(folder: Path | None, read: int) -> None:
    """Say, in the parent, how many bytes are read of sources that are done by the piece."""
    if folder is not None:
        (folder / "pieces.tick").write_bytes(read.to_bytes(8, "big"))


def bytes_read(folder: Path) -> int:
    """Return the bytes that all processes have read of their present sources."""
    total = 0
    for path in folder.glob("*.tick"):
        try:
            total += int.from_bytes(path.read_bytes(), "big")
        except OSError:  # its process has ended
            continue
    return total
