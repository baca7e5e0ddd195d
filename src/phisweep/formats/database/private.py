"""A folder of one's own for what is read from memory and for what is written before it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from phisweep.formats.stream import unreadable
from phisweep.model import Source

_BLOCK = 1 << 20


class Workplace:
    """A folder that nobody else may enter (0700), made when it is first asked for."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def path(self, name: str) -> Path:
        """Return a path in the folder."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="phisweep-database-"))
        return self._folder / name

    def new_file(self, name: str) -> Path:
        """Make an empty file that only its owner may read, and return its path."""
        path = self.path(name)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        return path

    def of(self, source: Source, name: str) -> Path:
        """Return the path of a source's file; bytes from memory are written to one."""
        if source.data is None:
            return source.path
        path = self.new_file(name)
        path.write_bytes(source.data)
        return path

    def close(self) -> None:
        """Remove the folder and all that lies in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def streamed(path: Path, source: Source) -> Iterator[bytes]:
    """Yield a file in blocks. Raises DocumentError E201."""
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise unreadable(source, error) from None


def beside(source: Source, suffix: str, magic: bytes = b"") -> bool:
    """Say whether a file of that name and suffix lies beside the source and is not empty."""
    if source.data is not None:
        return False
    path = source.path.with_name(source.path.name + suffix)
    try:
        with path.open("rb") as file:
            head = file.read(max(1, len(magic)))
    except OSError:
        return False
    return bool(head) and head.startswith(magic)
