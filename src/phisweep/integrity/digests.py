"""SHA-256 of files, and what of a folder is there at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from phisweep.model import Source


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_digest(source: Source) -> str:
    """Return the SHA-256 of a source's bytes, in a file or at hand. Raises OSError."""
    held = source.content if source.data is None else source.data
    if held is not None:
        return hashlib.sha256(held).hexdigest()
    return sha256_of(source.path)


def walked(folder: Path) -> Iterator[tuple[str, bool]]:
    """
    Yield everything below a folder that is no folder: its name, and whether it is a plain file.

    A link is none, wherever it leads: what it stands for can change unseen.
    """
    for path in sorted(folder.rglob("*")):
        plain = path.is_file() and not path.is_symlink()
        if plain or path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix(), plain
