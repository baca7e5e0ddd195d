"""
The codes of a run that has very many: who has which, in the order in which they were given.

What is given is written behind what was given before, and is so the truth; `runs` is an index of
what is older. Each process reads what others wrote since, and holds the newest entries and a filter
(Bloom 1970) of all of them, so that most of what is new is known to be so without a look at the disk:
some 50 MB, whatever the count. A word is a code: the number of its letters, and its identifier.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from phisweep.marks import CODE_LENGTH, CODE_LETTERS, letters
from phisweep.marks import code as mark
from phisweep.model import IDENTIFIERS
from phisweep.transform import runs
from phisweep.transform.codefile import IN_LEDGER
from phisweep.transform.shuffle import KEY_BYTES, Shuffle

if TYPE_CHECKING:
    import numpy.typing as npt

#: Newest entries, which become a run.
SEALED = 1 << 16
#: Entries between two steps of the merges of runs, each of which moves twice as many.
STEP = 1 << 12
_KINDS = tuple(IDENTIFIERS)
_KIND_OF = {kind.upper(): number for number, kind in enumerate(_KINDS)}
_KIND_BITS = 8
_MASK = (1 << _KIND_BITS) - 1
_DIGITS = bytes.maketrans(CODE_LETTERS.encode(), bytes(range(len(CODE_LETTERS))))
_FILTER_BITS = 28
_GATHERED = 1 << 18  # bytes of digests that enter the filter together
_ROW = 1 << 13  # codes of a table that are taken over into one row
_AHEAD = 256  # numbers that are made ready where codes are wished for one by one
_TABLES = f"""
    CREATE TABLE given (at INTEGER PRIMARY KEY, entries BLOB NOT NULL);
    CREATE TABLE ledger (key BLOB NOT NULL, sealed INTEGER NOT NULL);
    {runs.TABLES}
    PRAGMA user_version = {IN_LEDGER};
"""


def begin(connection: sqlite3.Connection) -> None:
    """Begin a ledger with the codes that the file holds, inside a transaction."""
    for statement in filter(str.strip, _TABLES.split(";")):
        connection.execute(statement)
    codes = connection.execute("SELECT value, code FROM codes").fetchall()
    for first in range(0, len(codes), _ROW):
        digests, marks = zip(*codes[first : first + _ROW], strict=True)
        entries = dict(zip(digests, _words(marks), strict=True))
        row = (first - len(codes), runs.packed(entries))
        connection.execute("INSERT INTO given VALUES (?, ?)", row)
    key = secrets.token_bytes(KEY_BYTES)
    connection.execute("INSERT INTO ledger VALUES (?, ?)", (key, -len(codes)))


def well_formed(connection: sqlite3.Connection) -> bool:
    """Say whether every word of a ledger is a code."""
    for table in ("given", "pages"):
        for (entries,) in connection.execute(f"SELECT entries FROM {table}"):  # noqa: S608 - ours
            if not isinstance(entries, bytes) or len(entries) % runs.ENTRY_BYTES:
                return False
            words = runs.words(entries)
            if (words >> _KIND_BITS >= len(CODE_LETTERS) ** CODE_LENGTH).any():
                return False
            if (words & _MASK >= len(_KINDS)).any():
                return False
    return True


def code_of(word: int) -> str:
    """Return the code that a word is."""
    return mark(_KINDS[word & _MASK], letters(word >> _KIND_BITS, CODE_LENGTH))


def codes_of(words: Sequence[int]) -> list[str]:
    """Return the codes that words are, as `code_of` does and far quicker where they are many."""
    numbers = np.array(words, np.uint64) >> _KIND_BITS
    places = np.empty((len(words), CODE_LENGTH), np.uint8)
    for place in range(CODE_LENGTH):
        numbers, places[:, place] = np.divmod(numbers, np.uint64(len(CODE_LETTERS)))
    text = np.frombuffer(CODE_LETTERS.encode(), np.uint8)[places].tobytes().decode()
    return [
        mark(_KINDS[word & _MASK], text[at : at + CODE_LENGTH])
        for word, at in zip(words, range(0, len(text), CODE_LENGTH), strict=True)
    ]


class Ledger:
    """What a process knows of the ledger in a file, whose connection each method is given."""

    def __init__(self) -> None:
        self._shuffle: Shuffle | None = None
        self._filter = _Filter()
        self._newest: dict[bytes, int] = {}
        self._sealed = self._next = -(1 << 62)
        #: Numbers that had been drawn when the ledger was begun, sorted.
        self._before = np.empty(0, np.uint64)
        self._ahead: tuple[int, npt.NDArray[np.uint64]] = (0, self._before)

    def read(self, connection: sqlite3.Connection) -> None:
        """Take in what was given since, by other processes too; inside a transaction."""
        key, sealed = connection.execute("SELECT key, sealed FROM ledger").fetchone()
        if self._shuffle is None:
            self._shuffle = Shuffle(key)
            rows = connection.execute("SELECT entries FROM given WHERE at < 0").fetchall()
            numbers = [runs.words(row[0]) >> _KIND_BITS for row in rows]
            self._before = np.sort(np.concatenate([self._before, *numbers]))
        if sealed != self._sealed:
            self._newest.clear()
            self._sealed = sealed
        query = "SELECT at, entries FROM given WHERE at >= ? ORDER BY at"
        self._take(connection.execute(query, (self._next,)))

    def words(
        self, connection: sqlite3.Connection, identifier: str, digests: Sequence[bytes]
    ) -> dict[bytes, int]:
        """
        Return the words of digests: those that have none are given one; inside a transaction.

        The transaction has to be of those that write, and where it fails the ledger is to be
        forgotten.
        """
        self.read(connection)
        found = {each: self._newest[each] for each in digests if each in self._newest}
        older = self._filter.some([each for each in digests if each not in found])
        if older:
            found |= runs.find(connection, older)
        new = [each for each in digests if each not in found]
        if new:
            found |= self._given(connection, identifier, new)
        return found

    def _given(
        self, connection: sqlite3.Connection, identifier: str, digests: Sequence[bytes]
    ) -> dict[bytes, int]:
        first, numbers = self._numbers(max(self._next, 0), len(digests))
        words = (numbers << _KIND_BITS | _KIND_OF[identifier.upper()]).tolist()
        given = dict(zip(digests, words, strict=True))
        row = (first, runs.packed(given))
        connection.execute("INSERT INTO given VALUES (?, ?)", row)
        self._take([row])
        if len(self._newest) >= SEALED:
            runs.seal(connection, self._newest)
            connection.execute("UPDATE ledger SET sealed = ?", (self._next,))
            self._newest.clear()
            self._sealed = self._next
        for _ in range(self._next // STEP - first // STEP):
            runs.merge(connection)
        return given

    def _numbers(self, first: int, count: int) -> tuple[int, npt.NDArray[np.uint64]]:
        """Return where in the order numbers stand that nobody has, from `first` on, and them."""
        assert self._shuffle is not None  # noqa: S101 - it was read
        while True:
            begin, ahead = self._ahead
            if not begin <= first <= first + count <= begin + len(ahead):
                begin, ahead = first, self._shuffle.numbers(first, max(count, _AHEAD))
                self._ahead = begin, ahead
            numbers = ahead[first - begin : first - begin + count]
            if not _among(numbers, self._before):
                return first, numbers
            first += 1

    def _take(self, rows: Iterable[tuple[int, bytes]]) -> None:
        gathered: list[bytes] = []
        for at, entries in rows:
            count = len(entries) // runs.ENTRY_BYTES
            self._next = at + count
            if at >= self._sealed:
                self._newest.update(runs.unpacked(entries))
            gathered.append(entries[: count * runs.DIGEST_BYTES])
            if sum(map(len, gathered)) >= _GATHERED:
                self._filter.add(b"".join(gathered))
                gathered.clear()
        if gathered:
            self._filter.add(b"".join(gathered))


class _Filter:
    """Says of a digest that it was never added, or that it may have been: three bits for each."""

    def __init__(self) -> None:
        self._bits = np.zeros(1 << _FILTER_BITS - 3, np.uint8)

    def add(self, digests: bytes) -> None:
        """Add digests, one behind the other."""
        at, bit = self._places(digests)
        np.bitwise_or.at(self._bits, at.ravel(), bit.ravel())

    def some(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return those of the digests that may have been added."""
        at, bit = self._places(b"".join(digests))
        known = (self._bits[at] & bit).all(axis=1)
        return [digests[number] for number in np.flatnonzero(known).tolist()]

    @staticmethod
    def _places(digests: bytes) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
        # The bits before these tell the pages of runs.
        words = np.frombuffer(digests, "<u4").reshape(-1, runs.DIGEST_BYTES // 4)[:, 1:]
        places = words & np.uint32((1 << _FILTER_BITS) - 1)
        return places >> np.uint32(3), (1 << (places & 7)).astype(np.uint8)


def _among(numbers: npt.NDArray[np.uint64], known: npt.NDArray[np.uint64]) -> bool:
    """Say whether a number is one of those that are known, which are sorted."""
    if not len(known):
        return False
    at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return bool((known[at] == numbers).any())


def _words(codes: Sequence[str]) -> list[int]:
    """Return the words of codes: `[MRN-BCDFGHJKLM]`."""
    text = "".join(code[-1 - CODE_LENGTH : -1] for code in codes).encode().translate(_DIGITS)
    places = np.frombuffer(text, np.uint8).reshape(-1, CODE_LENGTH).astype(np.uint64)
    numbers = places @ np.uint64(len(CODE_LETTERS)) ** np.arange(CODE_LENGTH, dtype=np.uint64)
    kinds = [_KIND_OF[code[1 : -2 - CODE_LENGTH]] for code in codes]
    words: list[int] = (numbers << _KIND_BITS | np.array(kinds, np.uint64)).tolist()
    return words
