"""
Paths in an object store: copied into a private folder of this machine for as long as a run lasts.

Names are those of the store, below the path that was given. Which stores there are is a list, so
that no run reaches out to where nobody meant it to: never http.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from phisweep.errors import ComponentError, UsageError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: The schemes that are read, and the package of the extra `cloud` that each needs.
STORES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "memory": "fsspec",
}
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_INSTALL = "pip install 'phisweep[cloud]'"


@contextmanager
def fetched(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    """
    Yield the paths as they are, or what lies under URLs as folders of this machine.

    Raises UsageError E129 (URLs beside other paths, a scheme that is not read), E101 (nothing there),
    ComponentError E423 (an extra is missing), E424 (the store does not answer, or refuses).
    """
    urls = [path for path in paths if _URL.match(path)]
    if not urls:
        yield paths
        return
    if len(urls) < len(paths):
        what = "URLs and paths of this machine cannot be read in one run"
        raise UsageError("E129", what, where="PATH", todo="Run them one after the other.")
    with tempfile.TemporaryDirectory(prefix="phisweep-store-") as folder:
        yield [_fetch(url, Path(folder), number) for number, url in enumerate(urls, 1)]


def _fetch(url: str, folder: Path, number: int) -> str:
    """Copy what lies under a URL; the name of a store is no data, what stands behind it may be."""
    where = f"PATH {number}"
    store, base = _store(url, where)
    with _refused(where):
        found: Sequence[str] = sorted(store.find(base))
    if not found:
        raise UsageError("E101", "no such file or folder", where=where, todo="Check its spelling.")
    whole = base.strip("/")
    top = folder / str(number) / (PurePosixPath(whole).name or "store")
    for name in found:
        below = PurePosixPath(name.strip("/").removeprefix(whole).strip("/"))
        if ".." in below.parts:
            raise UsageError("E129", "a name in the store leads out of it", where=where)
        target = top / below
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _refused(where):
            store.get_file(name, str(target))
    return str(top)


@contextmanager
def _refused(where: str) -> Iterator[None]:
    """Tell what a store refuses by the class of its error alone, whose message may hold a name."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - stores raise what they like
        raise ComponentError(
            "E424",
            f"the store cannot be read ({type(error).__name__})",
            where=where,
            todo="Check the address, the network and the credentials of this machine.",
        ) from None


def _store(url: str, where: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of a URL, and the path in it."""
    match = _URL.match(url)
    scheme = match[1].lower() if match else ""
    if scheme not in STORES:
        known = ", ".join(f"{name}://" for name in STORES if name != "memory")
        raise UsageError(
            "E129", "no store of this scheme is read", where=where, todo=f"Known: {known}."
        )
    try:
        import fsspec  # noqa: PLC0415 - few runs read a store

        __import__(STORES[scheme])
    except ImportError:
        what = f"{STORES[scheme]} is not installed"
        raise ComponentError("E423", what, where=where, todo=f"Run: {_INSTALL}") from None
    with _refused(where):
        store, base = fsspec.core.url_to_fs(url)
    return store, str(base)
