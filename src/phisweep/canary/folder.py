"""Where planted copies lie: a folder of their owner's alone, which is gone when the run is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from phisweep.staging import check_out, staging

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has none
    fcntl = None  # type: ignore[assignment]

PREFIX = "phisweep-canary-"
_LOCK = "lock"


@contextmanager
def copies(keep: Path | None, inputs: Sequence[str]) -> Iterator[Path]:
    """
    Yield a folder of mode 0700 for copies, which is removed whatever happens.

    Where it is to be kept it gets the name `keep` at the end, and is removed only if the run fails. A
    process that was killed could remove nothing: the next run does. Raises UsageError for a `keep`
    that is taken or lies inside an input.
    """
    sweep()
    if keep is not None:
        check_out(keep, inputs)
        with staging(keep) as folder:
            yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        lock = _locked(folder)
        try:
            yield folder
        finally:
            if lock is not None:
                os.close(lock)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove what runs of this user left that were killed: folders whose lock nobody holds."""
    if fcntl is None:
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """Hold the folder's lock; it gets its name when it is held, so that no sweep comes between."""
    if fcntl is None:
        return None
    draft = folder / f"{_LOCK}.new"
    lock = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    draft.rename(folder / _LOCK)
    return lock
