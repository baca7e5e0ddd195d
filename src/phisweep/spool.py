"""
What workers leave for the parent, in files of the run's own folder, and that folder itself.

A folder is held as long as its process lives: the kernel lets go of the lock whatever the process
dies of. So the next run can tell, and remove, what a killed one left, even where several machines
or containers share one temporary folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from phisweep.errors import DocumentError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: nothing is held, and nothing of others removed
    fcntl = None  # type: ignore[assignment]

_PREFIX = "phisweep-run-"
_LOCK = "lock"


def new_file(folder: Path, suffix: str) -> Path:
    """Return a path in the folder that no other worker takes; `*suffix` finds it again."""
    return folder / f"{os.getpid()}-{time.time_ns()}{suffix}"


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that only its owner can read, mode 0600. Raises OSError, FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)


def name_copy(part: Path, target: Path, shown: str, *, other: bool) -> None:
    """
    Give a whole copy its name, in one step, whatever other processes write.

    `other`: it is not called as its source, whose `shown` name errors tell, so that another copy may
    have that name: then it gets none. Raises DocumentError E215.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not other:
        part.replace(target)
        return
    try:
        os.link(part, target)
    except FileExistsError:
        what = "its copy would have the name of another"
        raise DocumentError("E215", what, where=shown) from None
    finally:
        part.unlink(missing_ok=True)


def synced(folder: Path) -> None:
    """Have on the disk what was written below a folder, all of it at once. Raises OSError."""
    if _synced_at_once(folder):
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _synced_at_once(folder: Path) -> bool:
    """Have a folder's file system write down all that it holds, by syncfs(2); False: it cannot."""
    import ctypes  # noqa: PLC0415 - where copies are written

    sync = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if fcntl else None
    if sync is None:  # pragma: no cover - not Linux
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        failed = ctypes.get_errno() if sync(handle) else 0
    finally:
        os.close(handle)
    if failed not in (0, errno.ENOSYS):
        raise OSError(failed, os.strerror(failed))
    return not failed


@contextmanager
def own_folder(prefix: str = _PREFIX) -> Iterator[Path]:
    """
    Own a new temporary folder, mode 0700, that is gone after the `with`.

    What runs of the same user left that were killed is removed first. Raises OSError.
    """
    sweep(prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a folder while the `with` lasts; yield whether no other process does. Raises OSError."""
    path = folder / _LOCK
    if fcntl is None:  # pragma: no cover
        yield True
        return
    if not path.exists():
        # It has its name when it is locked: nobody meets it in between.
        draft = new_file(folder, ".lock")
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with suppress(OSError):  # a file system without locks: nobody will take it for left
            fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        if os.stat(path).st_ino == os.fstat(handle).st_ino:  # noqa: PTH116 - beside fstat
            try:
                yield True
            finally:
                os.close(handle)
            return
        os.close(handle)
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another holds it, or this file system knows no locks
        return False
    return True


def sweep(prefix: str) -> None:
    """Remove what runs of this user left that were killed: folders whose lock nobody holds."""
    if fcntl is None:  # pragma: no cover
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):
            about = folder.lstat()
            ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid()
            if ours and (folder / _LOCK).is_file():
                with held(folder) as alone:
                    if alone:
                        shutil.rmtree(folder)
