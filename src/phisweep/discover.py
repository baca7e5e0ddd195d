"""
Paths, folders, globs and standard input -> sources, in one order on every machine.

Nothing that is met goes without a word: a file is a `Source`, everything else a `Skipped` with a
reason; it is fatal where something may hide in what was not read, so that the run is incomplete.

Links are not followed inside a folder. One that stays inside the tree is skipped, for its target is
read where it stands; one that leads out is fatal, and its target is not told. A link that is itself
given as a path is followed: who names it means it.

`.phisweepignore` (gitignore syntax; in any folder from the working folder down, or from the root of
the run where that lies elsewhere; a deeper one wins) and `exclude` hold for files that are given by
name too: pre-commit hands in whatever is staged. Globs are tried on a name as seen from the root
and as seen from the working folder.
"""

from __future__ import annotations

import glob
import os
import stat
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from phisweep.errors import UsageError
from phisweep.gitrepo import IGNORE_FILE, POINTER, dvc_targets, lfs_target
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STDIN = "-"
_BLOCK = 1 << 20
#: Folders of tools, which hold no data of their own.
TOOLS = frozenset({".git", ".hg", ".svn", ".venv", "__pycache__"})
_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was met and is not read. `fatal`: the run is incomplete for it."""

    source: Source
    reason: str
    fatal: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    """What keeps a file out, besides the ignore files. Globs are in gitignore syntax."""

    include: GitIgnoreSpec | None
    exclude: GitIgnoreSpec | None
    max_file_size: int | None


@dataclass(frozen=True, slots=True)
class _Walk:
    """One run: its root, where ignore files begin, the trees given, and what was met so far."""

    root: Path
    top: Path
    trees: tuple[Path, ...]
    rules: _Rules
    seen: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    ignores: dict[Path, GitIgnoreSpec | None] = field(default_factory=dict)
    left: Mapping[Path, str] = field(default_factory=dict)


def discover(
    paths: Sequence[str],
    *,
    root: Path | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    max_file_size: int | None = None,
    stdin: BinaryIO | None = None,
    left: Mapping[Path, str] | None = None,
) -> Iterator[Source | Skipped]:
    """
    Yield what the paths lead to; `-` is standard input, read whole.

    `left` are absolute paths that are skipped, each for a reason of the caller's. Names are relative to `root`, by default the common parent of the paths (a folder alone is its
    own), NFC with forward slashes. `max_file_size` is in bytes. Paths are checked before the
    first source comes. Raises UsageError E101 (no such path), E102 (nothing there), E126 (outside
    the root), E127 (a glob or an ignore file that cannot be read).
    """
    found = [
        (path, link_is_met) for i, p in enumerate(paths, 1) for path, link_is_met in _given(p, i)
    ]
    files = [_absolute(path) for path, _ in found if path != STDIN]
    base = _root(files, root)
    rules = _Rules(_spec(include), _spec(exclude), max_file_size)
    here = Path.cwd()
    top = here if base.is_relative_to(here) else base
    trees = [_absolute(p) for p, met in found if p != STDIN and not (met and Path(p).is_symlink())]
    walk = _Walk(base, top, tuple(path.resolve() for path in trees), rules, left=left or {})
    return _discovered(walk, found, stdin)


def _discovered(
    walk: _Walk, found: Sequence[tuple[str, bool]], stdin: BinaryIO | None
) -> Iterator[Source | Skipped]:
    met = False
    for path, link_is_met in found:
        if path == STDIN and STDIN in walk.seen:
            continue
        if path == STDIN:
            walk.seen.add(STDIN)
            items: Iterator[Source | Skipped] = iter([_standard_input(walk, stdin)])
        else:
            items = _entries(walk, _absolute(path), link_is_met=link_is_met)
        for item in items:
            met = True
            yield item
    if not met:
        raise UsageError("E102", "no files here", todo="Give a folder that holds files.")


def _given(path: str, number: int) -> Iterator[tuple[str, bool]]:
    """Yield the paths that one argument names, and whether a link among them was only met."""
    if path == STDIN or os.path.lexists(path):
        yield path, False
        return
    matches: list[str] = []
    if glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - it may be absolute
    if not matches:
        # The name is not repeated: it may hold what a log must not.
        what = "no file matches the glob" if glob.has_magic(path) else "no such file or folder"
        raise UsageError("E101", what, where=f"PATH {number}", todo="Check its spelling.")
    for match in matches:
        yield match, True


def _absolute(path: str) -> Path:
    """Return the path without links above its last part, which keeps its own name."""
    named = Path(path)
    return named.resolve() if named.name in ("", "..") else named.parent.resolve() / named.name


def _root(paths: Sequence[Path], root: Path | None) -> Path:
    parents = [path if path.is_dir() else path.parent for path in paths]
    outside = UsageError("E126", "a path lies outside the root of the run", where="PATH")
    if root is None:
        try:
            return Path(os.path.commonpath(parents)) if parents else Path.cwd()
        except ValueError:  # of two drives
            raise outside from None
    base = root.resolve()
    if not all(path.is_relative_to(base) for path in paths):
        raise outside
    return base


def _spec(globs: Sequence[str]) -> GitIgnoreSpec | None:
    try:
        return _read(globs) if globs else None
    except ValueError:
        raise UsageError("E127", "not a glob in gitignore syntax", where="--exclude") from None


def _read(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - not where nothing is left out

    return GitIgnoreSpec.from_lines(lines)


def _entries(walk: _Walk, path: Path, *, link_is_met: bool) -> Iterator[Source | Skipped]:
    """Yield the file, or the files of the folder and those below it, sorted by name."""
    pending = [(path, link_is_met)]
    while pending:
        path, link_is_met = pending.pop()
        real = os.path.realpath(path.parent) + os.sep + path.name
        if real in walk.seen:
            continue
        walk.seen.add(real)
        source = Source(path, _name(walk, path), 0)
        try:
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode) and not link_is_met:
                status = path.stat()
        except OSError as error:
            yield Skipped(source, f"cannot be read: {error.strerror}", fatal=True)
            continue
        folder = stat.S_ISDIR(status.st_mode)
        if reason := _left_out(walk, path, folder=folder):
            yield Skipped(source, reason, fatal=False)
        elif folder:
            try:
                below = [entry.name for entry in os.scandir(path)]
            except OSError as error:
                yield Skipped(source, f"cannot be listed: {error.strerror}", fatal=True)
            else:
                pending += [(path / name, True) for name in sorted(below, reverse=True)]
        else:
            if (
                path.is_symlink() and not link_is_met
            ):  # given by name: what is opened later follows no link
                path = path.resolve()
            found = _file(walk, replace(source, path=path, size=status.st_size), status.st_mode)
            yield from _pointed(walk, found)


def _file(walk: _Walk, source: Source, mode: int) -> Source | Skipped:
    if stat.S_ISLNK(mode):
        return _link(walk, source)
    for is_special, kind in _SPECIAL:
        if is_special(mode):
            return Skipped(source, f"{kind}, not a file", fatal=True)
    most = walk.rules.max_file_size
    if most is not None and source.size > most:
        return Skipped(source, f"larger than {most} bytes", fatal=True)
    if not os.access(source.path, os.R_OK):
        return Skipped(source, "cannot be read: Permission denied", fatal=True)
    if source.name in walk.names:
        return Skipped(source, "its name cannot be told from that of another file", fatal=True)
    walk.names.add(source.name)
    return source


def _pointed(walk: _Walk, found: Source | Skipped) -> Iterator[Source | Skipped]:
    """Yield what a pointer of Git LFS or DVC stands for: to read the pointer is to read nothing."""
    if isinstance(found, Skipped):
        yield found
        return
    try:
        if found.path.suffix == ".dvc" and found.path.name != ".dvc":
            yield found
            for target in dvc_targets(found.path):
                name = replace(found, name=found.name.removesuffix(".dvc"), path=target)
                inside = _absolute(str(target)).is_relative_to(walk.root)
                if not (inside and ".dvc" not in target.parts):
                    yield replace(name, size=target.stat().st_size)
                elif str(target) not in walk.seen:
                    yield from _entries(walk, _absolute(str(target)), link_is_met=True)
            return
        head = b""
        if found.size <= POINTER:
            with found.path.open("rb") as file:
                head = file.read(POINTER + 1)
        held = lfs_target(head, found.path.parent)
        yield found if held is None else replace(found, path=held, size=held.stat().st_size)
    except UsageError as error:
        yield Skipped(found, f"{error.what}; {error.todo}", fatal=True)
    except OSError as error:
        yield Skipped(found, f"cannot be read: {error.strerror}", fatal=True)


def _link(walk: _Walk, source: Source) -> Skipped:
    try:
        target = Path(os.path.realpath(source.path, strict=True))
    except OSError:
        return Skipped(source, "symlink that leads nowhere", fatal=True)
    if any(target.is_relative_to(tree) for tree in walk.trees):
        return Skipped(source, "symlink; its target is read where it stands", fatal=False)
    return Skipped(source, "symlink that leads out of the tree", fatal=True)


def _left_out(walk: _Walk, path: Path, *, folder: bool) -> str:
    """Return why this file or folder is not to be read, or ""."""
    if path == walk.root:
        return ""
    rules, names = walk.rules, _names(walk, path, folder=folder)
    listed = rules.include is None or any(map(rules.include.match_file, names))
    reasons = {
        walk.left.get(path, ""): path in walk.left,
        "a tool's folder, not data": folder and path.name in TOOLS,
        "what phisweep is told to ignore": not folder and path.name == IGNORE_FILE,
        f"ignored by {IGNORE_FILE}": _ignored(walk, path, folder=folder),
        "excluded": rules.exclude is not None and any(map(rules.exclude.match_file, names)),
        "not included": not folder and not listed,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _names(walk: _Walk, path: Path, *, folder: bool) -> set[str]:
    bases = {walk.root, walk.top}
    return {_valid(path.relative_to(base).as_posix()) + "/" * folder for base in bases}


def _ignored(walk: _Walk, path: Path, *, folder: bool) -> bool:
    """Ask the ignore files, the deepest first."""
    for parent in path.parents:
        if not parent.is_relative_to(walk.top):
            break
        if parent not in walk.ignores:
            walk.ignores[parent] = _ignore_file(parent / IGNORE_FILE)
        spec = walk.ignores[parent]
        if spec is not None:
            name = _valid(path.relative_to(parent).as_posix()) + "/" * folder
            include = spec.check_file(name).include
            if include is not None:
                return include
    return False


def _ignore_file(path: Path) -> GitIgnoreSpec | None:
    try:
        return _read(path.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise UsageError(
            "E127", "cannot be read as gitignore syntax in utf-8", where=IGNORE_FILE
        ) from None


def _name(walk: _Walk, path: Path) -> str:
    relative = path.relative_to(walk.root).as_posix() if path != walk.root else path.name
    return unicodedata.normalize("NFC", _valid(relative))


def _valid(name: str) -> str:
    """Return the name without surrogates, as which bytes come that are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")


def _read_all(stream: BinaryIO, most: int | None) -> bytes:
    """Return all bytes of a stream, or one block more than the most that may be."""
    blocks: list[bytes] = []
    size = 0
    while (most is None or size <= most) and (block := stream.read(_BLOCK)):
        blocks.append(block)
        size += len(block)
    return b"".join(blocks)


def _standard_input(walk: _Walk, stdin: BinaryIO | None) -> Source | Skipped:
    most = walk.rules.max_file_size
    data = _read_all(stdin or sys.stdin.buffer, most)
    source = Source(Path(STDIN), STDIN, len(data), data=data)
    if most is not None and len(data) > most:
        return Skipped(replace(source, data=None), f"larger than {most} bytes", fatal=True)
    return source
