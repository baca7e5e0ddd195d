"""
Where the bytes of members lie while a container is read and written.

Up to 32 MiB in memory, beyond that in a private temporary file, which is gone when it is closed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from phisweep.model import Source

IN_MEMORY = 32 << 20
BLOCK = 1 << 20


class Store:
    """What is written, one piece behind the other; a piece is known by its half-open bytes."""

    def __init__(self) -> None:
        self._file: tempfile.SpooledTemporaryFile[bytes] | None = None
        self.size = 0

    def write(self, data: bytes) -> None:
        """Put bytes behind the others."""
        if data:
            self.file.seek(self.size)
            self.file.write(data)
            self.size += len(data)

    def truncate(self, size: int) -> None:
        """Forget what stands behind `size` bytes."""
        if size < self.size:
            self.file.seek(size)
            self.file.truncate()
            self.size = size

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield a piece in blocks."""
        while start < end:
            self.file.seek(start)
            block = self.file.read(min(BLOCK, end - start))
            start += len(block)
            yield block

    @property
    def file(self) -> IO[bytes]:
        """The whole of it, to read; made when it is first asked for."""
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - `close` does
        return self._file

    def close(self) -> None:
        """Forget it all."""
        if self._file is not None:
            self._file.close()


@contextmanager
def as_source(blocks: Iterable[bytes], outer: Source, name: str) -> Iterator[Source]:
    """
    Hold blocks as a source of that name, which is shown as the outer one, and not by its name.

    A large one is a file that nobody else can read, under a name that says nothing.
    """
    held: list[bytes] = []
    size = 0
    rest = iter(blocks)
    for block in rest:
        held.append(block)
        size += len(block)
        if size > IN_MEMORY:
            break
    else:
        data = b"".join(held)
        yield replace(outer, name=name, size=size, data=data)
        return
    with tempfile.NamedTemporaryFile(prefix="phisweep-") as file:
        file.writelines(held)
        held.clear()
        for block in rest:
            size += len(block)
            file.write(block)
        file.flush()
        yield Source(Path(file.name), name, size, outer.shown)
