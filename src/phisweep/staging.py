"""Where the copies go: never in place, never into an input, and under OUT's name only when whole."""

from __future__ import annotations

import glob
import os
import re
import secrets
import shutil
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from phisweep.errors import ComponentError, UsageError
from phisweep.integrity.digests import walked
from phisweep.spool import held, synced

REPORT = "phisweep-report"
COPIES = "copies"  # of a run that is kept until it is done
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # a Path has one slash left of two


def run_json(path: Path) -> Path:
    """Return the run.json that a path names: itself, or that of a release's or a report's folder."""
    if not path.is_dir():
        return path
    inside = path / REPORT / "run.json"
    return inside if inside.is_file() else path / "run.json"


def check_out(out: Path, inputs: Sequence[str]) -> None:
    """
    Refuse an OUT that is there already, or that an input holds, or that holds one.

    Raises UsageError.
    """
    if _URL.match(str(out)):
        what = "copies are written to this machine, not to a URL"
        raise UsageError("E129", what, where="OUT", todo="Name a folder, and copy it yourself.")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError("E105", "OUT is there and is not a folder", where=str(out))
    if out.is_dir() and any(out.iterdir()):
        raise UsageError(
            "E105", "OUT is there and is not empty", where=str(out), todo="Name a new folder."
        )
    here = out.resolve()
    for path in (Path(p).resolve() for given in inputs for p in _named(given)):
        if here == path or path in here.parents:
            raise UsageError(
                "E104",
                "OUT lies inside an input",
                where=str(out),
                todo="Copies would be read as data at the next run; name a folder elsewhere.",
            )
        if here in path.parents:
            raise UsageError("E104", "an input lies inside OUT", where=str(out))


def _named(given: str) -> Sequence[str]:
    """Return the paths that an input names: none for standard input, what is there for a glob."""
    if given == "-":
        return ()
    is_glob = glob.has_magic(given) and not os.path.lexists(given)
    return glob.glob(given, recursive=True) if is_glob else (given,)  # noqa: PTH207 - as discover


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """
    Yield a new folder beside OUT, mode 0700, and give it OUT's name at the end.

    Where anything is raised, an interruption too, the folder is removed. Raises UsageError.
    """
    out = out.resolve()
    parent = out.parent
    folder = parent / f".{out.name}.phisweep-{secrets.token_hex(4)}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError("E106", f"OUT cannot be made: {error.strerror}", where=str(out)) from None
    try:
        yield folder
        _rename(folder, out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def unfinished(out: Path) -> Iterator[Path]:
    """
    Yield a folder beside OUT, mode 0700, that stays until the run in it has come to its end.

    Its folder `copies` then gets OUT's name, and the rest is removed. Where anything is raised it
    stays as it is, and is yielded again the next time. Raises UsageError, ComponentError E448 where
    another process has it.
    """
    out = out.resolve()
    folder = unfinished_folder(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_ours(folder):
            raise unusable(folder, "it is not yours alone")
        (folder / COPIES).mkdir(mode=0o700, exist_ok=True)
        holding = held(folder)
    except OSError as error:
        raise UsageError("E106", f"OUT cannot be made: {error.strerror}", where=str(out)) from None
    with holding as alone:
        if not alone:
            raise unusable(folder, "another process is at it", "Wait until it has ended.")
        yield folder
        _rename(folder / COPIES, out)
        shutil.rmtree(folder, ignore_errors=True)


def clear(folder: Path, keep: Collection[str]) -> None:
    """Remove what lies below a folder and is none of these files: what processes left that died."""
    for name, _ in [*walked(folder)]:
        if name not in keep:
            (folder / name).unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        with suppress(OSError):  # one that holds something stays
            path.rmdir()


def _is_ours(folder: Path) -> bool:
    """Say whether nobody else made a folder, or may enter it."""
    about = folder.lstat()
    alone = os.name != "posix" or (about.st_uid == os.geteuid() and not about.st_mode & 0o077)
    return stat.S_ISDIR(about.st_mode) and alone


def unfinished_folder(out: Path) -> Path:
    """Return where a run that can go on is kept until it is done."""
    return out.resolve().parent / f".{out.resolve().name}.phisweep-unfinished"


def unusable(folder: Path, why: str, todo: str = "") -> ComponentError:
    """Return the error for a kept run that cannot be gone on with."""
    todo = todo or "Remove that folder and run again: all is done anew."
    what = f"the unfinished run cannot go on: {why}"
    return ComponentError("E448", what, where=str(folder), todo=todo)


def _rename(folder: Path, out: Path) -> None:
    """Give a folder OUT's name, when all that is in it is on the disk. Raises UsageError E106."""
    try:
        synced(folder)
        if out.is_dir():
            out.rmdir()  # empty when check_out looked
        folder.replace(out)
    except OSError as error:
        raise UsageError(
            "E106", f"the copies cannot be given OUT's name: {error.strerror}", where=str(out)
        ) from None
