"""
What is kept between runs, in the user's own cache folder: never a document's, never a site's own.

A folder that others may write to is not used. Without it all works the same, and starts more slowly.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

_VERSIONS = 4  # files of a kind that are kept, for as many versions of rules and code
_T = TypeVar("_T")


def folder() -> Path:
    """Return the folder that the system gives to a user's caches. Raises RuntimeError for no home."""
    if sys.platform == "win32":  # pragma: no cover - one branch a platform
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":  # pragma: no cover - one branch a platform
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "phisweep"


def load(
    kind: str,
    digest: str,
    decode: Callable[[Any], _T],
    made: Callable[[dict[str, Any]], Any] | None = None,
) -> _T | None:
    """
    Return what is kept; None where it cannot be read, or others could have written it.

    `made` is what becomes of each object of the JSON.
    """

    def opened(data: bytes) -> _T | None:
        seal, _, text = data.partition(b"\n")
        return decode(json.loads(text, object_hook=made)) if seal == _seal(text) else None

    return load_bytes(f"{kind}-{digest}.json", opened)


def load_bytes(name: str, decode: Callable[[bytes], _T | None]) -> _T | None:
    """Return what is kept as a file of bytes, which guards itself against accidents, as `load`."""
    try:
        path = folder() / name
        status = path.parent.stat()
        if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            return None
        return decode(path.read_bytes())
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError, LookupError):
        return None


def has(name: str) -> bool:
    """Say whether there is a file of that name."""
    try:
        return (folder() / name).is_file()
    except (OSError, RuntimeError):
        return False


def save(kind: str, digest: str, data: object) -> None:
    """
    Write the file whole or not at all. Where there is no place for it, there is none.

    Dates are written as in ISO 8601.
    """
    text = json.dumps(data, separators=(",", ":"), default=str).encode()
    save_bytes(f"{kind}-{digest}.json", _seal(text) + b"\n" + text)


def save_bytes(name: str, data: bytes) -> None:
    """Write a file of bytes as `save` does; of a name, what stands before `-` is its kind."""
    try:
        path = folder() / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as draft:
            whole = Path(draft) / path.name
            whole.write_bytes(data)
            whole.chmod(0o600)
            whole.replace(path)
        others = sorted(
            path.parent.glob(f"{name.partition('-')[0]}-*"), key=lambda p: p.stat().st_mtime
        )
        for old in others[:-_VERSIONS]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return


def _seal(text: bytes) -> bytes:
    """Return what tells that a file is as it was written; it keeps out accidents, not people."""
    return hashlib.sha256(text).hexdigest().encode()
