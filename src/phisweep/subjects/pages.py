"""
Where keys stand, in a table of SQLite, some hundreds of sorted entries in each row.

A row for each key would cost more to write than all that is said of it.
"""

from __future__ import annotations

import sqlite3
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KEY_BYTES = 12
#: An entry: the key, the block that it stands in, and its place there.
_ENTRY = [("key", f"S{KEY_BYTES}"), ("block", f"S{KEY_BYTES}"), ("at", "<u4")]
_ENTRY_FORM = f"<{KEY_BYTES}s{KEY_BYTES}sI"
_ENTRY_BYTES = struct.calcsize(_ENTRY_FORM)
BLOCK = 64  # keys of a block
_PAGE = 512  # entries
_AT_ONCE = 1 << 19  # entries that are sorted together, so that memory stays bounded
_BITS = 16  # of a key, of which the first tell the part that it is sorted with
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


def build(connection: sqlite3.Connection, kind: Kind, folder: Path) -> None:
    """
    Write the pages of all keys that were entered.

    They are read once: where they are too many to be sorted together, they go by parts of their
    range into a file in `folder`, which is gone when this returns. Raises OSError.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s, which only subjects pay

    query = "SELECT TOTAL(LENGTH(keys)) FROM told WHERE kind = ?"
    (size,) = connection.execute(query, (kind,)).fetchone()
    bits = min(_BITS, int(size / KEY_BYTES / _AT_ONCE).bit_length())
    if not bits:
        for entries in _gathered(connection, kind):
            _write(connection, kind, entries)
        return
    with tempfile.TemporaryFile(dir=folder) as file:
        borders = [_spill(file, entries, bits) for entries in _gathered(connection, kind)]
        for part in range(1 << bits):
            pieces = (_read(file, *ends[part : part + 2].tolist()) for ends in borders)
            _write(connection, kind, np.frombuffer(b"".join(pieces), _ENTRY))


def _gathered(connection: sqlite3.Connection, kind: Kind) -> Iterator[npt.NDArray[np.void]]:
    """Yield all entries, as many at a time as are sorted together, or those of one row."""
    import numpy as np  # noqa: PLC0415 - as above

    some: list[npt.NDArray[np.void]] = []
    for keys, blocks in connection.execute("SELECT keys, blocks FROM told WHERE kind = ?", (kind,)):
        entries = np.zeros(len(keys) // KEY_BYTES, _ENTRY)
        entries["key"] = np.frombuffer(keys, f"S{KEY_BYTES}")
        if blocks:
            numbers = np.arange(len(entries), dtype=np.uint32)
            entries["block"] = np.frombuffer(blocks, f"S{KEY_BYTES}")[numbers // BLOCK]
            entries["at"] = numbers % BLOCK
        if some and sum(map(len, some)) + len(entries) > _AT_ONCE:
            whole = np.concatenate(some)
            some.clear()
            yield whole
        if len(entries):
            some.append(entries)
    if some:
        yield np.concatenate(some)


def _spill(file: IO[bytes], entries: npt.NDArray[np.void], bits: int) -> npt.NDArray[np.int64]:
    """Write entries by parts of the range; return where each part begins, and where the last ends."""
    import numpy as np  # noqa: PLC0415 - as above

    keys = np.ascontiguousarray(entries["key"]).view(np.uint8).reshape(-1, KEY_BYTES)
    part = (keys[:, 0].astype(np.int64) << 8 | keys[:, 1]) >> _BITS - bits
    begin = file.tell()
    file.write(entries[np.argsort(part, kind="stable")].view(np.uint8).data)
    counts = np.bincount(part, minlength=1 << bits)
    return begin + np.concatenate(([0], np.cumsum(counts))) * entries.itemsize


def _read(file: IO[bytes], begin: int, end: int) -> bytes:
    file.seek(begin)
    return file.read(end - begin)


def _write(connection: sqlite3.Connection, kind: Kind, entries: npt.NDArray[np.void]) -> None:
    """Write the pages of entries between which no others lie."""
    import numpy as np  # noqa: PLC0415 - as above

    entries = entries[np.argsort(entries["key"], kind="stable")]
    rows = ((kind, *page) for page in _cut(entries))
    connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", rows)


def places(connection: sqlite3.Connection, kind: Kind, key: bytes) -> list[tuple[bytes, int]]:
    """Return the blocks that a key stands in, and its places there."""
    query = "SELECT entries FROM pages WHERE kind = ? AND first <= ? ORDER BY first DESC LIMIT 1"
    row = connection.execute(query, (kind, key)).fetchone()
    if row is None:
        return []
    found, page = [], row[0]
    starts = range(0, len(page), _ENTRY_BYTES)
    for begin in starts[bisect_left(starts, key, key=lambda at: page[at : at + KEY_BYTES]) :]:
        named, block, at = struct.unpack_from(_ENTRY_FORM, page, begin)
        if named != key:
            break
        found.append((block, at))
    return found


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
