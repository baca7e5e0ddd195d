"""
What members are called in a copy: each name with its edits, folders alike, no two members the same.

A folder that is changed in the name of one member is so in those of all. Different folders and
members stay different: the second [NAME] is [NAME]-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from phisweep.formats.choose import by_suffix
from phisweep.model import Edit, Kind
from phisweep.splicing import splice

DEEPEST = 100  # folders in each other; what lies deeper counts as one
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def searchable(name: str) -> str:
    """Return a name with bytes that are no text as letters of Latin-1: as many characters."""
    return _SURROGATE.sub(lambda m: chr(ord(m[0]) & 0xFF), name)


def kind_of_name(name: str) -> Kind:
    """Return how a name is searched: as that of a file, unless it ends like a mail address."""
    last = name.rstrip("/").rpartition("/")[2]
    _, at, domain = last.rpartition("@")
    bare = domain.count(".") < 2 or by_suffix(domain) is None  # noqa: PLR2004 - northfield.org, no .csv
    return "metadata" if at and bare else "filename"


def renamed(names: Sequence[str], edits: Mapping[int, Sequence[Edit]]) -> list[str]:
    """Return the names in the copy; `edits` are those of each changed name, by its index."""
    if not any(edits.values()):
        return [*names]
    tree = _Tree()
    split = [tuple(name.split("/", DEEPEST)) for name in names]
    for i, made in edits.items():
        for path, part in _components(names[i], split[i], made):
            tree.changed.setdefault(path, part)
    for parts in split:
        tree.reserve(parts)
    return ["/".join(tree.place(parts)) for parts in split]


def fit(text: str) -> str:
    """Return a replacement as it may stand in a part of a name."""
    return _SURROGATE.sub("_", _UNFIT.sub("_", text))


class _Tree:
    def __init__(self) -> None:
        self.changed: dict[tuple[str, ...], str] = {}
        self._placed: dict[tuple[str, ...], tuple[str, ...]] = {(): ()}
        self._taken: set[tuple[str, ...]] = set()
        self._last: dict[tuple[str, ...], int] = {}

    def reserve(self, parts: tuple[str, ...]) -> None:
        """Keep the names of members that stay for them."""
        for i in range(1, len(parts) + 1):
            if parts[:i] in self.changed:
                return
            self._placed[parts[:i]] = parts[:i]
            self._taken.add(_folded(parts[:i]))

    def place(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Return the path in the copy of a path."""
        known = self._placed.get(parts)
        if known is not None:
            return known
        above = self.place(parts[:-1])
        new = (*above, self.changed.get(parts, parts[-1]))
        if parts[-1] and _folded(new) in self._taken:
            new = self._told_apart(above, new[-1])
        self._taken.add(_folded(new))
        self._placed[parts] = new
        return new

    def _told_apart(self, above: tuple[str, ...], part: str) -> tuple[str, ...]:
        stem, dot, suffix = part.partition(".")
        number = self._last.get((*above, part), 1)
        while True:
            number += 1
            new = (*above, f"{stem}-{number}{dot}{suffix}")
            if _folded(new) not in self._taken:
                self._last[*above, part] = number
                return new


def _components(
    name: str, parts: tuple[str, ...], edits: Sequence[Edit]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each changed step of a name's path with what it becomes."""
    at = 0
    for i, part in enumerate(parts, 1):
        end = at + len(part)
        own = []
        for edit in edits:
            if edit.start < end and edit.end > at:
                text = fit(edit.text) if edit.start >= at else ""
                own.append(Edit(max(edit.start - at, 0), min(edit.end, end) - at, text))
        if own:
            yield parts[:i], _harmless(splice(name[at:end], own))
        at = end + 1


def _harmless(part: str) -> str:
    return part if part.strip(". ") else "_"


def _folded(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)
