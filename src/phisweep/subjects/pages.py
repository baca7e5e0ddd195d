"""
Where keys stand, in a table of SQLite, some hundreds of sorted entries in each row.

A row for each key would cost more to write than all that is said of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KEY_BYTES = 12
#: An entry: the key, the block that it stands in, and its place there.
_ENTRY = [("key", f"S{KEY_BYTES}"), ("block", f"S{KEY_BYTES}"), ("at", "<u4")]
BLOCK = 64  # keys of a block
_PAGE = 512  # entries
_AT_ONCE = 1 << 19  # entries that are sorted together, so that memory stays bounded
_PARTS, _BITS = 256, 8  # as many parts at most, by the first byte of a key
TABLES = """
    CREATE TABLE IF NOT EXISTS told (
        kind TEXT, name BLOB, keys BLOB NOT NULL, blocks BLOB NOT NULL, PRIMARY KEY (kind, name)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS pages (
        kind TEXT, first BLOB, entries BLOB NOT NULL, PRIMARY KEY (kind, first)
    ) WITHOUT ROWID;
"""
Kind = Literal["own", "facts"]


def enter(connection: sqlite3.Connection, kind: Kind, row: tuple[bytes, bytes, bytes]) -> None:
    """
    Take in a row: its name, its keys, and the names of the blocks that hold so many of them each.

    A row of a name that is there is not taken twice.
    """
    connection.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?)", (kind, *row))


def build(connection: sqlite3.Connection, kind: Kind) -> None:
    """Write the pages of all keys that were entered."""
    import numpy as np  # noqa: PLC0415 - 0.1 s, which only subjects pay

    query = "SELECT TOTAL(LENGTH(keys)) FROM told WHERE kind = ?"
    (size,) = connection.execute(query, (kind,)).fetchone()
    parts = 1
    while size / KEY_BYTES / parts > _AT_ONCE and parts < _PARTS:
        parts *= 2
    for part in range(parts):
        entries = [*_part(connection, kind, part, parts)]
        if entries:
            whole = np.concatenate(entries)
            whole = whole[np.argsort(whole["key"], kind="stable")]
            rows = ((kind, *page) for page in _cut(whole))
            connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", rows)


def _part(
    connection: sqlite3.Connection, kind: Kind, part: int, parts: int
) -> Iterator[npt.NDArray[np.void]]:
    """Yield the entries of each row whose keys lie in one part of the range."""
    import numpy as np  # noqa: PLC0415 - as above

    for keys, blocks in connection.execute("SELECT keys, blocks FROM told WHERE kind = ?", (kind,)):
        first = np.frombuffer(keys, np.uint8)[::KEY_BYTES].astype(np.int64)
        chosen = np.flatnonzero(first * parts >> _BITS == part)
        if len(chosen):
            entries = np.zeros(len(chosen), _ENTRY)
            entries["key"] = np.frombuffer(keys, f"S{KEY_BYTES}")[chosen]
            if blocks:
                entries["block"] = np.frombuffer(blocks, f"S{KEY_BYTES}")[chosen // BLOCK]
                entries["at"] = chosen % BLOCK
            yield entries


def places(connection: sqlite3.Connection, kind: Kind, key: bytes) -> list[tuple[bytes, int]]:
    """Return the blocks that a key stands in, and its places there."""
    import numpy as np  # noqa: PLC0415 - as above

    query = "SELECT entries FROM pages WHERE kind = ? AND first <= ? ORDER BY first DESC LIMIT 1"
    row = connection.execute(query, (kind, key)).fetchone()
    if row is None:
        return []
    entries = np.frombuffer(row[0], _ENTRY)
    keys = np.ascontiguousarray(entries["key"])
    wanted = np.array(key, f"S{KEY_BYTES}")
    first, last = (int(np.searchsorted(keys, wanted, side)) for side in ("left", "right"))
    return [
        (bytes(block).ljust(KEY_BYTES, b"\0"), int(at))  # numpy drops zero bytes at an end
        for block, at in entries[["block", "at"]][first:last].tolist()
    ]


def _cut(entries: npt.NDArray[np.void]) -> Iterable[tuple[bytes, bytes]]:
    """Yield pages, each with the key that it begins with; those of one key stand in one."""
    keys = entries["key"]
    for begin, end in _borders(keys):
        yield bytes(keys[begin]).ljust(KEY_BYTES, b"\0"), entries[begin:end].tobytes()


def _borders(keys: npt.NDArray[np.bytes_]) -> Iterator[tuple[int, int]]:
    import numpy as np  # noqa: PLC0415 - as above

    begin = 0
    while begin < len(keys):
        end = min(begin + _PAGE, len(keys))
        if end < len(keys):
            end = int(np.searchsorted(keys, keys[end - 1], "right"))
        yield begin, end
        begin = end
