"""
Values that were removed once, looked for wherever they could stand again.

Only keyed digests are kept: 59 bits of keyed BLAKE2b (RFC 7693) of the folded value, with 5 bits
that name its identifier, and as much of its first token, so that a text is searched by one
dictionary look-up a token and a digest only where a known value could begin.
"""

from __future__ import annotations

import hashlib
import os
import re
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from phisweep.errors import ComponentError
from phisweep.keys import Key, fold
from phisweep.marks import MARK
from phisweep.model import IDENTIFIERS, Finding, Location, Text
from phisweep.spool import new_file

if TYPE_CHECKING:
    import pyarrow as pa

_TOKEN = re.compile(r"[^\W_]+")
_ASCII_TOKEN = re.compile(r"[0-9a-z]+")
LONGEST = 8  # tokens; a longer value is known by its first eight
DIGITS = 5  # an identifier with fewer may stand anywhere by chance
SOME_DIGITS, SOME_LETTERS = 3, 2  # with one of fewer digits, and letters, it is the same
_LETTERS = 5  # a single word with fewer may stand anywhere by chance
_BUFFER = 100_000
_UNTOLD = 1 << 18  # values of a document that cannot be looked for, and are counted once each
_ARRAYS: Mapping[str, type[np.unsignedinteger]] = {"whole": np.uint64, "first": np.uint32}
_AT_ONCE = 1 << 25  # bytes of files that are joined at once
_SPOOLED = b"phisweep digests\n"  # begins a file of a run's own folder
_HALF = 32  # bits
_LOW = 31
_HIGH = (1 << 64) - 1 - _LOW
_IDENTIFIERS = tuple(IDENTIFIERS)
_NUMBERS = {identifier: number for number, identifier in enumerate(_IDENTIFIERS)}
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


def tokens_of(value: str) -> list[str]:
    """Return the folded runs of letters and digits of a value, eight at most."""
    if value.isascii():
        if value.isalnum():
            return [value.lower()]
        return _ASCII_TOKEN.findall(value.lower())[:LONGEST]
    return [folded for m in _TOKEN.finditer(value) if (folded := fold(m[0]))][:LONGEST]


def tells(tokens: Sequence[str], words: Collection[str]) -> bool:
    """
    Say whether a value's trace can be told from chance.

    So it is with five digits, with letters and three digits, with two words of eight letters
    together, and with one word of five letters that is not an ordinary word.
    """
    joined = "".join(tokens)
    if joined.isdigit():
        return len(joined) >= DIGITS
    digits = 0 if joined.isalpha() else sum(map(str.isdigit, joined))
    letters = len(joined) - digits
    if digits >= DIGITS or (digits >= SOME_DIGITS and letters >= SOME_LETTERS):
        return True
    if digits:
        return False
    if len(tokens) == 1:
        return letters >= _LETTERS and joined not in words
    return letters >= 8 and not all(token in words for token in tokens)  # noqa: PLR2004


class Collector:
    """
    Gathers the digests of removed values, distinct where they stand close together.

    They are written to files of a folder (`*.removed`) whenever there are many, so that memory
    stays bounded; without a folder they are held.
    """

    def __init__(self, key: Key, words: Collection[str], folder: Path | None = None) -> None:
        self._digest = Digester(key)
        self._words = words
        self._folder = folder
        self._whole = array("Q")
        self._first = array("Q")
        self._seen: set[str] = set()
        #: Digests of values that cannot be looked for, each once; of very many the first ones.
        self.untold: set[int] = set()

    def add(self, value: str, identifier: str) -> None:
        """Add one removed value, once, as the identifier that it was removed as."""
        tokens = tokens_of(value)
        joined = tokens[0] if len(tokens) == 1 else "".join(tokens)
        if joined in self._seen:
            return
        if len(self._seen) >= _BUFFER:
            self._seen.clear()
        self._seen.add(joined)
        if not tells(tokens, self._words):
            self._leave(joined)
            return
        whole = self._digest(joined)
        self._whole.append(whole | _NUMBERS[identifier])
        self._first.append(whole >> _HALF)  # 987-65-4320 may come back as 987654320
        if len(tokens) > 1:
            self._first.append(self._digest(tokens[0]) >> _HALF)
        self._written()

    def add_all(self, values: pa.StringArray, identifier: str) -> None:
        """Add many removed values, as `add` does."""
        from phisweep.detect.tokenized import tokenized  # noqa: PLC0415 - Arrow, 0.1 s

        wholes: list[str] = []
        firsts: set[str] = set()
        seen, read = self._seen, tokenized(values)
        for at, (joined, width, told) in enumerate(
            zip(read.joined, read.first, read.told, strict=True)
        ):
            if told < 0:
                self.add(values[at].as_py(), identifier)
                continue
            if joined in seen:
                continue
            if len(seen) >= _BUFFER:
                seen.clear()
            seen.add(joined)
            if not told:
                self._leave(joined)  # counted over the pieces of a document, too
                continue
            wholes.append(joined)
            if width < len(joined):
                firsts.add(joined[:width])
        whole = self._digest.many(wholes)
        self._whole.frombytes((whole | np.uint64(_NUMBERS[identifier])).tobytes())
        for digests in (whole, self._digest.many(firsts)):
            self._first.frombytes((digests >> np.uint64(_HALF)).tobytes())
        self._written()

    @property
    def unsearchable(self) -> int:
        """How many distinct values cannot be looked for."""
        return len(self.untold)

    def _leave(self, joined: str) -> None:
        """Count a value that cannot be looked for."""
        if len(self.untold) < _UNTOLD:
            self.untold.add(self._digest(joined))

    def _written(self) -> None:
        """Write what is held, where it is much."""
        if len(self._whole) >= _BUFFER and self._folder is not None:
            self.finish()

    def finish(self) -> Digests:
        """Return what is held, or write it to the folder's next file."""
        digests = Digests.of(self._whole, self._first)
        if self._folder is not None and len(digests):
            digests.spool(new_file(self._folder, ".removed"))
            self._whole, self._first = array("Q"), array("Q")
        return digests


class Gathered:
    """
    Keyed digests of messages, each once where they stand close together.

    They are written to files of a folder (`*suffix`) whenever there are many, so that memory stays
    bounded; without a folder they are held.
    """

    def __init__(self, key: Key, folder: Path | None, suffix: str) -> None:
        self._digest = Digester(key)
        self._folder = folder
        self._suffix = suffix
        self._held = array("Q")
        self._seen: set[str] = set()

    def add(self, message: str) -> bool:
        """Add a message; return whether it is new, as far back as is remembered."""
        if message in self._seen:
            return False
        if len(self._seen) >= _BUFFER:
            self._seen.clear()
        self._seen.add(message)
        self._held.append(self._digest(message))
        if len(self._held) >= _BUFFER and self._folder is not None:
            self.finish()
        return True

    def finish(self) -> Digests:
        """Return what is held, or write it to the folder's next file."""
        digests = Digests.of(self._held, ())
        if self._folder is not None and len(digests):
            digests.spool(new_file(self._folder, self._suffix))
            self._held = array("Q")
        return digests


class Digests:
    """
    Two sorted arrays without repetitions: what whole values are known by, and what may begin one.

    `whole` holds 64 bits of each value, `first` the high 32 bits of its first token's digest: a
    beginning that is none costs a look-up and nothing else.
    """

    def __init__(self, whole: _Digests, first: _Digests) -> None:
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
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, whole=self.whole, first=self.first)

    def spool(self, path: Path) -> None:
        """
        Write both arrays as one of very many files, which is read in little time.

        The file has its name when it is whole: the parent may look for it at any time.
        """
        draft = path.with_name(f"{path.name}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_SPOOLED + len(self.whole).to_bytes(8, "little"))
            file.write(self.whole.tobytes() + self.first.tobytes())
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> Digests:
        """Read what `save`, `spool` or `join` wrote. Raises ComponentError."""
        try:
            if path.is_dir():  # whole values are looked up only where one may begin
                return cls(*(_mapped(path / name, kind) for name, kind in _ARRAYS.items()))
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


def _mapped(path: Path, kind: type[np.unsignedinteger]) -> _Digests:
    """Return an array that is read where it is looked at; an empty file cannot be mapped."""
    if not path.stat().st_size:
        return np.empty(0, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r")


def _distinct(digests: _Digests) -> _Digests:
    digests.sort()
    kept = np.ones(len(digests), dtype=bool)
    np.not_equal(digests[1:], digests[:-1], out=kept[1:])
    return digests[kept]


def _parts_of(digests: Digests, part: int, parts: int) -> tuple[_Digests, _Digests]:
    return _part(digests.whole, part, parts), _part(digests.first, part, parts)


def _part(digests: _Digests, part: int, parts: int) -> _Digests:
    """Return a copy of the part-th of so many parts, a power of two, of a sorted array's range."""
    bits = digests.dtype.itemsize * 8
    shift = bits - parts.bit_length() + 1
    edges = [digests.dtype.type(p << shift) for p in (part, part + 1) if p < parts]
    ends = [int(np.searchsorted(digests, edge)) for edge in edges]
    return digests[ends[0] : ends[1] if len(ends) > 1 else None].copy()


def lookup(sorted_digests: _Digests, digest: int) -> int | None:
    """Return the low bits that a sorted array holds with a digest, or None."""
    i = int(np.searchsorted(sorted_digests, np.uint64(digest)))
    if i < len(sorted_digests) and int(sorted_digests[i]) & ~_LOW == digest:
        return int(sorted_digests[i]) & _LOW
    return None


def begins(sorted_digests: _Digests, digest: int) -> bool:
    """Say whether a sorted array of high halves holds that of a digest."""
    half = np.uint32(digest >> _HALF)
    i = int(np.searchsorted(sorted_digests, half))
    return i < len(sorted_digests) and bool(sorted_digests[i] == half)


class KnownValues:
    """A finder of removed values."""

    def __init__(self, key: Key, digests: Digests) -> None:
        self._digest = Digester(key)
        self._digests = digests
        self._starts: dict[str, bool] = {}

    def find(self, block: Text) -> list[Finding]:
        """
        Return a finding of rule `name/known-value` and so on wherever a removed value stands.

        Inside a mark, whose letters are drawn or encrypted, one stands by chance.
        """
        if not len(self._digests):
            return []
        spans = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(block.text)]
        found: list[Finding] = []
        i = 0
        while i < len(spans):
            known = self._longest(spans, i) if self._begins(spans[i][2]) else None
            if known is None:
                i += 1
                continue
            end, number = known
            span = spans[i][0], spans[end - 1][1]
            found.append(_finding(block.location, span, _IDENTIFIERS[number]))
            i = end
        marks = [m.span() for m in MARK.finditer(block.text)] if found else []
        return [f for f in found if not any(s <= f.start and f.end <= e for s, e in marks)]

    def _begins(self, token: str) -> bool:
        known = self._starts.get(token)
        if known is None:
            if len(self._starts) >= _BUFFER:
                self._starts.clear()
            known = begins(self._digests.first, self._digest(fold(token)))
            self._starts[token] = known
        return known

    def _longest(self, spans: Sequence[tuple[int, int, str]], first: int) -> tuple[int, int] | None:
        """Return the end and identifier of the longest known value that begins at a token."""
        joined = ""
        best = None
        for i in range(first, min(first + LONGEST, len(spans))):
            if i > first and spans[i][0] - spans[i - 1][1] > 3:  # noqa: PLR2004
                break
            joined += fold(spans[i][2])
            number = lookup(self._digests.whole, self._digest(joined))
            if number is not None:
                best = i + 1, number
        word = spans[first][2]
        if best is not None and best[0] == first + 1 and word.isalpha() and word.islower():
            return None  # a single lower-case word is a word
        return best


def _finding(location: Location, span: tuple[int, int], identifier: str) -> Finding:
    why = "this value was removed elsewhere in the run"
    return Finding(location, *span, identifier, f"{identifier}/known-value", 1.0, "high", (why,))
