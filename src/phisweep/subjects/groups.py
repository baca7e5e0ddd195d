"""
Which keys are one subject's: the groups into which keys of one record join them.

Of each key 17 bytes are held, in files that are mapped into memory and have no name, so that the
system takes memory back as it needs it: what this takes does not grow with the keys.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from phisweep.subjects.pages import KEY_BYTES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_AT_ONCE = 1 << 14  # rows
_OWN, _SEVERAL = 1, 2
TABLES = """
    CREATE TABLE IF NOT EXISTS edges (a BLOB, b BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS roots (key BLOB PRIMARY KEY, root BLOB NOT NULL) WITHOUT ROWID;
"""


def join(connection: sqlite3.Connection, own: Iterable[bytes], folder: Path) -> int:
    """
    Write which key stands for each key that is joined to another; return how many have several own.

    It is the least of the subject's `own` keys (each item holds many, one after the other), or the
    least of all where there is none: the same in whatever order the records came. `folder` is for
    files that are gone when this returns.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(3)]
        groups = _Groups(connection, files)
        groups.note(own)
        for chunk in _chunks(connection, "SELECT a, b FROM edges"):
            groups.unite(chunk)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR REPLACE INTO roots VALUES (?, ?)", groups.roots())
        connection.execute("CREATE INDEX IF NOT EXISTS of_root ON roots (root)")
        connection.execute("COMMIT")
        return groups.several()


class _Groups:
    """
    Keys by their number, which is their place among all in order, and what each is joined to.

    A parent goes before its children: own keys before others, then the lesser.
    """

    def __init__(self, connection: sqlite3.Connection, files: Sequence[IO[bytes]]) -> None:
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only subjects pay

        query = "SELECT a FROM edges UNION SELECT b FROM edges ORDER BY 1"
        size = 0
        for chunk in _chunks(connection, query):
            end = size + len(chunk) // KEY_BYTES
            # Written, and not left as holes: a full disk is an error here, and a crash later.
            files[0].write(chunk)
            files[1].write(bytes(end - size))
            files[2].write(np.arange(size, end, dtype=np.uint32).tobytes())
            size = end
        for file in files:
            file.flush()
        self._keys: npt.NDArray[np.bytes_] = np.memmap(files[0], f"S{KEY_BYTES}", "r")
        self._flags = np.memmap(files[1], np.uint8, "r+")
        self._parents = np.memmap(files[2], np.uint32, "r+")

    def note(self, own: Iterable[bytes]) -> None:
        """Take in which keys are subjects' own; there may be others among them."""
        import numpy as np  # noqa: PLC0415 - as above

        for many in own:
            keys = np.frombuffer(many, f"S{KEY_BYTES}")
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            self._flags[at[self._keys[at] == keys]] = _OWN

    def unite(self, edges: bytes) -> None:
        """Join the keys of edges, two and two."""
        import numpy as np  # noqa: PLC0415 - as above

        parents, flags = self._parents.data, self._flags.data
        numbers = np.searchsorted(self._keys, np.frombuffer(edges, f"S{KEY_BYTES}")).tolist()
        for a, b in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = _root(parents, a), _root(parents, b)
            if x != y:
                if (flags[y], x) > (flags[x], y):
                    x, y = y, x
                parents[y] = x

    def roots(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield each key that another one stands for, and that one; note whose own keys these are."""
        parents, flags = self._parents.data, self._flags.data
        keys = self._keys.data.cast("B")
        for i in range(len(parents)):
            root = _root(parents, i)
            if root != i:
                flags[root] |= _SEVERAL * (flags[i] & _OWN)
                yield _key(keys, i), _key(keys, root)

    def several(self) -> int:
        """Return how many keys stand for another that is a subject's own."""
        import numpy as np  # noqa: PLC0415 - as above

        return int(np.count_nonzero(self._flags & _SEVERAL))


def _root(parents: memoryview, number: int) -> int:
    while (above := parents[number]) != number:
        parents[number] = parents[above]
        number = above
    return number


def _key(keys: memoryview, number: int) -> bytes:
    return bytes(keys[number * KEY_BYTES : (number + 1) * KEY_BYTES])


def _chunks(connection: sqlite3.Connection, query: str) -> Iterator[bytes]:
    """Yield the cells of some rows at a time, one after the other."""
    cursor = connection.execute(query)
    while rows := cursor.fetchmany(_AT_ONCE):
        yield b"".join(cell for row in rows for cell in row)
