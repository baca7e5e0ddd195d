"""
What git knows of files: what is staged, what changed, and what pointers stand for.

The index is read by `git cat-file`, which runs no filter and no hook of the repository. Names are
bytes; nothing here splits them at line ends.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from phisweep.errors import ComponentError, DocumentError, UsageError

_CHANGED = "--diff-filter=ACMRT"
_FILE = (b"100644", b"100755")
_SUBMODULE = b"160000"
_LFS = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\n"
)
_DVC_OUT = re.compile(
    r"^-? *(?:- )?(?:md5: (?P<md5>[0-9a-f]{32})(?:\.dir)?|path: (?P<path>[^\n]+))\s*$", re.MULTILINE
)
_GIT = ("git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false")
_DRIVES = os.name == "nt"
IGNORE_FILE = ".phisweepignore"
POINTER = 1024  # bytes that a pointer has at most


def root_of(folder: Path) -> Path:
    """Return the top of the work tree that a folder lies in. Raises UsageError E187, ComponentError."""
    return Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n")))


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """
    Yield a private folder that holds what is staged for the next commit, under its own names.

    Only what is added or changed is there, and what says which files to ignore; links and submodules
    are not. Raises UsageError E187, E188, DocumentError E257.
    """
    root = root_of(folder)
    names = _names(_git(root, "diff", "--cached", "--name-only", "-z", _CHANGED))
    with tempfile.TemporaryDirectory(prefix="phisweep-index-") as made:
        top = Path(made) / "index"
        top.mkdir(mode=0o700)
        for name, data in _contents(root, _blobs(root, names, also=IGNORE_FILE.encode())):
            target = lfs_target(data, root)
            _put(top, name, data if target is None else target.read_bytes())
        yield top


def _put(top: Path, name: bytes, data: bytes) -> None:
    """
    Write a staged file below a folder, under its own name.

    Raises DocumentError E257 for a name that means something else here: one that differs from
    another's in its case alone, or on Windows one with a backslash or a colon.
    """
    told = os.fsdecode(name)
    path = top / told
    todo = "Search it on another system, or rename it."
    what = "this system cannot hold what is staged under its own names"
    other = DocumentError("E257", what, where="--staged", todo=todo)
    if path.relative_to(top).as_posix() != told or (_DRIVES and ":" in told):
        raise other
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            file.write(data)
    except (FileExistsError, NotADirectoryError):
        raise other from None


def since(folder: Path, revision: str) -> list[str]:
    """
    Return the files of the work tree that differ from a revision, and new ones that are not ignored.

    Raises UsageError E187 (no repository, no such revision).
    """
    root = root_of(folder)
    if revision.startswith("-"):
        raise UsageError("E187", "no such revision", where="--since")
    known = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", fail=False)
    if not known:
        raise UsageError("E187", "no such revision", where="--since", todo="Fetch it first?")
    changed = _git(root, "diff", "--name-only", "-z", _CHANGED, known.decode().strip(), "--")
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    return _there(root, [*_names(changed), *_names(new)])


def left(folder: Path) -> dict[Path, str]:
    """
    Return what below a folder of a work tree is no part of its repository, and why not.

    That is what git ignores, whole folders by their own path alone, and submodules that are not
    checked out; one that is has its own ignore files. Raises UsageError E187.
    """
    told = _git(
        folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
    )
    found = {_path(folder, name): "git ignores it" for name in _names(told)}
    for entry in _git(folder, "ls-files", "-z", "--stage").split(b"\0"):
        mode, _, name = entry.partition(b"\t")
        if not mode.startswith(_SUBMODULE):
            continue
        path = _path(folder, name)
        if (path / ".git").exists():
            found |= left(path)
        else:
            found[path] = "a submodule that is not checked out, a repository of its own"
    return found


def _path(folder: Path, name: bytes) -> Path:
    return folder / os.fsdecode(name.removesuffix(b"/"))


def in_repository(folder: Path) -> bool:
    """Say whether a folder lies in a work tree of git, and git is there."""
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree", fail=False).strip() == b"true"
    except ComponentError:
        return False


def lfs_target(head: bytes, folder: Path) -> Path | None:
    """
    Return the file that a Git LFS pointer stands for, None where `head` is no pointer.

    Raises UsageError E188 where it is one, and what it stands for is not on this machine.
    """
    match = _LFS.match(head) if len(head) <= POINTER else None
    if match is None:
        return None
    oid = match[1].decode()
    common = _git(folder, "rev-parse", "--git-common-dir", fail=False).strip()
    if common:
        store = (folder / os.fsdecode(common)).resolve()
        target = store / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
        if target.is_file():
            return target
    raise UsageError("E188", "what a Git LFS pointer stands for is not here", todo="git lfs pull")


def dvc_targets(path: Path) -> list[Path]:
    """
    Return the files that a `.dvc` file stands for: beside it, or in the repository's cache.

    Raises UsageError E188 where one of them is not on this machine.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    sums = [match["md5"] for match in _DVC_OUT.finditer(text) if match["md5"]]
    names = [match["path"].strip("'\" ") for match in _DVC_OUT.finditer(text) if match["path"]]
    targets = []
    for number, name in enumerate(names):
        beside = path.parent / name
        if beside.exists():
            targets.append(beside)
            continue
        held = _in_cache(path.parent, sums[number]) if number < len(sums) else None
        if held is None:
            what = "what a .dvc file stands for is not here"
            raise UsageError("E188", what, todo="dvc pull")
        targets.append(held)
    return targets


def _in_cache(folder: Path, md5: str) -> Path | None:
    for above in (folder, *folder.parents):
        cache = above / ".dvc" / "cache"
        if cache.is_dir():
            for held in (cache / "files" / "md5" / md5[:2] / md5[2:], cache / md5[:2] / md5[2:]):
                if held.is_file():
                    return held
            return None
    return None


def _blobs(root: Path, names: Sequence[bytes], also: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield the names of regular files with the ids of their blobs in the index; all called `also`."""
    if not names:
        return
    listed = _git(root, "ls-files", "--stage", "-z")
    wanted = set(names)
    for line in _names(listed):
        about, _, name = line.partition(b"\t")
        mode, blob, stage = about.split(b" ")
        chosen = name in wanted or name.rpartition(b"/")[2] == also
        if chosen and mode in _FILE and stage == b"0":
            yield name, blob.decode("ascii")


def _contents(root: Path, blobs: Iterable[tuple[bytes, str]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names with the contents of their blobs, which one process of git hands out."""
    wanted = list(blobs)
    if not wanted:
        return
    import subprocess  # noqa: PLC0415 - where git is asked

    command = [*_GIT, "cat-file", "--batch"]
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None  # noqa: S101 - asked for
        assert process.stdout is not None  # noqa: S101 - asked for
        for name, blob in wanted:
            process.stdin.write(blob.encode("ascii") + b"\n")
            process.stdin.flush()
            about = process.stdout.readline().split()
            if len(about) != len(("id", "kind", "size")):
                raise UsageError("E187", "git cannot hand out what is staged", todo="git fsck")
            size = int(about[2])
            data = process.stdout.read(size + 1)[:size]
            if len(data) < size:
                raise UsageError("E187", "git cannot hand out what is staged", todo="git fsck")
            yield name, data
        process.stdin.close()


def _there(root: Path, names: Sequence[bytes]) -> list[str]:
    """Return the paths of those that are files of the work tree, in order, each once."""
    paths = (root / os.fsdecode(name) for name in sorted(set(names)))
    return [str(path) for path in paths if path.is_symlink() or path.is_file()]


def _names(listed: bytes) -> list[bytes]:
    return [name for name in listed.split(b"\0") if name]


def _git(folder: Path, *arguments: str, fail: bool = True) -> bytes:
    """Return what git says. Its own words are not repeated: names may stand in them."""
    import subprocess  # noqa: PLC0415 - as above

    command = [*_GIT, *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - our own arguments
    except FileNotFoundError:
        raise ComponentError("E426", "git is not installed", todo="Install it.") from None
    except OSError:
        raise UsageError("E187", "git cannot run there", where="PATH") from None
    if done.returncode and fail:
        raise UsageError("E187", "this is no repository of git", todo="Run it inside of one.")
    return b"" if done.returncode else done.stdout
