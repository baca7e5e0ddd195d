"""
Which word stands for which digest, in sorted runs of pages: an index that is written in order.

A run holds entries by the first bits of their digests, some hundred in each page. As soon as four
runs of one size are there they become one of the next, a part of the digests' range after the
other, each in a transaction with what is entered: at any moment an entry stands in one page, so
that a run need not be whole to be looked into, and nobody waits long for a large one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import sqlite3

    import numpy.typing as npt

DIGEST_BYTES, WORD_BYTES = 16, 8
ENTRY_BYTES = DIGEST_BYTES + WORD_BYTES
#: Runs of one size that become one of the next: 2 more bits of a digest tell its page there.
_FAN, _MORE_BITS = 4, 2
#: Bits of a digest that tell its page in a run of the least size.
BITS = 9
#: A step of a merge: so many pages of each run.
PAGES = 16
_PREFIX_BITS = 32
_ASKED = 256  # pages that are read by one query
TABLES = """
    CREATE TABLE runs (
        run INTEGER PRIMARY KEY, level INTEGER NOT NULL,
        target INTEGER, -- of a run that goes into another
        moved INTEGER -- of a run that is made of others: their pages that are in it
    );
    CREATE TABLE pages (at INTEGER PRIMARY KEY, entries BLOB NOT NULL);
"""


def packed(entries: Mapping[bytes, int]) -> bytes:
    """Return entries as bytes: all digests, then all words."""
    return b"".join(entries) + np.fromiter(entries.values(), "<u8", len(entries)).tobytes()


def unpacked(entries: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the digests and words of `packed` entries."""
    count = len(entries) // ENTRY_BYTES
    digests = (entries[i : i + DIGEST_BYTES] for i in range(0, count * DIGEST_BYTES, DIGEST_BYTES))
    yield from zip(digests, words(entries).tolist(), strict=True)


def words(entries: bytes) -> npt.NDArray[np.uint64]:
    """Return the words of `packed` entries."""
    count = len(entries) // ENTRY_BYTES
    return np.frombuffer(entries, "<u8", count, count * DIGEST_BYTES)


def seal(connection: sqlite3.Connection, entries: Mapping[bytes, int]) -> None:
    """Write a run of entries none of which is in another."""
    run = connection.execute("INSERT INTO runs (level) VALUES (0)").lastrowid
    assert run is not None  # noqa: S101 - it was inserted
    _write(connection, run, 0, [packed(entries)])


def find(connection: sqlite3.Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Return the words of those of the digests that are in a run."""
    found: dict[bytes, int] = {}
    # The largest first: most are there.
    for run, level in connection.execute("SELECT run, level FROM runs ORDER BY level DESC, run"):
        found |= _found(connection, run, level, digests)
        digests = [each for each in digests if each not in found]
    return found


def _found(
    connection: sqlite3.Connection, run: int, level: int, digests: Sequence[bytes]
) -> Iterator[tuple[bytes, int]]:
    """Yield those of the digests that are in a run, and their words."""
    asked: dict[int, list[bytes]] = {}
    for digest in digests:
        page = _at(run) | _prefix(digest) >> _PREFIX_BITS - _bits(level)
        asked.setdefault(page, []).append(digest)
    pages = [*asked]
    for first in range(0, len(pages), _ASKED):
        some = pages[first : first + _ASKED]
        query = f"SELECT at, entries FROM pages WHERE at IN ({','.join('?' * len(some))})"  # noqa: S608 - question marks
        for at, entries in connection.execute(query, some):
            for digest in asked[at]:
                word = _word(entries, digest)
                if word is not None:
                    yield digest, word


def merge(connection: sqlite3.Connection) -> None:
    """Go a step on with each merge that is due: there are as many as sizes of runs."""
    due: dict[int, list[tuple[int, int | None]]] = {}
    query = "SELECT run, level, target FROM runs WHERE moved IS NULL ORDER BY run"
    for run, level, target in connection.execute(query):
        due.setdefault(level, []).append((run, target))
    for level, runs in due.items():
        sources = [run for run, target in runs if target is not None]
        if not sources and len(runs) >= _FAN:
            sources = [run for run, _ in runs[:_FAN]]
            _begin(connection, level, sources)
        if sources:
            _step(connection, level, sources)


def _begin(connection: sqlite3.Connection, level: int, sources: Sequence[int]) -> None:
    query = "INSERT INTO runs (level, moved) VALUES (?, 0)"
    target = connection.execute(query, (level + 1,)).lastrowid
    rows = [(target, source) for source in sources]
    connection.executemany("UPDATE runs SET target = ? WHERE run = ?", rows)


def _step(connection: sqlite3.Connection, level: int, sources: Sequence[int]) -> None:
    """Move some pages of runs into the one that they become."""
    query = "SELECT run, moved FROM runs WHERE run = (SELECT target FROM runs WHERE run = ?)"
    target, moved = connection.execute(query, (sources[0],)).fetchone()
    blobs: list[bytes] = []
    for source in sources:
        some = (_at(source) + moved, _at(source) + moved + PAGES - 1)
        where = "FROM pages WHERE at BETWEEN ? AND ?"
        blobs += (row[0] for row in connection.execute(f"SELECT entries {where}", some))
        connection.execute(f"DELETE {where}", some)
    _write(connection, target, level + 1, blobs)
    if moved + PAGES < 1 << _bits(level):
        connection.execute("UPDATE runs SET moved = ? WHERE run = ?", (moved + PAGES, target))
    else:
        connection.execute("UPDATE runs SET moved = NULL WHERE run = ?", (target,))
        connection.execute("DELETE FROM runs WHERE target = ?", (target,))


def _write(connection: sqlite3.Connection, run: int, level: int, blobs: Sequence[bytes]) -> None:
    """Write entries into pages of a run where it has none yet."""
    counts = [len(blob) // ENTRY_BYTES for blob in blobs]
    digests = b"".join(blob[: n * DIGEST_BYTES] for blob, n in zip(blobs, counts, strict=True))
    keys = np.frombuffer(digests, f"V{DIGEST_BYTES}")
    values = np.concatenate([words(blob) for blob in blobs] or [np.empty(0, "<u8")])
    prefixes = np.frombuffer(digests, ">u4")[:: DIGEST_BYTES // 4].astype(np.int64)
    page = prefixes >> _PREFIX_BITS - _bits(level)
    order = np.argsort(page, kind="stable")
    keys, values, page = keys[order], values[order], page[order]
    borders = [0, *(np.flatnonzero(np.diff(page)) + 1).tolist(), len(page)]
    first = _at(run)
    rows = (
        (first | int(page[begin]), keys[begin:end].tobytes() + values[begin:end].tobytes())
        for begin, end in pairwise(borders)
        if begin < end
    )
    connection.executemany("INSERT INTO pages VALUES (?, ?)", rows)


def _bits(level: int) -> int:
    return BITS + _MORE_BITS * level


def _at(run: int) -> int:
    """Return where the pages of a run begin."""
    return run << _PREFIX_BITS


def _prefix(digest: bytes) -> int:
    return int.from_bytes(digest[: _PREFIX_BITS // 8], "big")


def _word(entries: bytes, digest: bytes) -> int | None:
    """Return the word of a digest in a page, None where it is not there."""
    end = len(entries) // ENTRY_BYTES * DIGEST_BYTES
    at = entries.find(digest, 0, end)
    while at % DIGEST_BYTES and at >= 0:  # it stands across two others
        at = entries.find(digest, at + 1, end)
    if at < 0:
        return None
    word = end + at // DIGEST_BYTES * WORD_BYTES
    return int.from_bytes(entries[word : word + WORD_BYTES], "little")
