"""
Paths in an object store: copied into a private folder of this machine for as long as a run lasts.

Where workers of other machines do the run, they are listed here, and each worker fetches what it is
to do by the credentials of its own machine. Names are those of the store, below the path that was
given. Which stores there are is a list, so that no run reaches out to where nobody meant it to:
never http.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from phisweep.errors import ComponentError, DocumentError, UsageError
from phisweep.gitrepo import IGNORE_FILE, POINTER
from phisweep.model import Origin, Source
from phisweep.values import dataclass

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
_HEADS = 1_000  # that are asked for at once
_WHOLE = (IGNORE_FILE, ".dvc")  # ends of names of what says what is read
_BESIDE = ("-wal", "-journal", ".wal")  # ends of names of what belongs to a database
_VERSIONS = ("generation", "ETag", "etag", "md5Hash", "mtime", "created")


@dataclass(frozen=True, slots=True)
class Here:
    """What was given, as paths of this machine; of what is only listed, by path, where it lies."""

    paths: Sequence[str]
    origins: Mapping[Path, Origin] = field(default_factory=dict, repr=False)
    #: Whether it lies in a store.
    away: bool = False

    def forget(self) -> None:
        """Remove what stands for objects that are listed: who reads it from here on is told."""
        for path in self.origins:
            path.unlink()


@contextmanager
def reached(paths: Sequence[str], *, listed: bool) -> Iterator[Here]:
    """Yield the paths as `fetched` does; `listed`: what lies under URLs stays there."""
    if not (listed and _alone(paths)):
        with fetched(paths) as here:
            yield Here(here, away=here is not paths)
        return
    with tempfile.TemporaryDirectory(prefix="phisweep-store-") as folder:
        origins: dict[Path, Origin] = {}
        top = Path(folder).resolve()
        yield Here(
            [_list(url, top, number, origins) for number, url in enumerate(paths, 1)],
            origins,
            away=True,
        )


@contextmanager
def fetched(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    """
    Yield the paths as they are, or what lies under URLs as folders of this machine.

    Raises UsageError E129 (URLs beside other paths, a scheme that is not read, names that are told
    apart), E101 (nothing there), ComponentError E423 (an extra is missing), E424 (the store does not
    answer, or refuses).
    """
    if not _alone(paths):
        yield paths
        return
    with tempfile.TemporaryDirectory(prefix="phisweep-store-") as folder:
        yield [_fetch(url, Path(folder), number) for number, url in enumerate(paths, 1)]


@contextmanager
def brought(source: Source, folder: Path) -> Iterator[Source]:
    """
    Yield a source, for as long as it is done from a new folder where it has to be fetched.

    Raises DocumentError E246 where it is not to be had as it was listed, ComponentError E423, E424.
    """
    origin = source.origin
    if origin is None:
        yield source
        return
    store, _ = _store(origin.url, source.shown)
    folder.mkdir(mode=0o700)
    try:
        path = folder / source.path.name
        try:
            for end in ("", *origin.beside):
                store.get_file(origin.name + end, f"{path}{end}")
            store.invalidate_cache()
            now = _version(store.info(origin.name))
        except Exception as error:  # noqa: BLE001 - stores raise what they like
            raise _missed(source, type(error).__name__) from None
        if now != origin.version or path.stat().st_size != source.size:
            raise _missed(source, "it has changed since")
        yield replace(source, path=path)
    finally:
        shutil.rmtree(folder)


def _missed(source: Source, why: str) -> DocumentError:
    return DocumentError(
        "E246",
        f"it could not be fetched from the store as it was listed ({why})",
        where=source.shown,
        todo="Check the credentials of each machine, and that nobody writes there; run again.",
    )


def _alone(paths: Sequence[str]) -> bool:
    """Say whether URLs are given. Raises UsageError E129 where other paths are too."""
    urls = [path for path in paths if _URL.match(path)]
    if urls and len(urls) < len(paths):
        what = "URLs and paths of this machine cannot be read in one run"
        raise UsageError("E129", what, where="PATH", todo="Run them one after the other.")
    return bool(urls)


def _fetch(url: str, folder: Path, number: int) -> str:
    """Copy what lies under a URL."""
    where = f"PATH {number}"
    store, top, found = _found(url, folder, number)
    for name, (target, _) in found.items():
        with _refused(where):
            store.get_file(name, str(target))
    return str(top)


def _list(url: str, folder: Path, number: int, origins: dict[Path, Origin]) -> str:
    """
    Enter what lies under a URL, and make files here of the same sizes: first bytes, and a hole.

    The first bytes tell what is read and how it is named; what is behind them takes no space.
    """
    where = f"PATH {number}"
    store, top, found = _found(url, folder, number)
    names = [*found]
    for at in range(0, len(names), _HEADS):
        some = names[at : at + _HEADS]
        with _refused(where):
            heads = _heads(store, {name: int(found[name][1]["size"]) for name in some})
        for name in some:
            target, info = found[name]
            size = int(info["size"])
            with _refused(where), target.open("xb") as file:
                file.write(heads.get(name, b""))
                file.truncate(size)
            beside = tuple(end for end in _BESIDE if name + end in found)
            origins[target] = Origin(url, name, _version(info), beside)
    return str(top)


def _heads(store: AbstractFileSystem, sizes: Mapping[str, int]) -> Mapping[str, bytes]:
    """Return the first bytes of objects, and all bytes of those that say what is read."""
    asked = {
        name: size if name.endswith(_WHOLE) else min(size, POINTER)
        for name, size in sizes.items()
        if size
    }
    read = store.cat_ranges([*asked], [0] * len(asked), [*asked.values()], on_error="raise")
    return dict(zip(asked, read, strict=True))


def _found(
    url: str, folder: Path, number: int
) -> tuple[AbstractFileSystem, Path, Mapping[str, tuple[Path, Mapping[str, Any]]]]:
    """
    Return the store, the path here of what lies under a URL, and its objects in order.

    Of each its own path here, whose folder is made, and what the store says of it.
    """
    where = f"PATH {number}"
    store, base = _store(url, where)
    with _refused(where):
        infos: Mapping[str, Mapping[str, Any]] = store.find(base, detail=True)
    if not infos:
        raise UsageError("E101", "no such file or folder", where=where, todo="Check its spelling.")
    whole = base.strip("/")
    top = folder / str(number) / (PurePosixPath(whole).name or "store")
    found: dict[str, tuple[Path, Mapping[str, Any]]] = {}
    for name in sorted(infos):
        below = PurePosixPath(name.strip("/").removeprefix(whole).strip("/"))
        if ".." in below.parts:
            raise UsageError("E129", "a name in the store leads out of it", where=where)
        found[name] = (top / below, infos[name])
    targets = {target for target, _ in found.values()}
    folders = {target.parent for target in targets}
    above = {parent for each in folders for parent in (each, *each.parents)}
    if len(targets) < len(found) or targets & above:
        raise UsageError("E129", "two names in the store are one in a folder", where=where)
    for each in folders:
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    return store, top, found


def _version(info: Mapping[str, Any]) -> str:
    """Return what changes when an object does, as it is told in a list and of the object alone."""
    told = next((info[name] for name in _VERSIONS if info.get(name)), "")
    return str(told.timestamp() if isinstance(told, dt.datetime) else told).strip('"')


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
