"""
Keyed digests of values, sorted: what was removed, what was written, what occurs.

A run may know of more of them than memory holds, so those of many files are joined a part of the
range at a time, and looked up in the file that they were joined to.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt
from numpy.lib.format import write_array_header_1_0

from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.sortedfile import SortedFile

HALF = 32  # bits
_LOW = 31
_HIGH = (1 << 64) - 1 - _LOW
_ARRAYS: Mapping[str, type[np.unsignedinteger]] = {"whole": np.uint64, "first": np.uint32}
_AT_ONCE = 1 << 25  # bytes of files that are joined at once
_SPOOLED = b"phisweep digests\n"  # begins a file of a run's own folder
_Digests = npt.NDArray[np.unsignedinteger]


class Digester:
    """Turns values into keyed digests."""

    def __init__(self, key: Key) -> None:
        self._empty = hashlib.blake2b(digest_size=8, key=key.derive("known-values"))

    def __call__(self, folded: str) -> int:
        """Return 64 bits, of which the low five are 0."""
        digest = self._empty.copy()
        digest.update(folded.encode())
        return int.from_bytes(digest.digest(), "big") & ~_LOW

    def many(self, folded: Iterable[str]) -> npt.NDArray[np.uint64]:
        """Return the digests of many, as one by one."""
        copy, made = self._empty.copy, []
        for each in folded:
            digest = copy()
            digest.update(each.encode())
            made.append(digest.digest())
        return np.frombuffer(b"".join(made), ">u8").astype(np.uint64) & np.uint64(_HIGH)


class Digests:
    """
    Two sorted arrays without repetitions: what whole values are known by, and what may begin one.

    `whole` holds 64 bits of each value, `first` the high 32 bits of its first token's digest: a
    beginning that is none costs a look-up and nothing else.
    """

    def __init__(self, whole: Sorted, first: Sorted) -> None:
        self.whole = whole
        self.first = first

    @classmethod
    def empty(cls) -> Digests:
        """No value is known."""
        return cls.of([], [])

    @classmethod
    def of(cls, whole: Sequence[int], first: Sequence[int]) -> Digests:
        """Sort the digests and drop repetitions."""
        return cls(
            _distinct(np.array(whole, dtype=np.uint64)),
            _distinct(np.array(first, dtype=np.uint32)),
        )

    def __len__(self) -> int:
        return len(self.whole)

    def save(self, path: Path) -> None:
        """Write both arrays, mode 0600; without the key they say only how many there are."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, ZipFile(file, "w") as kept:
            for name, digests in (("whole", self.whole), ("first", self.first)):
                with kept.open(f"{name}.npy", "w", force_zip64=True) as part:
                    head = {"descr": digests.dtype.str, "fortran_order": False}
                    write_array_header_1_0(part, head | {"shape": (len(digests),)})
                    for block in _blocks(digests):
                        part.write(block.tobytes())

    def spool(self, path: Path) -> None:
        """
        Write both arrays as one of very many files, which is read in little time.

        The file has its name when it is whole: the parent may look for it at any time.
        """
        draft = path.with_name(f"{path.name}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_SPOOLED + len(self.whole).to_bytes(8, "little"))
            for digests in (self.whole, self.first):
                for block in _blocks(digests):
                    file.write(block.tobytes())
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> Digests:
        """Read what `save`, `spool` or `join` wrote. Raises ComponentError."""
        try:
            if path.is_dir():  # whole values are looked up only where one may begin
                return cls(*(SortedFile(path / name, kind) for name, kind in _ARRAYS.items()))
            with path.open("rb") as file:
                if file.read(len(_SPOOLED)) == _SPOOLED:
                    return cls._spooled(file.read())
                file.seek(0)
                with np.load(file, allow_pickle=False) as data:
                    return cls(data["whole"], data["first"])
        except (OSError, EOFError, KeyError, ValueError, BadZipFile):
            raise ComponentError(
                "E404", "the fingerprints of removed values cannot be read", where=path.name
            ) from None

    @classmethod
    def _spooled(cls, data: bytes) -> Digests:
        """Return what `spool` wrote behind its sign. Raises ValueError."""
        count = int.from_bytes(data[:8], "little")
        whole = np.frombuffer(data, np.uint64, count, offset=8)
        return cls(whole, np.frombuffer(data, np.uint32, offset=8 + whole.nbytes))

    @classmethod
    def join(cls, paths: Sequence[Path], folder: Path) -> int:
        """
        Write what any of the files knows to a new folder; return how many whole values it is.

        Where they are large it is done a part of the range at a time, so that memory stays bounded.
        As `read` raises.
        """
        folder.mkdir(mode=0o700)
        count = 0
        size, parts = sum(path.stat().st_size for path in paths), 1
        while size // parts > _AT_ONCE:
            parts *= 2
        with (folder / "whole").open("wb") as whole, (folder / "first").open("wb") as first:
            for part in range(parts):
                pieces = [_parts_of(cls.read(path), part, parts) for path in paths]
                for file, digests in zip((whole, first), zip(*pieces, strict=True), strict=False):
                    distinct = _distinct(np.concatenate(digests))
                    distinct.tofile(file)
                    count += len(distinct) if file is whole else 0
        return count


#: Sorted digests, in memory or in a file.
Sorted = _Digests | SortedFile


def _blocks(digests: Sorted) -> Iterable[_Digests]:
    return digests.blocks() if isinstance(digests, SortedFile) else (digests,)


def _least(digests: Sorted, value: np.unsignedinteger) -> int | None:
    """Return the least entry of a sorted array that is no less than a value, or None."""
    if isinstance(digests, SortedFile):
        digests = digests.block(value)
    i = int(np.searchsorted(digests, value))
    return int(digests[i]) if i < len(digests) else None


def _distinct(digests: _Digests) -> _Digests:
    digests.sort()
    kept = np.ones(len(digests), dtype=bool)
    np.not_equal(digests[1:], digests[:-1], out=kept[1:])
    return digests[kept]


def _parts_of(digests: Digests, part: int, parts: int) -> tuple[_Digests, _Digests]:
    return _part(digests.whole, part, parts), _part(digests.first, part, parts)


def _part(digests: Sorted, part: int, parts: int) -> _Digests:
    """Return a copy of the part-th of so many parts, a power of two, of a sorted array's range."""
    bits = digests.dtype.itemsize * 8
    shift = bits - parts.bit_length() + 1
    edges = [digests.dtype.type(p << shift) for p in (part, part + 1) if p < parts]
    found = [np.empty(0, digests.dtype)]
    for block in _blocks(digests):
        ends = [int(np.searchsorted(block, edge)) for edge in edges]
        found.append(block[ends[0] : ends[1] if len(ends) > 1 else None])
    return np.concatenate(found)


def lookup(sorted_digests: Sorted, digest: int) -> int | None:
    """Return the low bits that a sorted array holds with a digest, or None."""
    least = _least(sorted_digests, np.uint64(digest))
    return least & _LOW if least is not None and least & ~_LOW == digest else None


def begins(sorted_digests: Sorted, digest: int) -> bool:
    """Say whether a sorted array of high halves holds that of a digest."""
    half = np.uint32(digest >> HALF)
    return _least(sorted_digests, half) == half
